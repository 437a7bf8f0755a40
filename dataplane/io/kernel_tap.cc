// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/kernel_tap.h"

#include <fcntl.h>

#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace dialtone::io {
namespace {

constexpr const char* kDevice = "/dev/net/tun";

Error tap_error(const std::string& what, const TapConfig& config, int error) {
  const std::string text = what + " of the exception TAP '" + config.name + "'";
  if (error == EPERM || error == EACCES) {
    return Error{
        ErrorCode::kPermission,
        text + " needs root (CAP_NET_ADMIN); start it with sudo, or leave exception_tap out"};
  }
  return errno_error(text, error);
}

ifreq request_for(const TapConfig& config) {
  ifreq request{};
  std::strncpy(request.ifr_name, config.name.c_str(), IFNAMSIZ - 1);
  return request;
}

Result<void> attach(int tap, const TapConfig& config) {
  ifreq request = request_for(config);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (::ioctl(tap, TUNSETIFF, &request) == 0) {
    return {};
  }
  if (errno == EBUSY || errno == EINVAL) {
    return failed(
        "exception_tap: '" + config.name +
        "' is another interface's name, or another process has this TAP; `ip -d link show " +
        config.name + "` says what it is");
  }
  return tap_error("making", config, errno);
}

Result<void> set_up(const TapConfig& config) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = request_for(config);
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  std::memcpy(request.ifr_hwaddr.sa_data, config.mac.bytes.data(), config.mac.bytes.size());
  if (::ioctl(socket.get(), SIOCSIFHWADDR, &request) != 0) {
    return tap_error("setting the MAC", config, errno);
  }
  request = request_for(config);
  request.ifr_mtu = static_cast<int>(config.mtu);
  if (::ioctl(socket.get(), SIOCSIFMTU, &request) != 0) {
    return tap_error("setting the MTU", config, errno);
  }
  request = request_for(config);
  if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) {
    return tap_error("reading the flags", config, errno);
  }
  request.ifr_flags |= IFF_UP;
  if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) {
    return tap_error("setting up", config, errno);
  }
  return {};
}

}  // namespace

Result<UniqueFd> open_tap(const TapConfig& config) {
  UniqueFd tap(::open(kDevice, O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!tap.valid()) {
    if (errno == ENOENT || errno == ENODEV || errno == ENXIO) {
      return failed(std::string("exception_tap: this kernel has no ") + kDevice +
                    "; `modprobe tun`, or leave exception_tap out");
    }
    return tap_error(std::string("opening ") + kDevice, config, errno);
  }
  DIALTONE_TRY(attach(tap.get(), config));
  DIALTONE_TRY(set_up(config));
  return tap;
}

}  // namespace dialtone::io
