// SPDX-License-Identifier: Apache-2.0
#include "control/api/message.h"

#include "control/api/message_bounds.h"
#include "dataplane/base/unix_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <thread>

namespace dialtone::api {
namespace {

class Message : public testing::Test {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    left_.reset(ends[0]);
    right_.reset(ends[1]);
  }
  // What an attacker sends: any bytes, any descriptors.
  Result<Document> receive_raw(std::string_view bytes, std::span<const int> descriptors = {}) {
    EXPECT_TRUE(send_message(left_.get(), std::as_bytes(std::span(bytes)), descriptors));
    return receive_document(right_.get());
  }
  Result<Document> there(const Json& json, std::span<const int> attachments = {}) {
    const auto sent = send_document(left_.get(), json, attachments);
    EXPECT_TRUE(sent) << sent.error().text;
    return receive_document(right_.get());
  }

  UniqueFd left_;
  UniqueFd right_;
};

UniqueFd memfd_of_size(off_t size) {
  UniqueFd fd(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  EXPECT_EQ(::ftruncate(fd.get(), size), 0);
  return fd;
}

TEST_F(Message, SmallDocumentKeepsItsOrder) {
  const Json json = {{"command", "device ls"}, {"arguments", {{"z", "Bj\xC3\xB6rn"}, {"a", 1}}}};
  const auto came = there(json);
  ASSERT_TRUE(came) << came.error().text;
  EXPECT_EQ(came->json.dump(), json.dump());
  EXPECT_TRUE(came->attachments.empty());
}

TEST_F(Message, LargeDocumentTravelsInAMemfdBeforeTheAttachments) {
  const Json json = {{"text", std::string(3 * kInline, 'x')}};
  auto file = text_memfd("attached");
  ASSERT_TRUE(file);
  const int attachments[] = {file->get()};
  const auto sent = send_document(left_.get(), json, attachments);
  ASSERT_TRUE(sent) << sent.error().text;
  auto raw = receive_message(right_.get(), kInline);
  ASSERT_TRUE(raw);
  ASSERT_EQ(raw->bytes.size(), 1u);
  EXPECT_EQ(raw->bytes.front(), std::byte{'@'});
  EXPECT_EQ(raw->descriptors.size(), 2u);

  const auto came = there(json, attachments);
  ASSERT_TRUE(came) << came.error().text;
  EXPECT_EQ(came->json, json);
  ASSERT_EQ(came->attachments.size(), 1u);
  const auto text = read_all(came->attachments.front().get());
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "attached");
}

TEST_F(Message, EitherSideOfTheLimit) {
  for (const std::size_t size : {kInline - 1, kInline, kInline + 1}) {
    const Json json = std::string(size - 2, 'x');  // two quotation marks
    const auto came = there(json);
    ASSERT_TRUE(came) << size << ": " << came.error().text;
    EXPECT_EQ(came->json, json) << size;
  }
}

TEST_F(Message, TextThatIsNoUtf8IsSentWithReplacements) {
  const auto came = there({{"name", "a\xFFz"}});
  ASSERT_TRUE(came) << came.error().text;
  EXPECT_EQ(came->json["name"], "a\xEF\xBF\xBDz");
}

TEST_F(Message, TooManyDescriptorsAreAnErrorAndDoNotAbort) {
  const std::vector<int> many(kMaxDescriptors, left_.get());
  EXPECT_TRUE(send_document(left_.get(), {{"a", 1}}, many));
  EXPECT_FALSE(send_document(left_.get(), {{"a", std::string(kInline, 'x')}}, many));
}

TEST_F(Message, WhatIsNoJsonIsRefused) {
  for (const std::string_view bytes :
       {"x", "{", "{\"a\":}", "[1,2", "{\"a\":1} tail", "@@", " @", "\xFF", "{\"a\":\"\xC3\"}"}) {
    const auto came = receive_raw(bytes);
    ASSERT_FALSE(came) << bytes;
    EXPECT_EQ(came.error().code, ErrorCode::kRefused) << bytes;
  }
}

TEST_F(Message, DeepNestingIsRefusedAndDoesNotOverflowTheStack) {
  for (const char open : {'[', '{'}) {
    const auto came = receive_raw(std::string(kInline, open));
    ASSERT_FALSE(came);
    EXPECT_NE(came.error().text.find("deep"), std::string::npos);
  }
  const auto brackets = receive_raw("\"" + std::string(1000, '[') + "\\\"[\"");
  EXPECT_TRUE(brackets) << "brackets within a string nest nothing";
}

// {"0":1,"1":1,...}, or the list of as many.
std::string many(std::size_t count, bool is_object) {
  std::string text(1, is_object ? '{' : '[');
  for (std::size_t i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ",") + (is_object ? "\"" + std::to_string(i) + "\":1" : "\",{[\"");
  }
  return text + (is_object ? '}' : ']');
}

TEST_F(Message, KeysAndValuesOfARequestAreBounded) {
  EXPECT_TRUE(check_bounds(many(kMaxKeys, true)));
  EXPECT_TRUE(check_bounds(many(kMaxValues - 2, false)));
  EXPECT_TRUE(check_bounds("[" + many(kMaxKeys, true) + "," + many(kMaxKeys, true) + "]"));
  EXPECT_EQ(check_bounds(many(kMaxKeys + 1, true)).error().code, ErrorCode::kRefused);
  EXPECT_NE(check_bounds(many(kMaxValues, false)).error().text.find("send less"),
            std::string::npos);
  std::string lists = "[";
  for (std::size_t i = 0; i < kMaxValues; ++i) {
    lists += "{}";  // no JSON, and yet so many
  }
  EXPECT_FALSE(check_bounds(lists));
}

TEST_F(Message, ARequestOfManyKeysIsRefusedAtOnce) {
  const auto memory = text_memfd(many(60'000, true));
  ASSERT_TRUE(memory);
  const std::string_view announced = "@";
  const int descriptors[] = {memory->get()};
  ASSERT_TRUE(send_message(left_.get(), std::as_bytes(std::span(announced)), descriptors));
  const auto begin = std::chrono::steady_clock::now();
  const auto came = receive_request(right_.get());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  ASSERT_FALSE(came);
  EXPECT_NE(came.error().text.find("keys"), std::string::npos) << came.error().text;
}

TEST_F(Message, AnnouncedMemfdMustBeThere) {
  const auto came = receive_raw("@");
  ASSERT_FALSE(came);
  EXPECT_EQ(came.error().code, ErrorCode::kRefused);
}

TEST_F(Message, APipeInPlaceOfTheMemfdDoesNotBlock) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  const UniqueFd write_end(ends[1]);
  const int descriptors[] = {read_end.get()};
  const auto came = receive_raw("@", descriptors);  // nobody ever writes into it
  ASSERT_FALSE(came);
  EXPECT_EQ(came.error().code, ErrorCode::kRefused);
}

TEST_F(Message, AFileInPlaceOfTheMemfdIsNotRead) {
  const UniqueFd open_memory = memfd_of_size(0);
  ASSERT_EQ(::pwrite(open_memory.get(), "{}", 2, 0), 2);
  const UniqueFd proc(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  for (const int fd : {open_memory.get(), proc.get()}) {
    EXPECT_FALSE(is_sealed(fd));
    const auto came = receive_raw("@", {&fd, 1});
    ASSERT_FALSE(came);
    EXPECT_NE(came.error().text.find("sealed"), std::string::npos) << came.error().text;
  }
}

TEST_F(Message, HugeAndTruncatedMemfdsAreRefused) {
  for (const off_t size : {off_t{1} << 40, static_cast<off_t>(kMaxDocument) + 1, off_t{0}}) {
    const UniqueFd memory = memfd_of_size(size);
    ASSERT_EQ(::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
    const int descriptors[] = {memory.get()};
    const auto came = receive_raw("@", descriptors);
    ASSERT_FALSE(came) << size;
    EXPECT_EQ(came.error().code, ErrorCode::kRefused) << size;
  }
  const auto cut = text_memfd("{\"a\": \"never en");
  ASSERT_TRUE(cut);
  const int descriptors[] = {cut->get()};
  EXPECT_FALSE(receive_raw("@", descriptors));
}

TEST_F(Message, LongerDatagramIsRefused) {
  const auto came = receive_raw(std::string(kInline + 1, ' '));
  ASSERT_FALSE(came);
  EXPECT_EQ(came.error().code, ErrorCode::kRefused);
}

TEST_F(Message, ClosedPeerIsUnreachable) {
  left_.reset();
  const auto came = receive_document(right_.get());
  ASSERT_FALSE(came);
  EXPECT_EQ(came.error().code, ErrorCode::kUnreachable);
  const auto sent = send_document(right_.get(), {{"a", 1}});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kUnreachable);
}

TEST(ReadAll, PipeToItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  const std::string text(300'000, 'p');  // more than a pipe holds
  std::thread writer([&text, fd = ends[1]] {
    for (std::size_t done = 0; done < text.size();) {
      done += static_cast<std::size_t>(::write(fd, text.data() + done, text.size() - done));
    }
    ::close(fd);
  });
  const auto read = read_all(read_end.get());
  writer.join();
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, text);
}

TEST(ReadAll, FileFromItsBeginWhereverItsPositionIs) {
  const auto file = text_memfd("from the begin");
  ASSERT_TRUE(file);
  EXPECT_EQ(::lseek(file->get(), 0, SEEK_CUR), 0);
  ASSERT_EQ(::lseek(file->get(), 5, SEEK_SET), 5);
  const auto read = read_all(file->get());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, "from the begin");
}

TEST(ReadAll, LimitIsExact) {
  const auto file = text_memfd("12345");
  ASSERT_TRUE(file);
  EXPECT_TRUE(read_all(file->get(), 5));
  const auto refused = read_all(file->get(), 4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  ASSERT_EQ(::write(ends[1], "12345", 5), 5);
  ::close(ends[1]);
  EXPECT_FALSE(read_all(read_end.get(), 4));
}

TEST(ReadAll, FolderAndClosedDescriptorAreErrors) {
  const UniqueFd folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_FALSE(read_all(folder.get()));
  EXPECT_FALSE(read_all(-1));
}

TEST(TextMemfd, CannotBeChangedByItsReceiver) {
  const auto file = text_memfd("sealed");
  ASSERT_TRUE(file);
  EXPECT_EQ(::pwrite(file->get(), "x", 1, 0), -1);
  EXPECT_EQ(::ftruncate(file->get(), 0), -1);
}

}  // namespace
}  // namespace dialtone::api
