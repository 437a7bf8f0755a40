// SPDX-License-Identifier: Apache-2.0
//
// Timelines: what a client sends when, and what the server must send, line by line, on virtual
// time. A loss is a line whose packet nobody acts on, a doubled packet two lines, another order
// another order of lines.
//
//   play(R"(
//     0         > RRQ f blksize=100 windowsize=4
//     0         < OACK blksize=100 windowsize=4
//     0.1       > ACK 0
//     0.1       < DATA 1-4
//     1.1..1.4  < DATA 1-4
//   )");
//
// A time is in seconds since the begin of the test; a range says when the first of the packets has
// to come, the others follow at once. Between the lines the timers run each 10 ms, and what they
// send that no line expects is a failure. The other lines:
//
//   T > ACK N | ERROR N | RRQ NAME [MODE] [OPTION=VALUE...]   from the client
//   T >> ...                                                  the same from another port
//   T > UNREACHABLE                                           ICMP of its host
//   T publish N         generation 1 or 2
//   T reads N           the client takes all up to block N, and acknowledges each window
//   T sessions N        there are so many
#pragma once

#include "tests/unit/server/harness.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace dialtone::test {

class Replay : public testing::Test {
 protected:
  Replay();

  void play(std::string_view timeline);

  // Of both generations: "f" has 5,000 bytes, "long" 65,700 blocks of 8.
  static std::string content_of(std::string_view name, std::uint64_t generation);

  TestImage images_[2];
  Server server_;

 private:
  struct Seen {
    Ticks at;
    std::string frame;
  };

  void line(const std::string& text);
  void advance_to(Ticks at);
  void collect();
  void send(const std::string& frame);
  void client_sends(std::istream& words, std::uint16_t port);
  void server_sends(std::istream& words, Ticks from, Ticks to);
  void expect_one(const std::string& what, Ticks from, Ticks to);
  std::string describe(const std::string& frame);
  void read_up_to(std::uint64_t block);
  std::string request(std::istream& words);

  Ticks begin_ = 0;
  std::uint64_t published_ = 0;
  std::deque<Seen> seen_;
  std::uint16_t tid_ = 0;
  std::string name_;
  std::string content_;
  std::uint64_t block_size_ = 512;
  std::uint64_t window_ = 1;
  std::uint64_t block_ = 0;  // the last that came
};

}  // namespace dialtone::test
