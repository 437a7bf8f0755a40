// SPDX-License-Identifier: Apache-2.0
//
// Another generation is published while transfers run. Virtual time.
#include "tests/unit/server/harness.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <random>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::Packet;
using test::parse_reply;
using test::ReplyView;
using test::Server;
using test::ServerTest;
using test::TestImage;

constexpr std::uint16_t kPort = 49152;
constexpr std::uint16_t kData = 3;
constexpr std::uint16_t kError = 5;
constexpr std::uint16_t kOack = 6;

// Each byte tells its generation.
std::string content_of(std::uint64_t generation, std::size_t size) {
  return std::string(size, static_cast<char>('A' + generation % 26));
}

// As "B3000": letters and how many there are of each run.
std::string shape(const std::string& content) {
  std::string text;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end =
        std::min(content.find_first_not_of(content[begin], begin), content.size());
    text += content[begin] + std::to_string(end - begin);
    begin = end;
  }
  return text;
}

std::string options(std::initializer_list<std::pair<const char*, int>> list) {
  std::string text;
  for (const auto& [name, value] : list) {
    text += std::string(name) + '\0' + std::to_string(value) + '\0';
  }
  return text;
}

class Swap : public testing::Test {
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
    return server_.ask(Packet().from(kPhoneAddress, kPort).rrq("f", mode, asked));
  }
  std::optional<ReplyView> ack(std::uint16_t tid, std::uint16_t block) {
    const auto reply = server_.send(Packet().from(kPhoneAddress, kPort).to_port(tid).ack(block));
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
      EXPECT_EQ(data->opcode, kData);
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

TEST_F(Swap, TransferEndsOnItsOldBytesT79) {
  for (std::uint16_t swap_behind = 1; swap_behind <= 5; ++swap_behind) {
    const std::uint64_t old = 2U * swap_behind;
    publish(old);
    const ReplyView first = request();
    std::string content = first.body;
    for (std::uint16_t block = 1; block < swap_behind; ++block) {
      content += ack(first.source_port, block)->body;
    }
    publish(old + 1);
    content += finish(first.source_port, swap_behind);
    EXPECT_EQ(shape(content), shape(content_of(old, kSize)))
        << "swapped behind block " << swap_behind;
    EXPECT_EQ(server_.pinned(), 0U);
  }
}

TEST_F(Swap, CopiesAreOfTheOldBytesT79) {
  publish(1);
  const ReplyView first = request();
  publish(2);
  server_.now += 2 * kTicksPerSecond;
  const auto copies = server_.run_timers();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(parse_reply(copies[0]).body, first.body);
  EXPECT_EQ(shape(first.body + finish(first.source_port, 1)), shape(content_of(1, kSize)));
}

TEST_F(Swap, WindowEndsOnItsOldBytesT79) {
  publish(1);
  const ReplyView oack = request(options({{"windowsize", 4}, {"blksize", 500}, {"tsize", 0}}));
  ASSERT_EQ(oack.opcode, kOack);
  std::string content = ack(oack.source_port, 0)->body;
  publish(2);
  for (std::uint16_t block = 1; content.size() < kSize;) {
    for (const std::string& frame : server_.run_timers()) {
      const ReplyView data = parse_reply(frame);
      ASSERT_EQ(data.number, ++block);
      content += data.body;
    }
    if (const auto next = ack(oack.source_port, block)) {
      ASSERT_EQ(next->number, ++block);
      content += next->body;
    }
  }
  EXPECT_EQ(shape(content), shape(content_of(1, kSize)));
}

TEST_F(Swap, NetasciiEndsOnItsOldBytesT79) {
  publish(1);
  const ReplyView first = request({}, "netascii");
  publish(2);
  EXPECT_EQ(shape(first.body + finish(first.source_port, 1)), shape(content_of(1, kSize)));
}

TEST_F(Swap, RemovedFileEndsOnItsBytesAndIsGoneForOthersT79) {
  publish(1);
  const ReplyView first = request();
  publish(2, /*with_f=*/false);
  const ReplyView other = server_.ask(Packet().from(kPhoneAddress, kPort + 1).rrq("f"));
  EXPECT_EQ(other.opcode, kError);
  EXPECT_EQ(other.number, 1);
  EXPECT_EQ(shape(first.body + finish(first.source_port, 1)), shape(content_of(1, kSize)));
  EXPECT_EQ(request().opcode, kError);
}

TEST_F(Swap, RepeatedRequestForARemovedFileEndsTheTransferCleanly) {
  publish(1);
  const ReplyView first = request();
  publish(2, /*with_f=*/false);
  EXPECT_EQ(request().opcode, kError);
  EXPECT_FALSE(ack(first.source_port, 1).has_value()) << "no DATA behind an ERROR";
  EXPECT_EQ(server_.pinned(), 0U);
}

// DATA 1 of the old file may still be on its way when the request comes again: its ACK would fit
// DATA 1 of the new one, and the client would put the two together.
TEST_F(Swap, RepeatedRequestGoesOnWithTheOldBytesT79) {
  publish(1);
  const ReplyView late = request();
  publish(2);
  const ReplyView again = request();
  EXPECT_EQ(again.source_port, late.source_port);
  EXPECT_EQ(again.body, late.body);
  EXPECT_EQ(shape(late.body + finish(late.source_port, 1)), shape(content_of(1, kSize)));
  EXPECT_EQ(server_.count(Counter::kRequestsRepeated), 1U);
  EXPECT_EQ(server_.count(Counter::kTransfersReplaced), 0U);
  EXPECT_EQ(shape(request().body), shape(content_of(2, 512)))
      << "the next transfer gets the new file";
}

TEST_F(Swap, RequestDoubledBehindTheFirstAckGoesOnWithTheOldBytesT79) {
  publish(1);
  const ReplyView first = request();
  std::string content = first.body + ack(first.source_port, 1)->body;
  publish(2);
  request();                                     // the network's late copy
  const auto third = ack(first.source_port, 2);  // the client knows nothing of it
  ASSERT_TRUE(third.has_value());
  content += third->body + finish(first.source_port, 3);
  EXPECT_EQ(shape(content), shape(content_of(1, kSize)));
}

TEST_F(Swap, RequestWithinTheFirstWindowGoesOnWithTheOldBytesT79) {
  publish(1);
  const std::string asked = options({{"windowsize", 4}});
  const ReplyView oack = request(asked);
  ack(oack.source_port, 0);
  server_.run_timers();  // blocks 2 to 4
  ack(oack.source_port, 2);
  server_.run_timers();
  publish(2);
  request(asked);
  const auto data = ack(oack.source_port, 4);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->number, 5);
  EXPECT_EQ(shape(data->body), shape(content_of(1, 512)));
}

TEST_F(Swap, RequestDoubledInTheMiddleGoesOnWithTheOldBytesT79) {
  publish(1);
  const ReplyView first = request();
  std::string content = first.body;
  for (std::uint16_t block = 1; block <= 3; ++block) {
    content += ack(first.source_port, block)->body;
  }
  publish(2);
  EXPECT_EQ(shape(request().body), shape(content_of(1, 512)));
  EXPECT_EQ(shape(content + finish(first.source_port, 4)), shape(content_of(1, kSize)));
}

// The last ACK was lost, and late copies of the others come: they must not fetch another file.
TEST_F(Swap, RequestBehindTheLastBlockGetsTheNewBytesWhenTheSessionIsOver) {
  publish(1);
  const ReplyView first = request();
  for (std::uint16_t block = 1; block <= 5; ++block) {
    ack(first.source_port, block);
  }
  publish(2);
  EXPECT_EQ(shape(request().body), shape(content_of(1, 512)));
  const auto second = ack(first.source_port, 1);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(shape(second->body), shape(content_of(1, 512)));
  finish(first.source_port, 2);
  EXPECT_EQ(shape(request().body), shape(content_of(2, 512)));
}

// Clients on a network that loses, doubles, delays and reorders, requests above all, while each
// moment may bring another generation: what one has received is of one generation.
constexpr std::uint16_t kClients = 16;
constexpr std::uint16_t kFirstPort = 3008;  // a multiple of kClients

class TornClient {
 public:
  TornClient(std::uint16_t port, std::uint16_t window) : port_(port), window_(window) {}

  std::string request() const {
    return Packet()
        .from(kPhoneAddress, port_)
        .rrq("f", "octet", window_ == 1 ? std::string() : options({{"windowsize", window_}}))
        .bytes();
  }
  std::optional<std::string> receive(const ReplyView& view) {
    if (view.opcode == kOack) {
      return next_ == 1 ? ack(view, 0) : std::nullopt;
    }
    if (view.opcode != kData) {
      return std::nullopt;
    }
    if (view.number != next_) {
      return next_ == 1 ? std::nullopt : ack(view, static_cast<std::uint16_t>(next_ - 1));
    }
    content_ += view.body;
    ++next_;
    const bool last = view.body.size() < 512;
    const auto reply = last || ++in_window_ >= window_ ? ack(view, view.number) : std::nullopt;
    if (last) {
      EXPECT_EQ(shape(content_), content_[0] + std::to_string(content_.size()));
      ++files;
      restart();
    }
    return reply;
  }
  // The next file, from another port: late packets of the last transfer must find nobody.
  void restart() {
    port_ = static_cast<std::uint16_t>(port_ + kClients);
    content_.clear();
    next_ = 1;
    in_window_ = 0;
  }
  bool waits_for_first() const { return next_ == 1; }
  std::uint16_t port() const { return port_; }

  int files = 0;

 private:
  std::optional<std::string> ack(const ReplyView& view, std::uint16_t block) {
    in_window_ = 0;
    return Packet().from(kPhoneAddress, port_).to_port(view.source_port).ack(block).bytes();
  }

  std::uint16_t port_;
  std::uint16_t window_;
  std::uint16_t next_ = 1;
  std::uint16_t in_window_ = 0;
  std::string content_;
};

TEST_F(Swap, NoClientPutsTwoGenerationsTogether) {
  std::mt19937 random(7);
  const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
  std::vector<TornClient> clients;
  for (std::uint16_t i = 0; i < kClients; ++i) {
    clients.emplace_back(static_cast<std::uint16_t>(kFirstPort + i), i % 2 == 0 ? 1 : 3);
  }
  publish(1);
  std::deque<std::string> to_server;
  std::deque<std::string> to_clients;
  for (std::uint64_t turn = 0; turn < 20'000; ++turn) {
    if (turn % 200 == 199) {
      publish(turn / 200 + 2);
    }
    for (const TornClient& client : clients) {
      if (client.waits_for_first() && chance(5)) {
        to_server.push_back(client.request());
        if (chance(20)) {  // a copy that comes late
          to_server.insert(
              to_server.begin() + static_cast<std::ptrdiff_t>(random() % (to_server.size() + 1)),
              client.request());
        }
      }
    }
    for (std::size_t i = to_server.size() / 2 + 1; i > 0 && !to_server.empty(); --i) {
      const std::string frame = to_server.front();
      to_server.pop_front();
      if (const auto reply = server_.send(frame); reply && !chance(10)) {
        to_clients.push_back(*reply);
      }
    }
    server_.now += kTicksPerSecond / 10;
    for (const std::string& frame : server_.run_timers()) {
      to_clients.push_back(frame);
    }
    for (std::size_t i = to_clients.size() / 2 + 1; i > 0 && !to_clients.empty(); --i) {
      const ReplyView view = parse_reply(to_clients.front());
      to_clients.pop_front();
      TornClient& client = clients.at(view.destination_port % kClients);
      if (client.port() != view.destination_port) {
        continue;
      }
      if (const auto ack = client.receive(view); ack && !chance(10)) {
        to_server.push_back(*ack);
      }
      ASSERT_FALSE(HasFailure()) << "turn " << turn;
    }
  }
  int files = 0;
  for (const TornClient& client : clients) {
    files += client.files;
  }
  EXPECT_GT(files, 1000);
}

}  // namespace
}  // namespace dialtone::server
