// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/boot_script.h"

#include "dataplane/base/check.h"

#include <algorithm>
#include <sstream>

namespace dialtone::emu {
namespace {

// Its digits are letters, which stand in no name by chance.
constexpr wire::MacAddress kMark{{0xfe, 0xed, 0xfa, 0xce, 0xbe, 0xef}};
constexpr std::size_t kDigits = 12;

char* append(char* out, std::string_view text) noexcept {
  return std::copy(text.begin(), text.end(), out);
}

}  // namespace

BootScript::BootScript(BootKind kind) {
  for (const BootFile& file : boot_order(kind, kMark)) {
    add(file);
  }
}

Result<BootScript> BootScript::of_list(std::string_view list) {
  constexpr std::string_view kPlace = "{MAC}";
  BootScript script;
  script.needed_ = 0;
  std::istringstream in{std::string(list)};
  for (std::string part; std::getline(in, part, ',');) {
    BootFile file{.name = part, .role = FileRole::kConfig};
    if (part.ends_with('?')) {
      file = {.name = part.substr(0, part.size() - 1), .role = FileRole::kTrust};
    }
    for (const bool upper : {true, false}) {
      const std::size_t at = file.name.find(upper ? "{MAC}" : "{mac}");
      if (at != std::string::npos) {
        file.name.replace(at, kPlace.size(), mac_digits(kMark, upper));
      }
    }
    if (file.name.empty() || file.name.size() > FileName::kMost ||
        file.name.find_first_of("{}?") != std::string::npos) {
      return usage("--files: '" + part +
                   "' is no name of at most 47 characters, with {MAC} or {mac} once at most");
    }
    script.needed_ += file.role == FileRole::kConfig ? 1 : 0;
    script.add(file);
  }
  if (script.needed_ == 0 || script.size() > kMostFiles) {
    return usage("--files: 1 to " + std::to_string(kMostFiles) +
                 " names, and one at least without '?'");
  }
  return script;
}

BootScript BootScript::of_names(const std::vector<std::string>& names) {
  BootScript script;
  script.needed_ = 0;
  for (const std::string& name : names) {
    script.files_.push_back({.before = name});
  }
  return script;
}

void BootScript::add(const BootFile& file) {
  File made{.before = file.name, .role = file.role, .if_missing = file.if_missing};
  for (const bool upper : {true, false}) {
    const std::size_t at = file.name.find(mac_digits(kMark, upper));
    if (at != std::string::npos) {
      made.before = file.name.substr(0, at);
      made.after = file.name.substr(at + kDigits);
      made.has_mac = true;
      made.is_upper = upper;
    }
  }
  DIALTONE_CHECK(made.before.size() + (made.has_mac ? kDigits : 0) + made.after.size() <=
                 FileName::kMost);
  files_.push_back(std::move(made));
}

void BootScript::write_name(std::size_t file, const wire::MacAddress& mac,
                            FileName& name) const noexcept {
  const File& made = files_[file];
  char* out = append(name.text_.data(), made.before);
  if (made.has_mac) {
    const char* digits = made.is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (const std::uint8_t byte : mac.bytes) {
      *out++ = digits[byte >> 4];
      *out++ = digits[byte & 15];
    }
    out = append(out, made.after);
  }
  name.length_ = static_cast<std::uint8_t>(out - name.text_.data());
}

}  // namespace dialtone::emu
