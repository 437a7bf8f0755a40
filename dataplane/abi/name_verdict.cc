// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/name_verdict.h"

#include "dataplane/abi/client_prefixes.h"
#include "dataplane/abi/served_file.h"

namespace dialtone::abi {
namespace {

NameAnswer answer_to(const ImageView& image, const NameQuestion& question,
                     const NameVerdict& verdict) noexcept {
  const Policy& policy = image.policy();
  if (question.client && !is_allowed(client_ranges(image.manifest()), *question.client)) {
    return policy.answers_denied != 0 ? NameAnswer::kDenied : NameAnswer::kSilence;
  }
  if (verdict.name.length == 0) {
    return NameAnswer::kNotFound;
  }
  // Without the rule no time is before its end.
  if (policy.rebuilding_s != 0 && question.age < std::chrono::seconds(policy.rebuilding_s)) {
    return NameAnswer::kRebuilding;
  }
  if (verdict.file) {
    return verdict.file->kind == Kind::kComposed ? NameAnswer::kComposed : NameAnswer::kData;
  }
  return policy.miss_rule == MissRule::kAsk && question.is_listening && !verdict.is_buried
             ? NameAnswer::kAsks
             : NameAnswer::kNotFound;
}

}  // namespace

NameVerdict judge_name(const ImageView& image, const NameQuestion& question) noexcept {
  NameVerdict verdict;
  if (canonicalize(question.name, verdict.name)) {
    const std::string_view name = verdict.name.view();
    const NameKey key = name_key(name, image.seed());
    verdict.name_class = name_class(name, key);
    verdict.file = find_served(image, name, key);
    const Tombstone* tombstone = image.find_tombstone(key);
    verdict.is_buried =
        tombstone != nullptr && question.age < std::chrono::milliseconds(tombstone->left_ms);
  }
  verdict.answer = answer_to(image, question, verdict);
  return verdict;
}

std::optional<NameError> error_of(NameAnswer answer, const Policy& policy) noexcept {
  constexpr std::uint16_t kNotDefined = 0;  // RFC 1350: its text says what is wrong
  switch (answer) {
    case NameAnswer::kNotFound:
      return NameError{policy.not_found.code, policy.not_found.text};
    case NameAnswer::kRebuilding:
      return NameError{policy.rebuilding.code, policy.rebuilding.text};
    case NameAnswer::kDenied:
      return NameError{policy.access_violation.code, kDeniedText};
    case NameAnswer::kComposed:
      return NameError{kNotDefined, kComposedText};
    case NameAnswer::kData:
    case NameAnswer::kAsks:
    case NameAnswer::kSilence:
      break;
  }
  return std::nullopt;
}

}  // namespace dialtone::abi
