#!/usr/bin/env bash
# The main job on a real tree: an rsync daemon as origin, three agents on 127.0.0.1 to 127.0.0.3, and a client. Stops everything at its end,
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

step "what would a sync change? nothing is written by these two"
client status site
client rlist site

step "deploy"
client rsync site
for _ in $(seq 100); do
  [ "$(ls "$demo"/host*/www/site/css/main.css 2>/dev/null | wc -l)" = 3 ] && break
  sleep 0.1
done
ls "$demo"/host*/www/site

step "a second status says that nothing is to do"
client status site

step "a stale file on one host is seen, and removed by the next sync"
echo old >"$demo/host2/www/site/stale.html"
client rlist site
client rsync site
sleep 1
ls "$demo/host2/www/site"

step "run a command from the list that each agent allows"
client exec disk "$demo"

step "stop a sync that is too slow"
client rsync slow
client status slow
client rkill slow
client status slow

step "done; the agents and the origin are stopped now"
