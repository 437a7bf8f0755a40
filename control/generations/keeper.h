// SPDX-License-Identifier: Apache-2.0
//
// Writes published generations to a Store from a thread of its own, so that neither publishing nor
// a client waits for the disk. What the disk refuses is tried again, and is a text for `dialtone
// status`; nothing else. Owned by control's thread, which calls everything here; none of it waits
// but wait_idle() and the destructor.
#pragma once

#include "control/generations/store.h"
#include "control/image/image.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::generations {

// What the writing costs, for a person.
struct KeeperState {
  std::size_t pending = 0;    // published, and not on disk yet
  std::uint64_t kept = 0;     // the newest number on disk, of this process; 0: none
  std::uint64_t skipped = 0;  // replaced by newer ones before the disk could take them
  std::uint64_t last_us = 0;  // of the last one written
  std::uint64_t last_bytes = 0;
  std::uint64_t total_bytes = 0;  // since the start
  std::string trouble;            // why the oldest pending one is not written; empty: it is not so
};

class Keeper {
 public:
  // `store` outlives this. What the disk has refused is tried again after `retry`.
  explicit Keeper(Store& store, std::chrono::milliseconds retry = std::chrono::seconds(10));
  // Ends what is to be written, for some seconds at most.
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Takes over a generation that was published. Its memory is held until it is written: when all
  // files are built anew meanwhile, those that wait make way.
  void keep(Generation generation, const image_build::Offer& offer);

  // `number` was offered: numbers that a crash must not give out again are reserved ahead of it.
  void note_number(std::uint64_t number);

  KeeperState state() const;

  // What is not on disk yet, the oldest first, with its objects: it can be rolled back to as well.
  struct Pending {
    std::vector<Generation> generations;
    std::vector<image_build::ObjectPtr> objects;
  };
  Pending pending() const;
  // Ends early when nothing is pending (true), or the disk refuses it.
  bool wait_idle(std::chrono::milliseconds most) const;

 private:
  struct Job {
    Generation generation;
    std::vector<image_build::ObjectPtr> objects;
  };

  void run();
  void write_next(std::unique_lock<std::mutex>& lock);
  void reserve_next(std::unique_lock<std::mutex>& lock);

  Store& store_;
  std::chrono::milliseconds retry_;
  mutable std::mutex mutex_;  // of all below
  mutable std::condition_variable changed_;
  std::list<Job> jobs_;  // the front one is being written
  bool writing_ = false;
  std::uint64_t number_ = 0;  // the last one noted
  std::uint64_t reserved_ = 0;
  std::uint64_t wanted_number_ = 0;  // to reserve; not above reserved_: nothing to do
  bool stopping_ = false;
  KeeperState state_;
  std::string reserve_trouble_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace dialtone::generations
