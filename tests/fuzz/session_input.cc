// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/session_input.h"

#include "tests/fuzz/served_images.h"
#include "tests/support/nul_text.h"

#include <vector>

namespace dialtone::fuzz {
namespace {

constexpr std::uint8_t kSteps = 15;

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {
      "two",       "text",   "dir/sep001122334455.cnf.xml", "a", "b", "empty", "composed",
      kAbsentName, kLateName};
  return all;
}

const std::vector<std::string>& modes_and_options() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> texts;
    for (const char* text :
         {"octet|", "octet|blksize|100|windowsize|4|", "octet|blksize|8|windowsize|64|",
          "octet|windowsize|2|", "octet|blksize|300|", "octet|tsize|0|timeout|2|", "netascii|",
          "netascii|blksize|20|windowsize|4|", "octet|blksize|9|blksize|10|", "mail|",
          "octet|utimeout|20000|windowsize|8|", "octet|rollover|1|timeout|255|"}) {
      texts.push_back(test::nul(text));
    }
    return texts;
  }();
  return all;
}

std::string read_request(Input& input) {
  const std::string& name = names()[input.byte() % names().size()];
  const std::size_t options = input.byte() % modes_and_options().size();
  return std::string("\0\1", 2) + name + '\0' + modes_and_options()[options];
}

std::string packet_of(Input& input) {
  const auto bytes = input.bytes(input.byte());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Step read_step(Input& input) {
  const std::uint8_t code = input.byte();
  Step step{static_cast<StepKind>((code & 15) % kSteps), std::size_t{code} >> 4 & 3, 0, {}};
  switch (step.kind) {
    case StepKind::kRead:
      step.packet = read_request(input);
      break;
    case StepKind::kRequest:
    case StepKind::kPacket:
      step.packet = packet_of(input);
      break;
    case StepKind::kAckNear:
    case StepKind::kUnreachable:
    case StepKind::kWait:
    case StepKind::kTimers:
    case StepKind::kPublish:
    case StepKind::kControl:
      step.number = input.byte();
      break;
    case StepKind::kAckLast:
    case StepKind::kAgain:
    case StepKind::kAbort:
    case StepKind::kStrangerAck:
    case StepKind::kProcess:
    case StepKind::kCopies:
      break;
  }
  return step;
}

}  // namespace dialtone::fuzz
