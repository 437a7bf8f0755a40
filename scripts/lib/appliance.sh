# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The two daemons of one appliance, from one TOML file, in one run folder.

# toml_text TEXT: a TOML string.
toml_text() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# appliance_start RUN CONFIG: returns when the first generation is served.
appliance_start() {
  local run=$1 config=$2
  appliance_check "$DATAPLANE" "$config"
  appliance_check "$CONTROL" "$config"
  process_start "$run" dataplane "$DATAPLANE" --config "$config"
  process_start "$run" control "$CONTROL" --config "$config"
  appliance_wait "$run" dataplane 'serving .* on ' 30
  appliance_wait "$run" control 'ready:' 120
  appliance_wait "$run" control 'published generation' 30
}

appliance_check() {
  local code=0
  "$1" --config "$2" --check >/dev/null || code=$?
  ((code == 0)) ||
    DIE_CODE=$code die "$(basename "$1") does not accept $2" "the lines above say why"
}

# appliance_warns LINE: whether it is a warning or an error of control's log, but not one of the time
# before the dataplane came.
appliance_warns() {
  [[ $1 =~ ^[0-9:.\ -]+\ control\ (warning|error|critical):\  ]] && [[ $1 != *" warning: no dataplane: "* ]]
}

# appliance_socket RUN: the path of control's socket for whoever is told it; from the folder of the
# clone on when the whole would be longer than a socket's address can be (107 bytes).
appliance_socket() {
  local LC_ALL=C path=$ROOT/$1/control.sock
  ((${#path} <= 107)) || path=$1/control.sock
  printf '%s\n' "$path"
}

appliance_wait() {
  process_wait_line "$@" || die "dialtone-$2 does not serve" "its last lines are above"
}

# appliance_stop RUN: prints a line for each process that ran.
appliance_stop() {
  local run=$1 name pid
  for name in control dataplane; do
    if pid=$(process_pid "$run" "$name"); then
      note "dialtone-$name, pid $pid"
    fi
    process_stop "$run" "$name"
  done
}

# appliance_alive RUN: fails, and shows the log, when one of the two has ended.
appliance_alive() {
  local name
  for name in control dataplane; do
    if ! process_pid "$1" "$name" >/dev/null; then
      process_complain "$1" "$name" "has ended"
      return 1
    fi
  done
}
