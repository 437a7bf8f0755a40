// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/ring_list_files.h"

#include "generator/shared/xml_document.h"

#include <algorithm>
#include <array>

namespace dialtone::generator {
namespace {

constexpr std::size_t kMostTones = 50;
constexpr std::size_t kMostCharacters = 25;  // bytes of UTF-8 that continue one do not count

struct RingList {
  std::string_view list;
  const char* file;
  std::string_view ending;
};
constexpr auto kLists = std::to_array<RingList>({
    {"ring", "Ringlist.xml", ".raw"},
    {"ring-wb", "Ringlist-wb.xml", ".rwb"},
    {"distinctive", "DistinctiveRingList.xml", ".raw"},
});

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

Result<void> check_length(const char* what, std::string_view text) {
  return !text.empty() && characters(text) <= kMostCharacters
             ? Result<void>()
             : refused(std::string(what) + " '" + std::string(text) + "' has " +
                       std::to_string(characters(text)) + " characters, and a phone takes 1 to " +
                       std::to_string(kMostCharacters) + "; change it");
}

Result<void> check_tone(const RingTone& tone) {
  DIALTONE_TRY(check_length("the name", tone.name));
  DIALTONE_TRY(check_length("the file", tone.file));
  return check_ring_file(tone.list, tone.file);
}

void add_list(const Campus& campus, const RingList& list, SharedFiles& all) {
  XmlDocument xml("CiscoIPPhoneRingList");
  std::size_t count = 0;
  for (const RingTone& tone : campus.ring_tones) {
    if (tone.list != list.list) {
      continue;
    }
    auto checked = check_tone(tone);
    if (checked && ++count > kMostTones) {
      checked = refused("a phone takes " + std::to_string(kMostTones) +
                        " tones of a list; remove some of '" + tone.list + "'");
    }
    if (!checked) {
      all.faults.push_back({list.file, "ring tone '" + tone.name + "': " + checked.error().text});
      return;
    }
    xml.begin("Ring");
    xml.text("DisplayName", tone.name);
    xml.text("FileName", tone.file);
    xml.end();
  }
  if (count != 0) {
    all.files.push_back({list.file, xml.finish(), abi::FileClass::kRing, 0});
  }
}

}  // namespace

Result<void> check_ring_file(std::string_view list, std::string_view file) {
  const auto found = std::find_if(kLists.begin(), kLists.end(),
                                  [&](const RingList& each) { return each.list == list; });
  if (found == kLists.end()) {
    return refused("'" + std::string(list) + "' is no list of ring tones");
  }
  return file.size() > found->ending.size() && file.ends_with(found->ending)
             ? Result<void>()
             : refused("'" + std::string(file) + "' does not end in " + std::string(found->ending) +
                       ", as files of " + found->file + " do");
}

void add_ring_list_files(const Campus& campus, SharedFiles& all) {
  for (const RingList& list : kLists) {
    add_list(campus, list, all);
  }
}

}  // namespace dialtone::generator
