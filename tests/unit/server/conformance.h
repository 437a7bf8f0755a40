// SPDX-License-Identifier: Apache-2.0
//
// The cases of docs/tftp-conformance.md. A request is written with '|' for NUL and an answer is
// told in one line, as in "DATA 1 hello", "OACK blksize|1024|", "ERROR 4" or "nothing". After each
// case nothing is left and an ordinary request is served. Each is run with both policies.
#pragma once

#include "tests/support/nul_text.h"
#include "tests/unit/server/harness.h"
#include "tests/unit/server/policies.h"

#include <algorithm>
#include <string>
#include <vector>

namespace dialtone::test {

inline std::string told(const ReplyView& reply) {
  if (!reply.fault.empty()) {
    return reply.fault == "no reply" ? "nothing" : reply.fault;
  }
  switch (reply.opcode) {
    case 3:
      return "DATA " + std::to_string(reply.number) + " " +
             (reply.body.size() > 40 ? std::to_string(reply.body.size()) + " bytes" : reply.body);
    case 5:
      return "ERROR " + std::to_string(reply.number);
    case 6: {
      std::string text = reply.packet.substr(2);
      std::replace(text.begin(), text.end(), '\0', '|');
      return "OACK " + text;
    }
    default:
      return "opcode " + std::to_string(reply.opcode);
  }
}

// One client at one port; it knows where its transfer goes on.
class Phone {
 public:
  Phone(Server& server, std::uint32_t address, std::uint16_t port = 49152)
      : server_(server), address_(address), port_(port) {}

  Packet packet() const { return Packet().from(address_, port_); }
  Packet to_transfer() const { return packet().to_port(tid); }

  // A request for the text behind its opcode.
  ReplyView request(const std::string& text, std::uint16_t opcode = 1) {
    const ReplyView reply = server_.ask(packet().opcode(opcode, nul(text)));
    if (reply.fault.empty()) {
      tid = reply.source_port;
    }
    return reply;
  }
  std::string ask(const std::string& text, std::uint16_t opcode = 1) {
    return told(request(text, opcode));
  }
  // All that an ACK brings: the answer in its frame, then the rest of the window.
  std::vector<ReplyView> acknowledge(std::uint16_t block) {
    std::vector<ReplyView> all;
    if (const auto reply = server_.send(to_transfer().ack(block))) {
      all.push_back(parse_reply(*reply));
    }
    const auto rest = server_.unasked();
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  }
  // The numbers of the blocks that it brings, as "6 7 8"; "" for none.
  std::string blocks_for(std::uint16_t block) { return numbers_of(acknowledge(block)); }
  static std::string numbers_of(const std::vector<ReplyView>& replies) {
    std::string text;
    for (const ReplyView& reply : replies) {
      EXPECT_EQ(reply.fault, "");
      EXPECT_EQ(reply.opcode, 3);
      text += (text.empty() ? "" : " ") + std::to_string(reply.number);
    }
    return text;
  }
  // The rest of a transfer in lock step, from its first packet on.
  std::string finish(ReplyView reply, std::size_t block_size = 512) {
    std::string content;
    if (reply.opcode == 6) {
      const auto first = acknowledge(0);
      if (first.size() != 1) {
        ADD_FAILURE() << first.size() << " packets for ACK 0";
        return content;
      }
      reply = first[0];
    }
    for (std::uint64_t block = 1;; ++block) {
      if (reply.fault != "" || reply.opcode != 3 || reply.number != (block & 0xffff)) {
        ADD_FAILURE() << "block " << block << ": " << told(reply);
        return content;
      }
      content += reply.body;
      const auto next = acknowledge(reply.number);
      if (reply.body.size() < block_size) {
        EXPECT_TRUE(next.empty());
        return content;
      }
      if (next.size() != 1) {
        ADD_FAILURE() << next.size() << " packets for ACK " << block;
        return content;
      }
      reply = next[0];
    }
  }
  void give_up() { server_.send(to_transfer().error(0, "enough")); }

  std::uint16_t tid = 0;

 private:
  Server& server_;
  std::uint32_t address_;
  std::uint16_t port_;
};

class Conformance : public ServerTest, public testing::WithParamInterface<Limits> {
 protected:
  Conformance() : ServerTest({}, policy_with(GetParam())) {}

  bool has_limits() const { return GetParam() == Limits::kShipped; }
  // Another image of the same policy.
  struct OtherFiles : TestImage {
    explicit OtherFiles(std::size_t capacity = 1 << 20, std::uint64_t generation = 1)
        : TestImage(capacity, generation) {
      policy() = policy_with(GetParam());
    }
  };

  void TearDown() override {
    server.publish(&image.live());  // one that a case has made is gone by now
    for (int minute = 0; minute < 20; ++minute) {
      server.now += 60 * kTicksPerSecond;
      server.run_timers();
    }
    EXPECT_EQ(server.sessions(), 0U);
    EXPECT_EQ(server.pinned(), 0U);
    EXPECT_EQ(phone().ask("a|octet|"), "DATA 1 hello");
  }

  // One that has never asked before: nothing that a server remembers of a source is in the way.
  Phone phone(std::uint16_t port = 49152) {
    return {server, kPhoneAddress + 0x100 + ++phones_, port};
  }
  // What such a phone gets, that has gone when it is answered.
  std::string answer(const std::string& text, std::uint16_t opcode = 1) {
    const std::string got = answer_while(text, opcode);
    EXPECT_EQ(server.sessions(), 0U) << text;
    return got;
  }
  // The same, while other transfers go on.
  std::string answer_while(const std::string& text, std::uint16_t opcode = 1) {
    Phone one = phone();
    const std::string got = one.ask(text, opcode);
    if (got.starts_with("DATA") || got.starts_with("OACK")) {
      one.give_up();
    }
    return got;
  }
  std::string options(const std::string& text) { return answer(kLongFile + text); }

  // A transfer of the long file that has begun.
  Phone open(const std::string& options = "") {
    Phone one = phone();
    const std::string got = one.ask(kLongFile + options);
    EXPECT_EQ(got.substr(0, 4), options.empty() ? "DATA" : "OACK");
    return one;
  }
  // What the timers send in so many seconds, as "1 2 2".
  std::string wait(int seconds) {
    std::vector<ReplyView> sent;
    for (int tenth = 0; tenth < seconds * 10; ++tenth) {
      server.now += kTicksPerSecond / 10;
      const auto due = server.unasked();
      sent.insert(sent.end(), due.begin(), due.end());
    }
    return Phone::numbers_of(sent);
  }

  const std::string kLongFile = "sep001122334455.cnf.xml|octet|";

 private:
  std::uint32_t phones_ = 0;
};

}  // namespace dialtone::test
