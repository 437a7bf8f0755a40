// SPDX-License-Identifier: Apache-2.0
//
// dnsmasq.conf and the pools of IOS: a statement a line.
#include "control/dhcp/readers.h"
#include "dataplane/config/address_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <set>
#include <sstream>

namespace dialtone::dhcp {
namespace {

struct Line {
  std::string text;
  std::size_t number;
};

std::vector<Line> lines_of(const std::string& text) {
  std::vector<Line> lines;
  std::istringstream in(text);
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    lines.push_back({bare(line), ++number});
  }
  return lines;
}

// In dnsmasq one begins at a '#' behind a blank, or at the line's begin, but not within quotes.
std::string without_comment(const std::string& line) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    is_quoted ^= line[i] == '"';
    if (line[i] == '#' && !is_quoted && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
      return bare(std::string_view(line).substr(0, i));
    }
  }
  return line;
}

// "dhcp-option=tag:x,150,10.0.0.1": of which range, and what.
struct Said {
  std::set<std::string> tags{};
  std::vector<std::string> words{};
};

Said said_of(const std::string& value) {
  Said said;
  for (const std::string& word : parts_of(value, ",")) {
    if (said.words.empty() && (word.starts_with("tag:") || word.starts_with("set:"))) {
      said.tags.insert(word.substr(4));
    } else if (!word.starts_with("vendor:") && !word.starts_with("encap:")) {
      said.words.push_back(word);
    }
  }
  return said;
}

void read_dnsmasq_option(const std::vector<std::string>& words, Scope& scope) {
  const std::string& code = words[0];
  const std::vector<std::string> values(words.begin() + 1, words.end());
  if (code == "150" || code == "option:150" || code == "option:tftp-server-address") {
    scope.option150 = values;
  } else if ((code == "66" || code == "option:66" || code == "option:tftp-server") &&
             !values.empty()) {
    scope.option66 = values.front();
  }
}

// "0a00.0001.0a00.0002": of each eight digits one; nothing: these are no addresses.
std::vector<std::string> addresses_of(std::string digits) {
  std::erase(digits, '.');
  if (digits.size() % 8 != 0) {
    return {};
  }
  std::vector<std::string> addresses;
  for (std::size_t i = 0; i < digits.size(); i += 8) {
    std::uint32_t address = 0;
    const char* begin = digits.data() + i;
    if (std::from_chars(begin, begin + 8, address, 16).ptr != begin + 8) {
      return {};
    }
    addresses.push_back(config::ip_text(IpAddress::from_v4(address)));
  }
  return addresses;
}

// "option 150 ip A B", or the same in hex. What is no address stays as it is.
std::vector<std::string> read_ios_addresses(const std::vector<std::string>& words) {
  if (words[2] == "ip") {
    return {words.begin() + 3, words.end()};
  }
  std::string rest;
  for (std::size_t i = 3; i < words.size(); ++i) {
    rest += words[i];
  }
  std::vector<std::string> addresses;
  if (words[2] == "hex") {
    addresses = addresses_of(rest);
  }
  return addresses.empty() ? std::vector<std::string>{words[2] + " " + rest} : addresses;
}

}  // namespace

Configuration read_dnsmasq(const std::string& text) {
  Configuration configuration{.kind = ServerKind::kDnsmasq};
  std::vector<std::set<std::string>> tags;  // of each scope
  std::vector<std::pair<Said, Scope>> options;
  std::vector<Line> lines = lines_of(text);
  for (Line& line : lines) {
    line.text = without_comment(line.text);
    const std::size_t equals = line.text.find('=');
    if (equals == std::string::npos) {
      continue;
    }
    const std::string key = line.text.substr(0, equals);
    Said said = said_of(line.text.substr(equals + 1));
    if (said.words.empty()) {
      continue;
    }
    Scope scope{.line = line.number};
    if (key == "dhcp-range" && said.words[0].find(':') == std::string::npos) {
      scope.name = said.words[0];
      configuration.scopes.push_back(std::move(scope));
      tags.push_back(std::move(said.tags));
    } else if (key == "dhcp-option" || key == "dhcp-option-force") {
      read_dnsmasq_option(said.words, scope);
      options.emplace_back(std::move(said), std::move(scope));
    } else if (key == "dhcp-boot") {
      // File, name and address of a server; empty ones are left out above, so the value is asked.
      std::string value = line.text.substr(equals + 1);
      std::vector<std::string> fields;
      for (std::size_t at = 0; at != std::string::npos;) {
        const std::size_t end = value.find(',', at);
        const std::string part = bare(std::string_view(value).substr(at, end - at));
        if (!part.starts_with("tag:")) {
          fields.push_back(part);
        }
        at = end == std::string::npos ? end : end + 1;
      }
      fields.resize(3);
      scope.sname = fields[1];
      scope.next_server = fields[2];
      options.emplace_back(std::move(said), std::move(scope));
    }
  }
  // A tag of no range is one of clients, of phones: it counts in each.
  std::set<std::string> of_ranges;
  for (const std::set<std::string>& each : tags) {
    of_ranges.insert(each.begin(), each.end());
  }
  for (std::size_t i = 0; i < configuration.scopes.size(); ++i) {
    for (const auto& [said, scope] : options) {
      const std::set<std::string>& mine = tags[i];
      const bool counts = std::all_of(said.tags.begin(), said.tags.end(), [&](const auto& tag) {
        return mine.contains(tag) || !of_ranges.contains(tag);
      });
      if (counts) {
        Scope last = scope;  // of two that count dnsmasq sends the last
        inherit(last, configuration.scopes[i]);
        last.name = configuration.scopes[i].name;
        last.line = configuration.scopes[i].line;
        configuration.scopes[i] = std::move(last);
      }
    }
  }
  return configuration;
}

Configuration read_ios(const std::string& text) {
  Configuration configuration{.kind = ServerKind::kIos};
  constexpr std::string_view kPool = "ip dhcp pool ";
  bool is_in_pool = false;
  for (const Line& line : lines_of(text)) {
    if (line.text.starts_with(kPool)) {
      configuration.scopes.push_back(
          {.name = bare(std::string_view(line.text).substr(kPool.size())), .line = line.number});
      is_in_pool = true;
      continue;
    }
    const std::vector<std::string> words = parts_of(line.text, " \t");
    if (words.empty() || words[0] == "!") {
      is_in_pool = is_in_pool && words.empty();
      continue;
    }
    if (!is_in_pool) {
      continue;
    }
    Scope& scope = configuration.scopes.back();
    if (words[0] == "next-server" && words.size() > 1) {
      scope.next_server = words[1];
    } else if (words[0] == "option" && words.size() > 3 && words[1] == "150") {
      scope.option150 = read_ios_addresses(words);
    } else if (words[0] == "option" && words.size() > 3 && words[1] == "66") {
      scope.option66 = words[3];
    }
  }
  return configuration;
}

}  // namespace dialtone::dhcp
