// SPDX-License-Identifier: Apache-2.0
//
// What a worker answers to a read request, as far as the generation that it serves decides it: the
// same steps in the same order, over the same functions, for people who ask why. What the moment
// decides beside it (free sessions, rates of a source) is not in it. Cold; pure; any thread.
#pragma once

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/image_view.h"
#include "dataplane/abi/name_class.h"
#include "dataplane/base/ip_address.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dialtone::abi {

// Texts of refusals that no policy has a say in.
inline constexpr std::string_view kDeniedText = "Not allowed";
inline constexpr std::string_view kComposedText = "This server version cannot compose this file";

enum class NameAnswer : std::uint8_t {
  kData,
  kNotFound,
  kAsks,        // control is asked for it, and the client waits for what becomes of that
  kRebuilding,  // for clients that have no transfer yet
  kSilence,     // the client may not ask, and hears nothing
  kDenied,      // the client may not ask, and is told so
  kComposed,
};

struct NameQuestion {
  std::string_view name;                 // as a request spells it
  std::optional<IpAddress> client = {};  // nothing: one that may ask
  std::chrono::milliseconds age{0};      // of the generation, since it was published
  bool is_listening = false;             // a control reads the miss ring
};

struct NameVerdict {
  NameAnswer answer = NameAnswer::kNotFound;
  CanonicalName name;  // its length is 0: it has no canonical form
  NameClass name_class = NameClass::kOther;
  std::optional<FileRef> file = {};  // whatever the answer is; its own name may be another
  bool is_buried = false;            // control has looked for it not long ago, in vain
};

NameVerdict judge_name(const ImageView& image, const NameQuestion& question) noexcept;

// The ERROR of RFC 1350 that goes with an answer; nothing with kData, kAsks and kSilence. The text
// lies in `policy`, or for ever.
struct NameError {
  std::uint16_t code;
  std::string_view text;
};
std::optional<NameError> error_of(NameAnswer answer, const Policy& policy) noexcept;

}  // namespace dialtone::abi
