#!/bin/sh
# The init script with a real agent, as root, everything below one directory: init-script.sh SHELL REPOSITORY BINARY DIRECTORY ADDRESS
# SHELL is what runs it. Ends with `ok`, or with what is wrong.
set -eu
shell=$1 repository=$2 binary=$3 work=$4 address=$5
fail() { echo "not ok: $*"; cat "$work/agent.log" 2>/dev/null || true; exit 1; }

script=$work/deploy-agent.init
pid_file=$work/deploy-agent.pid
log=$work/agent.log
cleanup() { [ ! -s "$pid_file" ] || case $(readlink "/proc/$(cat "$pid_file")/exe") in "$binary"*) kill -KILL "$(cat "$pid_file")" ;; esac; }
trap cleanup EXIT

mkdir -p "$work/subsys" "$work/targets"
sed -e 's|@NAME@|deploy-agent|g; s|@ABOUT@|a test|g' -e "s|/usr/sbin/|$work/|; s|/var/run/|$work/|; s|/etc/default/|$work/default-|; s|/var/lock/subsys|$work/subsys|" \
  -e 's|/run/systemd/system|/nonexistent|' "$repository/packaging/sysv/daemon" >"$script"
configure() {
  cat >"$work/agent.ini" <<INI
[server]
addr = $address
key_cipher = init-key
$1
[allow::hosts]
host[] = 127.0.0.0/8
[allow::paths]
path[] = $work/targets
[jobs]
path = $work/jobs.ini
INI
}
configure ''
printf '[jobs]\nnap = sleep 6\nnothing = true\n' >"$work/jobs.ini"
ln -s "$binary" "$work/deploy"
ln -s "$binary" "$work/deploy-agent"
cat >"$work/default-deploy-agent" <<TEXT
DAEMON_ARGS="--path $work/agent.ini"
STATE_DIRECTORY=$work/state
export STATE_DIRECTORY
TEXT
chmod -R go+rX "$work"

# run CODE ACTION: what it printed is in $said.
run() {
  code=0
  said=$("$shell" "$script" "$2" 2>&1) || code=$?
  [ "$code" = "$1" ] || fail "$2 exited with $code, not $1: $said"
}
client() { DEPLOY_KEY_CIPHER=init-key "$binary" client "$@" --hosts "$address"; }
# A dead one that nobody has waited for is no longer alive.
alive() { case $(cat "/proc/$1/stat" 2>/dev/null) in '' | *') Z '*) return 1 ;; esac; }
pid() { cat "$pid_file"; }

# Nothing runs.
run 3 status
run 0 stop
run 7 reload
run 0 try-restart
run 3 status
run 2 nonsense
run 2 ''

# It runs.
run 0 start
first=$(pid)
[ -e "$work/subsys/deploy-agent" ] || fail "Red Hat's rc would not stop it"
run 0 status
run 0 start
[ "$(pid)" = "$first" ] || fail "a second start started a second one"
client exec nothing >/dev/null || fail "it takes no orders"
run 0 reload
run 0 force-reload
run 0 restart
second=$(pid)
[ "$second" != "$first" ] || fail "restart did not"
run 0 try-restart
third=$(pid)
[ "$third" != "$second" ] || fail "try-restart did not"
if command -v setpriv >/dev/null; then
  code=0
  setpriv --reuid 65534 --regid 65534 --clear-groups "$shell" "$script" status >/dev/null || code=$?
  [ $code = 4 ] || fail "status for another user exits with $code"
  code=0
  setpriv --reuid 65534 --regid 65534 --clear-groups "$shell" "$script" stop 2>/dev/null || code=$?
  [ $code = 4 ] || fail "stop for another user exits with $code"
fi

# A restart waits for its end however long a stop is watched: it never leaves nothing running.
client exec nap >"$work/nap" 2>&1 &
nap=$!
sleep 1
echo STOP_SECONDS=1 >>"$work/default-deploy-agent"
run 0 restart
wait $nap || fail "the restart broke a command: $(cat "$work/nap")"
fourth=$(pid)
{ [ "$fourth" != "$third" ] && alive "$fourth" && ! alive "$third"; } || fail "restart with a running command: $said"
run 0 status
# One that would take too long says what is to be done.
client exec nap >"$work/nap" 2>&1 &
nap=$!
sleep 1
echo RESTART_SECONDS=1 >>"$work/default-deploy-agent"
run 1 restart
case $said in *"still waits"*"nothing was started"*"start"*) ;; *) fail "a restart that is not over says: $said" ;; esac
wait $nap || fail "the restart broke a command: $(cat "$work/nap")"
for _ in 1 2 3 4 5 6 7 8 9 10; do ! alive "$fourth" || sleep 0.5; done
sed -i '/_SECONDS=/d' "$work/default-deploy-agent"
run 0 start
third=$(pid)

# A stop that takes longer than it is watched says so; what runs comes to its end.
client exec nap >"$work/nap" 2>&1 &
nap=$!
sleep 1
echo STOP_SECONDS=1 >>"$work/default-deploy-agent"
run 1 stop
case $said in *"still waits"*"kill -TERM $third"*) ;; *) fail "a stop that is not over says: $said" ;; esac
wait $nap || fail "the stop broke a command: $(cat "$work/nap")"
sed -i '/_SECONDS=/d' "$work/default-deploy-agent"
run 0 stop
! alive "$third" || fail "stop left $third"
{ [ ! -e "$pid_file" ] && [ ! -e "$work/subsys/deploy-agent" ]; } || fail "stop left its files"

# A file of a dead one, whose number is another's now.
sleep 600 &
other=$!
echo $other >"$pid_file"
run 1 status
run 0 stop
kill -0 $other || fail "stop signalled somebody else"
echo $other >"$pid_file"
run 0 start
kill $other || fail "start signalled somebody else"
run 0 status
run 0 stop
for content in '' nonsense -1 1 '1 2' 99999999; do
  echo "$content" >"$pid_file"
  run 1 status
  run 0 stop
done

# A configuration that cannot be used.
configure '[broken'
run 6 start
run 3 status
rm "$work/deploy-agent"
run 5 start

# The Perl program in our place, which knows no --pid-file.
printf '#!/bin/sh\necho "$@" >%s/perl-ran\n' "$work" >"$work/deploy-agent"
chmod 0755 "$work/deploy-agent"
run 5 start
case $said in *"is a script"*) ;; *) fail "a script in the place of deploy-agent: $said" ;; esac
[ ! -e "$work/perl-ran" ] || fail "start ran somebody else's program: $(cat "$work/perl-ran")"
echo ok
