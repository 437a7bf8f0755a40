# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The Debian packages that the project needs, in this one place; docs/dependencies.md says what each
# library is for. Only what is missing is installed, and only then is the package list refreshed.

packages_of() {
  case $1 in
    build) # compiler, build tool, libraries
      echo g++ binutils libc6-dev make pkg-config python3 meson ninja-build \
        libdpdk-dev libtbb-dev libxml2-dev libmimalloc-dev libsqlite3-dev libpq-dev libarchive-dev libmicrohttpd-dev \
        libssl-dev libxxhash-dev libpcap-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libspdlog-dev
      ;;
    run) # namespaces, offloads, and the stock clients that fetch
      echo iproute2 ethtool procps util-linux netbase curl tftp-hpa atftp busybox
      ;;
    test) # the second compiler, the test libraries, the checks, a second TFTP client and decoder, a browser
      echo clang-14 libclang-rt-14-dev clang-format-14 libgtest-dev libbenchmark-dev shellcheck git diffutils ccache \
        python3-scapy tshark postgresql-15 dnsmasq-base chromium
      ;;
    unpacked) # DHCP servers, which no test installs: see packages_unpack
      echo kea-dhcp4-server kea-dhcp6-server isc-dhcp-server
      ;;
    bench) # dpdk-testpmd, which bench/limit/run measures against
      echo dpdk-dev
      ;;
  esac
}

# Those of the arguments that are not installed, one a line.
packages_missing() {
  local name
  for name in "$@"; do
    case "$(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null)" in
      ii* | hi*) ;;
      *) printf '%s\n' "$name" ;;
    esac
  done
}

# packages_install LOG GROUP...: installs what is missing; prints how many packages that was.
packages_install() {
  local log=$1 group names missing wanted=()
  shift
  for group in "$@"; do
    read -ra names < <(packages_of "$group")
    wanted+=("${names[@]}")
  done
  mapfile -t missing < <(packages_missing "${wanted[@]}")
  if ((${#missing[@]} == 0)); then
    echo 0
    return
  fi
  if ! command -v apt-get >/dev/null; then
    die "these packages are missing and there is no apt-get to install them: ${missing[*]}" \
      "Dialtone is built on Debian 12; elsewhere install their equivalents by hand"
  fi
  if ((EUID != 0)); then
    DIE_CODE=7 die "these packages are missing: ${missing[*]}" \
      "run as root, or: sudo apt-get install ${missing[*]}"
  fi
  if ! packages_apt "$log" "${missing[@]}"; then
    # An old list names versions that are no longer there; a new machine has no list at all.
    if ! packages_apt_update "$log" || ! packages_apt "$log" "${missing[@]}"; then
      tail -n 15 "$log" >&2
      die "apt-get could not install: ${missing[*]}" "the whole output is in $log"
    fi
  fi
  echo "${#missing[@]}"
}

# packages_unpack LOG FOLDER GROUP: lays the files of a group, and of what it needs that is not
# installed, into FOLDER. Nothing is installed, so no service of it is started, now or when the
# machine starts: a second DHCP server on somebody's LAN gives away wrong addresses.
packages_unpack() {
  local log=$1 folder group=$3 names archive
  folder=$(realpath -m "$2")  # apt-get takes others from a folder of its own
  read -ra names < <(packages_of "$group")
  if [[ "$(cat "$folder/unpacked" 2>/dev/null)" == "${names[*]}" ]]; then
    return 0
  fi
  rm -rf "$folder"
  mkdir -p "$folder/archives/partial"
  if ! packages_apt "$log" -o Dir::Cache::archives="$folder/archives" --download-only --reinstall \
    "${names[@]}"; then
    packages_apt_update "$log" || return 1
    packages_apt "$log" -o Dir::Cache::archives="$folder/archives" --download-only --reinstall \
      "${names[@]}" || return 1
  fi
  for archive in "$folder/archives"/*.deb; do
    dpkg -x "$archive" "$folder" || return 1
  done
  rm -rf "$folder/archives"
  echo "${names[*]}" >"$folder/unpacked"
}

packages_apt() {
  local log=$1
  shift
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -q \
    --no-install-recommends "$@" >>"$log" 2>&1 </dev/null
}

packages_apt_update() {
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 update -q >>"$1" 2>&1 </dev/null
}
