#!/bin/sh
# The life of the Debian package in a root of its own, as root and without systemd: lifecycle.sh OLD.deb NEW.deb BROKEN.deb ADDRESS
# On a host of the Perl programs: install, configure, start agent and proxy by their init scripts, an order, upgrades over the running ones, remove, purge, and back.
# Ends with `ok`, or with what is wrong.
set -eu
old=$1 new=$2 broken=$3 address=$4
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
# refused WORDS DPKG-OPTION...: dpkg must fail and say WORDS.
refused() {
  words=$1
  shift
  ! dpkg --force-unsafe-io "$@" >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; fail "dpkg $* was not refused"; }
  grep -q "$words" /tmp/dpkg.log || { cat /tmp/dpkg.log; fail "dpkg $* did not say: $words"; }
}
agent() { /etc/init.d/deploy-agent "$@"; }
proxy() { /etc/init.d/deploy-proxy "$@"; }
client() { DEPLOY_KEY_CIPHER=package-key deploy client "$@" --hosts "$address"; }
through_proxy() { DEPLOY_API_KEY=package-api-key deploy client --order=status --options=site --hosts="$address" --args=groups:all; }
# A dead one that nobody has waited for is no longer alive.
alive() { case $(cat "/proc/$1/stat" 2>/dev/null) in '' | *') Z '*) return 1 ;; esac; }
pid() { cat /var/run/deploy-agent.pid; }

# The host's: a policy that forbids to start anything, and a trigger that reads every man page.
rm -f /usr/sbin/policy-rc.d /var/lib/man-db/auto-update

step "a host of the Perl programs"
mkdir -p /var/log/deploy /root/perl/sbin /root/perl/init.d
# put DIRECTORY: the Perl programs and an init script of theirs. perl_is_there DIRECTORY: as they were put.
put_perl() {
  printf '#!/usr/bin/perl\n# deploy-agent\n' >"$1/sbin/deploy-agent"
  printf '#!/bin/sh\n# chkconfig: 345 85 15\n' >"$1/init.d/deploy-agent"
  chmod 0755 "$1/sbin/deploy-agent" "$1/init.d/deploy-agent"
}
put_perl /root/perl
cp -p /root/perl/sbin/* /usr/sbin && cp -p /root/perl/init.d/* /etc/init.d
perl_is_there() { cmp /root/perl/sbin/deploy-agent /usr/sbin/deploy-agent && { [ "$*" = program ] || cmp /root/perl/init.d/deploy-agent /etc/init.d/deploy-agent; }; }
echo theirs >/var/log/deploy/error.log
echo theirs >/var/log/deploy/error.log.1
ours >/tmp/before
refused '/usr/sbin/deploy-agent is there' -i "$old"
perl_is_there || fail "a refused installation touched the Perl programs"
[ ! -e /usr/bin/deploy ] || fail "a refused installation left files"
[ "$(dpkg-query -W -f '${db:Status-Status}' deploy 2>/dev/null || echo not-installed)" = not-installed ] || fail "a refused installation left the package half installed"
rm /usr/sbin/deploy-agent
refused '/etc/init.d/deploy-agent is there' -i "$old"
rm /etc/init.d/deploy-agent

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
cat >/etc/deploy/deploy_proxy.ini <<INI
[server]
addr = $address
[client]
key_cipher = package-key
[allow::hosts]
host[] = 127.0.0.0/8
[api]
path = /etc/deploy/api.ini
INI
printf '[keys]\npackage-api-key[] = all\n[servers]\nall[] = %s\n' "$address" >/etc/deploy/api.ini
chmod 600 /etc/deploy/*.ini

step start
agent start
agent start # runs already: 0
agent status
first=$(pid)
client rsync site
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e /srv/www/site/page ] || sleep 0.5; done
[ "$(cat /srv/www/site/page)" = new ] || fail "the order did not arrive"
agent reload
proxy start
proxy status
first_proxy=$(cat /var/run/deploy-proxy.pid)
[ "$(readlink "/proc/$first_proxy/exe")" = /usr/bin/deploy ] || fail "$first_proxy is no proxy of ours"
through_proxy | grep -q "$address" || fail "no answer through the proxy"
proxy reload

step "upgrade over an agent that runs a command"
client exec nap >/tmp/nap 2>&1 &
nap=$!
sleep 1
dpkg_ -i "$new"
wait $nap || { cat /tmp/nap; fail "the upgrade broke a running command"; }
proxy status
[ "$(cat /var/run/deploy-proxy.pid)" != "$first_proxy" ] || fail "the old proxy runs on: $(cat /tmp/dpkg.log)"
through_proxy | grep -q "$address" || fail "no answer through the new proxy"
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

step "an upgrade to a binary that does not run on this host"
proxy=$(cat /var/run/deploy-proxy.pid)
dpkg_ -i "$broken"
grep -q 'deploy-agent runs on with the old version: the new one does not run' /tmp/dpkg.log || fail "nothing was said: $(cat /tmp/dpkg.log)"
{ alive "$second" && [ "$(pid)" = "$second" ] && alive "$proxy"; } || fail "a daemon was stopped for a binary that does not run"

step "the same again: configured twice is as once"
dpkg_ -i "$new"
dpkg_ --configure -a
client status site >/dev/null
third=$(pid)

step "the Perl program put back over the package: neither upgraded nor removed, and nothing is restarted"
cp -p --remove-destination /root/perl/sbin/deploy-agent /usr/sbin/deploy-agent
refused '/usr/sbin/deploy-agent is there' -i "$new"
refused '/usr/sbin/deploy-agent is not this' --remove deploy
perl_is_there program || fail "the Perl program was touched"
{ alive "$third" && [ "$(pid)" = "$third" ]; } || fail "a refused upgrade or removal restarted the agent"
[ "$(dpkg-query -W -f '${Status}' deploy)" = 'install ok installed' ] || dpkg_ --configure -a
code=0; said=$(/etc/init.d/deploy-agent stop && /etc/init.d/deploy-agent start 2>&1) || code=$?
[ $code = 5 ] || fail "the init script started the Perl program ($code): $said"
ln -sfn ../bin/deploy /usr/sbin/deploy-agent
agent start
third=$(pid)

step remove
proxy=$(cat /var/run/deploy-proxy.pid)
dpkg_ --remove deploy
! alive "$proxy" || fail "the proxy runs after the removal"
! alive "$third" || fail "the agent runs after the removal"
[ ! -e /usr/bin/deploy ] || fail "the binary is still there"
{ [ -f /etc/deploy/deploy_agent.ini ] && [ -x /etc/init.d/deploy-agent ]; } || fail "the removal took configuration"
code=0; agent start 2>/dev/null || code=$?
[ $code = 5 ] || fail "start without the program: $code"
[ -d /var/lib/deploy ] || fail "the removal took state"

step purge
mkdir -p /var/lib/deploy/mine && echo kept >/var/lib/deploy/mine/file # what is not ours stays
mkdir -p /var/log/deploy/proxy && touch /var/log/deploy/proxy/error.log /var/log/deploy/proxy/access.log.2.gz # as the unit makes them
dpkg_ --purge deploy
[ "$(cat /var/log/deploy/error.log /var/log/deploy/error.log.1 | grep -c theirs)" = 2 ] || fail "the purge took logs of the Perl programs"
{ [ "$(cat /srv/www/site/page)" = new ] && [ "$(cat /srv/www/other)" = kept ]; } || fail "the purge touched a target"
[ "$(cat /var/lib/deploy/mine/file)" = kept ] || fail "the purge removed what was not its own"
rm -r /var/lib/deploy /etc/deploy # the operator's
step "back to the Perl programs"
cp -p /root/perl/sbin/* /usr/sbin && cp -p /root/perl/init.d/* /etc/init.d
ours >/tmp/after
diff /tmp/before /tmp/after || fail "the purge left the above"
! dpkg -s deploy >/dev/null 2>&1 || fail "dpkg still knows the package"
dpkg_ --purge deploy # nothing left to do
perl_is_there || fail "the Perl programs did not come back"
echo ok
