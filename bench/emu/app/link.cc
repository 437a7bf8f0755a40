// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/link.h"

#include "dataplane/io/packet_pool.h"

namespace dialtone::emu {

std::string device_of(const std::string& link) {
  const bool is_device =
      link.find(',') != std::string::npos || link.starts_with("net_") || io::is_pci_address(link);
  return is_device ? link : "net_af_packet0,iface=" + link;
}

Result<io::Eal> start_eal(const std::string& link, const std::vector<std::uint32_t>& cpus,
                          bool hugepages) {
  return io::Eal::start({.device = device_of(link),
                         .worker_cpus = cpus,
                         .memory_mb = io::memory_mb_for(1),
                         .hugepages = hugepages},
                        [](const std::string&) {});
}

Result<Link> Link::open(const std::string& link) {
  auto interface = InterfaceState::look(link);
  if (!interface) {
    return interface.error();
  }
  auto eal = start_eal(link, {}, /*hugepages=*/false);
  if (!eal) {
    return eal.error();
  }
  auto port = io::Port::open(device_of(link), {});
  if (!port) {
    return port.error();
  }
  return Link(*std::move(interface), *std::move(eal), *std::move(port));
}

std::size_t Link::receive(const std::function<void(std::span<const std::byte>)>& take) {
  rte_mbuf* buffers[io::kBurst];
  const std::uint16_t count = io::receive_burst(pair(), buffers);
  for (std::uint16_t i = 0; i < count; ++i) {
    take({io::frame_data(buffers[i]), buffers[i]->data_len});
    rte_pktmbuf_free(buffers[i]);
  }
  return count;
}

void Link::send(Host& host) {
  for (; !host.outbox.empty(); host.outbox.pop_front()) {
    rte_mbuf* buffer = rte_pktmbuf_alloc(port_.pool());
    if (buffer == nullptr) {
      continue;
    }
    io::write_frame(buffer, host.outbox.front());
    io::send_burst(pair(), &buffer, 1);
  }
}

}  // namespace dialtone::emu
