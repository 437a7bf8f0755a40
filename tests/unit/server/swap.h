// SPDX-License-Identifier: Apache-2.0
//
// A server whose image is replaced while transfers run: generations of one file in which each byte
// tells its generation. Virtual time.
#pragma once

#include "tests/unit/server/harness.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::test {

inline constexpr std::uint16_t kPhonePort = 49152;

// Each byte tells its generation.
inline std::string content_of(std::uint64_t generation, std::size_t size) {
  return std::string(size, static_cast<char>('A' + generation % 26));
}

// As "B3000": letters and how many there are of each run.
inline std::string shape(const std::string& content) {
  std::string text;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end =
        std::min(content.find_first_not_of(content[begin], begin), content.size());
    text += content[begin] + std::to_string(end - begin);
    begin = end;
  }
  return text;
}

inline std::string options(std::initializer_list<std::pair<const char*, int>> list) {
  std::string text;
  for (const auto& [name, value] : list) {
    text += std::string(name) + '\0' + std::to_string(value) + '\0';
  }
  return text;
}

class SwapTest : public testing::Test {
 protected:
  static constexpr std::size_t kSize = 3000;

  // Generation `number` with "f", unless it is removed in it.
  void publish(std::uint64_t number, bool with_f = true) {
    auto image = std::make_unique<TestImage>(1 << 16, number);
    image->in_slot(static_cast<std::uint16_t>(number));
    image->policy().retransmits = 20;
    image->policy().first_copies = 20;
    image->add("other", "x");
    if (with_f) {
      image->add("f", content_of(number, kSize));
    }
    image->build();
    server_.publish(&image->live());
    images_.push_back(std::move(image));
  }

  ReplyView request(const std::string& asked = {}, const char* mode = "octet") {
    return server_.ask(Packet().from(kPhoneAddress, kPhonePort).rrq("f", mode, asked));
  }
  std::optional<ReplyView> ack(std::uint16_t tid, std::uint16_t block) {
    const auto reply =
        server_.send(Packet().from(kPhoneAddress, kPhonePort).to_port(tid).ack(block));
    return reply ? std::optional(parse_reply(*reply)) : std::nullopt;
  }
  // The rest behind block `from` of a window of one block.
  std::string finish(std::uint16_t tid, std::uint16_t from, std::size_t block_size = 512) {
    std::string content;
    for (std::uint16_t block = from;; ++block) {
      const auto data = ack(tid, block);
      if (!data) {
        return content;
      }
      EXPECT_EQ(data->opcode, 3);
      EXPECT_EQ(data->number, block + 1);
      content += data->body;
      if (data->body.size() < block_size) {
        EXPECT_FALSE(ack(tid, data->number).has_value());
        return content;
      }
    }
  }

  std::vector<std::unique_ptr<TestImage>> images_;
  Server server_;
};

}  // namespace dialtone::test
