#!/usr/bin/env bash
# The main job on a real tree: an rsync daemon as origin, three agents on 127.0.0.1 to 127.0.0.3, a proxy, and a client. Stops everything at its end,
# also on Ctrl-C. Called by `./build demo`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
deploy=$PWD/out/deploy
demo=$PWD/out/demo
hosts=127.0.0.1,127.0.0.2,127.0.0.3
agents=()
rsyncd=

stop() {
  local status=$?
  trap - EXIT
  trap '' INT TERM # a second Ctrl-C must not leave half of it running
  [ -z "$rsyncd" ] || kill "$rsyncd" 2>/dev/null || true
  for pid in "${agents[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in $rsyncd "${agents[@]}"; do wait "$pid" 2>/dev/null || true; done
  [ $status = 0 ] || { echo; echo "== the demo ended early ($status); what the agents said:"; tail -n 5 "$demo"/agent-*.log 2>/dev/null || true; }
  rm -rf "$demo"
  exit $status
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
run() { printf '$ deploy %s\n' "$*"; "$deploy" "$@"; }
client() { run client "$@" --hosts "$hosts" --key-cipher-file "$demo/key"; }
job() { run client "$@" --via 127.0.0.1; }

rm -rf "$demo"
mkdir -p "$demo/origin/site/css" "$demo/origin/big"
for page in index about contact; do printf '<h1>%s</h1>\n' "$page" >"$demo/origin/site/$page.html"; done
printf 'body { margin: 0 }\n' >"$demo/origin/site/css/main.css"
head -c 20000000 /dev/urandom >"$demo/origin/big/image.bin"
printf 'demo-key\n' >"$demo/key"
chmod 600 "$demo/key"

step "an origin: rsyncd with two modules on 127.0.0.1"
for port in 18730 18731 18732 18733 ''; do
  [ -n "$port" ] || { echo "demo: error: no free port from 18730 to 18733" >&2; exit 1; }
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
done
cat >"$demo/rsyncd.conf" <<CONF
log file = $demo/rsyncd.log
use chroot = no
address = 127.0.0.1
port = $port
$([ "$(id -u)" != 0 ] || printf 'uid = root\ngid = root')
[site]
path = $demo/origin/site
[big]
path = $demo/origin/big
CONF
rsync --daemon --no-detach --config="$demo/rsyncd.conf" &
rsyncd=$!
for _ in $(seq 100); do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  sleep 0.1
done
echo "rsync://127.0.0.1:$port/site/ and /big/"

step "three agents: two from an agent.toml, the third from the original's INI files"
for n in 1 2; do
  mkdir -p "$demo/host$n/www"
  cat >"$demo/agent-$n.conf.toml" <<TOML
[agent]
listen = ["127.0.0.$n:3440"]
[allow]
hosts = ["127.0.0.1"]
paths = ["$demo/host$n/www"]
[legacy]
mode = "loopback"
key_cipher_file = "$demo/key"
[sync.site]
origin = "rsync://127.0.0.1:$port/site/"
target = "$demo/host$n/www/site"
[sync.slow]
origin = "rsync://127.0.0.1:$port/big/"
target = "$demo/host$n/www/slow"
options = ["--archive", "--bwlimit=500"]
[command.disk]
argv = ["df", "-h", "{dirs}"]
dirs = { words = true }
TOML
done
mkdir -p "$demo/host3/www"
cat >"$demo/agent-3.conf.ini" <<INI
[server]
addr = 127.0.0.3
key_cipher = demo-key
[allow::hosts]
host[] = 127.0.0.1
[allow::paths]
path[] = $demo/host3/www
[rsync::group::site]
dest = rsync://127.0.0.1:$port/site/
src = $demo/host3/www/site
[rsync::group::slow]
dest = rsync://127.0.0.1:$port/big/
src = $demo/host3/www/slow
option[] = --archive
option[] = --bwlimit=500
[jobs]
path = $demo/jobs.ini
INI
cat >"$demo/jobs.ini" <<'INI'
[service]
disk = df -h %s
INI
(umask 077; echo demo-key >"$demo/key"; chmod 600 "$demo/agent-3.conf.ini")
cat "$demo/agent-1.conf.toml"
"$deploy" check "$demo"/agent-*.conf.*
for n in 1 2 3; do
  "$deploy" agent --config "$demo/agent-$n.conf."* --state-dir "$demo/state$n" --shutdown-grace 1 2>"$demo/agent-$n.log" &
  agents+=($!)
done
for n in 1 2 3; do
  for _ in $(seq 100); do
    ! grep -q 'accepts orders' "$demo/agent-$n.log" || break
    kill -0 "${agents[$((n - 1))]}" 2>/dev/null || { cat "$demo/agent-$n.log" >&2; exit 1; }
    sleep 0.1
  done
done
grep -h 'accepts orders' "$demo"/agent-*.log

step "a proxy that knows the three, for jobs; its default is the v1 API"
mkdir -p "$demo/proxy"
cat >"$demo/proxy.toml" <<TOML
[proxy]
listen = ["127.0.0.1:3441"]
[allow]
hosts = ["127.0.0.1"]
[hosts]
"web-1" = { address = "127.0.0.1" }
"web-2" = { address = "127.0.0.2" }
"web-3" = { address = "127.0.0.3" }
[groups]
web = "web-[1-3]"
TOML
cat "$demo/proxy.toml"
"$deploy" proxy --config "$demo/proxy.toml" --state-dir "$demo/proxy" --shutdown-grace 1 2>"$demo/agent-proxy.log" &
agents+=($!)
for _ in $(seq 100); do
  ! grep -q 'accepts orders' "$demo/agent-proxy.log" || break
  kill -0 "${agents[3]}" 2>/dev/null || { cat "$demo/agent-proxy.log" >&2; exit 1; }
  sleep 0.1
done

step "what would a sync change? nothing is written"
mkdir -p "$demo/host2/www/site"
cp -p "$demo/origin/site/index.html" "$demo/host2/www/site" # so that one differs
job plan site --group web
plan=$("$deploy" client jobs --via 127.0.0.1 --json | sed -nE 's/.*"id": *"([0-9A-Z]{26})".*/\1/p' | sed -n 1p)

step "deploy that, and nothing else: web-1 first, the others when it is well"
job rsync site --plan "$plan" --canary 1
ls "$demo"/host*/www/site
job plan site --group web

step "a command from the list that each agent allows; equal answers are one block"
job exec disk "$demo" --group web

step "the original's wire, to all three at once: preview, sync, stop one that is too slow"
client status site
echo old >"$demo/host2/www/site/stale.html"
client rlist site
client rsync site
client rsync slow
client status slow
client rkill slow
client status slow

step "the origin is empty, as when it is not mounted: the guard refuses, and the targets stay whole"
mv "$demo/origin/site" "$demo/origin/away" && mkdir "$demo/origin/site"
job rsync site --group web || echo "exit code $?"
ls "$demo"/host1/www/site
rmdir "$demo/origin/site" && mv "$demo/origin/away" "$demo/origin/site"

step "what was ordered through the proxy; every job is kept"
job jobs

step "done; proxy, agents and origin are stopped now"
