// SPDX-License-Identifier: Apache-2.0
//
// A device asks its DNS servers for names, one at a time and over UDP: the servers in turn, each
// of them twice. Takes packets and time as values; one thread.
#pragma once

#include "bench/emu/dns/message.h"
#include "bench/emu/host/host.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::emu {

class DnsClient {
 public:
  // `host` outlives this and has an address; `type` is of its family. `domain` is put behind a name
  // that has no dot; empty: there is none. `id` is that of the first question, random or of a test.
  DnsClient(Host& host, std::vector<IpAddress> servers, std::string domain, DnsType type,
            std::uint16_t id);

  // Nothing: it is not known yet, and is asked for unless another name is; then it is to be called
  // again when this is not busy any more. No addresses: the name is not known.
  std::optional<std::vector<IpAddress>> find(const std::string& name, Micros now);
  bool is_busy() const noexcept { return asking_.has_value(); }

  // True: it was for this.
  bool on_datagram(const Datagram& datagram, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept { return deadline_; }
  std::uint32_t questions() const noexcept { return questions_; }  // sent

 private:
  struct Asking {
    std::string name;      // as it was given
    std::string whole;     // with the domain
    std::size_t sent = 0;  // of this
  };

  void send(Micros now);
  void answer(std::vector<IpAddress> addresses);

  Host& host_;
  std::vector<IpAddress> servers_;
  std::string domain_;
  DnsType type_;
  std::uint16_t id_;
  std::uint16_t port_;
  std::map<std::string, std::vector<IpAddress>> known_{};
  std::optional<Asking> asking_{};
  Micros deadline_;
  std::uint32_t questions_ = 0;
};

}  // namespace dialtone::emu
