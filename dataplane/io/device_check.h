// SPDX-License-Identifier: Apache-2.0
//
// What the kernel says of the interface that a device string names. Cold; needs no DPDK.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dialtone::io {

// What has to be so before DPDK is asked: the interface in "net_af_packet0,iface=eth1" exists, may
// be opened by this user, and is divided among all workers. `note` gets what works but should be
// known.
Result<void> check_device(const std::string& device, std::uint32_t workers, std::string& note);

// The interface that such a string names; empty: none.
std::string interface_of(const std::string& device);

// Whether that interface is up, and has a link.
bool interface_has_link(const std::string& interface);

// Bytes of an IP packet that it carries; nothing where there is none of this name.
std::optional<std::uint32_t> interface_mtu(const std::string& interface);

// The interface in such a string when the kernel answers ARP there for addresses that other
// interfaces have (arp_ignore 0); empty otherwise. It does so beside a driver that leaves it the
// frames.
std::string interface_answering_arp(const std::string& device);

}  // namespace dialtone::io
