# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Runs parts of scripts/test and writes one line for each case into RESULTS, for count_results.py.

# case_run GROUP NAME COMMAND...: exit code 0 passes, 77 skips, all else fails and shows its output.
case_run() {
  local group=$1 name=$2 log=$RESULTS/$1.log code=0
  shift 2
  step_begin "$name"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  case $code in
    0) echo "PASS $name" >>"$RESULTS/$group.cases" && step_done "$name" ;;
    77) echo "SKIP $name: $(tail -n 1 "$log")" >>"$RESULTS/$group.cases" && step_done "$name: skipped" ;;
    *)
      echo "FAIL $name" >>"$RESULTS/$group.cases"
      step_done "$name: FAILED"
      tail -n 60 "$log"
      ;;
  esac
}

# case_lines GROUP NAME COMMAND...: a program that prints PASS, FAIL and SKIP lines of its own. One that
# ends badly without a FAIL line, or well without any line, has not run its cases: that is a failed one.
case_lines() {
  local group=$1 name=$2 log=$RESULTS/$1.log code=0 lost=''
  shift 2
  step_begin "$name"
  # Only after `||`, not after a command of its own, is PIPESTATUS still that of the pipeline.
  "$@" </dev/null 2>&1 | tee "$log" | { grep --line-buffered -aE '^(FAIL|SKIP|#)' || true; } ||
    code=${PIPESTATUS[0]}
  grep -aE '^(PASS|FAIL|SKIP) ' "$log" >>"$RESULTS/$group.cases" || true
  if ((code != 0)) && ! grep -aq '^FAIL ' "$log"; then
    lost="ended with exit code $code"
  elif ! grep -aqE '^(PASS|FAIL|SKIP) ' "$log"; then
    lost="ended without a line of any case"
  fi
  if [[ -n $lost ]]; then
    echo "FAIL $name: $lost" >>"$RESULTS/$group.cases"
    tail -n 60 "$log"
    step_done "$name: FAILED, it $lost"
    return
  fi
  step_done "$name: $(grep -ac '^PASS ' "$log") cases passed, $(grep -ac '^FAIL ' "$log") failed"
}

# case_meson GROUP DIR ARGUMENT...: meson's tests; each GoogleTest case counts.
case_meson() {
  local group=$1 dir=$ROOT/$2 code=0
  shift 2
  step_begin "$group"
  rm -f "$dir/meson-logs/testlog.junit.xml"
  meson test -C "$dir" --no-rebuild --print-errorlogs "$@" >"$RESULTS/$group.log" 2>&1 </dev/null ||
    code=$?
  cp "$dir/meson-logs/testlog.junit.xml" "$RESULTS/$group.xml" 2>/dev/null || true
  if ((code == 0)); then
    step_done "$group: $(grep -c '<testcase' "$RESULTS/$group.xml") cases passed"
    return
  fi
  # A program that crashed is in no report.
  grep -qE '<(failure|error)' "$RESULTS/$group.xml" 2>/dev/null ||
    echo "FAIL meson test ended with exit code $code" >>"$RESULTS/$group.cases"
  step_done "$group: FAILED"
  tail -n 80 "$RESULTS/$group.log"
}
