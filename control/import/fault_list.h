// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with one file, up to a number that a person can still read: a file of a million
// faulty rows must not keep the daemon, nor fill a terminal. Keeps a reference to the list that it
// fills. One thread.
#pragma once

#include "control/import/text_places.h"
#include "dataplane/base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace dialtone::importing {

class FaultList {
 public:
  static constexpr std::size_t kMost = 1000;

  FaultList(std::string file, Diagnostics& faults) : file_(std::move(file)), faults_(faults) {}

  // A text that quotes half a file is cut. Nothing is added once the list is full.
  void add(TextPlace place, std::string code, const std::string& text);
  void add(std::uint32_t line, std::string code, const std::string& text) {
    add(TextPlace{line, 0}, std::move(code), text);
  }

  // Whoever looks for faults ends when it is.
  bool full() const noexcept { return count_ == kMost; }

  // Looking for what was probably meant takes time: it is for the first faults only.
  bool wants_hints() const noexcept { return count_ < 20; }

  // Puts them in order of place, and says that there may be more, behind the others. Once, at the
  // end, before anything else is added to what it fills.
  void close();

  std::size_t count() const noexcept { return count_; }

 private:
  std::string file_;
  Diagnostics& faults_;
  std::size_t count_ = 0;
};

}  // namespace dialtone::importing
