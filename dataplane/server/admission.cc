// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/admission.h"

#include "dataplane/server/last_wait.h"
#include "dataplane/tftp/transfer.h"

#include <algorithm>

namespace dialtone::server {
namespace {

constexpr std::size_t kMinSources = 1024;
// 512 KB: a flood is as large for a small table of sessions.
constexpr std::uint32_t kMinRetryLines = 8192;
// A malformed request can be shorter than any text; nobody needs many answers to such.
constexpr std::uint32_t kLargeErrorsPerSecond = 1000;

std::size_t sources_for(std::uint32_t max_sessions) noexcept {
  return std::max<std::size_t>(kMinSources, std::size_t{max_sessions} * 2);
}

std::uint32_t seconds(Micros now) noexcept {
  return static_cast<std::uint32_t>(now / 1'000'000);
}

// At least one: a few sessions have such a part too.
std::size_t part_of(std::size_t sessions, std::size_t parts) noexcept {
  return std::max<std::size_t>(1, sessions / parts);
}

std::uint32_t vlans_of(const tftp::ClientKey& client) noexcept {
  return client.network & 0xffffff;
}

}  // namespace

Admission::Admission(const Config& config, const tftp::SessionQueues& queues)
    : config_(config),
      queues_(queues),
      sources_(sources_for(config.max_sessions), config.hash_seed),
      prefixes_(sources_for(config.max_sessions) / 4, config.hash_seed),
      retries_(std::max(config.max_sessions, kMinRetryLines)),
      large_errors_(kLargeErrorsPerSecond) {}

void Admission::set_policy(const abi::Policy& policy) noexcept {
  static_assert(Allowance::of(abi::kMaxFirstPackets, kFirstEachUs).window <=
                    SourceTable::kMostAhead &&
                kProvenFirst.window <= SourceTable::kMostAhead &&
                kPrefixFirst.window <= SourceTable::kMostAhead);
  source_rate_ = Allowance::per_second(policy.source_requests);
  prefix_rate_ = Allowance::per_second(policy.prefix_requests);
  first_ = Allowance::of(policy.first_packets, policy.first_packets == 0 ? 0 : kFirstEachUs);
  proven_s_ = policy.proven_s;
  timeout_us_ = Micros{policy.retransmit_ms} * 1000;
  // A part that is smaller than one answer would let nobody in, attack or not.
  budget_.set_limit(
      policy.unproven_bytes == 0
          ? 0
          : std::max(abi::kMinUnprovenBytes,
                     share_of(policy.unproven_bytes, config_.worker, config_.workers)));
  limits_ = policy.source_requests != 0 || policy.prefix_requests != 0 ||
            policy.first_packets != 0 || policy.unproven_bytes != 0;
}

std::uint64_t Admission::hash_of(const tftp::ClientKey& client) const noexcept {
  return sources_.hash(client.address, vlans_of(client));
}

std::uint64_t Admission::prefix_hash_of(const tftp::ClientKey& client) const noexcept {
  IpAddress prefix = client.address;
  prefix.low = prefix.is_v4() ? prefix.low & ~std::uint64_t{0xff} : 0;
  return prefixes_.hash(prefix, vlans_of(client));
}

std::uint64_t Admission::retry_hash_of(const tftp::ClientKey& client) const noexcept {
  return mix64(hash_of(client), client.port);
}

bool Admission::is_proven(const tftp::ClientKey& client, Micros now) noexcept {
  const SourceEntry* source = sources_.find(hash_of(client));
  return source != nullptr && source->is_proven(seconds(now));
}

std::optional<DropReason> Admission::admit_request(const tftp::ClientKey& client,
                                                   Micros now) noexcept {
  if (!limits_) {
    return std::nullopt;
  }
  const std::uint32_t time = allowance_time(now);
  SourceEntry* source = sources_.find_or_make(hash_of(client), time, seconds(now));
  if (source != nullptr) {
    if (source->is_proven(seconds(now))) {
      return std::nullopt;
    }
    if (!source_rate_.has_room(source->requests_until, time)) {
      return DropReason::kSourceRate;
    }
  }
  SourceEntry* prefix = prefixes_.find_or_make(prefix_hash_of(client), time, seconds(now));
  if (prefix != nullptr) {
    if (!prefix_rate_.has_room(prefix->requests_until, time)) {
      return DropReason::kPrefixRate;
    }
    prefix_rate_.take(prefix->requests_until, time);
  }
  if (source != nullptr) {
    source_rate_.take(source->requests_until, time);
  }
  return std::nullopt;
}

bool Admission::spend(const tftp::ClientKey& client, Sizes sizes, Micros now) noexcept {
  const std::uint32_t time = allowance_time(now);
  SourceEntry* prefix = prefixes_.find(prefix_hash_of(client));
  const bool may_borrow = prefix != nullptr && prefix->is_proven(seconds(now)) &&
                          kPrefixFirst.has_room(prefix->first_until, time);
  const auto answer = budget_.spend(sizes.answer, sizes.request, may_borrow, now);
  if (answer == UnprovenBudget::Answer::kOnCredit) {
    kPrefixFirst.take(prefix->first_until, time);
  }
  return answer != UnprovenBudget::Answer::kNo;
}

// Who has had all of his copies comes first: a second and more, by default.
tftp::Session* Admission::who_makes_way(const tftp::ClientKey& client, Micros now) noexcept {
  const auto may_end = [&](const tftp::Session& session) {
    return !tftp::has_answered(session) &&
           tftp::elapsed_us(session.progress_us, now) >= kMinStood && session.client != client &&
           !is_proven(session.client, now);
  };
  tftp::Session* session = queues_.oldest_of_next(kLastWaitUs, now, may_end);
  return session != nullptr ? session : queues_.oldest_of_next(timeout_us_, now, may_end);
}

// A forger can repeat his requests too, so those who repeat have their own part of the sessions: an
// eighth beside those of all, and of these a quarter for what is lent to them. Within it they take
// turns, else who was there first would keep it by repeating.
Admission::First Admission::admit_unproven(const tftp::ClientKey& client, Sizes sizes,
                                           const Load& load, Micros now) noexcept {
  const std::size_t half = part_of(load.sessions, 2);
  // A flood of requests for options fills its part of the sessions with short answers, and so is no
  // attack by its bytes: each request of it is looked for among those that repeat.
  is_crowded_ = load.unanswered >= half;
  const bool is_full = load.begins && is_crowded_;
  const std::uint64_t hash = retry_hash_of(client);
  const bool is_retry = is_full && retries_.is_retry(hash, now);
  if (is_full && !is_retry) {
    return {DropReason::kUnanswered};
  }
  tftp::Session* makes_way = nullptr;
  if (is_full && load.unanswered >= half + part_of(load.sessions, 8)) {
    makes_way = load.has_room ? who_makes_way(client, now) : nullptr;
    if (makes_way == nullptr) {
      return {DropReason::kUnanswered};
    }
  }
  bool is_lent = false;
  if (!spend(client, sizes, now)) {
    is_lent = budget_.is_attacked() && (is_retry || retries_.is_retry(hash, now)) &&
              (is_retry || !load.begins || load.unanswered < part_of(load.sessions, 4)) &&
              budget_.lend_to_retry(sizes.answer);
    if (!is_lent) {
      return {DropReason::kUnprovenBytes};
    }
  }
  if (is_retry || is_lent) {
    retries_.answered(hash, now);
  }
  return {std::nullopt, makes_way};
}

Admission::First Admission::admit_first(const tftp::ClientKey& client, Sizes sizes,
                                        const Load& load, Micros now) noexcept {
  if (!limits_) {
    return {};
  }
  const std::uint32_t time = allowance_time(now);
  SourceEntry* source = sources_.find(hash_of(client));
  const bool proven = source != nullptr && source->is_proven(seconds(now));
  const Allowance& first = proven && first_.each != 0 ? kProvenFirst : first_;
  if (source != nullptr && !first.has_room(source->first_until, time)) {
    return {DropReason::kFirstPackets};
  }
  const First answer = proven ? First{} : admit_unproven(client, sizes, load, now);
  if (!answer.refused && source != nullptr) {
    first.take(source->first_until, time);
  }
  return answer;
}

bool Admission::admit_copy(const tftp::ClientKey& client, Sizes sizes, std::uint32_t copies,
                           Micros now) noexcept {
  const std::size_t sent = sizes.answer * (copies + 2);
  if (!limits_) {
    return true;
  }
  const std::uint32_t time = allowance_time(now);
  SourceEntry* source = sources_.find(hash_of(client));
  if (source != nullptr && source->is_proven(seconds(now))) {
    // Who has proven itself can be named by a forger as well.
    const bool has_room = first_.each == 0 || kProvenFirst.has_room(source->first_until, time);
    if (has_room && first_.each != 0) {
      kProvenFirst.take(source->first_until, time);
    }
    return has_room;
  }
  if (sent > UnprovenBudget::kByDefault * sizes.request) {
    return false;
  }
  if (source == nullptr || !first_.has_room(source->first_until, time) ||
      !budget_.spend_copy(sizes.answer, now)) {
    return false;
  }
  first_.take(source->first_until, time);
  return true;
}

bool Admission::admit_error(const tftp::ClientKey& client, Sizes sizes, Micros now) noexcept {
  return sizes.answer <= UnprovenBudget::kUnderAttack * sizes.request || !limits_ ||
         is_proven(client, now) || large_errors_.admit(now);
}

bool Admission::prove(const tftp::ClientKey& client, std::size_t size, Micros now) noexcept {
  if (!limits_) {
    return false;
  }
  const std::uint32_t time = allowance_time(now);
  const std::uint32_t now_s = seconds(now);
  SourceEntry& source = sources_.find_or_replace(hash_of(client), time, now_s);
  const bool is_new = !source.is_proven(now_s);
  if (is_new) {
    budget_.give_back(size);
    source.first_until = time;
  } else {
    kProvenFirst.give_back(source.first_until, time);
  }
  source.proven_until_s = now_s + proven_s_;
  prefixes_.find_or_replace(prefix_hash_of(client), time, now_s).proven_until_s =
      source.proven_until_s;
  return is_new;
}

}  // namespace dialtone::server
