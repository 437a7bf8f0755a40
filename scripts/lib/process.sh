# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Background processes by name: NAME.pid and NAME.log in a run folder. The pid file also holds the
# start time from /proc, so that a pid that the kernel gave to another program is never signalled.

# process_start RUN NAME COMMAND...: in a session of its own, so that Ctrl-C reaches only the script.
# Descriptor 9 is the lock of the run folder (state.sh); a daemon must not hold it on.
process_start() {
  local run=$1 name=$2 pid
  shift 2
  : >"$run/$name.log"
  setsid "$@" >>"$run/$name.log" 2>&1 </dev/null 9>&- &
  pid=$!
  disown "$pid"
  echo "$pid $(process_start_time "$pid")" >"$run/$name.pid"
}

process_start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  # The name in parentheses may hold blanks; the start time is the 20th field behind it.
  read -ra stat <<<"${stat##*) }"
  echo "${stat[19]}"
}

# Prints the pid when the process of the pid file still runs; else fails.
process_pid() {
  local pid start
  read -r pid start 2>/dev/null <"$1/$2.pid" || return 1
  [[ -n $start && $(process_start_time "$pid") == "$start" ]] || return 1
  [[ $(process_state "$pid") != Z ]] || return 1
  echo "$pid"
}

process_state() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  echo "${stat%% *}"
}

# process_wait_line RUN NAME REGEX SECONDS: until the log holds the line. Fails when the process ends
# or the time is over; the end of the log then goes to standard error.
process_wait_line() {
  local run=$1 name=$2 regex=$3 deadline=$(($(now_ms) + $4 * 1000))
  until grep -qE -- "$regex" "$run/$name.log"; do
    if ! process_pid "$run" "$name" >/dev/null; then
      # It may have said it and ended between the two looks.
      grep -qE -- "$regex" "$run/$name.log" && return 0
      process_complain "$run" "$name" "ended before it was ready"
      return 1
    fi
    if (($(now_ms) > deadline)); then
      process_complain "$run" "$name" "was not ready within $4 s"
      return 1
    fi
    sleep 0.02
  done
}

process_complain() {
  warn "$2 $3; the end of $1/$2.log:"
  tail -n 12 "$1/$2.log" >&2
}

# process_stop RUN NAME: TERM, and KILL when it does not end within five seconds.
process_stop() {
  local run=$1 name=$2 pid deadline=$(($(now_ms) + 5000))
  if pid=$(process_pid "$run" "$name"); then
    kill -TERM "$pid" 2>/dev/null || true
    while process_pid "$run" "$name" >/dev/null; do
      if (($(now_ms) > deadline)); then
        warn "$name did not end within 5 s of SIGTERM; killed"
        kill -KILL "$pid" 2>/dev/null || true
        deadline=$(($(now_ms) + 5000))
      fi
      sleep 0.02
    done
  fi
  rm -f "$run/$name.pid"
}
