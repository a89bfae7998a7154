#!/bin/sh
# The life of the Debian package in a root of its own, as root and without systemd: lifecycle.sh OLD.deb NEW.deb ADDRESS
# Install, configure, start by the init script, an order, an upgrade over the running agent, remove, purge. Ends with `ok`, or with what is wrong.
set -eu
old=$1 new=$2 address=$3
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH DEBIAN_FRONTEND=noninteractive

step() { echo "== $*"; }
fail() {
  echo "not ok: $*"
  cat /var/log/deploy/*.log 2>/dev/null || true
  exit 1
}
ours() { find /etc /lib/systemd /run /usr /var -xdev \( -iname '*deploy*' -o -path '*/deploy/*' \) ! -path '/var/lib/dpkg/*' 2>/dev/null | sort; }
dpkg_() { dpkg --force-unsafe-io "$@" >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; fail "dpkg $*"; }; }
agent() { "/etc/init.d/deploy-agent" "$@"; }
client() { DEPLOY_KEY_CIPHER=package-key deploy client "$@" --hosts "$address"; }
# A dead one that nobody has waited for is no longer alive.
alive() { case $(cat "/proc/$1/stat" 2>/dev/null) in '' | *') Z '*) return 1 ;; esac; }
pid() { cat /var/run/deploy-agent.pid; }

# The host's: a policy that forbids to start anything, and a trigger that reads every man page.
rm -f /usr/sbin/policy-rc.d /var/lib/man-db/auto-update
ours >/tmp/before

step install
dpkg_ -i "$old"
grep -q 'nothing listens yet' /tmp/dpkg.log || fail "the first install did not say what comes next"
deploy --version
[ "$(readlink -f /usr/sbin/deploy-agent)" = "$(readlink -f /usr/bin/deploy)" ] || fail "deploy-agent is no link to deploy"
getent passwd deploy-proxy >/dev/null || fail "no account deploy-proxy"
! ls /etc/rc[2-5].d/S*deploy-* >/dev/null 2>&1 || fail "the first install enabled a service"
code=0; agent status || code=$?
[ $code = 3 ] || fail "status before the first start: $code"
[ -z "$(ls -A /etc/deploy)" ] || fail "there is a configuration that nobody wrote"
(cd / && md5sum --quiet -c /var/lib/dpkg/info/deploy.md5sums) || fail "md5sums"

step configure
mkdir -p /srv/www/site /srv/origin
echo new >/srv/origin/page
echo kept >/srv/www/other
cat >/etc/deploy/deploy_agent.ini <<INI
[server]
addr = $address
key_cipher = package-key
[allow::hosts]
host[] = 127.0.0.0/8
[allow::paths]
path[] = /srv/www
[rsync::group::site]
dest = /srv/origin/
src = /srv/www/site
[jobs]
path = /etc/deploy/jobs.ini
INI
printf '[jobs]\nnap = sleep 3\n' >/etc/deploy/jobs.ini
chmod 600 /etc/deploy/deploy_agent.ini
if ! deploy-agent --help 2>&1 | grep -q -- --pid-file; then
  echo "(this binary has no --pid-file: a stand-in goes to the background)"
  mkdir -p /var/log/deploy
  sed 's|@DEPLOY@|/usr/bin/deploy|; s|@LOG@|/var/log/deploy/stand-in.log|' "$(dirname "$0")/stand-in.sh" >/etc/deploy/stand-in
  chmod +x /etc/deploy/stand-in
  echo DAEMON=/etc/deploy/stand-in >/etc/default/deploy-agent
fi

step start
agent start
agent start # runs already: 0
agent status
first=$(pid)
client rsync site
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e /srv/www/site/page ] || sleep 0.5; done
[ "$(cat /srv/www/site/page)" = new ] || fail "the order did not arrive"
agent reload

step "upgrade over an agent that runs a command"
client exec nap >/tmp/nap 2>&1 &
nap=$!
sleep 1
dpkg_ -i "$new"
wait $nap || { cat /tmp/nap; fail "the upgrade broke a running command"; }
second=$(pid)
[ "$first" != "$second" ] || fail "the old agent runs on: $(cat /tmp/dpkg.log)"
! alive "$first" || fail "the old agent, $first, is still there"
case $(readlink "/proc/$second/exe") in *' (deleted)') fail "the new agent runs the old file" ;; esac
agent status
client status site

step "an upgrade that the configuration is not fit for"
cp /etc/deploy/deploy_agent.ini /tmp/ini
echo '[broken' >>/etc/deploy/deploy_agent.ini
dpkg_ -i "$new"
grep -q 'runs on with the old version' /tmp/dpkg.log || fail "nothing was said"
[ "$(pid)" = "$second" ] || fail "the agent was stopped for one that cannot start"
cp /tmp/ini /etc/deploy/deploy_agent.ini

step "the same again: configured twice is as once"
dpkg_ -i "$new"
dpkg_ --configure -a
client status site >/dev/null
third=$(pid)

step remove
dpkg_ --remove deploy
! alive "$third" || fail "the agent runs after the removal"
[ ! -e /usr/bin/deploy ] || fail "the binary is still there"
{ [ -f /etc/deploy/deploy_agent.ini ] && [ -x /etc/init.d/deploy-agent ]; } || fail "the removal took configuration"
rm -f /etc/default/deploy-agent # the stand-in's
code=0; agent start 2>/dev/null || code=$?
[ $code = 5 ] || fail "start without the program: $code"
[ -d /var/lib/deploy ] || fail "the removal took state"

step purge
mkdir -p /var/lib/deploy/mine && echo kept >/var/lib/deploy/mine/file # what is not ours stays
touch /var/log/deploy/error.log /var/log/deploy/error.log.1 /var/log/deploy/access.log.2.gz
dpkg_ --purge deploy
{ [ "$(cat /srv/www/site/page)" = new ] && [ "$(cat /srv/www/other)" = kept ]; } || fail "the purge touched a target"
[ "$(cat /var/lib/deploy/mine/file)" = kept ] || fail "the purge removed what was not its own"
rm -r /var/lib/deploy /etc/deploy # the operator's
ours >/tmp/after
diff /tmp/before /tmp/after || fail "the purge left the above"
! dpkg -s deploy >/dev/null 2>&1 || fail "dpkg still knows the package"
dpkg_ --purge deploy # nothing left to do
echo ok
