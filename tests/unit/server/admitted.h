// SPDX-License-Identifier: Apache-2.0
//
// A server whose policy each test chooses, with phones that ask and that acknowledge: for the tests
// of who gets an answer.
#pragma once

#include "control/image/policy.h"
#include "tests/unit/server/harness.h"

#include <memory>

namespace dialtone::test {

inline const std::vector<IpAddress> kBothFamilies = {IpAddress::from_v4(kServerAddress),
                                                     kServerAddress6};

inline constexpr std::string_view kPhoneFile = "sep001122334455.cnf.xml";

// What control writes by default, where nothing else is said.
inline void set_limits(abi::Policy& policy) {
  const abi::Policy shipped = image_build::default_policy();
  policy.source_requests = shipped.source_requests;
  policy.prefix_requests = shipped.prefix_requests;
  policy.first_packets = shipped.first_packets;
  policy.unproven_bytes = shipped.unproven_bytes;
  policy.first_copies = shipped.first_copies;
  policy.retransmits = shipped.retransmits;
}

class Admitted : public testing::Test {
 protected:
  // `change` gets the image before it is built.
  template <typename Change>
  void serve(Change change, const Server::Options& options = {}) {
    if (image != nullptr) {
      earlier.push_back(std::move(image));  // a transfer may still read it
    }
    image = std::make_unique<TestImage>(1 << 16, ++generation_);
    image->add(kPhoneFile, long_text, abi::FileClass::kDeviceConfig)
        .add("ringlist.xml", long_text)
        .add("short", "x");
    change(*image);
    image->build();
    if (!server) {
      server = std::make_unique<Server>(options);
      for (std::size_t i = 0; i < options.addresses.size(); ++i) {
        server->addresses().set_state(i, dialtone::server::AddressState::kUsable);
      }
    }
    server->publish(&image->live());
  }
  void serve_limited(const Server::Options& options = {}) {
    serve([](TestImage& i) { set_limits(i.policy()); }, options);
  }

  static Packet rrq(std::uint32_t address, std::uint16_t port, std::string_view name = kPhoneFile) {
    return Packet().from(address, port).rrq(name);
  }
  bool asks(std::uint32_t address, std::uint16_t port, std::string_view name = kPhoneFile) {
    return server->send(rrq(address, port, name)).has_value();
  }
  // Fetches block 1 and acknowledges it.
  void prove(std::uint32_t address, std::uint16_t port) {
    const ReplyView reply = server->ask(rrq(address, port));
    ASSERT_EQ(reply.fault, "");
    server->send(Packet().from(address, port).to_port(reply.source_port).ack(1));
  }
  // Copies that the timers send in that time.
  std::size_t copies_in(double seconds) {
    std::size_t count = 0;
    for (int i = 0; i < seconds * 20; ++i) {
      server->now += kTicksPerSecond / 20;
      count += server->run_timers().size();
    }
    return count;
  }

  const std::string long_text = pattern(9000);
  std::vector<std::unique_ptr<TestImage>> earlier;  // outlive the server, as `image` does
  std::unique_ptr<TestImage> image;
  std::unique_ptr<Server> server;

 private:
  std::uint64_t generation_ = 0;
};

}  // namespace dialtone::test
