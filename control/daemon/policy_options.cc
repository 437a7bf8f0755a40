// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/policy_options.h"

#include "control/image/client_ranges.h"
#include "control/image/profile.h"
#include "dataplane/config/address_text.h"

#include <algorithm>
#include <span>

namespace dialtone::daemon {
namespace {

constexpr std::uint32_t kMaxCount = 1 << 24;
constexpr std::uint32_t kMaxRate = 100'000;
constexpr std::uint32_t kKb = 1024;
static_assert(abi::kMinUnprovenBytes <= kKb, "a dataplane takes what can be set");

std::uint32_t number(config::TomlTable& table, std::string_view key, std::uint32_t fallback,
                     std::uint32_t least, std::uint32_t most) {
  return static_cast<std::uint32_t>(table.integer(key, fallback, {least, most}));
}

// `what`_code and `what`_text.
void read_reply(config::TomlTable& table, const std::string& what, abi::ErrorReply& reply) {
  const std::string key = what + "_text";
  const std::string text = table.text(key, reply.text);
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](unsigned char byte) { return byte >= ' ' && byte < 0x7f; });
  if (text.size() > image_build::kMaxErrorText || !plain) {
    table.fault(key, "bad-value",
                key + " must be at most " + std::to_string(image_build::kMaxErrorText) +
                    " printable ASCII characters");
  }
  const auto code =
      static_cast<std::uint16_t>(table.integer(what + "_code", reply.code, {0, 65535}));
  reply = image_build::error_reply(code, text);
}

void read_profile(config::TomlTable& table, PolicyOptions& options) {
  const std::string chosen =
      table.choice("profile", "", {"dialtone", "cm3", "cm5", "cm9", "cm12", "cm14"});
  // What an unknown profile may do is not known either: one fault for one mistake.
  const bool is_known = !chosen.empty() || !table.has("profile");
  const image_build::Profile* profile =
      image_build::find_profile(chosen.empty() ? options.profile : chosen);
  options.profile = profile->name;
  abi::Policy& policy = options.served.policy;
  image_build::apply(*profile, policy);
  policy.max_sessions = number(table, "max_serving_count", policy.max_sessions, 0, kMaxCount);
  const std::string full =
      table.choice("when_full", policy.answers_busy != 0 ? "busy" : "wait", {"busy", "wait"});
  policy.answers_busy = full == "busy" ? 1 : 0;
  read_reply(table, "busy", policy.busy);
  read_reply(table, "rebuilding", policy.rebuilding);
  options.answer_while_rebuilding = table.boolean("answer_while_rebuilding", false);
  if (options.answer_while_rebuilding && is_known && !profile->may_answer_rebuilding) {
    table.fault("answer_while_rebuilding", "bad-value",
                "profile " + options.profile +
                    " serves while it rebuilds; take the key away, or choose cm5 or later");
  }
}

void check_somebody_is_served(config::TomlTable& table, std::span<const abi::ClientRange> clients,
                              bool allows) {
  if (!clients.empty() && std::ranges::none_of(clients, &abi::ClientRange::allowed)) {
    table.fault("deny", "bad-value",
                std::string("deny holds every address") + (allows ? " that 'allow' lets in" : "") +
                    ", so nobody would be served; take out of it what is to be served");
  }
}

void read_clients(config::TomlTable& table, image_build::ServedPolicy& served) {
  std::vector<image_build::ClientPrefix> prefixes;
  if (table.is_empty_list("allow")) {
    table.fault("allow", "bad-value",
                "allow holds no prefix, so nobody would be served; take the key away to serve "
                "everybody");
  }
  const std::vector<config::ListedPrefix> allowed = table.prefixes("allow");
  for (const config::ListedPrefix& each : allowed) {
    prefixes.push_back({each.prefix, true});
  }
  for (const auto& [prefix, item] : table.prefixes("deny")) {
    if (std::ranges::find(allowed, prefix, &config::ListedPrefix::prefix) != allowed.end()) {
      table.item_fault("deny", item, "bad-prefix",
                       config::prefix_text(prefix) + " is in 'allow' as well; take it out of one");
      continue;
    }
    prefixes.push_back({prefix, false});
  }
  if (prefixes.size() > image_build::kMaxClientPrefixes) {
    table.fault("allow", "out-of-range",
                "'allow' and 'deny' hold " + std::to_string(prefixes.size()) +
                    " prefixes; together they may hold " +
                    std::to_string(image_build::kMaxClientPrefixes));
    return;
  }
  served.clients = image_build::flatten(prefixes);
  // An 'allow' that holds faults only has said who is to be served: one fault for one mistake.
  if (!table.has("allow") || !allowed.empty()) {
    check_somebody_is_served(table, served.clients, !allowed.empty());
  }
}

void read_transfers(config::TomlTable& table, abi::Policy& policy) {
  policy.retransmit_ms = number(table, "retransmit_ms", policy.retransmit_ms, 50, 60'000);
  policy.retransmits = number(table, "retransmits", policy.retransmits, 0, 20);
  policy.first_copies = std::min(policy.first_copies, policy.retransmits);
  policy.max_window = number(table, "max_window", policy.max_window, 1, 255);
  policy.max_window_bytes =
      number(table, "max_window_bytes", policy.max_window_bytes, 512, 16 << 20);
}

void read_limits(config::TomlTable& table, abi::Policy& policy) {
  policy.source_requests =
      number(table, "source_requests_per_second", policy.source_requests, 0, kMaxRate);
  policy.prefix_requests =
      number(table, "prefix_requests_per_second", policy.prefix_requests, 0, kMaxRate);
  policy.first_packets =
      number(table, "first_packets", policy.first_packets, 0, abi::kMaxFirstPackets);
  policy.unproven_bytes =
      number(table, "unproven_kb", policy.unproven_bytes / kKb, 0, abi::kMaxUnprovenBytes / kKb) *
      kKb;
  policy.proven_s = number(table, "proven_s", policy.proven_s, 1, 604'800);
}

}  // namespace

PolicyOptions read_policy(config::TomlTable& table) {
  PolicyOptions options;
  read_profile(table, options);
  read_clients(table, options.served);
  const std::string denied = table.choice("when_denied", "silence", {"silence", "error"});
  options.served.policy.answers_denied = denied == "error" ? 1 : 0;
  read_transfers(table, options.served.policy);
  read_limits(table, options.served.policy);
  return options;
}

}  // namespace dialtone::daemon
