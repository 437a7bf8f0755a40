// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plain_request.h"

#include <algorithm>

namespace dialtone::test {
namespace {

// In the order in which an OACK gives them; bounds as decimal text.
struct Known {
  std::string_view name;
  std::string_view least;
  std::string_view most;
};
constexpr Known kKnown[] = {
    {"blksize", "8", "4294967295"},
    {"blksize2", "8", "4294967295"},
    {"tsize", "0", "18446744073709551615"},
    {"timeout", "1", "255"},
    {"utimeout", "10000", "255000000"},
    {"windowsize", "1", "65535"},
    {"rollover", "0", "1"},
};

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return 'A' <= c && c <= 'Z' ? char(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_decimal(std::string_view text) {
  return !text.empty() && (text == "0" || text[0] != '0') &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Of two decimal numbers.
bool at_most(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a <= b;
}

// Each text that a NUL ends.
std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> fields;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') {
      fields.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  return fields;
}

std::uint64_t number(std::string_view text) {
  return std::stoull(std::string(text));
}

void add(PlainGrant& grant, std::string_view name, std::string_view value) {
  grant.oack.append(name).append(1, '\0').append(value).append(1, '\0');
}

}  // namespace

const PlainOption* PlainRequest::find(std::string_view option) const {
  for (const PlainOption& one : options) {
    if (one.name == option) {
      return &one;
    }
  }
  return nullptr;
}

PlainRequest read_options_plainly(std::string_view text) {
  PlainRequest request;
  const std::vector<std::string_view> fields = fields_of(text);
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i + 1 < fields.size() && !fields[i].empty(); i += 2) {
    for (const Known& known : kKnown) {
      if (!same_word(fields[i], known.name)) {
        continue;
      }
      if (std::find(seen.begin(), seen.end(), known.name) != seen.end()) {
        request.fault = PlainRequest::Fault::kTwice;
        return request;
      }
      seen.push_back(known.name);
      const std::string_view value = fields[i + 1];
      if (is_decimal(value) && at_most(known.least, value) && at_most(value, known.most)) {
        request.options.push_back({known.name, value});
      }
    }
  }
  return request;
}

PlainRequest read_plainly(std::string_view packet) {
  PlainRequest malformed;
  malformed.fault = PlainRequest::Fault::kMalformed;
  if (packet.size() > 512) {
    return malformed;
  }
  const std::string_view text = packet.substr(2);
  const std::vector<std::string_view> fields = fields_of(text);
  if (fields.size() < 2 || fields[1].empty()) {
    return malformed;
  }
  const bool netascii = same_word(fields[1], "netascii");
  if (!netascii && !same_word(fields[1], "octet")) {
    malformed.fault = PlainRequest::Fault::kMode;
    return malformed;
  }
  PlainRequest request =
      read_options_plainly(text.substr(fields[0].size() + 1 + fields[1].size() + 1));
  request.netascii = netascii;
  request.name = fields[0];
  return request;
}

PlainGrant grant_plainly(const PlainRequest& request, const PlainLimits& limits,
                         std::uint64_t file_size) {
  PlainGrant grant;
  if (const PlainOption* size = request.find("blksize")) {
    grant.block_size = std::min(number(size->value), limits.block_size);
    add(grant, "blksize", std::to_string(grant.block_size));
  } else if (const PlainOption* power = request.find("blksize2")) {
    grant.block_size = 8;
    while (grant.block_size * 2 <= std::min(number(power->value), limits.block_size)) {
      grant.block_size *= 2;
    }
    add(grant, "blksize2", std::to_string(grant.block_size));
  }
  if (request.find("tsize") != nullptr && file_size != 0 && !request.netascii) {
    add(grant, "tsize", std::to_string(file_size));
  }
  if (const PlainOption* seconds = request.find("timeout")) {
    add(grant, "timeout", seconds->value);
  } else if (const PlainOption* micros = request.find("utimeout")) {
    add(grant, "utimeout", micros->value);
  }
  if (const PlainOption* window = request.find("windowsize"); window && !request.netascii) {
    const std::uint64_t by_bytes =
        std::max<std::uint64_t>(1, limits.window_bytes / grant.block_size);
    grant.window = std::min({number(window->value), limits.window, by_bytes});
    add(grant, "windowsize", std::to_string(grant.window));
  }
  if (const PlainOption* rollover = request.find("rollover")) {
    add(grant, "rollover", rollover->value);
  }
  return grant;
}

}  // namespace dialtone::test
