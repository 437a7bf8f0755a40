// SPDX-License-Identifier: Apache-2.0
//
// The offer socket with real peers: good ones, broken ones, and a process of another user.
#include "dataplane/image/offer_server.h"

#include "tests/support/sealed_image.h"
#include "tests/unit/image/fake_worker.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace dialtone::image {
namespace {

using test::OfferClient;
using test::SealedImage;
using test::SealedSegment;

constexpr const char* kPhone = "sep001122334455.cnf.xml";
const SealedSegment kOne{101, {{kPhone, "one"}}};
const SealedSegment kTwo{102, {{kPhone, "two"}}};

class Offers : public testing::Test {
 protected:
  Offers() {
    char folder[] = "/tmp/dialtone-offer-XXXXXX";
    EXPECT_NE(::mkdtemp(folder), nullptr);
    folder_ = folder;
    ::chmod(folder, 0755);
    auto server = OfferServer::listen({.path = path(),
                                       .counters_fd = counters_.get(),
                                       .misses_fd = misses_.get(),
                                       .events_fd = events_.get()},
                                      store_, [this](Severity, const std::string& line) {
                                        const std::lock_guard lock(mutex_);
                                        log_ += line + '\n';
                                      });
    EXPECT_TRUE(server.ok());
    server_.emplace(std::move(*server));
    thread_ = std::thread([this] { run(); });
  }
  ~Offers() override {
    stop_.store(true, std::memory_order_release);
    thread_.join();
    server_.reset();
    EXPECT_EQ(::rmdir(folder_.c_str()), 0) << "the socket's file must be gone";
  }

  std::string path() const { return folder_ + "/dataplane.sock"; }

  void run() {
    while (!stop_.load(std::memory_order_acquire)) {
      std::vector<pollfd> fds;
      server_->add_poll_fds(fds);
      ::poll(fds.data(), fds.size(), 1);
      server_->step();
    }
  }

  bool logged(const std::string& words) {
    for (int i = 0; i < 2000; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (log_.find(words) != std::string::npos) {
          return true;
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ADD_FAILURE() << "not in the log: " << words << "\n" << log_;
    return false;
  }

  OfferClient connect() {
    auto client = OfferClient::connect(path());
    EXPECT_TRUE(client.has_value());
    return std::move(*client);
  }
  OfferClient connect_and_greet() {
    OfferClient client = connect();
    EXPECT_TRUE(client.hello().has_value());
    return client;
  }
  // What answers the next OFFER.
  static std::pair<abi::OfferType, std::string> answer(OfferClient& client) {
    const auto reply = client.reply();
    return reply ? std::pair(reply->header.type, std::string(reply->text))
                 : std::pair(abi::OfferType{}, std::string("(closed)"));
  }
  void publish_one() {
    OfferClient client = connect_and_greet();
    client.send_all(SealedImage(1, {kOne}, 200));
    ASSERT_EQ(answer(client).first, abi::OfferType::kPublished);
  }
  // Generation 1 is served whatever a peer did, and a good control can still publish.
  void expect_unharmed() {
    OfferClient client = connect();
    const auto hello = client.hello();
    ASSERT_TRUE(hello.has_value());
    EXPECT_EQ(hello->generation, 1u);
    client.send_all(SealedImage(2, {kTwo}, 201));
    EXPECT_EQ(answer(client).first, abi::OfferType::kPublished);
    EXPECT_EQ(answer(client).first, abi::OfferType::kRetired);
  }

  std::string folder_;
  UniqueFd counters_{::memfd_create("counters", MFD_CLOEXEC)};
  UniqueFd misses_{::memfd_create("misses", MFD_CLOEXEC)};
  UniqueFd events_{::memfd_create("events", MFD_CLOEXEC)};
  std::mutex mutex_;
  std::string log_;
  ImageStore store_{1, supported_map_mode()};
  std::optional<OfferServer> server_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

TEST_F(Offers, HelloTellsWhoServesWhat) {
  OfferClient client = connect();
  auto hello = client.hello();
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->header.magic, abi::kOfferMagic);
  EXPECT_EQ(hello->header.type, abi::OfferType::kHello);
  EXPECT_EQ(hello->image_version, abi::kImageVersion);
  EXPECT_EQ(hello->worker_count, 1u);
  EXPECT_EQ(hello->pid, static_cast<std::uint64_t>(::getpid()));
  EXPECT_EQ(hello->generation, 0u);
  EXPECT_EQ(hello->private_map, supported_map_mode() == MapMode::kPrivate ? 1u : 0u);
  EXPECT_GE(client.counters_fd(), 0);
  EXPECT_GE(client.events_fd(), 0);
}

TEST_F(Offers, PublishesAnswersAndRetires) {
  OfferClient client = connect_and_greet();
  client.send_all(SealedImage(1, {kOne}, 200));
  auto reply = client.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kPublished);
  EXPECT_EQ(reply->generation, 1u);
  EXPECT_GT(reply->microseconds, 0u);
  client.send_all(SealedImage(2, {kTwo}, 201));
  EXPECT_EQ(answer(client).first, abi::OfferType::kPublished);
  reply = client.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kRetired);
  EXPECT_EQ(reply->generation, 1u);
  logged("published generation 2: 1 file, 1 segment, ");
  logged("retired generation 1");
}

TEST_F(Offers, ControlMayDieAndComeBack) {
  publish_one();
  OfferClient again = connect();
  const auto hello = again.hello();
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->generation, 1u);
  EXPECT_EQ(hello->content_digest, (Digest{1, ~std::uint64_t{1}}));
  logged("control disconnected");
}

TEST_F(Offers, ControlMayDieDuringAGraceAndComeBack) {
  publish_one();
  test::FakeWorker worker(store_);
  ASSERT_TRUE(worker.begin(kPhone));
  worker.end();
  worker.hang();
  {
    OfferClient first = connect_and_greet();
    first.send_all(SealedImage(2, {kTwo}, 201));
    while (store_.current()->view.manifest().generation != 2) {
      std::this_thread::yield();
    }
  }
  OfferClient next = connect();
  const auto hello = next.hello();
  EXPECT_TRUE(hello.has_value()) << "it met the connection of the control before";
  worker.resume();
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->generation, 2u);
  next.send_all(SealedImage(3, {kOne}, 202));
  std::vector<std::uint64_t> published;
  while (published.empty() || published.back() != 3) {
    const auto reply = next.reply();
    ASSERT_TRUE(reply.has_value());
    if (reply->header.type == abi::OfferType::kPublished) {
      published.push_back(reply->generation);
    }
  }
  EXPECT_EQ(published.size(), 1u) << "an answer to an offer of the control before";
}

TEST_F(Offers, SecondControlIsRefusedAndTold) {
  OfferClient first = connect_and_greet();
  OfferClient second = connect();
  const auto [type, text] = answer(second);
  EXPECT_EQ(type, abi::OfferType::kRejected);
  EXPECT_EQ(text,
            "another control is connected (pid " + std::to_string(::getpid()) + "); stop it first");
  first.send_all(SealedImage(1, {kOne}, 200));
  EXPECT_EQ(answer(first).first, abi::OfferType::kPublished);
}

// Whoever connects in a loop must not fill the disk with log lines.
TEST_F(Offers, RefusalsAreLoggedOnceASecond) {
  const OfferClient first = connect_and_greet();
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    OfferClient client = connect();
    EXPECT_EQ(answer(client).first, abi::OfferType::kRejected);
  }
  const auto seconds = (std::chrono::steady_clock::now() - began) / std::chrono::seconds(1);
  const std::lock_guard lock(mutex_);
  long lines = 0;
  for (std::size_t at = 0; (at = log_.find("refused", at)) != std::string::npos; ++at) {
    ++lines;
  }
  EXPECT_GE(lines, 1);
  EXPECT_LE(lines, 1 + seconds) << log_;
}

TEST_F(Offers, FaultyObjectIsNamedWhenItsOfferIsRejected) {
  publish_one();
  const auto rejected = [&](void (*spoil)(SealedImage&)) {
    OfferClient client = connect_and_greet();
    SealedImage image(2, {kTwo}, 201);
    spoil(image);
    client.send_all(image);
    const auto [type, text] = answer(client);
    EXPECT_EQ(type, abi::OfferType::kRejected) << text;
    return text;
  };
  EXPECT_EQ(rejected([](SealedImage& image) {
              std::vector<std::byte> bytes(image.objects[0].message.size);
              image.objects[0].fd = test::sealed_memfd(bytes, F_SEAL_SHRINK | F_SEAL_GROW);
            }),
            "segment 0000000000000066: it is not sealed: SHRINK, GROW, WRITE and SEAL must all be "
            "set");
  EXPECT_NE(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(100);
              image.objects[0].fd = test::sealed_memfd(bytes);
            }).find("segment 0000000000000066: it is truncated: 100 bytes where"),
            std::string::npos);
  EXPECT_EQ(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(image.objects[0].message.size);
              image.objects[0].fd = test::sealed_memfd(bytes);
            }),
            "segment 0000000000000066: segment: not a segment of version " +
                std::to_string(abi::kImageVersion));
  EXPECT_NE(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(image.objects[1].message.size);
              image.objects[1].fd = test::sealed_memfd(bytes);
            }),
            "");
  EXPECT_NE(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(image.offer.size);
              image.manifest = test::sealed_memfd(bytes);
            }),
            "");
  expect_unharmed();
}

TEST_F(Offers, GarbageClosesTheConnectionOnly) {
  publish_one();
  const std::byte byte{1};
  const abi::OfferHeader wrong_version{abi::kOfferMagic, 9, abi::OfferType::kObject};
  const abi::OfferHeader short_object = abi::offer_header(abi::OfferType::kObject);
  const abi::OfferHeader hello = abi::offer_header(abi::OfferType::kHello);
  const std::vector<std::byte> long_one(abi::kMaxOfferMessage + 1);
  const abi::OfferMessage no_descriptor{abi::offer_header(abi::OfferType::kOffer), 2, 100, {}};
  for (std::span<const std::byte> garbage :
       {std::span(&byte, 1), std::as_bytes(std::span(&wrong_version, 1)),
        std::as_bytes(std::span(&short_object, 1)), std::as_bytes(std::span(&hello, 1)),
        std::span<const std::byte>(long_one), std::as_bytes(std::span(&no_descriptor, 1))}) {
    OfferClient client = connect_and_greet();
    client.send_bytes(garbage);
    EXPECT_EQ(answer(client).second, "(closed)");
  }
  logged("a message of 1 bytes is no offer message");
  logged("does not speak version " + std::to_string(abi::kOfferVersion) + " of the offer protocol");
  logged("type 2 has the wrong size or not one descriptor");
  logged("type 1 does not come from a control");
  logged("longer than this protocol allows");
  expect_unharmed();
}

TEST_F(Offers, FloodOfObjectsIsBounded) {
  publish_one();
  OfferClient client = connect_and_greet();
  const SealedImage image(2, {kTwo}, 201);
  SealedImage flood(2, {kTwo}, 201);
  for (std::uint64_t id = 1000; id < 1000 + 2 * abi::kMaxSegments; ++id) {
    flood.objects[1].message.id = id;
    client.send(flood.objects[1]);
  }
  EXPECT_EQ(answer(client).second, "(closed)");
  logged("more objects than one generation can use");
  expect_unharmed();
}

TEST_F(Offers, ProcessOfAnotherUserIsRefused) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root, to become another user";
  }
  publish_one();
  ASSERT_EQ(::chmod(path().c_str(), 0666), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const bool became = ::setgid(65534) == 0 && ::setuid(65534) == 0;
    auto client = OfferClient::connect(path());
    ::_exit(became && client && !client->hello() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  logged("refused a process of another user (uid 65534, pid " + std::to_string(child) + ")");
  expect_unharmed();
}

TEST_F(Offers, LiveSocketIsNotTakenOver) {
  ImageStore other(1, supported_map_mode());
  const auto second = OfferServer::listen({.path = path()}, other, [](auto&&...) {});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().text.find("already listens"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::image
