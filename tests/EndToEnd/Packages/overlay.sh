#!/bin/sh
# Runs a program in a throw-away copy of this host: overlay.sh PROGRAM [ARG...], as root. Files of the current directory are in /tmp there, where it is started.
# What it writes is in memory, what it starts is in a pid namespace; both end with it.
set -eu
if [ -z "${IN_OVERLAY:-}" ]; then
  IN_OVERLAY=yes
  export IN_OVERLAY
  exec unshare --mount --pid --fork --kill-child sh "$0" "$@"
fi
# The mounts are on this, of this namespace alone; the directory itself stays as it is.
files=$(pwd)
mount -t tmpfs none /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
mount -t tmpfs none /mnt/root/tmp
cp "$files"/* /mnt/root/tmp
mount -t tmpfs none /mnt/root/run
mount -t proc proc /mnt/root/proc
mount --rbind /dev /mnt/root/dev
exec chroot /mnt/root sh -c 'cd /tmp && exec "$@"' sh "$@"
