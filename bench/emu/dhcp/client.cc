// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dhcp/client.h"

#include "bench/emu/host/host_address.h"

#include <utility>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
// 4, 8, 16, 32 and 64 s (RFC 2131 4.1).
constexpr Retransmission::Pace kPace{.first = 4 * kSecond, .doublings = 4, .requests = 4};

}  // namespace

HostConfig with_lease(const HostConfig& host, const DhcpReply& lease) {
  HostConfig config = host;
  config.address = lease.address;
  const IpPrefix mask{{}, static_cast<std::uint8_t>(96 + lease.prefix_bits)};
  config.subnet = {mask.first_of(lease.address), mask.bits};
  config.gateway = host.gateway ? host.gateway : lease.router;
  return config;
}

DhcpClient::DhcpClient(Host& host, std::string vendor_class, std::string host_name,
                       std::uint32_t transaction, Micros now)
    : host_(host),
      request_{.transaction = transaction,
               .mac = host.config().mac,
               .vendor_class = std::move(vendor_class),
               .host_name = std::move(host_name)},
      began_(now),
      repeats_(kPace) {
  send(now);
}

void DhcpClient::send(Micros now) {
  request_.seconds = static_cast<std::uint16_t>((now - began_) / kSecond);
  host_.broadcast(kDhcpClientPort, kDhcpServerPort, write_dhcp(request_));
  ++packets_;
  repeats_.on_sent(now);
}

void DhcpClient::on_time(Micros now) {
  if (!repeats_.is_due(now)) {
    return;
  }
  if (request_.type == DhcpType::kRequest && repeats_.is_spent()) {
    request_.type = DhcpType::kDiscover;
    repeats_.begin();
  }
  send(now);
}

void DhcpClient::on_datagram(const Datagram& datagram, Micros now) {
  if (lease_ || datagram.to_port != kDhcpClientPort) {
    return;
  }
  const auto reply = parse_dhcp(datagram.payload);
  if (!reply || reply->transaction != request_.transaction || reply->mac != request_.mac) {
    return;
  }
  // Of no host, or one that is taken: a server that is set up wrongly, and another may answer.
  const bool is_lease = reply->type == DhcpType::kOffer || reply->type == DhcpType::kAck;
  if (is_lease && (!is_of_a_host(reply->address) || reply->address == reply->offer.server)) {
    return;
  }
  const bool is_asking = request_.type == DhcpType::kRequest;
  if (!reply->offer.server || (is_asking && *reply->offer.server != request_.server)) {
    return;  // RFC 2131 4.3.1: each says who it is; and only who was chosen counts
  }
  if (!is_asking && reply->type == DhcpType::kOffer) {
    ++packets_;
    request_.type = DhcpType::kRequest;
    request_.requested = reply->address;
    request_.server = *reply->offer.server;
    repeats_.begin();
    send(now);
  } else if (is_asking && reply->type == DhcpType::kAck) {
    ++packets_;
    take_lease(*reply);
  } else if (is_asking && reply->type == DhcpType::kNak) {
    // Not at once: a server that refuses for ever would be flooded.
    ++packets_;
    request_.type = DhcpType::kDiscover;
    repeats_.begin_later(now);
  }
}

void DhcpClient::take_lease(const DhcpReply& reply) {
  lease_ = reply;
  repeats_.stop();
  host_.configure(with_lease(host_.config(), reply));
}

}  // namespace dialtone::emu
