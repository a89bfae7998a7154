#!/bin/sh
# Makes the man pages of the templates beside it: make.sh BINARY DIRECTORY. Options and examples come out of the binary's own help, so that a page
# cannot say anything else. Lines of a template that are replaced:
#   .\" help WORDS   what `deploy WORDS --help` lists
#   .\" modes        the same of every mode that has no page of its own
#   .\" usage NAME   the usage that the binary prints under a link's name, as it stands; nothing where it has none of its own
#   .\" file PATH    a file of packaging/, as it stands
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 2 ] || { echo "usage: make.sh BINARY DIRECTORY" >&2; exit 64; }
deploy=$(cd "$(dirname "$1")" && pwd)/${1##*/}
out=$2
mkdir -p "$out"
links=$(mktemp -d)
trap 'rm -rf "$links"' EXIT
# A configuration or a terminal of the one who builds must not come into it.
unset DEPLOY_KEY_CIPHER DEPLOY_API_KEY
date=$(LC_ALL=C date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%d)
version=$("$deploy" --version)

# Help on stdin; with SUB it is part of a section.
render() {
  awk -v sub_section="${1:-}" '
    function roff(text) { gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text); sub(/^[.\047]/, "\\\\\\&&", text); return text }
    function title(text) { print sub_section == "" ? ".SS " text : ".PP\n.B " text }
    /^[A-Z][^:]*:$/ { part = substr($0, 1, length($0) - 1); title(part); next }
    part == "" { next }
    /^  [^ ]/ {
      line = substr($0, 3)
      # Two blanks part what stands left from what it means; an option may have single ones in it.
      at = match(line, /  +/)
      left = at ? substr(line, 1, at - 1) : line
      right = at ? substr(line, at + RLENGTH) : ""
      print ".TP\n.B " roff(left)
      if (right != "") print roff(right)
    }'
}

# Text on stdin that keeps its lines.
verbatim() { printf '.nf\n'; sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"; printf '.fi\n'; }

# The description: what stands between the usage and the first list.
about() { awk '/^usage:/ || /^       deploy/ { next } /^[A-Z][^:]*:$/ { exit } NF { print }'; }

own_pages='client agent proxy'
for template in "$here"/*.in; do
  page=${template##*/}
  page=${page%.in}
  while IFS= read -r line; do
    case $line in
      '.\" help'*)
        words=${line#'.\" help'}
        # shellcheck disable=SC2086 # words
        "$deploy" $words --help >"$links/help"
        # A mode that this version lacks gets the help of the whole.
        if [ -z "$words" ] || grep -q "^usage: deploy$words" "$links/help"; then render <"$links/help"; fi
        ;;
      '.\" modes')
        "$deploy" --help | awk '/^Commands:$/ { on = 1; next } on && NF == 0 { exit } on { print $1 }' | while read -r mode; do
          case " $own_pages " in *" $mode "*) continue ;; esac
          "$deploy" "$mode" --help >"$links/help"
          printf '.SS deploy %s\n' "$mode"
          about <"$links/help"
          sed -n 's/^usage: //p' "$links/help" | verbatim
          render sub <"$links/help"
        done
        ;;
      '.\" usage '*)
        name=${line#'.\" usage '}
        ln -sf "$deploy" "$links/$name"
        "$links/$name" --help >"$links/help" 2>&1 || true # the original's exit code of --help is 1
        ! grep -qi "^usage: $name" "$links/help" || verbatim <"$links/help"
        ;;
      '.\" file '*) verbatim <"$here/../${line#'.\" file '}" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$template" | sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$date/" >"$out/$page.new"
  mv "$out/$page.new" "$out/$page"
done
