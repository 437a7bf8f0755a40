// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/device_check.h"

#include "dataplane/base/unique_fd.h"

#include <unistd.h>

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace dialtone::io {
namespace {

// The value of "NAME=" in a device string; empty when there is none.
std::string argument_of(const std::string& device, const std::string& name) {
  const std::string key = "," + name + "=";
  const std::size_t at = device.find(key);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + key.size();
  return device.substr(begin, device.find(',', begin) - begin);
}

bool begins_with(const std::string& text, std::string_view prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

// Fills in what the kernel says of an interface; false when there is none of this name.
bool ask_kernel(const std::string& interface, unsigned long question, ifreq& answer) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::strncpy(answer.ifr_name, interface.c_str(), IFNAMSIZ - 1);
  return ::ioctl(fd.get(), question, &answer) == 0;
}

bool has_flags(const std::string& interface, int flags) {
  ifreq answer{};
  return ask_kernel(interface, SIOCGIFFLAGS, answer) && (answer.ifr_flags & flags) == flags;
}

// The kernel spreads frames over as many sockets as there are queue pairs: those of one that no
// worker polls would be lost.
Result<void> check_queue_pairs(const std::string& device, std::uint32_t workers) {
  const std::string wanted = std::to_string(workers);
  const std::string qpairs = argument_of(device, "qpairs");
  if ((qpairs.empty() ? "1" : qpairs) == wanted) {
    return {};
  }
  return usage("device '" + device + "' has " + (qpairs.empty() ? "1" : qpairs) +
               " queue pair(s) and lcores names " + wanted + " CPU(s); each needs one: " +
               (qpairs.empty() ? "add ,qpairs=" : "write qpairs=") + wanted);
}

// 0 where there is none.
int arp_ignore_of(const std::string& interface) {
  int value = 0;
  std::ifstream("/proc/sys/net/ipv4/conf/" + interface + "/arp_ignore") >> value;
  return value;
}

}  // namespace

std::string interface_of(const std::string& device) {
  return argument_of(device, "iface");
}

bool interface_has_link(const std::string& interface) {
  return has_flags(interface, IFF_UP | IFF_RUNNING);
}

std::optional<std::uint32_t> interface_mtu(const std::string& interface) {
  ifreq answer{};
  if (interface.empty() || !ask_kernel(interface, SIOCGIFMTU, answer)) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(answer.ifr_mtu);
}

std::string driver_device(const std::string& device) {
  const bool is_as_it_comes =
      begins_with(device, "net_af_packet") && argument_of(device, "framecnt").empty();
  return is_as_it_comes ? device + ",framecnt=" + std::to_string(kRingFrames) : device;
}

std::string interface_answering_arp(const std::string& device) {
  const std::string interface = argument_of(device, "iface");
  // The kernel goes by the larger one.
  return begins_with(device, "net_af_packet") && arp_ignore_of(interface) == 0 &&
                 arp_ignore_of("all") == 0
             ? interface
             : "";
}

Result<void> check_device(const std::string& device, std::uint32_t workers, std::string& note) {
  const bool takes_interface =
      begins_with(device, "net_af_packet") || begins_with(device, "net_af_xdp");
  if (takes_interface) {
    const std::string interface = argument_of(device, "iface");
    if (interface.empty()) {
      return usage("device '" + device + "' names no interface; add ,iface=NAME");
    }
    if (::if_nametoindex(interface.c_str()) == 0) {
      return failed("there is no interface '" + interface + "' here; `ip link` lists what is");
    }
    if (!has_flags(interface, IFF_UP)) {
      note = "interface '" + interface + "' is down; `ip link set " + interface + " up`";
    }
  }
  if (begins_with(device, "net_af_packet")) {
    DIALTONE_TRY(check_queue_pairs(device, workers));
  }
  // These three need CAP_NET_RAW or CAP_NET_ADMIN: ask the kernel, it knows about user namespaces.
  if (takes_interface || begins_with(device, "net_tap")) {
    const UniqueFd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!fd.valid() && (errno == EPERM || errno == EACCES)) {
      return Error{ErrorCode::kPermission,
                   "device '" + device + "' needs root (CAP_NET_RAW); start it with sudo"};
    }
  }
  return {};
}

}  // namespace dialtone::io
