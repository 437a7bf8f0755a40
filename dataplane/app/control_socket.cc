// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/control_socket.h"

#include "dataplane/program/log.h"

#include <filesystem>
#include <system_error>

namespace dialtone::app {
namespace {

std::uint32_t families_of(const std::vector<IpAddress>& addresses) {
  std::uint32_t families = 0;
  for (const IpAddress& address : addresses) {
    families |= address.is_v4() ? abi::kServesIpv4 : abi::kServesIpv6;
  }
  return families;
}

}  // namespace

Result<image::OfferServer> listen_for_control(const Options& options, image::ImageStore& store,
                                              const SharedPages& pages) {
  if (const auto folder = std::filesystem::path(options.socket).parent_path(); !folder.empty()) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      return errno_error("making the folder of the socket " + options.socket, error.value());
    }
  }
  return image::OfferServer::listen({.path = options.socket,
                                     .workers = options.workers(),
                                     .families = families_of(options.addresses),
                                     .counters_fd = pages.counters.fd(),
                                     .misses_fd = pages.misses.fd(),
                                     .events_fd = pages.events.fd(),
                                     .is_connected = &pages.misses.listening()},
                                    store, program::log_line);
}

}  // namespace dialtone::app
