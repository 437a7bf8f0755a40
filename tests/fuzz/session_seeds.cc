// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/seeds.h"

namespace dialtone::fuzz {
namespace {

constexpr char kRead = 0;
constexpr char kAckLast = 1;
constexpr char kAck = 2;
constexpr char kAgain = 3;
constexpr char kError = 4;
constexpr char kStrangerAck = 5;
constexpr char kUnreachable = 6;
constexpr char kTimers = 8;
constexpr char kPublish = 9;
constexpr char kProcess = 10;
constexpr char kCopies = 13;
constexpr char kControl = 14;
constexpr char kTooBig = 15;

std::string read(char client, char file, char options) {
  return {static_cast<char>(client << 4 | kRead), file, options, kProcess};
}
// Of the last packet that came: all of it, unless another quotation is named.
std::string too_big(char client, unsigned mtu, unsigned quoted = 0, char changed_at = 0) {
  return {static_cast<char>(client << 4 | kTooBig), static_cast<char>(mtu / 6),
          static_cast<char>(quoted), changed_at};
}
std::string acks(char client, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += {static_cast<char>(client << 4 | kAckLast), kTimers, 64};
  }
  return text;
}

}  // namespace

std::vector<std::string> session_seeds() {
  std::vector<std::string> seeds;
  for (char client = 0; client < 4; ++client) {
    for (char options = 0; options < 13; ++options) {
      seeds.push_back(read(client, 0, options) + acks(client, 6));
    }
  }
  const std::string begin = read(0, 2, 1) + acks(0, 3);
  seeds.insert(
      seeds.end(),
      {begin + std::string{kAck, -2} + acks(0, 4), begin + std::string{kAck, 40} + acks(0, 2),
       begin + std::string{kAgain, kAgain} + acks(0, 2),   // T60, T75
       begin + read(0, 2, 1) + acks(0, 3),                 // T22
       begin + read(0, 0, 0) + acks(0, 3),                 // T23
       begin + std::string{kError} + acks(0, 1),           // T67
       begin + std::string{kStrangerAck} + acks(0, 1),     // T63
       begin + std::string{kUnreachable, 0} + acks(0, 1),  // T78
       begin + std::string{kUnreachable, 1} + acks(0, 1),
       begin + std::string{kCopies, kCopies, kCopies} + acks(0, 30),
       begin + std::string{kPublish, 2} + acks(0, 4) + read(0, 2, 1) + acks(0, 30),  // T79
       begin + std::string{kPublish, 0} + acks(0, 4) + read(0, 2, 1),
       // Three generations before the first byte of the first.
       std::string{kPublish, 3} + read(0, 2, 1) + std::string{kPublish, 2, kAgain, kPublish, 4} +
           std::string{kAgain} + acks(0, 3),
       read(0, 0, 0) + read(1, 1, 6) + read(2, 2, 2) + read(3, 0, 0) + acks(0, 3) + acks(1, 3) +
           acks(2, 3) + acks(3, 1)});
  // S16: over IPv4, behind tags, over IPv6; each asks again afterwards.
  for (char client = 0; client < 3; ++client) {
    const std::string large = read(client, 2, 12) + acks(client, 2);
    const std::string rest = std::string{kTimers, 64} + acks(client, 2) + read(client, 2, 12);
    for (const unsigned mtu : {0U, 90U, 576U, 1278U, 1284U, 1398U, 1500U}) {
      seeds.push_back(large + too_big(client, mtu) + too_big(client, 1398) + rest +
                      acks(client, 9));
      seeds.push_back(read(client, 0, 0) + too_big(client, mtu) + kCopies + rest);
    }
    std::string again = large;  // a router brings one window, however often it speaks
    for (int i = 0; i < 12; ++i) {
      again += too_big(client, 1398) + std::string{kTimers, 64};
    }
    seeds.push_back(again);
    for (const unsigned quoted : {6U, 7U, 8U, 12U, 13U, 0x80U}) {
      seeds.push_back(large + too_big(client, 1398, quoted) + rest);
    }
    for (const char changed_at : {4, 6, 9, 16, 21, 29, 31, 40, 42, 49, 51}) {
      seeds.push_back(large + too_big(client, 1398, 0, changed_at) + rest);
    }
  }
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    seeds[i].insert(seeds[i].begin(), i % 8 == 0 ? '\1' : '\0');
  }
  // By all rules: four clients for few sessions, and names that are not there yet.
  std::string all = read(0, 2, 1) + read(1, 1, 0) + read(2, 0, 2) + read(3, 8, 0) + acks(0, 3);
  all +=
      read(3, 7, 5) + std::string{kTimers, 64, kControl, 2, kTimers, 64} + acks(3, 2) + acks(2, 2);
  all += read(0, 8, 0) + read(1, 8, 5) + std::string{kError, kTimers, 64} + acks(0, 1) + acks(1, 2);
  for (int flags = 0; flags < 128; ++flags) {
    seeds.push_back(static_cast<char>(flags) + all);
  }
  return seeds;
}

}  // namespace dialtone::fuzz
