// SPDX-License-Identifier: Apache-2.0
//
// What a device string says to the driver, and what the kernel says of the interface that it names.
// Cold; needs no DPDK.
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

// The string as the driver gets it: net_af_packet with rings for kRingFrames frames each, where it
// names no number of its own.
std::string driver_device(const std::string& device);

// Clients of a transfer wait for each answer (RFC 1350, section 2), so as many clients have at most
// as many frames under way: whatever pauses the worker, none of them is lost. The driver's own 512
// are full after 2 ms of a storm, and what is lost there is in no counter of the port. 32 MB of the
// kernel's memory for each direction of a queue pair.
constexpr std::uint32_t kRingFrames = 16'384;

// Whether that interface is up, and has a link.
bool interface_has_link(const std::string& interface);

// Bytes of an IP packet that it carries; nothing where there is none of this name.
std::optional<std::uint32_t> interface_mtu(const std::string& interface);

// The interface in such a string when the kernel answers ARP there for addresses that other
// interfaces have (arp_ignore 0); empty otherwise. It does so beside a driver that leaves it the
// frames.
std::string interface_answering_arp(const std::string& device);

}  // namespace dialtone::io
