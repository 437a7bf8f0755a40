// SPDX-License-Identifier: Apache-2.0
//
// A phone, its TFTP server and its call managers, in virtual time: for tests of what a device does
// from power-on to its registration.
#pragma once

#include "bench/emu/device/device.h"
#include "bench/emu/registration/call_manager.h"
#include "tests/unit/emu/file_server.h"
#include "tests/unit/emu/tcp_peer.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::emu::registration_lab {

using Files = std::map<std::string, std::string>;

inline const IpAddress kCmA = IpAddress::from_v4(0x0a4d0005);
inline const IpAddress kCmB = IpAddress::from_v4(0x0a4d0006);
inline const IpAddress kTftp = IpAddress::from_v4(test::kServerAddress);

inline std::vector<IpAddress> resolve(const std::string& name) {
  if (name == "cm-a" || name == "CiscoCM1") {
    return {kCmA};
  }
  return name == "cm-b" ? std::vector{kCmB} : std::vector<IpAddress>();
}

inline DevicePlan phone(BootKind kind = BootKind::kPhone) {
  return {.name = "SEP001122334455",
          .model = "7941",
          .kind = kind,
          .host = {.mac = test::kPhoneMac,
                   .address = IpAddress::from_v4(test::kPhoneAddress),
                   .subnet = {IpAddress::from_v4(0x0a4d0000), 112}},
          .offer = {.option150 = {kTftp}},
          .order = boot_order(kind, test::kPhoneMac),
          .resolve = resolve,
          .number = 115,
          .registered_name = "SEP001122334455"};
}

inline std::string configuration(const std::string& protocol = "SCCP",
                                 const std::string& rest = "") {
  const auto member = [](const char* rank, const char* name) {
    return std::string("<member priority=\"") + rank + "\"><callManager><processNodeName>" + name +
           "</processNodeName></callManager></member>";
  };
  return "<device><deviceProtocol>" + protocol + "</deviceProtocol><devicePool><callManagerGroup>" +
         "<members>" + member("0", "cm-a") + member("1", "cm-b") +
         "</members></callManagerGroup></devicePool>" + rest + "</device>";
}

// The answer of a DNS server to a frame, where it is a question: a name of one label.
inline std::vector<std::string> dns_answer(const Host::Frame& frame,
                                           const std::map<std::string, IpAddress>& names) {
  const auto received = parse_frame(frame);
  const auto datagram = received ? parse_udp(*received) : std::nullopt;
  if (!datagram || datagram->to_port != kDnsPort) {
    return {};
  }
  constexpr std::size_t kHeader = 12;
  const std::string question(reinterpret_cast<const char*>(datagram->payload.data()),
                             datagram->payload.size());
  const auto known =
      names.find(question.substr(kHeader + 1, static_cast<std::size_t>(question[kHeader])));
  std::string answer = question;
  answer[2] = '\x81';
  answer[3] = known == names.end() ? '\x83' : '\x80';  // there is no such name, or there is
  if (known != names.end()) {
    answer[7] = 1;
    answer += std::string("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4", 12);
    for (int shift = 24; shift >= 0; shift -= 8) {
      answer += static_cast<char>(known->second.v4() >> shift);
    }
  }
  return {test::Packet()
              .from(datagram->to, kDnsPort)
              .from_mac(test::kServerMac)
              .to_mac(received->from_mac)
              .to_address(datagram->from)
              .to_port(datagram->from_port)
              .payload(answer)
              .bytes()};
}

class RegistrationLab {
 public:
  RegistrationLab(DevicePlan plan, Files files, CallManagerConfig config = {})
      : server(std::move(files)),
        manager(std::move(config), [this](const Registered& event) { told.push_back(event); }),
        plan_(std::move(plan)) {
    const auto listen = [this](const IpAddress& address, std::uint16_t port) {
      peers.emplace_back(address, port, [this](std::string_view bytes) {
        return sessions.try_emplace(peers_spoke, manager).first->second.on_bytes(bytes);
      });
    };
    for (const IpAddress& address : {kCmA, kCmB, kTftp}) {
      listen(address, 2000);
      listen(address, 5060);
    }
  }

  void run(int turns = 20'000) {
    for (int turn = 0; !device.is_over() && turn < turns; ++turn) {
      if (device.host().outbox.empty()) {
        now = std::max(now, device.deadline());
        device.on_time(now);
        continue;
      }
      const Host::Frame frame = device.host().outbox.front();
      device.host().outbox.pop_front();
      const std::vector<std::string> named = dns_answer(frame, names);
      give(named.empty() ? server.on_frame(frame) : named);
      for (std::size_t i = 0; i < peers.size(); ++i) {
        peers_spoke = i;
        give(peers[i].on_frame(frame));
      }
    }
  }
  void give(const std::vector<std::string>& frames) {
    for (const std::string& frame : frames) {
      now += 100;
      device.on_frame(std::as_bytes(std::span(frame)), now);
    }
  }
  bool has_noted(const std::string& text) const {
    for (const Timeline::Event& event : device.timeline().events()) {
      if (event.what.find(text) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  Micros now = 0;
  test::FileServer server;
  std::map<std::string, IpAddress> names{};  // of the DNS server
  std::vector<Registered> told{};
  PlayedCallManager manager;
  std::size_t peers_spoke = 0;
  std::map<std::size_t, CallManagerSession> sessions{};
  std::vector<test::TcpPeer> peers{};  // cm-a, cm-b and the TFTP server: SCCP and SIP of each

 private:
  DevicePlan plan_;

 public:
  Device device{plan_, 0};
};

}  // namespace dialtone::emu::registration_lab
