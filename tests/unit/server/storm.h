// SPDX-License-Identifier: Apache-2.0
//
// A storm of phones against one responder, on virtual time: a link of 10 Gb/s each way that delays,
// loses, doubles and reorders by a seed, and phones as the scenarios of docs/tftp-conformance.md
// have them: lock step, 512 bytes, no options, a request repeated after 4 s from the same port, six
// names of which three are missing. Deterministic; every byte is compared.
#pragma once

#include "tests/unit/server/harness.h"
#include "tests/unit/server/policies.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <vector>

namespace dialtone::test {

using Nanos = std::uint64_t;
inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1000 * kMillisecond;

struct StormConfig {
  std::uint32_t phones = 2000;
  abi::Policy policy = image_build::default_policy();
  double loss = 0;
  double doubled = 0;
  std::uint32_t reorder = 0;      // by how many packets at most
  Nanos power_up = kSecond;       // all of them come within it
  Nanos late_answers = 0;         // the second half's answers wait so long after its first request
  Nanos outage_at = 0;            // nothing passes from here
  Nanos outage = 0;               // for so long
  bool one_address = false;       // all behind one NAT
  bool files_first = false;       // not the missing names
  double vanish = 0;              // share that loses its power in the middle of a file
  std::uint32_t late_phones = 0;  // the last ones come when half of the power-up has passed
  std::size_t file_size = 10'240;
};

class Storm {
 public:
  static constexpr std::uint32_t kNames = 6;
  static constexpr std::uint32_t kFilesEach = 3;

  struct Phone {
    Nanos begun = 0;
    Nanos first_answer = 0;     // when it came; 0: not yet
    Nanos ended = 0;            // 0: not yet
    std::uint32_t repeats = 0;  // of requests
    std::uint32_t waits = 0;    // in a row for the same block
    std::uint32_t name = 0;     // of kNames
    std::uint32_t next = 1;     // the block that is due
    std::uint16_t tid = 0;
    std::uint32_t turn = 0;  // of its timer; older ones count no more
    std::string content;
    bool is_gone = false;  // without power
    bool is_wrong = false;
  };

  explicit Storm(const StormConfig& config);

  // Until every phone has ended, or for so long at most.
  void run(Nanos most = 120 * kSecond);
  // Called each `period` of virtual time from the begin on.
  void every(Nanos period, std::function<void()> act);
  // Other files under the same names from now on; versions count up from 1, which is there at
  // first. Right is whatever was served at a phone's request, or came behind it, as a whole.
  void publish(std::uint64_t version);

  std::size_t unfinished() const;
  std::size_t wrong() const;
  std::size_t repeats() const;
  // The duration that this share of the phones does not exceed.
  Nanos duration_at(double share) const;
  Nanos answer_at(double share) const;
  Nanos last_end() const;
  // 1 where all durations are equal (Jain).
  double fairness() const;
  std::uint64_t file_bytes() const;  // of all transfers that should have been
  const std::vector<Phone>& phones() const { return phones_; }
  std::size_t most_sessions() const { return most_sessions_; }

  Server server;

 private:
  enum class Kind : std::uint8_t { kToServer, kToPhone, kPhoneTimer, kServerTimer, kCall };
  struct Event {
    Nanos at = 0;
    std::uint64_t order = 0;
    Kind kind = Kind::kServerTimer;
    std::uint32_t subject = 0;                        // phone, or call
    std::uint32_t turn = 0;                           // of a phone's timer
    std::string bytes = {};                           // to the server
    std::shared_ptr<const ReplyView> view = nullptr;  // to a phone
    bool operator>(const Event& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void post(Event event);
  // When a frame gets there, for each copy of it that does.
  std::vector<Nanos> transmit(Nanos& link_free, std::uint32_t phone, std::size_t size,
                              bool to_phone);
  void send(std::uint32_t phone, const Packet& packet);
  void dispatch(Event& event);
  void serve(Event& first);
  void send_replies(const std::vector<std::string>& frames);
  void receive(std::uint32_t phone, const ReplyView& view);
  void take_block(std::uint32_t phone, const std::string& body);
  void ask(std::uint32_t phone);
  void ask_again(std::uint32_t phone);
  void acknowledge(std::uint32_t phone, std::uint16_t block);
  void arm(std::uint32_t phone);
  void next_name(std::uint32_t phone);
  bool chance(double share) {
    return share > 0 && std::uniform_real_distribution<>(0, 1)(random_) < share;
  }
  std::uint32_t address_of(std::uint32_t phone) const;
  std::uint16_t port_of(std::uint32_t phone) const;
  std::uint32_t phone_at(const ReplyView& view) const;
  std::string name_of(std::uint32_t name, std::uint32_t phone) const;

  StormConfig config_;
  std::vector<std::unique_ptr<TestImage>> images_;
  std::vector<std::string> contents_;  // every one that was ever published, by version
  std::uint64_t version_ = 0;
  std::vector<Phone> phones_;
  std::vector<std::uint64_t> began_with_;  // version at the request of the file at hand
  std::vector<std::pair<Nanos, std::function<void()>>> calls_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t order_ = 0;
  Nanos now_ = 0;
  Nanos to_server_free_ = 0;
  Nanos to_phones_free_ = 0;
  std::size_t most_sessions_ = 0;
  std::size_t running_ = 0;
  std::size_t in_flight_ = 0;  // frames
  std::mt19937 random_{2026};
};

}  // namespace dialtone::test
