# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# A campus to fetch from: a network namespace for the phones, and a veth pair that ends in it. The
# appliance's end stays in the root namespace and gets no address: the dataplane has its own MAC and
# address on it, and the kernel would answer beside it (docs/testing.md, "The veth lab").
#
# Everything has the lab's prefix; links carry an alias, and the namespace is written down with its
# inode, so that only what the lab made is ever taken away.

LAB_ALIAS='dialtone lab'

lab_netns() { echo "$1-campus"; }
lab_interface() { echo "$1-appl"; }
lab_peer() { echo "$1-phones"; }

# netns_run NETNS COMMAND...: `ip netns exec` and `ip -n` mount a /sys of their own, which fails in a
# chroot and in most containers; nothing that is run here looks at /sys.
netns_run() {
  local netns=$1
  shift
  nsenter --net="/run/netns/$netns" -- "$@"
}

# lab_make PREFIX STATE_FILE CLIENT_ADDRESS/BITS
lab_make() {
  local prefix=$1 state=$2 client=$3 netns interface peer
  netns=$(lab_netns "$prefix") interface=$(lab_interface "$prefix") peer=$(lab_peer "$prefix")
  if [[ -e /run/netns/$netns ]]; then
    die "a network namespace $netns is there already, and this run did not make it" \
      "look at it with: ip netns exec $netns ip addr; remove it with: ip netns del $netns"
  fi
  if [[ -e /sys/class/net/$interface ]]; then
    die "an interface $interface is there already, and this run did not make it" \
      "look at it with: ip addr show $interface; remove it with: ip link del $interface"
  fi
  ip netns add "$netns"
  echo "$netns $(stat -c %i "/run/netns/$netns")" >"$state"
  ip link add "$interface" type veth peer name "$peer" netns "$netns"
  ip link set "$interface" alias "$LAB_ALIAS"
  # IPv6 off, or router solicitations and MLD reach the dataplane as packets that nobody sent.
  lab_no_ipv6 "" "$interface"
  lab_no_ipv6 "$netns" all
  lab_no_ipv6 "$netns" "$peer"
  # The kernel leaves UDP checksums of a veth unfinished; the dataplane would drop what comes.
  netns_run "$netns" ethtool -K "$peer" tx off >/dev/null
  netns_run "$netns" ip addr add "$client" dev "$peer"
  netns_run "$netns" ip link set lo up
  netns_run "$netns" ip link set "$peer" up
  ip link set "$interface" up
}

lab_no_ipv6() {
  local netns=$1 key=/proc/sys/net/ipv6/conf/$2/disable_ipv6
  if [[ -n $netns ]]; then
    netns_run "$netns" sh -c "[ ! -w $key ] || echo 1 >$key"
  elif [[ -w $key ]]; then
    echo 1 >"$key"
  fi
}

# True when the namespace that STATE_FILE names is the one that was made.
lab_is_up() {
  local netns inode
  read -r netns inode 2>/dev/null <"$1" || return 1
  [[ -n $inode ]] || return 1
  [[ $(stat -c %i "/run/netns/$netns" 2>/dev/null) == "$inode" ]]
}

# lab_remove PREFIX STATE_FILE: takes away what lab_make made; nothing to do without the file.
lab_remove() {
  local prefix=$1 state=$2 interface
  interface=$(lab_interface "$prefix")
  [[ -f $state ]] || return 0
  # Deleting one end deletes the other at once; the namespace alone would leave them for a moment.
  if [[ $(cat "/sys/class/net/$interface/ifalias" 2>/dev/null) == "$LAB_ALIAS" ]]; then
    ip link del "$interface"
  fi
  if lab_is_up "$state"; then
    ip netns del "$(lab_netns "$prefix")"
  fi
  rm -f "$state"
}
