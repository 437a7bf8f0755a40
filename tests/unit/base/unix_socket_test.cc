// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/unix_listener.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <sys/mman.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace dialtone {
namespace {

class UnixSocket : public ::testing::Test {
 protected:
  // As a process that was killed.
  void leave_dead_socket() {
    auto fd = new_unix_socket(SocketType::kStream, 0);
    const auto address = unix_address(path_);
    ASSERT_EQ(::bind(fd->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)), 0);
  }

  test::TempFolder folder_;
  std::string path_ = folder_.file("s");
};

TEST_F(UnixSocket, CarriesADescriptorBesideAMessage) {
  auto listener = UnixListener::open(path_, SocketType::kSeqPacket);
  ASSERT_TRUE(listener) << listener.error().text;
  auto client = connect_unix(path_, SocketType::kSeqPacket);
  ASSERT_TRUE(client) << client.error().text;
  auto server = listener->accept();
  ASSERT_TRUE(server && server->has_value());

  UniqueFd memory(::memfd_create("test", MFD_CLOEXEC));
  ASSERT_EQ(::write(memory.get(), "dial", 4), 4);
  const std::byte bytes[] = {std::byte{1}, std::byte{2}};
  const int descriptors[] = {memory.get()};
  ASSERT_TRUE(send_message(client->get(), bytes, descriptors));

  auto message = receive_message((*server)->get(), 64);
  ASSERT_TRUE(message) << message.error().text;
  EXPECT_EQ(message->bytes.size(), 2u);
  ASSERT_EQ(message->descriptors.size(), 1u);
  char text[4] = {};
  EXPECT_EQ(::pread(message->descriptors[0].get(), text, 4, 0), 4);
  EXPECT_EQ(std::string_view(text, 4), "dial");

  auto peer = peer_credentials((*server)->get());
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->uid, ::getuid());
}

TEST_F(UnixSocket, RefusesAMessageAboveTheLimit) {
  auto listener = UnixListener::open(path_, SocketType::kSeqPacket);
  auto client = connect_unix(path_, SocketType::kSeqPacket);
  ASSERT_TRUE(listener && client);
  auto server = listener->accept();
  ASSERT_TRUE(server && server->has_value());
  const std::vector<std::byte> bytes(65);
  ASSERT_TRUE(send_message(client->get(), bytes));
  const auto message = receive_message((*server)->get(), 64);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code, ErrorCode::kRefused);
}

TEST_F(UnixSocket, NobodyListeningIsUnreachable) {
  const auto client = connect_unix(path_, SocketType::kStream);
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, ErrorCode::kUnreachable);
}

TEST_F(UnixSocket, ReplacesADeadSocketButNotALiveOneOrAFile) {
  leave_dead_socket();
  auto second = UnixListener::open(path_, SocketType::kStream);
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_FALSE(UnixListener::open(path_, SocketType::kStream));
  const std::string file = folder_.file("file");
  ASSERT_TRUE(std::filesystem::create_directory(file));
  EXPECT_FALSE(UnixListener::open(file, SocketType::kStream));
}

TEST_F(UnixSocket, TakesItsFileAwayButNotThatOfASuccessor) {
  { ASSERT_TRUE(UnixListener::open(path_, SocketType::kStream)); }
  EXPECT_FALSE(std::filesystem::exists(path_));
  std::optional<UnixListener> first(*UnixListener::open(path_, SocketType::kStream));
  std::filesystem::remove(path_);
  const auto second = UnixListener::open(path_, SocketType::kStream);
  ASSERT_TRUE(second);
  first.reset();
  EXPECT_TRUE(connect_unix(path_, SocketType::kStream));
}

TEST_F(UnixSocket, AListenerThatTakesNobodyIsATimeout) {
  const auto listener = UnixListener::open(path_, SocketType::kStream);
  ASSERT_TRUE(listener);
  std::vector<UniqueFd> waiting;
  for (;;) {
    auto client = connect_unix(path_, SocketType::kStream, std::chrono::milliseconds(1));
    if (!client) {
      EXPECT_EQ(client.error().code, ErrorCode::kTimeout) << client.error().text;
      break;
    }
    waiting.push_back(*std::move(client));
    ASSERT_LT(waiting.size(), 100u);
  }
  // It lives: nobody may take its place.
  const auto second = UnixListener::open(path_, SocketType::kStream);
  EXPECT_FALSE(second);
}

TEST_F(UnixSocket, LeavesTheLiveSocketOfAnotherTypeAlone) {
  const auto stream = UnixListener::open(path_, SocketType::kStream);
  ASSERT_TRUE(stream);
  EXPECT_FALSE(UnixListener::open(path_, SocketType::kSeqPacket));
  EXPECT_TRUE(connect_unix(path_, SocketType::kStream)) << "its file must still be there";
}

}  // namespace
}  // namespace dialtone
