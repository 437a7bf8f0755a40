// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/session_input.h"

#include "tests/fuzz/served_images.h"
#include "tests/support/nul_text.h"

#include <vector>

namespace dialtone::fuzz {
namespace {

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
          "octet|utimeout|20000|windowsize|8|", "octet|rollover|1|timeout|255|",
          "octet|blksize|1468|windowsize|2|"}) {
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

// The link's MTU in sixes, so that all there are can be said; what is quoted in units of 4 bytes,
// and above them which packet; the byte that is changed.
void read_too_big(Input& input, Step& step) {
  step.said.mtu = static_cast<std::uint16_t>(input.byte() * 6);
  const std::uint8_t quoted = input.byte();
  step.of_last = (quoted & 0x80) == 0;
  step.said.quoted = (quoted & 0x7fU) * 4;
  step.said.changed_at = input.byte();
}

}  // namespace

Step read_step(Input& input) {
  const std::uint8_t code = input.byte();
  Step step;
  step.kind = static_cast<StepKind>(code & 15);
  step.client = code >> 4 & 3;
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
    case StepKind::kTooBig:
      read_too_big(input, step);
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
