// SPDX-License-Identifier: Apache-2.0
//
// What the corpus of the offer socket holds of whole messages is of the protocol's version: those
// of another one end the connection at their header, and reach nothing.
#include "dataplane/abi/offer_protocol.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace dialtone::fuzz {
namespace {

TEST(OfferCorpus, ItsMessagesAreOfThisVersion) {
  const abi::OfferHeader ours = abi::offer_header(abi::OfferType::kService);
  const std::string magic(reinterpret_cast<const char*>(&ours.magic), sizeof(ours.magic));
  int messages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(DIALTONE_CORPUS "/offers")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input(std::istreambuf_iterator<char>(file), {});
    for (std::size_t at = input.find(magic);
         at != std::string::npos && at + sizeof(ours) <= input.size();
         at = input.find(magic, at + 1)) {
      abi::OfferHeader header{};
      std::memcpy(&header, input.data() + at, sizeof(header));
      messages += header.version == ours.version ? 1 : 0;
    }
  }
  EXPECT_GE(messages, 2) << "make it anew: scripts/fuzz --target offers --minimise";
}

}  // namespace
}  // namespace dialtone::fuzz
