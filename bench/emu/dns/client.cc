// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dns/client.h"

#include "bench/emu/device/lower_case.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace dialtone::emu {
namespace {

constexpr Micros kPatience = 3'000'000;  // no public document says how long a phone waits
constexpr std::size_t kTimes = 2;        // of each server
constexpr std::uint16_t kFirstPort = 40960;

}  // namespace

DnsClient::DnsClient(Host& host, std::vector<IpAddress> servers, std::string domain, DnsType type,
                     std::uint16_t id)
    : host_(host),
      servers_(std::move(servers)),
      domain_(std::move(domain)),
      type_(type),
      id_(id),
      port_(kFirstPort),
      deadline_(std::numeric_limits<Micros>::max()) {
  // Of the other family none can be asked.
  std::erase_if(servers_, [&](const IpAddress& server) {
    return server.is_v4() != host_.config().address.is_v4();
  });
}

std::optional<std::vector<IpAddress>> DnsClient::find(const std::string& name, Micros now) {
  if (const auto known = known_.find(name); known != known_.end()) {
    return known->second;
  }
  if (asking_) {
    return std::nullopt;
  }
  const bool is_short = name.find('.') == std::string::npos && !domain_.empty();
  asking_ = {.name = name, .whole = is_short ? name + "." + domain_ : name};
  if (asking_->whole.ends_with('.')) {
    asking_->whole.pop_back();
  }
  ++id_;
  ++port_;
  send(now);
  return asking_ ? std::nullopt : std::optional(known_[name]);
}

void DnsClient::send(Micros now) {
  const std::vector<std::byte> query = write_dns_query(id_, asking_->whole, type_);
  if (query.empty() || asking_->sent == servers_.size() * kTimes) {
    answer({});
    return;
  }
  host_.send(servers_[asking_->sent % servers_.size()], port_, kDnsPort, query, now);
  ++asking_->sent;
  ++questions_;
  deadline_ = now + kPatience;
}

void DnsClient::answer(std::vector<IpAddress> addresses) {
  known_[asking_->name] = std::move(addresses);
  asking_.reset();
  deadline_ = std::numeric_limits<Micros>::max();
}

bool DnsClient::on_datagram(const Datagram& datagram, Micros now) {
  const bool is_ours = datagram.from_port == kDnsPort && datagram.to_port == port_ &&
                       std::find(servers_.begin(), servers_.end(), datagram.from) != servers_.end();
  if (!is_ours || !asking_) {
    return is_ours;
  }
  auto got = parse_dns_answer(datagram.payload);
  if (!got || got->id != id_ || got->name != lower_case(asking_->whole) || got->type != type_) {
    return true;
  }
  if (!got->is_final) {
    send(now);  // this one cannot say; another may
    return true;
  }
  answer(std::move(got->addresses));
  return true;
}

void DnsClient::on_time(Micros now) {
  if (asking_ && now >= deadline_) {
    send(now);
  }
}

}  // namespace dialtone::emu
