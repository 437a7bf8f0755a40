// SPDX-License-Identifier: Apache-2.0
//
// Over real sockets of the loopback interface: the library's thread on one side, this one on two.
#include "control/metrics/scrape_server.h"

#include "dataplane/base/unique_fd.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <vector>

namespace dialtone::metrics {
namespace {

using Clock = ScrapeServer::Clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr IpAddress kLoopback = IpAddress::from_v4(0x7f000001);

class ScrapeServerTest : public testing::Test {
 protected:
  ScrapeServerTest() {
    auto server = ScrapeServer::listen({kLoopback, 0});
    EXPECT_TRUE(server.ok());
    server_ = *std::move(server);
  }

  UniqueFd connect() const {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{10, 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    return socket;
  }
  static void send(const UniqueFd& socket, std::string_view text) {
    EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  UniqueFd ask(std::string_view request) const {
    UniqueFd socket = connect();
    send(socket, request);
    return socket;
  }
  static std::string all_of(const UniqueFd& socket) {
    std::string text;
    char bytes[4096];
    for (ssize_t got = 0; (got = ::recv(socket.get(), bytes, sizeof(bytes), 0)) > 0;) {
      text.append(bytes, static_cast<std::size_t>(got));
    }
    return text;
  }
  UniqueFd get(const std::string& path, const std::string& more = "") const {
    return ask("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + "\r\n");
  }

  bool is_asked(milliseconds patience = seconds(10)) const {
    std::vector<pollfd> fds;
    server_->add_poll_fds(fds);
    return ::poll(fds.data(), 1, static_cast<int>(patience.count())) == 1;
  }
  // The owner's loop for so long.
  void run(milliseconds time) {
    for (const auto end = Clock::now() + time; Clock::now() < end;) {
      std::vector<pollfd> fds;
      server_->add_poll_fds(fds);
      ::poll(fds.data(), fds.size(), 10);
      step(Clock::now());
    }
  }
  void step(Clock::time_point now) {
    server_->step(now, [this](Format format) {
      ++rendered_;
      return std::string(format == Format::kOpenMetrics ? "open 1\n" : "plain 1\n");
    });
  }

  std::unique_ptr<ScrapeServer> server_;
  int rendered_ = 0;
};

TEST_F(ScrapeServerTest, AScrapeWaitsForTheOwnerAndGetsWhatItSays) {
  const UniqueFd socket = get("/metrics");
  ASSERT_TRUE(is_asked());
  step(Clock::now());
  const std::string reply = all_of(socket);
  EXPECT_EQ(reply.rfind("HTTP/1.1 200 ", 0), 0U) << reply;
  EXPECT_NE(reply.find("Content-Type: text/plain; version=0.0.4"), std::string::npos) << reply;
  EXPECT_NE(reply.find("\r\n\r\nplain 1\n"), std::string::npos) << reply;
}

TEST_F(ScrapeServerTest, EachGetsTheFormatThatItAccepts) {
  const UniqueFd plain = get("/metrics");
  const UniqueFd open = get("/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n");
  const auto now = Clock::now();
  for (int i = 0; i < 200 && rendered_ < 2; ++i) {  // they come in their own time
    (void)is_asked(milliseconds(20));
    step(now + i * ScrapeServer::kBetween);
  }
  const std::string text = all_of(open);
  EXPECT_NE(text.find("Content-Type: application/openmetrics-text; version=1.0.0"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("open 1"), std::string::npos) << text;
  EXPECT_NE(all_of(plain).find("plain 1"), std::string::npos);
}

TEST_F(ScrapeServerTest, OneRenderingIsDueAtATime) {
  const auto now = Clock::now();
  const UniqueFd first = get("/metrics");
  ASSERT_TRUE(is_asked());
  step(now);
  EXPECT_EQ(rendered_, 1);
  EXPECT_EQ(server_->due(), Clock::time_point::max());
  const UniqueFd second = get("/metrics");
  ASSERT_TRUE(is_asked());
  step(now + milliseconds(1));
  EXPECT_EQ(rendered_, 1);
  EXPECT_EQ(server_->due(), now + ScrapeServer::kBetween);
  step(now + ScrapeServer::kBetween);
  EXPECT_EQ(rendered_, 2);
  EXPECT_NE(all_of(second).find("plain 1"), std::string::npos);
}

TEST_F(ScrapeServerTest, WhatIsNoScrapeIsAnsweredWithoutTheOwner) {
  EXPECT_NE(all_of(get("/")).find(" 404 "), std::string::npos);
  EXPECT_NE(all_of(get("/metrics/../etc/passwd")).find(" 404 "), std::string::npos);
  const std::string refused = all_of(ask(
      "POST /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"));
  EXPECT_NE(refused.find(" 405 "), std::string::npos) << refused;
  EXPECT_NE(refused.find("Allow: GET, HEAD"), std::string::npos) << refused;
  EXPECT_EQ(all_of(ask("nonsense\r\n\r\n")).find(" 200 "), std::string::npos);
  EXPECT_FALSE(is_asked(milliseconds(0)));
}

TEST_F(ScrapeServerTest, ABodyIsNotReadBeforeItIsRefused) {
  const std::string refused =
      all_of(ask("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"));
  EXPECT_NE(refused.find(" 405 "), std::string::npos) << refused;
}

// A byte each 20 ms, in the request line or in a body: never silent, and never at its end.
TEST_F(ScrapeServerTest, WhoDripsIsEndedWhenTheTimeOfARequestIsOver) {
  server_ = *ScrapeServer::listen({kLoopback, 0}, milliseconds(300));
  std::vector<UniqueFd> drips;
  for (unsigned i = 0; i < ScrapeServer::kMostOfAnAddress; ++i) {
    drips.push_back(i % 2 == 0
                        ? ask("GET /metr")
                        : ask("GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"));
  }
  std::size_t left = drips.size();
  for (const auto end = Clock::now() + seconds(5); left != 0 && Clock::now() < end;) {
    for (UniqueFd& drip : drips) {
      char byte = 0;
      if (drip.valid() && (::send(drip.get(), "x", 1, MSG_NOSIGNAL) != 1 ||
                           ::recv(drip.get(), &byte, 1, MSG_DONTWAIT) == 0)) {
        drip.reset();
        --left;
      }
    }
    run(milliseconds(20));
  }
  EXPECT_EQ(left, 0U);
  const UniqueFd socket = get("/metrics");
  ASSERT_TRUE(is_asked());
  step(Clock::now());
  EXPECT_NE(all_of(socket).find("plain 1"), std::string::npos);
}

TEST_F(ScrapeServerTest, AConnectionThatIsKeptHasItsTimeForEachRequest) {
  server_ = *ScrapeServer::listen({kLoopback, 0}, milliseconds(1000));
  const UniqueFd socket = connect();
  for (int i = 0; i < 4; ++i) {
    send(socket, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    run(milliseconds(400));
    std::string text(4096, '\0');
    const ssize_t got = ::recv(socket.get(), text.data(), text.size(), MSG_DONTWAIT);
    ASSERT_GT(got, 0) << i;
    EXPECT_NE(text.find("plain 1"), std::string::npos) << text;
  }
}

TEST_F(ScrapeServerTest, WhoSaysNothingKeepsNoneButAFewPlacesOfHisAddress) {
  std::vector<UniqueFd> silent;
  for (unsigned i = 0; i < ScrapeServer::kMostOfAnAddress; ++i) {
    silent.push_back(connect());
    send(silent.back(), "GET /metr");
  }
  // One place is free again when one of them goes; before, who comes is turned away at once.
  bool turned_away = false;
  for (int i = 0; i < 500 && !turned_away; ++i) {
    const UniqueFd more = connect();
    pollfd fd{more.get(), POLLIN, 0};
    char byte = 0;
    turned_away = ::poll(&fd, 1, 20) == 1 && ::recv(more.get(), &byte, 1, 0) <= 0;
  }
  EXPECT_TRUE(turned_away);
  silent.clear();
  for (int i = 0; i < 500 && rendered_ == 0; ++i) {
    const UniqueFd socket = get("/metrics");
    if (is_asked(milliseconds(20))) {
      step(Clock::now());
    }
  }
  EXPECT_EQ(rendered_, 1);
}

TEST_F(ScrapeServerTest, WhoeverGoesAwayWhileHeWaitsLeavesTheOthersAlone) {
  {
    const UniqueFd gone = get("/metrics");
    ASSERT_TRUE(is_asked());
  }
  step(Clock::now());
  const UniqueFd socket = get("/metrics");
  ASSERT_TRUE(is_asked());
  step(Clock::now() + seconds(1));
  EXPECT_NE(all_of(socket).find("plain 1"), std::string::npos);
}

TEST_F(ScrapeServerTest, TheEndLeavesNobodyWaiting) {
  const UniqueFd socket = get("/metrics");
  ASSERT_TRUE(is_asked());
  server_.reset();
  EXPECT_EQ(all_of(socket).find(" 200 "), std::string::npos);
}

TEST_F(ScrapeServerTest, APortThatIsTakenIsAnError) {
  const auto second = ScrapeServer::listen({kLoopback, server_->port()});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().text.find("Address already in use"), std::string::npos)
      << second.error().text;
}

TEST(ScrapeServerV6, ListensOnLoopbackToo) {
  const auto server = ScrapeServer::listen({IpAddress{0, 1}, 0});
  if (!server) {
    GTEST_SKIP() << server.error().text;  // a machine without IPv6
  }
  EXPECT_NE((*server)->port(), 0);
}

}  // namespace
}  // namespace dialtone::metrics
