# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# 2 MB hugepages for the time of a run: adds pages to what the machine has, writes down how many were
# added, and gives back exactly those. No hugetlbfs mount is needed (EAL runs --in-memory).

HUGEPAGES_FOLDER=/sys/kernel/mm/hugepages/hugepages-2048kB

hugepages_free() { cat "$HUGEPAGES_FOLDER/free_hugepages" 2>/dev/null || echo 0; }
hugepages_count() { cat "$HUGEPAGES_FOLDER/nr_hugepages"; }
# The kernel may give fewer, without an error.
hugepages_set() { { echo "$1" >"$HUGEPAGES_FOLDER/nr_hugepages"; } 2>/dev/null; }

# hugepages_add PAGES STATE_FILE: fails, with nothing added, when the machine does not give them all.
hugepages_add() {
  local wanted=$1 state=$2 before after
  before=$(hugepages_count 2>/dev/null) || return 1
  # The file comes first: pages are given back even when this script is killed in between.
  echo "$wanted $before" >"$state"
  if ! hugepages_set $((before + wanted)); then
    hugepages_restore "$state"
    return 1
  fi
  after=$(hugepages_count)
  echo $((after - before)) >"$state"
  if ((after < before + wanted)); then
    hugepages_restore "$state"
    return 1
  fi
}

# Gives back what STATE_FILE says; nothing to do without it.
hugepages_restore() {
  local state=$1 added before now
  [[ -f $state ]] || return 0
  read -r added before <"$state" || added=0
  now=$(hugepages_count)
  if [[ -n $before ]]; then
    # Killed before it knew what it got: no more than what has come since.
    added=$((now - before < added ? now - before : added))
  fi
  if ((added > 0)); then
    hugepages_set $((now > added ? now - added : 0)) ||
      warn "could not give back $added hugepages; see $HUGEPAGES_FOLDER"
  fi
  rm -f "$state"
}
