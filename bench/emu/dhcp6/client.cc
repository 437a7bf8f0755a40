// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dhcp6/client.h"

#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/neighbour.h"

#include <utility>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
// REQ_TIMEOUT and REQ_MAX_RC (RFC 8415 7.6).
constexpr Retransmission::Pace kPace{.first = kSecond, .doublings = 6, .requests = 10};
constexpr std::uint8_t kNetworkBits = 64;

}  // namespace

Dhcp6Client::Dhcp6Client(Host& host, std::string vendor_class, std::uint32_t transaction,
                         Micros now)
    : host_(host),
      request_{.transaction = transaction & 0xffffff,
               .mac = host.config().mac,
               .vendor_class = std::move(vendor_class)},
      began_(now),
      repeats_(kPace) {
  HostConfig config = host_.config();
  config.address = wire::link_local_of(config.mac);
  config.subnet = {{config.address.high, 0}, kNetworkBits};
  if (config.gateway && config.gateway->is_v4()) {
    config.gateway.reset();  // of its other family
  }
  host_.configure(config);
  send(now);
}

void Dhcp6Client::send(Micros now) {
  request_.milliseconds = static_cast<std::uint32_t>((now - began_) / 1000);
  host_.send(kDhcp6Servers, kDhcp6ClientPort, kDhcp6ServerPort, write_dhcp6(request_), now);
  ++packets_;
  repeats_.on_sent(now);
}

void Dhcp6Client::on_time(Micros now) {
  if (!repeats_.is_due(now)) {
    return;
  }
  if (request_.type == Dhcp6Type::kRequest && repeats_.is_spent()) {
    request_.type = Dhcp6Type::kSolicit;
    repeats_.begin();
  }
  send(now);
}

void Dhcp6Client::on_datagram(const Datagram& datagram, Micros now) {
  if (lease_ || datagram.to_port != kDhcp6ClientPort) {
    return;
  }
  auto reply = parse_dhcp6(datagram.payload);
  const bool is_ours = reply && reply->transaction == request_.transaction &&
                       reply->client == dhcp6_identity(request_.mac) && !reply->server.empty() &&
                       reply->address && wire::is_unicast_source(*reply->address);
  if (!is_ours) {
    return;
  }
  const bool is_asking = request_.type == Dhcp6Type::kRequest;
  if (!is_asking && reply->type == Dhcp6Type::kAdvertise) {
    ++packets_;
    request_.type = Dhcp6Type::kRequest;
    request_.transaction = (request_.transaction + 1) & 0xffffff;
    request_.server = reply->server;
    request_.requested = *reply->address;
    repeats_.begin();
    send(now);
  } else if (is_asking && reply->type == Dhcp6Type::kReply && reply->server == request_.server) {
    ++packets_;
    repeats_.stop();
    HostConfig config = host_.config();
    config.address = *reply->address;
    config.subnet = {{config.address.high, 0}, kNetworkBits};
    host_.configure(config);
    lease_ = std::move(reply);
  }
}

}  // namespace dialtone::emu
