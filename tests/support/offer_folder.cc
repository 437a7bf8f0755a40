// SPDX-License-Identifier: Apache-2.0
//
// offer_folder SOCKET FOLDER [COUNT INTERVAL_MS]: offers the files of a folder to a running
// dataplane as its next generation, waits for the answer and ends; or does so COUNT times, each in
// objects of its own, INTERVAL_MS apart or as soon as the dataplane has room. For tests and
// benchmarks of the dataplane without a control; the program that users have for this is
// scripts/serve.
#include "dataplane/abi/canonical_name.h"
#include "tests/support/sealed_image.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <thread>

namespace dialtone::test {
namespace {

SealedSegment read_folder(const std::filesystem::path& folder, std::uint64_t id) {
  SealedSegment segment{id, {}};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    abi::CanonicalName name;
    const std::string relative = entry.path().lexically_relative(folder);
    if (entry.is_regular_file() && abi::canonicalize(relative, name)) {
      std::ostringstream content;
      content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      segment.files.emplace_back(name.view(), content.str());
    }
  }
  return segment;
}

using Clock = std::chrono::steady_clock;

// The answer to an offer. BUSY: too many generations are mapped; the objects are known, so the
// offer alone is made again when one has retired.
std::optional<abi::OfferReply> offer_until_answered(OfferClient& client, const SealedImage& image) {
  client.send_all(image);
  bool busy = false;
  while (auto reply = client.reply()) {
    if (reply->header.type == abi::OfferType::kRetired) {
      if (busy) {
        client.send_offer(image);
        busy = false;
      }
    } else if (reply->header.type == abi::OfferType::kBusy) {
      busy = true;
    } else {
      return reply;
    }
  }
  return std::nullopt;
}

int offer(const char* socket, const char* folder, std::uint64_t count,
          std::chrono::milliseconds interval) {
  auto client = OfferClient::connect(socket);
  const auto hello = client ? client->hello() : std::nullopt;
  if (!hello) {
    std::fprintf(stderr, "no dataplane greets on %s\n", socket);
    return 5;
  }
  std::random_device random;
  SealedSegment files = read_folder(folder, 0);
  Clock::time_point next = Clock::now();
  for (std::uint64_t generation = hello->generation + 1; count != 0; ++generation, --count) {
    files.id = random() | 1ull << 40;
    const SealedImage image(generation, {files}, random() | 1ull << 41);
    std::this_thread::sleep_until(next);
    const Clock::time_point begin = Clock::now();
    const auto reply = offer_until_answered(*client, image);
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    if (!reply || reply->header.type != abi::OfferType::kPublished) {
      std::fprintf(stderr, "not published: %s\n", reply ? reply->text : "no answer");
      return 3;
    }
    std::printf(
        "generation %llu: published %.3f ms after the first object was sent, %.3f ms after "
        "the offer was read\n",
        static_cast<unsigned long long>(reply->generation), took.count(),
        static_cast<double>(reply->microseconds) / 1000);
    std::fflush(stdout);
    next = begin + interval;
  }
  return 0;
}

}  // namespace
}  // namespace dialtone::test

int main(int argc, char** argv) {
  if (argc != 3 && argc != 5) {
    std::fprintf(stderr, "usage: offer_folder SOCKET FOLDER [COUNT INTERVAL_MS]\n");
    return 2;
  }
  const std::uint64_t count = argc == 5 ? std::strtoull(argv[3], nullptr, 10) : 1;
  const auto interval = std::chrono::milliseconds(argc == 5 ? std::atoi(argv[4]) : 0);
  return dialtone::test::offer(argv[1], argv[2], count, interval);
}
