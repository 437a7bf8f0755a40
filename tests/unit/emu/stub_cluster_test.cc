// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/cluster/stub_cluster.h"

#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <mutex>
#include <string>

namespace dialtone::emu {
namespace {

const IpAddress kLoopback = IpAddress::from_v4(0x7f000001);

// The answer to a GET; empty: none came in time.
std::string get(std::uint16_t port, const std::string& path, int patience_ms = 5000) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof(at)) == 0 &&
      ::write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
    pollfd wait{fd, POLLIN, 0};
    char part[4096];
    while (::poll(&wait, 1, patience_ms) == 1) {
      const ssize_t count = ::read(fd, part, sizeof(part));
      if (count <= 0) {
        break;
      }
      answer.append(part, static_cast<std::size_t>(count));
    }
  }
  ::close(fd);
  return answer;
}

std::string answer_of(const std::string& stub, const std::string& path, const std::string& folder,
                      int patience_ms = 5000) {
  const auto rules = parse_stubs(stub);
  auto cluster =
      StubCluster::start(rules->front(), kLoopback, 0, folder, [](const std::string&) {});
  EXPECT_TRUE(cluster) << cluster.error().text;
  return cluster ? get((*cluster)->port(), path, patience_ms) : "";
}

TEST(StubCluster, AnswersAsItIsTold) {
  const test::TempFolder folder;
  folder.write("SEP1.cnf.xml", "<device/>");
  const std::string found = answer_of("c=200", "/SEP1.cnf.xml", folder.path());
  EXPECT_NE(found.find(" 200 "), std::string::npos) << found;
  EXPECT_NE(found.find("<device/>"), std::string::npos) << found;
  EXPECT_NE(answer_of("c=200", "/nosuch", folder.path()).find(" 404 "), std::string::npos);
  EXPECT_NE(answer_of("c=200", "/../etc/passwd", folder.path()).find(" 404 "), std::string::npos);
  EXPECT_NE(answer_of("b=404", "/SEP1.cnf.xml", folder.path()).find(" 404 "), std::string::npos);
  EXPECT_NE(answer_of("b=503", "/f", "").find("Retry-After: 4"), std::string::npos);
  EXPECT_NE(answer_of("b=loop", "/f", "").find("Location: /f"), std::string::npos);
  EXPECT_EQ(answer_of("b=blackhole", "/f", "", 100), "");
  EXPECT_EQ(answer_of("b=slow:60000", "/SEP1.cnf.xml", folder.path(), 100), "");
  EXPECT_NE(answer_of("b=slow:100", "/SEP1.cnf.xml", folder.path()).find("<device/>"),
            std::string::npos);
}

// Its lines go to a terminal, and paths are what somebody asks for.
TEST(StubCluster, APathIsToldAsPrintableText) {
  const auto rules = parse_stubs("b=404");
  std::mutex mutex;
  std::string told;
  {
    auto cluster =
        StubCluster::start(rules->front(), kLoopback, 0, "", [&](const std::string& line) {
          const std::scoped_lock lock(mutex);
          told += line;
        });
    ASSERT_TRUE(cluster) << cluster.error().text;
    get((*cluster)->port(), "/a%1b%5b31m%0ab");
  }
  EXPECT_EQ(told,
            "b: /a\xef\xbf\xbd[31m\xef\xbf\xbd"
            "b 404");
}

TEST(StubCluster, AllThatIsWrongIsNamed) {
  const auto wrong = parse_stubs("b=404,c,d=slow:x,=200");
  ASSERT_FALSE(wrong);
  for (const char* part : {"'c'", "'d=slow:x'", "'=200'"}) {
    EXPECT_NE(wrong.error().text.find(part), std::string::npos) << wrong.error().text;
  }
  EXPECT_FALSE(parse_stubs(""));
  EXPECT_EQ(parse_stubs("a=200,b=slow:20")->back().delay, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace dialtone::emu
