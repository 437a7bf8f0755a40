# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The run folder of a script: what it started and changed is written down there, so that a later run
# finds and ends it. What was written before the last boot means nothing any more: pids, namespaces
# and hugepages of then are gone.

# state_lock FILE WHO [SECONDS]: one script at a time; the lock goes with the process that holds it.
state_lock() {
  mkdir -p "$(dirname "$1")"
  exec 9>"$1"
  # The file may have been removed between the two lines, by the script that held it.
  { flock -w "${3:-0}" 9 && [[ $1 -ef /proc/self/fd/9 ]]; } || die "$2 is at work already" "wait for it, or end it with Ctrl-C in its terminal"
}

# state_open FOLDER: makes it, and remembers the boot.
state_open() {
  mkdir -p "$1"
  chmod 0755 "$1"
  cat /proc/sys/kernel/random/boot_id >"$1/boot"
}

# True when FOLDER holds the state of a run of this boot; that of another boot is removed.
state_exists() {
  [[ -d $1 ]] || return 1
  if [[ $(cat "$1/boot" 2>/dev/null) == "$(</proc/sys/kernel/random/boot_id)" ]]; then
    return 0
  fi
  rm -rf "$1"
  return 1
}
