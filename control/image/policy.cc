// SPDX-License-Identifier: Apache-2.0
#include "control/image/policy.h"

namespace dialtone::image_build {

abi::ErrorReply error_reply(std::uint16_t code, std::string_view text) noexcept {
  abi::ErrorReply reply{code, {}};
  text.copy(reply.text, kMaxErrorText);
  return reply;
}

abi::Policy default_policy() noexcept {
  abi::Policy policy{};
  policy.max_sessions = 0;
  // A phone repeats its request after 4 s (facts: cisco-tftp 0.4): a lost DATA 1 should come again
  // before that. Copies follow after 1, 2 and 4 s (RFC 1123 4.2.3.2), and 8 s later a phone that is
  // gone is forgotten.
  policy.retransmit_ms = 1000;
  policy.retransmits = 3;
  // Whoever has not answered may be the victim of a forged address: two packets for a request,
  // no more (facts: tftp-state-of-the-art 3.5).
  policy.first_copies = 1;
  policy.max_window = 64;
  policy.max_window_bytes = 64 * 1024;
  policy.not_found = error_reply(1, "File not found");
  policy.access_violation = error_reply(2, "Access violation: this server is read-only");
  policy.illegal_operation = error_reply(4, "Illegal TFTP operation");
  policy.unknown_tid = error_reply(5, "Unknown transfer ID");
  policy.busy = error_reply(3, "Process Allocation Exceeded");
  policy.rebuilding = error_reply(3, "Disk Full");
  // docs/admission.md thinks these through.
  policy.source_requests = 1000;
  policy.prefix_requests = 5000;
  policy.first_packets = 2;
  policy.unproven_bytes = 4 << 20;
  policy.proven_s = 24 * 3600;
  return policy;
}

}  // namespace dialtone::image_build
