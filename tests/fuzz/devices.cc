// SPDX-License-Identifier: Apache-2.0
//
// What others send to an emulated device, or to what is played for it. An input:
//   1 byte   whose bytes, in the order of kReaders
//   the rest those bytes; of DHCP packets, each behind its length of two bytes
#include "bench/emu/device/configuration.h"
#include "bench/emu/dhcp/client.h"
#include "bench/emu/dhcp6/client.h"
#include "bench/emu/dns/message.h"
#include "bench/emu/host/host.h"
#include "bench/emu/registration/call_manager.h"
#include "bench/emu/registration/dialogue.h"
#include "bench/emu/storm/recording.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/wire/ipv6.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/require.h"
#include "tests/support/packet_builder.h"

#include <unistd.h>

#include <sys/mman.h>

#include <iterator>
#include <string>

namespace dialtone::fuzz {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kTransaction = 0x010203;

std::string text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool lies_in(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void read_frame(Bytes frame) {
  for (const IpAddress& own : {IpAddress::from_v4(test::kPhoneAddress), test::kPhoneAddress6}) {
    emu::Host host({.mac = test::kPhoneMac, .address = own});
    const emu::Arrival arrival = host.on_frame(frame);
    require(!arrival.datagram || !arrival.segment, "a frame is of one protocol");
    if (arrival.datagram) {
      require(lies_in(arrival.datagram->payload, frame), "a datagram lies in its frame");
      require(arrival.datagram->from.is_v4() == arrival.datagram->to.is_v4(), "one family");
    }
    if (arrival.segment) {
      require(lies_in(arrival.segment->payload, frame), "a segment lies in its frame");
      require(arrival.segment->to == own, "a segment is for its address");
      host.send_segment({.from = own, .to = arrival.segment->from, .flags = emu::kReset}, 0);
    }
    for (const emu::Host::Frame& answer : host.outbox) {
      require(answer.size() <= wire::kMaxFrame, "an answer is a frame");
    }
  }
}

// Both ends of a registration, and both protocols, by what comes first.
void read_registration(Bytes bytes) {
  emu::PlayedCallManager manager({}, [](const emu::Registered& event) {
    require(event.verdict == "registered" || event.verdict == "unregistered", "it takes everybody");
  });
  emu::CallManagerSession session(manager);
  session.on_bytes(text_of(bytes));
  for (const bool is_sip : {false, true}) {
    const emu::Registrant device{
        .name = "SEP001122334455", .model = 115, .is_sip = is_sip, .lines = {"4711", "4712"}};
    const auto dialogue = emu::make_dialogue(device, IpAddress::from_v4(test::kPhoneAddress),
                                             IpAddress::from_v4(test::kServerAddress));
    dialogue->begin();
    dialogue->on_bytes(text_of(bytes));
    require(dialogue->load().size() <= emu::kSccpVersion, "a load is no longer than its field");
    require(dialogue->lines_up() <= device.lines.size(), "so many lines");
  }
}

void read_dns(Bytes packet) {
  if (const auto answer = emu::parse_dns_answer(packet)) {
    require(answer->addresses.size() * sizeof(std::uint32_t) <= packet.size(), "so many addresses");
    require(answer->name.size() <= packet.size(), "a name lies in its packet");
  }
}

void read_dhcp(Bytes packets) {
  emu::Host host({.mac = test::kPhoneMac});
  emu::DhcpClient client(host, "Cisco", "SEP001122334455", kTransaction, 0);
  Input input(reinterpret_cast<const std::uint8_t*>(packets.data()), packets.size());
  while (!input.empty()) {
    const Bytes packet = input.bytes(input.word());
    client.on_datagram({{}, {}, emu::kDhcpServerPort, emu::kDhcpClientPort, packet}, 0);
  }
  const IpAddress& own = host.config().address;
  require(own.is_unspecified() || own.is_v4(), "DHCP gives an address of IPv4");
}

void read_dhcp6(Bytes packets) {
  emu::Host host({.mac = test::kPhoneMac});
  emu::Dhcp6Client client(host, "Cisco", kTransaction, 0);
  Input input(reinterpret_cast<const std::uint8_t*>(packets.data()), packets.size());
  while (!input.empty()) {
    const Bytes packet = input.bytes(input.word());
    client.on_datagram({{}, {}, emu::kDhcp6ServerPort, emu::kDhcp6ClientPort, packet}, 0);
  }
  require(wire::is_unicast_source(host.config().address), "DHCPv6 gives an address of IPv6");
  host.send(test::kServerAddress6, 49152, 69, {}, 0);
}

// Its reader takes a path.
void read_recording(Bytes bytes) {
  const UniqueFd file(::memfd_create("recording", MFD_CLOEXEC));
  require(::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
          "there is memory");
  auto recording = emu::read_recording("/proc/self/fd/" + std::to_string(file.get()));
  if (!recording) {
    return;
  }
  const std::size_t requests = recording->requests.size();
  const auto plan = emu::plan_replay(*std::move(recording), 1);
  require(plan.ok() == (requests != 0), "a recording with a request can be replayed");
  require(!plan || plan->phones.size() <= requests, "a request is of one phone");
}

void read_configuration(Bytes bytes) {
  emu::parse_configuration(bytes);
  for (const std::string& name : emu::parse_load_list(bytes)) {
    require(!name.empty() && name.size() <= bytes.size(), "a name is a part of its list");
  }
}

constexpr void (*kReaders[])(Bytes) = {read_frame, read_registration, read_dns,          read_dhcp,
                                       read_dhcp6, read_recording,    read_configuration};

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dialtone::fuzz;
  if (size != 0) {
    kReaders[data[0] % std::size(kReaders)](
        {reinterpret_cast<const std::byte*>(data) + 1, size - 1});
  }
  return 0;
}
