// SPDX-License-Identifier: Apache-2.0
#include "generator/ptag.h"

#include "generator/family.h"
#include "generator/ptag_tables.h"
#include "generator/spelling.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

namespace dialtone::generator {
namespace {

const Ptag* find(Family family, std::string_view name) noexcept {
  const auto all = ptags(family);
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Ptag& ptag) { return ptag.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool is_number(std::string_view text, std::uint64_t most, int base = 10) noexcept {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && number <= most;
}

bool is_hex(std::string_view text) noexcept {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
  return prefixed ? is_number(text.substr(2), kMost, 16) : is_number(text, kMost);
}

// So many numbers with dots between them, the first four of them bytes.
bool is_dotted(std::string_view text, std::size_t parts) noexcept {
  for (std::size_t i = 0; i < parts; ++i) {
    const std::size_t end = i + 1 == parts ? text.size() : text.find('.');
    if (end == text.npos || !is_number(text.substr(0, end), i < 4 ? 255 : 65535)) {
      return false;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

bool is_shorts(std::string_view text, std::size_t most) noexcept {
  for (std::size_t count = 1;; ++count) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (count > most || !is_number(text.substr(0, end), 65535)) {
      return false;
    }
    if (end == text.size()) {
      return true;
    }
    text.remove_prefix(end + 1);
  }
}

bool is_text(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool takes(const Ptag& ptag, std::string_view value) noexcept {
  switch (ptag.type) {
    case PtagType::kAddress:
      return is_dotted(value, 4);
    case PtagType::kNumber:
      return is_number(value, std::numeric_limits<std::uint32_t>::max());
    case PtagType::kHex:
      return is_hex(value);
    case PtagType::kBoolean:
      return value == "0" || value == "1";
    case PtagType::kDigits:
      return value.size() <= ptag.size && value.find_first_not_of("0123456789.") == value.npos;
    case PtagType::kText:
      return value.size() <= ptag.size && is_text(value);
    case PtagType::kShorts:
      return is_shorts(value, ptag.size / 2);
    case PtagType::kAddressPort:
      return is_dotted(value, 5);
  }
  return false;
}

std::string wants(const Ptag& ptag) {
  switch (ptag.type) {
    case PtagType::kAddress:
      return "an IPv4 address, as 192.0.2.1";
    case PtagType::kNumber:
      return "a number of 32 bits";
    case PtagType::kHex:
      return "a number of 32 bits, as 18 or 0x12";
    case PtagType::kBoolean:
      return "0 or 1";
    case PtagType::kDigits:
      return "at most " + std::to_string(ptag.size) + " digits";
    case PtagType::kText:
      return "at most " + std::to_string(ptag.size) + " ASCII characters";
    case PtagType::kShorts:
      return "at most " + std::to_string(ptag.size / 2) +
             " numbers of 16 bits with commas between them";
    case PtagType::kAddressPort:
      return "an IPv4 address and a port, as 192.0.2.1.514";
  }
  return {};
}

// Too long is what a reader cannot see.
std::string shown(const Ptag& ptag, std::string_view value) {
  const bool counts = ptag.type == PtagType::kText || ptag.type == PtagType::kDigits;
  return quoted(value) +
         (counts && value.size() > ptag.size ? ", which has " + std::to_string(value.size()) : "");
}

// A value comes from the row of its name, or from others by way of the template.
std::string cure(Family family, ProfileOf of, std::string_view name) {
  if (of == ProfileOf::kDevice) {
    return has_ptag(family, name) ? "change what it is made of, or set vendor." + std::string(name)
                                  : "take it away, from the device (vendor." + std::string(name) +
                                        ") or from the family's parameters";
  }
  const std::string row = R"({"family_parameters": [{"family": ")" +
                          std::string(family_name(family)) + R"(", "name": ")" + std::string(name) +
                          R"(", "value": )";
  return has_ptag(family, name)
             ? "change what it is made of, or give it another value: 'dialtone import json' of " +
                   row + R"("..."}]})"
             : "take it away: 'dialtone import json' of " + row + "null}]}";
}

std::string line_fault(Family family, Protocol protocol, ProfileOf of, std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos) {
    return "the line " + quoted(line) + " is not Name:Value";
  }
  const std::string_view name = line.substr(0, colon);
  const unsigned context = protocol == Protocol::kSip ? kPtagSip : kPtagSccp;
  std::string fault = ptag_fault(family, context, name, line.substr(colon + 1));
  return fault.empty() ? fault : fault + "; " + cure(family, of, name);
}

}  // namespace

bool has_ptags(Family family) noexcept {
  return !ptags(family).empty();
}

std::span<const Ptag> ptags(Family family) noexcept {
  switch (family) {
    case Family::kLd:
      return kLdPtags;
    case Family::kGk:
      return kGkPtags;
    case Family::kAta:
      return kAtaPtags;
    default:
      return {};
  }
}

bool has_ptag(Family family, std::string_view name) noexcept {
  return find(family, name) != nullptr;
}

std::vector<std::string_view> ptag_names(Family family) {
  std::vector<std::string_view> names;
  for (const Ptag& ptag : ptags(family)) {
    names.push_back(ptag.name);
  }
  return names;
}

std::string ptag_fault(Family family, unsigned context, std::string_view name,
                       std::string_view value) {
  const Ptag* ptag = find(family, name);
  if (ptag == nullptr) {
    return "there is no parameter " + quoted(name);
  }
  if ((ptag->context & context) == 0) {
    return "the parameter " + quoted(name) + " is not read by firmware for " +
           (context == kPtagSip ? "SIP" : "SCCP");
  }
  return takes(*ptag, value) ? std::string()
                             : "the parameter " + quoted(name) + " takes " + wants(*ptag) +
                                   ", not " + shown(*ptag, value);
}

Result<void> check_profile(Family family, Protocol protocol, std::string_view text, ProfileOf of) {
  bool first = true;
  std::string faults;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (first && line != "#txt") {
      return refused("a profile begins with #txt");
    }
    first = false;
    if (!line.empty() && line.front() != '#') {
      if (const std::string fault = line_fault(family, protocol, of, line); !fault.empty()) {
        faults += (faults.empty() ? "" : "; ") + fault;
      }
    }
  }
  return faults.empty() ? Result<void>() : refused(faults);
}

}  // namespace dialtone::generator
