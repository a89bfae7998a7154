#!/usr/bin/env bash
# Makes the packages of one binary: package.sh BINARY VERSION DIRECTORY leaves there
#   deploy_VERSION_ARCH.deb, deploy-VERSION-linux-ARCH.tar.gz and SHA256SUMS
# The same binary, sources and $SOURCE_DATE_EPOCH (the last commit's time) give the same bytes. Called by `./build package`.
set -euo pipefail
umask 022
export LC_ALL=C

die() { printf 'package: error: %s\n' "$1" >&2; [ $# -lt 2 ] || printf 'package: hint: %s\n' "$2" >&2; exit 1; }

[ $# = 3 ] || { echo "usage: package.sh BINARY VERSION DIRECTORY" >&2; exit 64; }
[ -x "$1" ] || die "there is no binary $1" "./build publish --portable"
[[ $2 =~ ^[0-9][A-Za-z0-9.+~]*$ ]] || die "not a version: $2" "e.g. 1.2.3"
binary=$(realpath "$1") version=$2
mkdir -p "$3"
out=$(realpath "$3")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case $(uname -m) in
  x86_64) debian=amd64 linux=x64 ;;
  aarch64) debian=arm64 linux=arm64 ;;
  *) die "no package for $(uname -m)" ;;
esac
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH

level=${PACKAGE_LEVEL:-6} # of compression; tests take 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Every file of a tree gets the one time; owners are set where it is packed.
still() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

# `libc6 (>= 2.29), `: the highest version among the symbols that the binary asks for; nothing for a static one.
libc() {
  local highest
  highest=$(readelf -VW "$binary" 2>/dev/null | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -1 || true)
  [ -z "$highest" ] || echo "libc6 (>= ${highest#GLIBC_}), "
}

deb() {
  local root=$work/deb size script
  mkdir -p "$root/DEBIAN" "$root/etc/deploy"
  packaging/install.sh --quiet --prefix /usr --destdir "$root" --unit-dir /lib/systemd/system --etc --binary "$binary" --man "$work/man"
  # Debian's place for zsh.
  mv "$root/usr/share/zsh/site-functions" "$root/usr/share/zsh/vendor-completions"
  gzip -9n "$root"/usr/share/man/man*/*
  local doc=$root/usr/share/doc/deploy
  sed 's/^$/./; s/^/ /' <(sed '1,4d' LICENSE) | sed -e '/^@LICENSE@$/{r /dev/stdin' -e 'd}' packaging/deb/copyright >"$doc/copyright"
  printf 'deploy (%s) unstable; urgency=medium\n\n  * What changed stands in CHANGELOG.md beside this file.\n\n -- the deploy authors <root@localhost>  %s\n' \
    "$version" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
  size=$(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
  sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$debian/; s/@SIZE@/$size/; s/@LIBC@/$(libc)/" packaging/deb/control >"$root/DEBIAN/control"
  for script in preinst postinst prerm postrm; do
    sed -e '/^@FOREIGN@$/{r packaging/foreign.sh' -e 'd}' "packaging/deb/$script" | install -m 0755 /dev/stdin "$root/DEBIAN/$script"
  done
  (cd "$root" && find etc -type f | sort | sed 's|^|/|' >DEBIAN/conffiles)
  (cd "$root" && find . -path ./DEBIAN -prune -o -path ./etc -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  still "$root"
  # One thread and a method that every Debian knows: the bytes must not depend on this host.
  DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group -Zxz -z"$level" --build "$root" "$out/deploy_${version}_$debian.deb" >/dev/null
}

tarball() {
  local name=deploy-$version-linux-$linux
  local tree=$work/$name
  mkdir -p "$tree"
  install -m 0755 "$binary" "$tree/deploy"
  install -m 0755 packaging/install.sh "$tree/install.sh"
  cp -r README.md CHANGELOG.md LICENSE docs "$tree"
  cp -r "$work/man" "$tree/man"
  mkdir "$tree/packaging"
  cp -r packaging/*.ini packaging/*.toml packaging/foreign.sh packaging/{systemd,sysv,logrotate,completions} "$tree/packaging"
  chmod -R u=rwX,go=rX "$tree"
  still "$tree"
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -cf - "$name" | gzip -"$level"n >"$out/$name.tar.gz"
}

command -v dpkg-deb >/dev/null || die "dpkg-deb is missing" "on Debian it is in the package dpkg"
packaging/man/make.sh "$binary" "$work/man"
deb
tarball
(cd "$out" && sha256sum "deploy_${version}_$debian.deb" "deploy-$version-linux-$linux.tar.gz" >SHA256SUMS)
(cd "$out" && ls -l "deploy_${version}_$debian.deb" "deploy-$version-linux-$linux.tar.gz" SHA256SUMS | awk '{ print $5, $NF }')
