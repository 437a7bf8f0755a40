// SPDX-License-Identifier: Apache-2.0
#include "control/dhcp/readers.h"

namespace dialtone::dhcp {

std::string bare(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\"";
  const std::size_t begin = text.find_first_not_of(kAround);
  const std::size_t end = text.find_last_not_of(kAround);
  return begin == std::string_view::npos ? "" : std::string(text.substr(begin, end + 1 - begin));
}

std::vector<std::string> parts_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(separators);
    if (std::string part = bare(text.substr(0, end)); !part.empty()) {
      parts.push_back(std::move(part));
    }
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return parts;
}

void inherit(Scope& inner, const Scope& outer) {
  const auto take = [](auto& mine, const auto& theirs) {
    if (mine.empty()) {
      mine = theirs;
    }
  };
  take(inner.option150, outer.option150);
  take(inner.option66, outer.option66);
  take(inner.sname, outer.sname);
  take(inner.next_server, outer.next_server);
}

}  // namespace dialtone::dhcp
