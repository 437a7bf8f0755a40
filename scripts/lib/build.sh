# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Configures and compiles a build folder with meson; with ccache when the machine has it.

# build_compiler NAME...: the first of these compilers that is there, with ccache before it.
build_compiler() {
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null; then
      if command -v ccache >/dev/null; then
        echo "ccache $name"
      else
        echo "$name"
      fi
      return
    fi
  done
  die "no compiler: looked for $*" "install one of them; scripts/lib/packages.sh has the list"
}

build_gcc() { build_compiler g++-12 g++; }
build_clang() { build_compiler clang++-14; }

# build_configure DIR LOG COMPILER [MESON OPTION...]: makes the folder, or changes its options.
build_configure() {
  local dir=$1 log=$2 compiler=$3
  shift 3
  if [[ -f $dir/build.ninja ]]; then
    (cd "$ROOT" && meson configure "$dir" "$@") >>"$log" 2>&1 && return
    rm -rf "$dir"
  fi
  if ! (cd "$ROOT" && CXX=$compiler meson setup "$dir" "$@") >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "meson could not configure $dir" "the whole output is in $log"
  fi
}

# What ninja prints, as progress of the step: it takes minutes.
build_progress() {
  local line
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      step_progress "${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
    fi
  done
}

# build_compile DIR LOG [TARGET...]
build_compile() {
  local dir=$1 log=$2
  shift 2
  if ! (cd "$ROOT" && ninja -C "$dir" -j "$(nproc)" "$@" 2>&1) | tee -a "$log" | build_progress; then
    grep -E 'error|FAILED|warning' "$log" | head -n 20 >&2
    return 1
  fi
}

# What quickstart and serve run.
BUILD_RELEASE=build-release

# One at a time: two scripts may start at once, and ninja does not look for another ninja.
build_release() {
  local log=$1
  exec 8>"$log.lock"
  flock 8
  : >"$log"
  build_configure "$BUILD_RELEASE" "$log" "$(build_gcc)" \
    -Dbuildtype=release -Db_lto=true -Dtests=false -Dbench=false
  build_compile "$BUILD_RELEASE" "$log" || die "the build failed" "the whole output is in $log"
  exec 8>&-
}

# use_binaries DIR: sets DATAPLANE, CONTROL and DIALTONE.
use_binaries() {
  local dir=$1 program
  [[ $dir == /* ]] || dir=$ROOT/$dir
  DATAPLANE=$dir/dataplane/app/dialtone-dataplane
  CONTROL=$dir/control/dialtone-control
  DIALTONE=$dir/control/cli/dialtone
  for program in "$DATAPLANE" "$CONTROL" "$DIALTONE"; do
    [[ -x $program ]] || die "there is no program $program" "build first: ninja -C $1"
  done
  export DATAPLANE CONTROL DIALTONE
}
