// SPDX-License-Identifier: Apache-2.0
//
// The arguments of a command, read with their types. What is wrong with one is kUsage and names it:
// it is a client's fault, not a person's. Keeps a reference to the request.
#pragma once

#include "control/api/message.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::daemon {

class Arguments {
 public:
  // `json` is an object, or null for none.
  explicit Arguments(const api::Json& json) noexcept : json_(json) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }
  Result<std::string> text(std::string_view name) const;                                // must be
  Result<std::string> text_or(std::string_view name, std::string_view fallback) const;  // may be
  // May be; one that is given is not empty, since it chooses: an empty one would mean all.
  Result<std::string> name_or(std::string_view name, std::string_view fallback) const;
  Result<bool> flag(std::string_view name, bool fallback) const;
  Result<std::vector<std::string>> texts(std::string_view name) const;  // at least one

  // A whole number of 0 to `most`.
  Result<std::uint64_t> number_or(std::string_view name, std::uint64_t fallback,
                                  std::uint64_t most) const;
  // A list of such, or nothing when there is none.
  Result<std::optional<std::vector<std::uint64_t>>> numbers(std::string_view name) const;

  // An object of texts, in its order; an absent one is empty.
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  Result<Pairs> pairs(std::string_view name) const;

  // A list of {name, length}: at least one.
  struct File {
    std::string name;
    std::uint64_t length = 0;
  };
  Result<std::vector<File>> files(std::string_view name) const;

  // A list of {file, code, text} that a client has found itself; an absent one is empty.
  Result<Diagnostics> faults(std::string_view name) const;

  // A name that is none of `known` is refused.
  Result<void> only(std::initializer_list<std::string_view> known) const;

 private:
  const api::Json* find(std::string_view name) const;

  const api::Json& json_;
};

}  // namespace dialtone::daemon
