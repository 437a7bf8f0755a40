// SPDX-License-Identifier: Apache-2.0
//
// Result<T>: a value or an Error, for the cold path. Test it before use; reading the wrong side is
// a bug of ours and aborts.
//
//   Result<UniqueFd> fd = open_segment(size);
//   if (!fd) {
//     return fd.error();
//   }
//   use(*fd);
#pragma once

#include "dataplane/base/check.h"
#include "dataplane/base/error.h"

#include <optional>
#include <utility>
#include <variant>

namespace dialtone {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & {
    DIALTONE_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    DIALTONE_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    DIALTONE_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    DIALTONE_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  const Error& error() const {
    DIALTONE_CHECK(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace dialtone

// Returns the Error of a Result<void> expression from the calling function.
#define DIALTONE_TRY(expression)                                \
  do {                                                          \
    if (auto dialtone_try = (expression); !dialtone_try.ok()) { \
      return dialtone_try.error();                              \
    }                                                           \
  } while (false)
