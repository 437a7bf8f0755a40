// SPDX-License-Identifier: Apache-2.0
//
// offer_folder SOCKET FOLDER: offers the files of a folder to a running dataplane as its next
// generation, waits for the answer and ends. For tests of the dataplane without a control; the
// program that users have for this is scripts/serve.
#include "dataplane/abi/canonical_name.h"
#include "tests/support/sealed_image.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

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

int offer(const char* socket, const char* folder) {
  auto client = OfferClient::connect(socket);
  const auto hello = client ? client->hello() : std::nullopt;
  if (!hello) {
    std::fprintf(stderr, "no dataplane greets on %s\n", socket);
    return 5;
  }
  std::random_device random;
  const SealedImage image(hello->generation + 1, {read_folder(folder, random() | 1ull << 40)},
                          random() | 1ull << 41);
  const auto begin = std::chrono::steady_clock::now();
  client->send_all(image);
  const auto reply = client->reply();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  if (!reply || reply->header.type != abi::OfferType::kPublished) {
    std::fprintf(stderr, "not published: %s\n", reply ? reply->text : "no answer");
    return 3;
  }
  std::printf(
      "generation %llu: published %.3f ms after the first object was sent, %.3f ms after "
      "the offer was read\n",
      static_cast<unsigned long long>(reply->generation), took.count(),
      static_cast<double>(reply->microseconds) / 1000);
  return 0;
}

}  // namespace
}  // namespace dialtone::test

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: offer_folder SOCKET FOLDER\n");
    return 2;
  }
  return dialtone::test::offer(argv[1], argv[2]);
}
