// SPDX-License-Identifier: Apache-2.0
//
// A responder with very many sessions that are half open: their clients have asked and not yet
// answered. All read the same few files, so that what is measured is the sessions and not the
// content. Frames are made when they are needed, untimed.
#pragma once

#include "bench/micro/phone_scene.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace dialtone::bench {

class Crowd {
 public:
  // A table for `room` sessions, none of them open.
  explicit Crowd(std::uint32_t room);

  // Clients are numbered; number n has number n's address, and keeps it.
  void open(std::uint32_t count);
  std::size_t sessions() const { return responder_->sessions(); }

  void put_read(Burst& burst, std::size_t i, std::uint32_t client) const;
  void put_ack(Burst& burst, std::size_t i, std::uint32_t client, std::uint16_t block) const;

  // Ticks of process() alone. The clock that the responder sees is `now`.
  Ticks process(Burst& burst);
  // Ends the transfers that the burst has just begun, for clients from `first` on.
  void stop(Burst& burst, std::uint32_t first);
  // A turn's timers, and the copies that are due: ticks, and how many copies.
  Ticks send_ready(Burst& burst, std::size_t& copies);
  void pass(Ticks time) { offset_ += time; }

  // Resident memory that the responder took when it was made, and what its table accounts for.
  std::size_t resident_bytes() const { return resident_bytes_; }
  std::size_t table_bytes() const { return table_bytes_; }
  std::uint64_t count(server::Counter counter) const { return counters_[index_of(counter)]; }

 private:
  void learn_port(const Burst& burst, std::size_t i, std::uint32_t client);

  test::TestImage image_;
  server::OurAddresses addresses_;
  std::vector<std::uint64_t> counters_;
  std::vector<std::atomic<std::uint32_t>> pins_;
  std::vector<std::uint16_t> ports_;  // of the transfers, by client
  std::size_t resident_bytes_ = 0;
  std::size_t table_bytes_ = 0;
  Ticks offset_ = 0;
  std::unique_ptr<server::Responder> responder_;
};

}  // namespace dialtone::bench
