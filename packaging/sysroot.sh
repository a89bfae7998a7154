#!/usr/bin/env bash
# Makes, below artifacts/sysroot, two trees of an old Debian release out of its packages, without root:
#   link  what `./build publish --portable` links against, so that the binary asks for no newer C library
#   root  the C library and rsync of that release, where tests run the binary (tests/EndToEnd/ForeignRootTests.cs)
# Made once, and again when this file changes. OpenSSL, SQLite and libsodium are always the build host's, with its security updates:
# their static libraries name functions of the C library without a version, so that the linker takes those of the old one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

release=bullseye # the oldest that Debian's mirrors serve; glibc 2.31
to_link=(libc6 libc6-dev libgcc-10-dev libgcc-s1)
to_run=(libc6 rsync libacl1 liblz4-1 libpopt0 libssl1.1 libxxhash0 libzstd1 zlib1g)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg # of the package debian-archive-keyring, which no Debian lacks

sysroot=$PWD/artifacts/sysroot
made=$sysroot.new
stamp=$(cksum <packaging/sysroot.sh)

die() { printf 'build: error: %s\n' "$1" >&2; [ $# -lt 2 ] || printf 'build: hint: %s\n' "$2" >&2; exit 1; }

# The mirror that this host's own release comes from, by apt's configuration.
mirror() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get update --print-uris 2>/dev/null | sed -n "s|^'\(.*\)/dists/$codename/InRelease' .*|\1|p" | head -1
}

# apt-get with a configuration of its own: of the host's only the way to the network remains.
old_apt() {
  apt-get -q -o Dir::Etc::SourceList="$made/apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State="$made/apt" -o Dir::State::Status="$made/apt/status" \
    -o Dir::Cache="$made/apt" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

# unpack TREE PACKAGE...
unpack() {
  local tree=$made/$1 link
  mkdir "$tree"
  for package in "${@:2}"; do dpkg-deb -x "$made"/apt/debs/"$package"_*.deb "$tree"; done
  # A link like /lib/… means the tree, not this host.
  find "$tree" -type l -lname '/*' | while read -r link; do
    ln -sfn "$(realpath -m --relative-to="${link%/*}" "$tree$(readlink "$link")")" "$link"
  done
}

make_trees() {
  local from
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null && [ -e $keyring ] || die "a portable binary is made on Debian: this system lacks apt-get, dpkg-deb or $keyring"
  from=$(mirror)
  [ -n "$from" ] || die "apt's configuration names no mirror for this host's own release" "see: apt-get update --print-uris"
  printf '== packages of Debian %s: %s\n' "$release" "$(printf '%s\n' "${to_link[@]}" "${to_run[@]}" | sort -u | xargs)"
  rm -rf "$made"
  mkdir -p "$made"/apt/{lists,archives}/partial "$made"/apt/debs
  touch "$made/apt/status"
  echo "deb [signed-by=$keyring] $from $release main" >"$made/apt/sources.list"
  old_apt update >"$made/apt/log" 2>&1 && (cd "$made/apt/debs" && old_apt download "${to_link[@]}" "${to_run[@]}") >>"$made/apt/log" 2>&1 ||
    { cat "$made/apt/log" >&2; die "the packages of Debian $release could not be fetched (above)" "is there a network, and does the mirror still serve $release?"; }
  unpack link "${to_link[@]}"
  unpack root "${to_run[@]}"
  rm -rf "$made/apt" "$sysroot"
  echo "$stamp" >"$made/stamp"
  mv "$made" "$sysroot"
}

[ "$(cat "$sysroot/stamp" 2>/dev/null)" = "$stamp" ] || make_trees
for library in ssl crypto sqlite3 sodium; do
  ln -sf "$(realpath "$(clang -print-file-name=lib$library.a)")" "$sysroot"/link/usr/lib/*-linux-gnu/
done
