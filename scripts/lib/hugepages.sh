# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# 2 MB hugepages for the time of a run: adds pages to what the machine has, writes down how many were
# added, and gives back exactly those. No hugetlbfs mount is needed (EAL runs --in-memory).

HUGEPAGES_COUNT=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages

# hugepages_add PAGES STATE_FILE: fails, with nothing added, when the machine does not give them all.
hugepages_add() {
  local wanted=$1 state=$2 before after
  [[ -w $HUGEPAGES_COUNT ]] || return 1
  before=$(<"$HUGEPAGES_COUNT")
  # The file comes first: pages are given back even when this script is killed in between.
  hugepages_note "$state" "$wanted"
  if ! echo $((before + wanted)) 2>/dev/null >"$HUGEPAGES_COUNT"; then
    rm -f "$state"
    return 1
  fi
  after=$(<"$HUGEPAGES_COUNT")
  hugepages_note "$state" $((after - before))
  if ((after < before + wanted)); then
    hugepages_restore "$state"
    return 1
  fi
}

hugepages_note() { echo "$2" >"$1"; }

# Gives back what STATE_FILE says; nothing to do without it.
hugepages_restore() {
  local state=$1 added now
  [[ -f $state ]] || return 0
  added=$(<"$state")
  now=$(<"$HUGEPAGES_COUNT")
  if ((added > 0)); then
    echo $((now > added ? now - added : 0)) 2>/dev/null >"$HUGEPAGES_COUNT" ||
      warn "could not give back $added hugepages; see $HUGEPAGES_COUNT"
  fi
  rm -f "$state"
}
