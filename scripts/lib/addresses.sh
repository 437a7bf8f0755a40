# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What a script asks about addresses and interfaces before it starts the dataplane, so that the cure
# is named at once.

# A unicast IPv4 address, written plainly (no leading zeros).
is_ipv4_host() {
  local part parts
  [[ $1 =~ ^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$ ]] || return 1
  IFS=. read -ra parts <<<"$1"
  for part in "${parts[@]}"; do
    ((part <= 255)) || return 1
  done
  ((parts[0] != 0 && parts[0] != 127 && parts[0] < 224))
}

is_mac() { [[ $1 =~ ^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$ ]]; }

# By netlink: /sys/class/net may be that of another network namespace.
interface_exists() { ip link show dev "$1" &>/dev/null; }
interface_is_up() { [[ $(ip -o link show dev "$1") =~ [\<,]UP[\>,] ]]; }
interface_is_veth() { [[ -n $(ip -o link show dev "$1" type veth 2>/dev/null) ]]; }
interface_names() { ip -br link | awk '$1 != "lo" { sub(/@.*/, "", $1); print $1 }' | xargs; }

# The interface of this machine that has the address; fails when none has it.
interface_of_address() {
  ip -4 -o addr show | awk -v wanted="$1" \
    '{ split($4, parts, "/"); if (parts[1] == wanted) { print $2; found = 1; exit } }
     END { exit !found }'
}
