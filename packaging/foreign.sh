# foreign PLACE: true where something is there that is not deploy's, above all the Perl program of the same name. Ours are a link to `deploy`, an ELF program
# bin/deploy, and a script or a log rotation that names its document. For install.sh and the Debian package, which then stop: what they would replace
# may be what runs this host.
foreign() {
  [ -e "$1" ] || [ -h "$1" ] || return 1
  case $1 in
    */bin/deploy-client | */sbin/deploy-agent | */sbin/deploy-proxy) case $(readlink "$1") in deploy | */deploy) return 1 ;; esac ;;
    */bin/deploy) [ "$(head -c 4 "$1" 2>/dev/null | tail -c 3)" != ELF ] || return 1 ;;
    *) ! grep -q docs/install.md "$1" 2>/dev/null || return 1 ;;
  esac
}
