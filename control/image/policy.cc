// SPDX-License-Identifier: Apache-2.0
#include "control/image/policy.h"

#include <cstring>

namespace dialtone::image_build {
namespace {

abi::ErrorReply error_reply(std::uint16_t code, const char* text) noexcept {
  abi::ErrorReply reply{code, {}};
  std::strncpy(reply.text, text, sizeof(reply.text) - 1);
  return reply;
}

}  // namespace

abi::Policy default_policy() noexcept {
  abi::Policy policy{};
  policy.max_sessions = 0;
  // A phone repeats its request after 4 s (facts: cisco-tftp 0.4): a lost DATA 1 should come again
  // before that; a phone that is gone is forgotten after six seconds.
  policy.retransmit_ms = 1000;
  policy.retransmits = 5;
  policy.not_found = error_reply(1, "File not found");
  policy.access_violation = error_reply(2, "Access violation: this server is read-only");
  policy.illegal_operation = error_reply(4, "Illegal TFTP operation");
  policy.unknown_tid = error_reply(5, "Unknown transfer ID");
  return policy;
}

}  // namespace dialtone::image_build
