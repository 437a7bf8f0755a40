// SPDX-License-Identifier: Apache-2.0
//
// The shared rows that are files of their own, or most of one: dial plans, softkey templates,
// feature policies, lists. A part of the Campus; plain data, owned by value. Texts are as a person
// typed them.
#pragma once

#include "generator/uuid.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::generator {

// What a device's files are; family.h.
enum class Family : std::uint8_t {
  kSep,      // SEP<mac>.cnf.xml, and the same with the other prefixes
  kSip7960,  // SIP<MAC>.cnf of 7940 and 7960
  kLd,       // ld<mac> of the 7905
  kGk,       // gk<mac> of the 7912
  kAta,      // ata<mac> of ATA 186 and 188
  kCnf,      // SEP<MAC>.cnf, of phones that know no XML
};
inline constexpr std::size_t kFamilyCount = 6;

// Who gets the older .cnf beside, or in place of, .cnf.xml: Unified CM's "Build CNF Files"
// (cisco-tftp 6 and 10).
enum class BuildCnf : std::uint8_t { kAll, kNone, kSelective };

// One tag of a vendorConfig, commonConfig or enterpriseConfig: an open, ordered map. `name` must be
// an element name (is_tag_name() in records.h).
struct Tag {
  std::string name;
  std::string value;

  bool operator==(const Tag&) const = default;
};
using TagMap = std::vector<Tag>;

// A rule of a dial plan; cisco-tftp 3.3 and 4.2 say what the texts mean to which phone.
struct DialRule {
  std::string pattern;
  std::uint32_t timeout_s = 0;
  std::uint32_t button = 0;  // 0: every line
  std::string user_part = "Phone";
  std::string rewrite{};
  std::string route{};
  std::string tone{};
};

// What has a file of its own has a version stamp of its own: changed_s "-" stamp, as devices have.
struct DialPlan {
  std::string name;
  std::uint64_t changed_s = 0;
  Uuid stamp;
  std::vector<DialRule> rules;  // in order
};

struct SoftkeySet {
  std::string state;              // "On Hook"
  std::vector<std::string> keys;  // "NewCall", in order
};

struct SoftkeyTemplate {
  std::string name;
  std::uint64_t changed_s = 0;
  Uuid stamp;
  std::vector<SoftkeySet> sets;
};

struct FeaturePolicy {
  std::string name;
  std::uint64_t changed_s = 0;
  Uuid stamp;
  TagMap settings;  // what differs from the defaults: a feature's name, "true" or "false"
};

struct ApplicationRule {
  bool is_directory = false;  // of DirLookupDialRules.xml
  std::string name;
  std::string begins_with;
  std::uint32_t num_digits = 0;
  std::uint32_t digits_to_remove = 0;
  std::string prefix_with;
};

struct RingTone {
  std::string list;  // ring, ring-wb, distinctive
  std::string name;
  std::string file;
};

struct Background {
  std::string folder;  // "320x212x16"
  std::string preview;
  std::string image;
};

struct FamilyParameter {
  Family family = Family::kSip7960;
  std::string name;
  std::string value;
};

}  // namespace dialtone::generator
