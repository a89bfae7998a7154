#!/usr/bin/env bash
# The main job on a real tree, the secure way: an rsync daemon as origin, two agents, a proxy, and a client that signs with an SSH key; beside them an agent of the original's kind.
# Stops everything at its end, also on Ctrl-C. Called by `./build demo`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
deploy=$PWD/out/deploy
demo=$PWD/out/demo
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
job() { run client "$@" --via 127.0.0.1; }
legacy() { run client "$@" --hosts 127.0.0.3 --key-cipher-file "$demo/key"; }

# started LOG PID: waits until the daemon accepts orders.
started() {
  for _ in $(seq 100); do
    ! grep -q 'accepts orders' "$1" || return 0
    kill -0 "$2" 2>/dev/null || { cat "$1" >&2; exit 1; }
    sleep 0.1
  done
}

# pin FILE: what a set-up has printed, kept in FILE.
pin() { sed -n 's/^pin *//p' "$1"; }

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

step "an operator's key, as everybody has one for ssh"
ssh-keygen -q -t ed25519 -N '' -C alice -f "$demo/alice"
cat "$demo/alice.pub"
# What the client of this demo finds, instead of ~/.config/deploy: the key to sign with, and later the hosts' pins.
export XDG_CONFIG_HOME=$demo/config XDG_STATE_HOME=$demo/client-state
mkdir -p "$demo/config/deploy"
printf 'identity = "%s/alice"\n' "$demo" >"$demo/config/deploy/client.toml"

step "a proxy: its configuration, its keys, and who may order, in one command"
run proxy init --config "$demo/proxy/proxy.toml" --allow-file "$demo/alice.pub" --listen 127.0.0.1:3441 --from 127.0.0.1 \
  --host web-1=127.0.0.1 --host web-2=127.0.0.2 | tee "$demo/proxy.init"
printf '\n[groups]\nweb = "web-[1-2]"\n' >>"$demo/proxy/proxy.toml"
proxy_key=$(sed -n 's/^key *orders="read" //p' "$demo/proxy.init")

step "two agents, each in one command; the proxy may read there, and passes on what alice has signed"
for n in 1 2; do
  mkdir -p "$demo/host$n/www"
  run agent init --config "$demo/agent-$n/agent.toml" --name "web-$n" --name "127.0.0.$n" --listen "127.0.0.$n:3440" --from 127.0.0.1 \
    --allow-file "$demo/alice.pub" --proxy "$proxy_key" \
    --path "$demo/host$n/www" --group site --origin "rsync://127.0.0.1:$port/site/" --target "$demo/host$n/www/site" | tee "$demo/agent-$n.init"
  printf '\n[command.disk]\nargv = ["df", "-h", "{dirs}"]\ndirs = { words = true }\n' >>"$demo/agent-$n/agent.toml"
done
cat "$demo/agent-1/agent.toml"

step "the third has the original's INI files: the same command puts the keys beside them, and changes nothing else"
mkdir -p "$demo/agent-3" "$demo/host3/www"
cat >"$demo/agent-3/deploy_agent.ini" <<INI
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
path = $demo/agent-3/jobs.ini
INI
cat >"$demo/agent-3/jobs.ini" <<'INI'
[service]
disk = df -h %s
INI
chmod 600 "$demo/agent-3/deploy_agent.ini"
run agent init --config "$demo/agent-3/deploy_agent.ini" --allow-file "$demo/alice.pub" | tee "$demo/agent-3.init"

step "they start; the proxy knows each by its pin, and the client knows the proxy"
configs=("$demo/agent-1/agent.toml" "$demo/agent-2/agent.toml" "$demo/agent-3/deploy_agent.ini")
"$deploy" check "${configs[@]}" "$demo/proxy/proxy.toml"
for n in 1 2 3; do
  "$deploy" agent --config "${configs[$((n - 1))]}" --state-dir "$demo/state$n" --shutdown-grace 1 2>"$demo/agent-$n.log" &
  agents+=($!)
done
started "$demo/agent-3.log" "${agents[2]}"
for n in 1 2; do
  started "$demo/agent-$n.log" "${agents[$((n - 1))]}"
  run client trust --known-agents "$demo/proxy/known_agents" "127.0.0.$n" "$(pin "$demo/agent-$n.init")"
done
"$deploy" proxy --config "$demo/proxy/proxy.toml" --state-dir "$demo/proxy-state" --shutdown-grace 1 2>"$demo/agent-proxy.log" &
agents+=($!)
started "$demo/agent-proxy.log" "${agents[3]}"
run client trust 127.0.0.1:3441 "$(pin "$demo/proxy.init")"
run client trust 127.0.0.1 "$(pin "$demo/agent-1.init")" # to ask an agent itself, too

step "who am I there, and what may I?"
job whoami
run client whoami --hosts 127.0.0.1

step "a signed order to an agent itself: what would change"
run client status site --hosts 127.0.0.1

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

step "the origin is empty, as when it is not mounted: the guard refuses, and the targets stay whole"
mv "$demo/origin/site" "$demo/origin/away" && mkdir "$demo/origin/site"
job rsync site --group web || echo "exit code $?"
ls "$demo"/host1/www/site
rmdir "$demo/origin/site" && mv "$demo/origin/away" "$demo/origin/site"

step "what was ordered through the proxy; every job is kept, and every order stands in a log that shows what was taken out of it"
job jobs
run audit verify --state-dir "$demo/state1"

step "whoever has no key that is known there, orders nothing"
ssh-keygen -q -t ed25519 -N '' -C mallory -f "$demo/mallory"
job status site --group web --identity "$demo/mallory" || echo "exit code $?"

step "the third host still takes the original's wire, as long as its file says so: preview, sync, stop one that is too slow"
legacy status site
legacy rsync slow
legacy rkill slow

step "done; proxy, agents and origin are stopped now"
