// SPDX-License-Identifier: Apache-2.0
//
// Control's end of the offer socket (dataplane/abi/offer_protocol.h, docs/swap-protocol.md): keeps
// a connection to the dataplane, offers the newest state of an image whenever what is served is
// another one, and remembers what the dataplane said. Programs start and end in any order: a
// dataplane that comes back gets all of the newest generation, or, when it refuses that one, the
// newest that was ever published. One thread; step() blocks only while the dataplane is slow to
// read, and for kSendTimeout a message at most.
#pragma once

#include "control/image/image.h"
#include "control/image/tombstones.h"
#include "control/publish/miss_source.h"
#include "control/publish/offer_sender.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/base/unix_socket.h"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::publish {

enum class Severity : std::uint8_t { kInfo, kWarning };
using LogLine = std::function<void(Severity, const std::string&)>;

// What became of the image's newest version.
enum class PublishState : std::uint8_t {
  kPublished,  // the dataplane serves it
  kPending,    // why() says what it waits for
  kRefused,    // why() says what the dataplane did not like; the state before is served on
};

class Publisher {
 public:
  using Clock = std::chrono::steady_clock;

  // `image` and `policy` outlive the publisher. When one of them differs from what is served, the
  // next step() offers both.
  Publisher(std::string socket, const image_build::Image& image,
            const image_build::ServedPolicy& policy, LogLine log);

  // What to poll() for before the next step(), and when a step is due even if nothing comes.
  void add_poll_fds(std::vector<pollfd>& fds) const;
  Clock::time_point due(Clock::time_point now) const noexcept;

  // Connects, reads what waits, offers what is new.
  void step(Clock::time_point now);

  // What was refused is offered once more: something may have been put right since.
  void retry_refused() noexcept { refused_version_ = 0; }

  // Appends the names that workers ask for, `most` at most; none when no dataplane is connected.
  void take_misses(std::vector<abi::Miss>& out, std::size_t most);
  // A name that is not there: the next step() publishes a tombstone for it.
  void say_absent(const std::string& name, Clock::time_point until) {
    tombstones_.add(name, until);
  }

  // Of version `version` of the image, or a later one.
  PublishState state(std::uint64_t version) const noexcept;
  std::string why(std::uint64_t version) const;

  // Of the newest PUBLISHED.
  std::uint64_t generation() const noexcept { return served_generation_; }
  // From its offer to PUBLISHED, as seen here.
  std::uint64_t publish_us() const noexcept { return publish_us_; }

  // Null when no dataplane is connected.
  const abi::HelloMessage* hello() const noexcept { return hello_ ? &*hello_ : nullptr; }
  const Digest& served_digest() const noexcept { return served_digest_; }
  int counters_fd() const noexcept { return counters_.get(); }
  int events_fd() const noexcept { return events_.get(); }
  const std::string& socket() const noexcept { return socket_; }

 private:
  struct InFlight {
    image_build::Offer offer;  // keeps the objects until the dataplane has mapped them
    std::uint64_t version;
    std::uint32_t policy;      // its check
    std::uint64_t tombstones;  // their version
    Clock::time_point began;
  };

  void connect(Clock::time_point now);
  void read_waiting(Clock::time_point now);
  Result<void> map_misses(UniqueFd rings);
  Result<void> handle(Message& message, Clock::time_point now);
  Result<void> take_shared(Message& message);
  void greet(const abi::HelloMessage& hello);
  void handle_reply(const abi::OfferReply& reply, Clock::time_point now);
  void published(const abi::OfferReply& reply, Clock::time_point now);
  void rejected(const abi::OfferReply& reply);
  bool can_offer(Clock::time_point now) const noexcept;
  std::uint32_t policy_check() const noexcept;
  bool wants_newest() const noexcept;
  bool wants_last_good() const noexcept;
  void offer_newest(Clock::time_point now);
  void send(InFlight offer);
  void disconnect(const std::string& why, Clock::time_point now, Clock::duration retry);

  std::string socket_;
  const image_build::Image& image_;
  const image_build::ServedPolicy& policy_;
  LogLine log_;

  UniqueFd connection_;
  std::optional<abi::HelloMessage> hello_;
  UniqueFd counters_;
  std::optional<MissSource> misses_;
  UniqueFd events_;
  Clock::time_point next_connect_;
  std::string trouble_;  // why there is no connection; said once

  std::uint64_t last_generation_ = 0;  // greatest number ever offered or served
  std::uint64_t served_generation_ = 0;
  std::uint64_t served_version_ = 0;  // 0: none of ours
  std::uint32_t served_policy_ = 0;   // its check
  Digest served_digest_;
  std::uint64_t publish_us_ = 0;
  image_build::Tombstones tombstones_;
  std::uint64_t served_tombstones_ = 0;  // their version
  OfferSender sender_;

  std::optional<InFlight> in_flight_;
  std::optional<InFlight> last_good_;  // the newest PUBLISHED
  bool busy_ = false;                  // wait for a RETIRED
  std::string busy_why_;               // of the dataplane, then
  std::uint64_t refused_version_ = 0;
  std::uint32_t refused_policy_ = 0;
  std::string refused_why_;
  Clock::time_point next_offer_;
  std::string offer_trouble_;  // why no offer could be made; empty: none
};

}  // namespace dialtone::publish
