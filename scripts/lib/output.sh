# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the scripts say: one line for each step, with the seconds it took; one line for an error, with
# its cure. Colours only on a terminal, and never with NO_COLOR set.

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  OUT_RED=$'\e[31m' OUT_GREEN=$'\e[32m' OUT_DIM=$'\e[2m' OUT_RESET=$'\e[0m' OUT_CLEAR=$'\e[K'
else
  OUT_RED='' OUT_GREEN='' OUT_DIM='' OUT_RESET='' OUT_CLEAR=''
fi

OUT_STEP='' # the step under way
OUT_STEP_START=0
DIED=0 # 1: die() has said why the script ends

# Milliseconds that only move forward.
now_ms() {
  local up
  read -r up _ </proc/uptime
  echo "${up/./}0"
}

# "12.3 s" from milliseconds.
seconds_text() {
  printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100))
}

say() { printf '%s\n' "$*"; }
note() { printf '          %s%s%s\n' "$OUT_DIM" "$*" "$OUT_RESET"; }
warn() { printf 'warning: %s\n' "$*" >&2; }

# step_begin TEXT ... step_done [TEXT]: a terminal shows the step while it runs, a log only its end.
step_begin() {
  OUT_STEP=$1
  OUT_STEP_START=$(now_ms)
  if [[ -n $OUT_RESET ]]; then
    printf '  ......  %s\r' "$OUT_STEP"
  fi
}

# step_progress TEXT: how far the step is, on a terminal alone.
step_progress() {
  if [[ -n $OUT_RESET && -t 1 ]]; then
    printf '  ......  %s: %s%s\r' "$OUT_STEP" "$1" "$OUT_CLEAR"
  fi
}

step_done() {
  local took=$(($(now_ms) - OUT_STEP_START))
  printf '%8s  %s%s%s%s\n' "$(seconds_text "$took")" "$OUT_GREEN" "${1:-$OUT_STEP}" \
    "$OUT_RESET" "$OUT_CLEAR"
  OUT_STEP=''
}

# die TEXT [CURE]: ends the script with exit code DIE_CODE (1).
die() {
  DIED=1
  if [[ -n $OUT_STEP && -n $OUT_RESET ]]; then
    printf '\n'
  fi
  printf '%serror:%s %s\n' "$OUT_RED" "$OUT_RESET" "$1" >&2
  if [[ -n ${2:-} ]]; then
    printf '       %s\n' "$2" >&2
  fi
  exit "${DIE_CODE:-1}"
}

# The comment at the head of a script, from its third line to the first line that is none.
show_help() {
  sed -n '3,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$1"
}

# For the EXIT trap of a script: whether an error was said, or one is still to be.
has_died() { ((DIED)); }

# What to write before a command that needs root: nothing on a machine that has no sudo.
sudo_text() {
  if command -v sudo >/dev/null; then
    echo "sudo "
  fi
}

need_root() {
  if ((EUID != 0)); then
    DIE_CODE=7 die "$1 needs root: it lays network interfaces and opens packet sockets" \
      "run: sudo $1"
  fi
}
