// SPDX-License-Identifier: Apache-2.0
//
// Any Ethernet frames, some of them in one burst, through the responder. An input:
//   1 byte   which setup of the responder (bits 0, 1 and 4), what is published (bits 2 and 3), and
//            by which rules (the bits above)
//   then, for each frame: 1 byte of FrameFlag, 2 bytes length, the bytes
#include "tests/fuzz/appliance.h"
#include "tests/fuzz/fix_up.h"
#include "tests/fuzz/input.h"

#include <cstring>

namespace dialtone::fuzz {
namespace {

enum FrameFlag : std::uint8_t {
  kAsItIs = 1,        // lengths and checksums are not made right
  kNewBurst = 2,      // what came before is processed first
  kChecksumGood = 4,  // says the port
  kTimers = 8,        // run before
  kControl = 16,      // before: control takes the misses; when there are some, it has found them
};

enum SetupFlag : std::uint8_t { kOther = 16, kLimits = 32, kAsks = 64, kBusy = 128 };

Appliance& appliance_of(std::uint8_t setup) {
  static Appliance appliances[] = {
      Appliance({}),
      Appliance({.accept_partial_checksum = true, .reassembles = true}),
      Appliance({.worker = 1, .workers = 3, .worker_bits = 2, .punts_per_second = 1000}),
      Appliance({.max_sessions = 1, .reassembles = true}),
      Appliance({.single_port = true, .events = true}),
      Appliance({.max_sessions = 1, .single_port = true, .max_parked = 4}),
      Appliance({.worker = 1, .workers = 3, .worker_bits = 2, .single_port = true}),
      Appliance({.max_sessions = 2, .max_parked = 3, .events = true})};
  return appliances[(setup & 3) + ((setup & kOther) != 0 ? 4 : 0)];
}

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dialtone::fuzz;
  Input input(data, size);
  const std::uint8_t setup = input.byte();
  Appliance& appliance = appliance_of(setup);
  appliance.begin({.limits = (setup & kLimits) != 0,
                   .asks = (setup & kAsks) != 0,
                   .busy = (setup & kBusy) != 0});
  constexpr std::uint64_t kFirst[] = {1, 2, 0, 4};
  appliance.publish(kFirst[setup >> 2 & 3]);
  while (!input.empty()) {
    const std::uint8_t flags = input.byte();
    const auto bytes = input.bytes(input.word() & 0x7ff);
    if ((flags & kNewBurst) != 0) {
      appliance.process();
    }
    if ((flags & kControl) != 0) {
      appliance.process();
      appliance.publish(appliance.take_misses() ? 3 : 2);
    }
    if ((flags & kTimers) != 0) {
      appliance.pass(700'000);
      appliance.run_timers(40);
    }
    const std::span<std::byte> frame = appliance.next_frame();
    const std::size_t length = std::min(bytes.size(), frame.size());
    if (length != 0) {
      std::memcpy(frame.data(), bytes.data(), length);
    }
    if ((flags & kAsItIs) == 0) {
      fix_up(frame.first(length));
    }
    appliance.add(length, (flags & kChecksumGood) != 0);
  }
  appliance.end();
  return 0;
}
