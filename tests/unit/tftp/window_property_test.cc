// SPDX-License-Identifier: Apache-2.0
//
// The window code against a sender that keeps block numbers in full and looks everything up: with
// both ways to number on behind 65535, losses, ACKs doubled, early, late and of nothing, and
// requests that come again in the middle.
#include "dataplane/tftp/transfer.h"
#include "tests/unit/tftp/unread_content.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

namespace dialtone::tftp {
namespace {

using Blocks = std::vector<std::uint64_t>;

class Model {
 public:
  Model(std::uint64_t blocks, std::uint64_t window, bool to_one, std::uint64_t begin)
      : blocks_(blocks), window_(window), to_one_(to_one) {
    acked = begin;
    highest_ = begin;
    next_ = begin + 1;
  }

  // Counted out: 65535 is followed by 0, or by 1.
  std::uint16_t number_of(std::uint64_t block) const {
    if (!to_one_) {
      return static_cast<std::uint16_t>(block % 65536);
    }
    while (block > 65535) {
      block -= 65535;
    }
    return static_cast<std::uint16_t>(block);
  }

  Blocks send_all(std::size_t most) {
    Blocks sent;
    for (; next_ <= blocks_ && next_ <= acked + window_ && sent.size() < most; ++next_) {
      sent.push_back(next_);
      highest_ = std::max(highest_, next_);
    }
    return sent;
  }

  // Whether the transfer moved.
  bool on_ack(std::uint16_t number) {
    for (std::uint64_t block = highest_; block > acked; --block) {
      if (number_of(block) == number) {
        advance(block);
        return true;
      }
    }
    return !is_of_the_past(number) && resume(number);
  }

  void on_timeout() {
    next_ = acked + 1;
    early_ = 0;
  }

  void on_repeated_request() {
    if (!interrupted_ || interrupted_->highest <= highest_) {
      interrupted_.reset();
      if (highest_ != 0) {
        interrupted_ = Interrupted{acked, highest_};
      }
    }
    acked = 0;
    highest_ = 0;
    next_ = 1;
    early_ = 0;
  }

  std::uint64_t acked;

 private:
  struct Interrupted {
    std::uint64_t acked;
    std::uint64_t highest;
  };

  void advance(std::uint64_t block) {
    acked = block;
    if (block == highest_) {
      early_ = 0;
    }
    next_ = block == highest_ || early_ < kMaxStepsBack ? acked + 1 : highest_ + 1;
    early_ += block == highest_ || early_ == kMaxStepsBack ? 0 : 1;
  }

  // An ACK of what has been acknowledged: of the last 32,768 numbers, no more can be told.
  bool is_of_the_past(std::uint16_t number) const {
    const std::uint64_t oldest = highest_ < 32768 ? 0 : highest_ - 32767;
    for (std::uint64_t block = oldest; interrupted_ && block <= acked; ++block) {
      if (number_of(block) == number) {
        return true;
      }
    }
    return false;
  }

  bool resume(std::uint16_t number) {
    if (!interrupted_) {
      return false;
    }
    for (std::uint64_t block = interrupted_->acked; block <= interrupted_->highest; ++block) {
      if (number_of(block) == number) {
        acked = block;
        highest_ = interrupted_->highest;
        next_ = acked + 1;
        interrupted_.reset();
        return true;
      }
    }
    return false;
  }

  std::uint64_t blocks_;
  std::uint64_t window_;
  bool to_one_;
  std::uint64_t next_;
  std::uint64_t highest_;
  int early_ = 0;
  std::optional<Interrupted> interrupted_;
};

struct Case {
  std::uint64_t begin;  // blocks that were acknowledged before
  bool to_one;
  bool repeats;
};

class WindowProperty : public testing::TestWithParam<Case> {
 protected:
  void run(std::uint64_t seed) {
    random_.seed(seed);
    const std::uint64_t window = random_() % 4 == 0 ? 1 : 1 + random_() % 64;
    const std::uint64_t blocks = GetParam().begin + 1 + random_() % 300;
    model_.emplace(blocks, window, GetParam().to_one, GetParam().begin);
    session_ = {};
    session_.content = unread_content();
    session_.length = blocks * kPlainBlockSize - 1;
    session_.window = static_cast<std::uint8_t>(window);
    if (GetParam().to_one) {
      session_.set(SessionFlag::kRolloverToOne);
    }
    begin(session_, 0);
    session_.acked = static_cast<std::uint32_t>(GetParam().begin);
    for (int step = 0; step < 1500 && !finished_; ++step) {
      send(random_() % 3 == 0 ? random_() % 8 : 64);
      ASSERT_FALSE(HasFailure()) << "step " << step;
      event(window);
    }
    ASSERT_EQ(session_.acked, model_->acked);
  }

  void send(std::size_t most) {
    Blocks sent;
    while (sent.size() < most && may_send(session_)) {
      sent.push_back(session_.acked + session_.sent + 1);
      ASSERT_EQ(next_block(session_).number, model_->number_of(sent.back()));
      on_sent(session_);
    }
    ASSERT_EQ(sent, model_->send_all(most));
  }

  void event(std::uint64_t window) {
    const auto kind = random_() % 16;
    if (kind == 0) {
      on_timeout(session_, 0);
      return model_->on_timeout();
    }
    if (kind == 1 && GetParam().repeats) {
      begin_again(session_, 0);
      return model_->on_repeated_request();
    }
    std::uint16_t number = last_ack_;  // it comes twice
    if (kind == 2) {
      number = static_cast<std::uint16_t>(random_());
    } else if (kind != 3) {
      const std::uint64_t back = std::min<std::uint64_t>(model_->acked, window / 4);
      number = model_->number_of(model_->acked - back + random_() % (2 * window));
    }
    last_ack_ = number;
    const AckOutcome outcome = tftp::on_ack(session_, number, 0);
    finished_ = outcome == AckOutcome::kFinished;
    ASSERT_EQ(model_->on_ack(number), outcome == AckOutcome::kAdvanced || finished_) << number;
    ASSERT_EQ(session_.acked, model_->acked);
  }

  std::mt19937_64 random_;
  std::optional<Model> model_;
  Session session_;
  std::uint16_t last_ack_ = 0;
  bool finished_ = false;
};

TEST_P(WindowProperty, AgreesWithASlowSender) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    finished_ = false;
    run(seed);
    if (HasFatalFailure()) {
      return;
    }
  }
}

// At the begin, and on both sides of where numbers begin again, twice.
INSTANTIATE_TEST_SUITE_P(Places, WindowProperty,
                         testing::Values(Case{0, false, false}, Case{0, false, true},
                                         Case{65400, false, false}, Case{65400, true, false},
                                         Case{65530, false, true}, Case{65530, true, true},
                                         Case{131000, false, false}, Case{130950, true, false}));

}  // namespace
}  // namespace dialtone::tftp
