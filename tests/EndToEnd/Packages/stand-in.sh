#!/bin/sh
# What `deploy-agent --pid-file FILE [OPTION...]` does, for a binary that does not yet: to the background once it accepts orders. @DEPLOY@ and @LOG@ are filled in.
pid_file=$2
shift 2
: >@LOG@
setsid @DEPLOY@ agent "$@" >>@LOG@ 2>&1 &
while ! grep -q 'accepts orders' @LOG@; do
  kill -0 $! 2>/dev/null || { cat @LOG@ >&2; wait $!; exit; }
  sleep 0.1
done
echo $! >"$pid_file"
