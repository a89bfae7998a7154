#!/bin/sh
# Gives a deploy agent the order `status`, signed, with openssl and curl alone; docs/signing.md explains each step.
set -eu

usage() {
  echo "usage: signed-status.sh [--print] KEY.pem HOST:PORT PIN NAME GROUP" >&2
  echo "  KEY.pem    an Ed25519 key: openssl genpkey -algorithm ed25519 -out KEY.pem" >&2
  echo "  HOST:PORT  where the agent listens" >&2
  echo "  PIN        SHA-256 of the agent's public key, in base64" >&2
  echo "  NAME       what the agent calls itself" >&2
  echo "  GROUP      the sync group to ask about" >&2
  echo "  --print    print the request, send nothing" >&2
  exit 64
}

print=
if [ "${1-}" = --print ]; then print=yes; shift; fi
[ $# = 5 ] || usage
key=$1 host=$2 pin=$3 name=$4 group=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

base64_line() { base64 | tr -d '\n'; }

# A ULID: ten letters of the time in milliseconds, sixteen of chance.
ulid() {
  awk -v ms="$(date +%s)000" -v chance="$(od -An -N16 -tu1 /dev/urandom)" 'BEGIN {
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for (i = 0; i < 10; i++) { id = substr(letters, ms % 32 + 1, 1) id; ms = int(ms / 32) }
    split(chance, byte, " ")
    for (i = 1; i <= 16; i++) id = id substr(letters, byte[i] % 32 + 1, 1)
    print id
  }'
}

# The key's id is the fingerprint that ssh-keygen -l prints: of 51 bytes, the last 32 of them the key.
{ printf '\0\0\0\013ssh-ed25519\0\0\0\040'; openssl pkey -in "$key" -pubout -outform DER | tail -c 32; } >"$work/blob"
keyid=SHA256:$(openssl dgst -sha256 -binary "$work/blob" | base64_line | tr -d =)

created=$(date +%s)
expires=$((created + 3600))
id=$(ulid)
printf '{"id":"%s","order":"status","hosts":"%s","group":"%s","not_after":"%s"}' "$id" "$name" "$group" "$(date -u -d "@$expires" +%Y-%m-%dT%H:%M:%SZ)" >"$work/body"
digest="sha-256=:$(openssl dgst -sha256 -binary "$work/body" | base64_line):"

# What is signed; no line end behind the last line.
parameters="(\"@method\" \"@path\" \"@query\" \"content-type\" \"content-digest\");created=$created;expires=$expires;nonce=\"$id\";keyid=\"$keyid\";tag=\"deploy-order-1\""
printf '"@method": POST\n"@path": /v1/jobs\n"@query": ?\n"content-type": application/json\n"content-digest": %s\n"@signature-params": %s' "$digest" "$parameters" >"$work/base"
openssl pkeyutl -sign -rawin -inkey "$key" -in "$work/base" -out "$work/signature"
signature=$(base64_line <"$work/signature")

if [ -n "$print" ]; then
  printf 'POST /v1/jobs HTTP/1.1\nHost: %s\nContent-Type: application/json\nContent-Digest: %s\nSignature-Input: sig=%s\nSignature: sig=:%s:\n\n' "$host" "$digest" "$parameters" "$signature"
  cat "$work/body"
  exit
fi

# -k: the certificate is the agent's own; the pin is the check, and -k does not switch it off. The answer is the job's events, up to its end: 202 (200 where the job was there). What is refused is a problem, with another status.
code=$(curl -sS -k --tlsv1.3 --pinnedpubkey "sha256//$pin" -H 'Accept: application/x-ndjson' -H 'Content-Type: application/json' -H "Content-Digest: $digest" \
  -H "Signature-Input: sig=$parameters" -H "Signature: sig=:$signature:" --data-binary "@$work/body" -o "$work/answer" -w '%{http_code}' "https://$host/v1/jobs") || { code=$?; [ ! -s "$work/answer" ] || cat "$work/answer"; exit "$code"; }
cat "$work/answer"
[ -z "$(tail -c 1 "$work/answer")" ] || echo
[ "$code" = 202 ] || [ "$code" = 200 ]
