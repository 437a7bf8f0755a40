// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/interface_state.h"

#include "bench/emu/app/link.h"
#include "dataplane/base/unique_fd.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace dialtone::emu {
namespace {

ifreq request_for(const std::string& name) {
  ifreq request{};
  std::copy_n(name.begin(), std::min<std::size_t>(name.size(), IFNAMSIZ - 1), request.ifr_name);
  return request;
}

// Nothing: there is none.
std::optional<short> flags_of(const std::string& name) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = request_for(name);
  const bool is_there = name.size() < IFNAMSIZ && socket.valid() &&
                        ::ioctl(socket.get(), SIOCGIFFLAGS, &request) == 0;
  return is_there ? std::optional(request.ifr_flags) : std::nullopt;
}

}  // namespace

Result<InterfaceState> InterfaceState::look(const std::string& link) {
  if (device_of(link) == link) {
    return InterfaceState("");
  }
  const auto flags = flags_of(link);
  if (!flags) {
    return usage("--link: there is no interface '" + link + "' here; ip link lists them");
  }
  const UniqueFd probe(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!probe.valid() && (errno == EPERM || errno == EACCES)) {
    return Error{ErrorCode::kPermission,
                 "--link " + link +
                     ": frames of its own need root, or cap_net_raw and cap_net_admin (setcap "
                     "cap_net_raw,cap_net_admin+ep on dialtone-emu)"};
  }
  if ((*flags & IFF_UP) == 0) {
    return usage("--link: " + link + " is down; ip link set " + link + " up");
  }
  return InterfaceState((*flags & IFF_PROMISC) == 0 ? link : "");
}

InterfaceState::~InterfaceState() {
  const auto flags = name_.empty() ? std::nullopt : flags_of(name_);
  if (!flags || (*flags & IFF_PROMISC) == 0) {
    return;
  }
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = request_for(name_);
  request.ifr_flags = static_cast<short>(*flags & ~IFF_PROMISC);
  static_cast<void>(::ioctl(socket.get(), SIOCSIFFLAGS, &request));
}

}  // namespace dialtone::emu
