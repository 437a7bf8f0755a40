// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/checksum.h"

#include "dataplane/abi/segment_writer.h"
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace dialtone::wire {
namespace {

std::span<const std::byte> as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string noise(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& byte : text) {
    byte = static_cast<char>(random());
  }
  return text;
}

TEST(Checksum, AgreesWithRfc1071WordByWord) {
  for (std::size_t size = 0; size < 600; ++size) {
    const std::string text = noise(size, static_cast<std::uint32_t>(size));
    EXPECT_EQ(swap16(fold(sum_bytes(as_bytes(text)))), test::plain_sum(text)) << size;
  }
}

TEST(Checksum, ExampleOfRfc1071Section3) {
  const std::string text("\x00\x01\xf2\x03\xf4\xf5\xf6\xf7", 8);
  EXPECT_EQ(swap16(fold(sum_bytes(as_bytes(text)))), 0xddf2);
}

TEST(Checksum, CarriesOfAllOnesAreNotLost) {
  const std::string ones(65534, '\xff');
  EXPECT_EQ(fold(sum_bytes(as_bytes(ones))), 0xffff);
}

TEST(Checksum, StoredUnitSumsAddUpToTheSumOfTheWhole) {
  const std::string text = noise(512 * 3 + 77, 5);
  std::vector<std::uint16_t> sums(4);
  abi::write_sums(as_bytes(text), sums.data());
  std::uint64_t total = 0;
  for (const std::uint16_t sum : sums) {
    total += sum;
  }
  EXPECT_EQ(fold(total), fold(sum_bytes(as_bytes(text))));
}

TEST(Checksum, UdpNeverSendsZeroRfc768) {
  EXPECT_EQ(finish(0xffff), 0);
  EXPECT_EQ(finish_udp(0xffff), 0xffff);
  EXPECT_EQ(finish_udp(0x1234), finish(0x1234));
}

}  // namespace
}  // namespace dialtone::wire
