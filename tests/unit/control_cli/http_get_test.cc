// SPDX-License-Identifier: Apache-2.0
//
// Against a server of one answer, on a thread.
#include "control/cli/http_get.h"

#include "dataplane/base/unique_fd.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

namespace dialtone::cli {
namespace {

class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer = std::move(answer)] {
      const UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
      char bytes[1024];
      const ssize_t got = ::recv(client.get(), bytes, sizeof(bytes), 0);
      asked_.assign(bytes, got > 0 ? static_cast<std::size_t>(got) : 0);
      (void)::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    });
  }
  ~OneAnswer() { thread_.join(); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/metrics"; }
  const std::string& asked() const { return asked_; }

 private:
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::string asked_;
  std::thread thread_;
};

TEST(HttpGet, TheBodyOfAnAnswer) {
  const OneAnswer server("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\na 1\nb 2\n");
  const auto body = http_get(server.url());
  ASSERT_TRUE(body.ok()) << body.error().text;
  EXPECT_EQ(*body, "a 1\nb 2\n");
}

TEST(HttpGet, AnotherStatusIsAnErrorThatShowsIt) {
  const OneAnswer server("HTTP/1.1 404 Not Found\r\n\r\nno\n");
  const auto body = http_get(server.url());
  ASSERT_FALSE(body.ok());
  EXPECT_NE(body.error().text.find("answers 'HTTP/1.1 404 Not Found'"), std::string::npos)
      << body.error().text;
}

TEST(HttpGet, WhatIsNoHttpIsAnError) {
  const OneAnswer server("hello");
  EXPECT_FALSE(http_get(server.url()).ok());
}

TEST(HttpGet, NobodyThereIsUnreachable) {
  const auto body = http_get("http://127.0.0.1:1/metrics");
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().code, ErrorCode::kUnreachable);
}

TEST(HttpGet, WhatIsNoAddressIsAnError) {
  for (const char* url : {"", "http://", "http:///metrics", "http://127.0.0.1/metrics", "x:1/m"}) {
    EXPECT_FALSE(http_get(url).ok()) << url;
  }
}

}  // namespace
}  // namespace dialtone::cli
