// SPDX-License-Identifier: Apache-2.0
#include "bench/micro/crowd.h"

#include "bench/micro/huge_pages.h"
#include "dataplane/base/check.h"
#include "dataplane/tftp/session_table.h"
#include "tests/support/packet_builder.h"
#include "tests/support/reply_view.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

namespace dialtone::bench {
namespace {

constexpr std::uint32_t kFiles = 1024;
constexpr std::size_t kFileBytes = 8192;
constexpr std::uint64_t kSeed = 99;

std::string name_of(std::uint32_t client) {
  char name[32];
  std::snprintf(name, sizeof(name), "sep0011%08x.cnf.xml", client % kFiles);
  return name;
}

test::Packet from_client(std::uint32_t client) {
  return test::Packet().from(0x0a000001 + client,
                             static_cast<std::uint16_t>(49152 + client % 16384));
}

std::size_t resident_now() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  DIALTONE_CHECK(file != nullptr);
  std::size_t total = 0;
  std::size_t resident = 0;
  DIALTONE_CHECK(std::fscanf(file, "%zu %zu", &total, &resident) == 2);
  std::fclose(file);
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void put(Burst& burst, std::size_t i, const std::string& frame) {
  burst.put(i, std::as_bytes(std::span(frame)));
}

}  // namespace

Crowd::Crowd(std::uint32_t room)
    : image_(kFiles * (kFileBytes + 8192)),
      addresses_(std::array{IpAddress::from_v4(test::kServerAddress)}, test::kServerMac),
      counters_(server::kCounterCount),
      pins_(abi::kSegmentSlots),
      ports_(std::size_t{room} + kBurst) {
  const std::string content(kFileBytes, 'c');
  for (std::uint32_t file = 0; file < kFiles; ++file) {
    image_.add(name_of(file), content, abi::FileClass::kDeviceConfig);
  }
  image_.build();
  (void)move_to_huge_pages(image_.segment_bytes());
  table_bytes_ = tftp::SessionTable(tftp::TidLayout(0, 0), room, kSeed).memory_bytes();
  const std::size_t before = resident_now();
  responder_ =
      std::make_unique<server::Responder>(server::ResponderConfig{.mac = test::kServerMac,
                                                                  .addresses = &addresses_,
                                                                  .announces = false,
                                                                  .max_sessions = room,
                                                                  .hash_seed = kSeed,
                                                                  .rate = TickRate::measure()},
                                          counters_, abi::Pins(pins_));
  resident_bytes_ = resident_now() - before;
}

void Crowd::open(std::uint32_t count) {
  Burst burst;
  while (sessions() < count) {
    const auto first = static_cast<std::uint32_t>(sessions());
    for (std::uint32_t i = 0; i < kBurst; ++i) {
      put_read(burst, i, first + i);
    }
    process(burst);
    for (std::uint32_t i = 0; i < kBurst; ++i) {
      DIALTONE_CHECK(burst.verdicts[i] == server::Verdict::kReply);
      learn_port(burst, i, first + i);
    }
  }
  DIALTONE_CHECK(sessions() == count);
}

void Crowd::learn_port(const Burst& burst, std::size_t i, std::uint32_t client) {
  const test::ReplyView reply =
      test::parse_reply({reinterpret_cast<const char*>(burst.data(i)), burst.frames[i].length});
  DIALTONE_CHECK(reply.fault.empty() && reply.opcode == 3 && reply.number == 1);
  ports_[client] = reply.source_port;
}

void Crowd::put_read(Burst& burst, std::size_t i, std::uint32_t client) const {
  put(burst, i, from_client(client).rrq(name_of(client)).bytes());
}

void Crowd::put_ack(Burst& burst, std::size_t i, std::uint32_t client, std::uint16_t block) const {
  put(burst, i, from_client(client).to_port(ports_[client]).ack(block).bytes());
}

void Crowd::stop(Burst& burst, std::uint32_t first) {
  for (std::uint32_t i = 0; i < kBurst; ++i) {
    learn_port(burst, i, first + i);
    put(burst, i, from_client(first + i).to_port(ports_[first + i]).error(0, "stop").bytes());
  }
  process(burst);
}

Ticks Crowd::process(Burst& burst) {
  const Ticks begin = fenced_tsc();
  responder_->process(burst.frames, burst.verdicts, &image_.live(), begin + offset_);
  return fenced_tsc() - begin;
}

Ticks Crowd::send_ready(Burst& burst, std::size_t& copies) {
  const Ticks begin = fenced_tsc();
  copies = responder_->frames_ready(begin + offset_);
  if (copies != 0) {
    copies = responder_->send_ready(begin + offset_, {burst.frames.data(), copies});
  }
  return fenced_tsc() - begin;
}

}  // namespace dialtone::bench
