// SPDX-License-Identifier: Apache-2.0
//
// What PreparedCampus holds, for the renderer: the shared rows with their texts escaped, and for
// each row the joined list that its phones need, with the weights of the size bound (fields.h).
// Immutable once made.
#pragma once

#include "generator/campus.h"
#include "generator/device_files.h"
#include "generator/fields.h"
#include "generator/records.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::generator {

struct CmMember {
  std::uint32_t priority = 0;  // lowest is tried first
  CmNode node;
};

struct GroupRow {
  Uuid uuid;
  std::string name;
  bool is_default = false;
  std::string first_address;  // of the member tried first
  std::uint16_t first_sip_port = 5060;
  std::string backup_address;  // of the next one; empty: there is none
  std::uint16_t backup_sip_port = 5060;
  std::vector<CmMember> members;
};

// One loadInformationN of XMLDefault.cnf.xml.
struct LoadRow {
  std::uint32_t number = 0;
  std::string name;
  std::string load;
};

// A dial plan as it stands inside of ld<mac>, gk<mac> and ata<mac>.
struct PlanRow {
  std::string name;
  std::string text;
};

// A collection as the renderer walks it.
struct ItemList {
  const std::byte* first = nullptr;
  std::uint32_t count = 0;
  std::uint32_t stride = 0;
  std::size_t weight = 0;  // of all items
};

struct CampusTables {
  Campus rows;  // texts escaped; the TagMaps are not
  std::vector<GroupRow> groups;
  std::vector<std::vector<NtpServer>> ntps;      // by date/time group
  std::vector<std::vector<TagOverride>> vendor;  // by model; views into `rows`
  std::vector<std::vector<TagOverride>> common;  // by common phone profile
  std::vector<TagOverride> enterprise;
  std::vector<LoadRow> loads;
  std::vector<PlanRow> plans;                                 // by dial plan
  std::vector<std::string> plan_faults;                       // why one has no text; likewise
  std::array<TagMap, kFamilyCount> family_tags;               // what `family` points into
  std::array<std::vector<TagOverride>, kFamilyCount> family;  // parameters, by family
  std::vector<DeviceFileSet> files;                           // by model
  SrstReference no_srst;                                      // of pools without one
  Locale english;                                             // of phones without one
  PlanRow no_plan;                                            // likewise
  std::uint32_t default_group = 0;

  std::array<std::vector<std::size_t>, kScopeCount> weights;  // by row
  std::vector<ItemList> ntp_items, vendor_items, common_items, member_items;
  ItemList enterprise_items, service_items, load_items;
  std::array<ItemList, kFamilyCount> family_items;
  std::size_t no_srst_weight = 0;
  std::size_t english_weight = 0;
  std::size_t enterprise_weight = 0;
};

}  // namespace dialtone::generator
