// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/softkey_files.h"

#include "generator/shared/file_rules.h"
#include "generator/shared/softkey_table.h"
#include "generator/shared/version_stamp.h"
#include "generator/shared/xml_document.h"

#include <algorithm>

namespace dialtone::generator {
namespace {

Result<void> check_set(const SoftkeySet& set) {
  DIALTONE_TRY(check_softkey_state(set.state));
  for (const std::string& key : set.keys) {
    if (const auto checked = check_softkey(key); !checked) {
      return refused("state '" + set.state + "': " + checked.error().text);
    }
  }
  return set.keys.size() <= kMaxSoftkeys
             ? Result<void>()
             : refused("state '" + set.state + "' has " + std::to_string(set.keys.size()) +
                       " keys, and a phone takes " + std::to_string(kMaxSoftkeys) +
                       "; leave some out");
}

// Every key is defined, also those that no state shows: a phone looks them up by name.
std::string softkey_file(const SoftkeyTemplate& softkey_template) {
  XmlDocument xml("softKeyCfg");
  xml.text("versionStamp", version_stamp(softkey_template.changed_s, softkey_template.stamp));
  xml.begin("typeSoftKey");
  for (const Softkey& key : softkeys()) {
    xml.begin("softKeyDef");
    xml.attribute("keyID", key.id);
    xml.text("tag", std::to_string(key.tag));
    xml.text("eventID", std::to_string(key.event));
    xml.text("helpID", std::to_string(key.help));
    xml.end();
  }
  xml.end();
  xml.begin("softKeySets");
  for (const std::string_view state : softkey_states()) {
    const auto& sets = softkey_template.sets;
    const auto set = std::find_if(sets.begin(), sets.end(),
                                  [&](const SoftkeySet& each) { return each.state == state; });
    if (set == sets.end()) {
      continue;  // the phone's own
    }
    xml.begin("softKeySet");
    xml.attribute("id", state);
    for (const std::string& key : set->keys) {
      xml.begin("softKey");
      xml.attribute("keyID", key);
      xml.end();
    }
    xml.end();
  }
  return xml.finish();
}

}  // namespace

void add_softkey_files(const Campus& campus, SharedFiles& all) {
  for (const SoftkeyTemplate& each : campus.softkey_templates) {
    const std::string file = softkey_file_name(each);
    const std::string row = "softkey template '" + each.name + "'";
    if (!check_file_stem(all, file, row, each.name)) {
      continue;
    }
    Result<void> checked;
    for (const SoftkeySet& set : each.sets) {
      checked = checked ? check_set(set) : checked;
    }
    if (!checked) {
      all.faults.push_back({file, row + ": " + checked.error().text});
      continue;
    }
    add_phone_file(all, {file, softkey_file(each), abi::FileClass::kSoftkey, each.changed_s}, row);
  }
}

}  // namespace dialtone::generator
