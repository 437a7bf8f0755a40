// SPDX-License-Identifier: Apache-2.0
//
// Where in a JSON text something stands: the library's values do not say it. The text is looked
// through only for what is asked, and each list or object once. Private to this folder. One thread;
// the text must outlive it.
#pragma once

#include "control/import/text_places.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace dialtone::importing {

// From the top: keys of objects and numbers in lists, as cm_groups, 2, members.
using JsonStep = std::variant<std::string, std::size_t>;
using JsonPath = std::vector<JsonStep>;

// "cm_groups[2].members".
std::string to_string(const JsonPath& path);

class JsonPlaces {
 public:
  // Of a text that read_json() has taken.
  explicit JsonPlaces(std::string_view text) : text_(text), places_(text) {}

  // The place of the key, or of the value in the list, that the path ends with; of what it was in,
  // when there is none.
  TextPlace of(const JsonPath& path);

 private:
  struct Child {
    std::string_view key;  // as it is written, without quotes; empty in a list
    std::size_t at;        // of the key, or of the value in a list
    std::size_t value;
  };

  const std::vector<Child>& children(std::size_t container);
  const Child* find(std::size_t container, const JsonStep& step);
  std::size_t skip_space(std::size_t at) const noexcept;
  std::size_t skip_string(std::size_t at) const noexcept;
  std::size_t skip_value(std::size_t at) const noexcept;

  std::string_view text_;
  TextPlaces places_;
  std::unordered_map<std::size_t, std::vector<Child>> children_;  // by where the container begins
};

}  // namespace dialtone::importing
