#!/bin/sh
# Installs deploy below a prefix, or removes it. The one list of what goes where: of the tarball, of `./build install` and of the Debian package.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
[ -d "$here/packaging" ] || here=${here%/packaging}

usage() {
  cat <<'TEXT'
usage: install.sh [OPTION...]

  --prefix DIR    below it bin, sbin, lib and share are written; default /usr/local
  --destdir DIR   write everything below this directory, for packagers
  --etc           also /etc/init.d/deploy-agent, deploy-proxy and /etc/logrotate.d/deploy: for hosts without systemd
  --unit-dir DIR  where systemd's units go; default PREFIX/lib/systemd/system
  --uninstall     remove what the same options have installed
  --quiet         do not name each file
  --help          this text

No service is enabled or started, no account and no configuration is made. docs/install.md says what comes next.
Where another program has one of our names, e.g. the Perl deploy-agent, nothing is installed; --uninstall leaves it.
For packaging: --binary FILE, --man DIR instead of `deploy` and `man` beside this script.
TEXT
}

die() { printf 'install: error: %s\n' "$1" >&2; [ -z "${2:-}" ] || printf 'install: hint: %s\n' "$2" >&2; exit "${3:-1}"; }

prefix=/usr/local destdir='' units='' binary=$here/deploy man=$here/man etc='' uninstall='' quiet=''
while [ $# -gt 0 ]; do
  option=$1
  case $option in
    --*=*) value=${option#*=}; option=${option%%=*}; shift; set -- "$option" "$value" "$@" ;;
  esac
  case $option in
    --prefix | --destdir | --unit-dir | --binary | --man)
      [ -n "${2:-}" ] || die "$option takes a value" "see install.sh --help" 64
      case $2 in
        *[!A-Za-z0-9/._+~@%,:-]*) die "$option: a character of this path is not taken: $2" "" 64 ;;
        /*) ;;
        *) die "$option takes an absolute path, not: $2" "" 64 ;;
      esac
      case $option in
        --prefix) prefix=${2%/} ;;
        --destdir) destdir=${2%/} ;;
        --unit-dir) units=${2%/} ;;
        --binary) binary=$2 ;;
        --man) man=$2 ;;
      esac
      shift 2 ;;
    --etc) etc=yes; shift ;;
    --uninstall) uninstall=yes; shift ;;
    --quiet) quiet=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die "no such option: $1" "" 64 ;;
  esac
done
units=${units:-$prefix/lib/systemd/system}
doc=$prefix/share/doc/deploy

say() { [ -n "$quiet" ] || printf '%s\n' "$*"; }

. "$here/packaging/foreign.sh"
# Where another's file may be.
places="$prefix/bin/deploy $prefix/bin/deploy-client $prefix/sbin/deploy-agent $prefix/sbin/deploy-proxy"
[ -z "$etc" ] || places="$places /etc/init.d/deploy-agent /etc/init.d/deploy-proxy /etc/logrotate.d/deploy /etc/logrotate.d/deploy-proxy"

# put MODE FILE PLACE, or text from stdin for FILE -. Through a new file beside it: a running binary cannot be written to, and nobody must see half a file.
put() {
  if [ -n "$uninstall" ]; then
    remove "$3"
    return
  fi
  say "$destdir$3"
  mkdir -p "$destdir${3%/*}"
  if [ "$2" = - ]; then cat >"$destdir$3.new"; else cp "$2" "$destdir$3.new"; fi
  chmod "$1" "$destdir$3.new"
  mv -f "$destdir$3.new" "$destdir$3"
}

# link TARGET PLACE
link() {
  if [ -n "$uninstall" ]; then
    remove "$2"
    return
  fi
  say "$destdir$2"
  mkdir -p "$destdir${2%/*}"
  ln -sfn "$1" "$destdir$2"
}

remove() {
  [ -e "$destdir$1" ] || [ -h "$destdir$1" ] || return 0
  case " $places " in *" $1 "*) ! foreign "$destdir$1" || { printf 'install: %s stays: it is not deploy'"'"'s\n' "$destdir$1" >&2; return 0; } ;; esac
  say "removing $destdir$1"
  rm -f "$destdir$1"
}

# The text of a unit or a script, with the paths that hold here.
localized() { sed -e "s|/usr/bin/deploy|$prefix/bin/deploy|g" -e "s|/usr/sbin/deploy-|$prefix/sbin/deploy-|g" -e "s|/usr/share/doc/deploy|$doc|g" "$@"; }

# sysv NAME ABOUT PLACE
sysv() { sed -e "s|@NAME@|$1|g" -e "s|@ABOUT@|$2|g" "$here/packaging/sysv/daemon" | localized | put 0755 - "$3"; }

if [ -z "$uninstall" ]; then
  [ -f "$binary" ] || die "there is no $binary" "run install.sh from the unpacked tarball, or ./build install"
  umask 022
  in_the_way=''
  for place in $places; do
    ! foreign "$destdir$place" || in_the_way="$in_the_way $destdir$place"
  done
  [ -z "$in_the_way" ] || die "there is something that is not deploy's:$in_the_way; nothing was installed" "move it to a directory of yours; docs/migrating.md says how to move over"
elif [ -z "$destdir" ] && [ -d /run/systemd/system ]; then
  for name in deploy-agent deploy-proxy; do
    ! systemctl is-active --quiet "$name.service" || die "$name runs" "systemctl disable --now $name"
  done
fi

put 0755 "$binary" "$prefix/bin/deploy"
link deploy "$prefix/bin/deploy-client"
link ../bin/deploy "$prefix/sbin/deploy-agent"
link ../bin/deploy "$prefix/sbin/deploy-proxy"

for file in "$here"/packaging/systemd/*.service "$here"/packaging/systemd/*.socket; do
  localized "$file" | put 0644 - "$units/${file##*/}"
done

completions=$here/packaging/completions
put 0644 "$completions/deploy.bash" "$prefix/share/bash-completion/completions/deploy"
put 0644 "$completions/deploy.zsh" "$prefix/share/zsh/site-functions/_deploy"
put 0644 "$completions/deploy.fish" "$prefix/share/fish/vendor_completions.d/deploy.fish"
for name in deploy-client deploy-agent deploy-proxy; do
  # These two shells look for a file with the command's name.
  link deploy "$prefix/share/bash-completion/completions/$name"
  link deploy.fish "$prefix/share/fish/vendor_completions.d/$name.fish"
done

for page in deploy.1 deploy-client.1 agent.toml.5 proxy.toml.5 deploy-agent.8 deploy-proxy.8; do
  put 0644 "$man/$page" "$prefix/share/man/man${page##*.}/$page"
done

if [ -n "$uninstall" ]; then
  say "removing $destdir$doc"
  rm -rf "$destdir$doc"
fi
cd "$here"
for file in README.md CHANGELOG.md LICENSE docs/*.md docs/decisions/*.md; do
  [ -n "$uninstall" ] || put 0644 "$file" "$doc/$file"
done
if [ -z "$uninstall" ]; then
  for file in packaging/*.ini packaging/*.toml packaging/systemd/*.conf; do put 0644 "$file" "$doc/examples/${file##*/}"; done
  for file in docs/examples/*.sh; do put 0755 "$file" "$doc/$file"; done
  # Under the name that the links of docs/ have.
  link examples "$doc/packaging"
fi

if [ -n "$etc" ]; then
  init=/etc/init.d rotate=/etc/logrotate.d
elif [ -z "$uninstall" ]; then
  init=$doc/examples/init.d rotate=$doc/examples/logrotate.d
else
  exit 0
fi
sysv deploy-agent "takes orders that change this host's trees" "$init/deploy-agent"
sysv deploy-proxy "relays orders to many agents" "$init/deploy-proxy"
put 0644 packaging/logrotate/deploy "$rotate/deploy"
# It names an account, without which logrotate complains every day.
if [ -z "$etc" ] || [ -n "$uninstall$destdir" ] || id deploy-proxy >/dev/null 2>&1; then
  put 0644 packaging/logrotate/deploy-proxy "$rotate/deploy-proxy"
fi
