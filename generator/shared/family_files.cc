// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/family_files.h"

#include "generator/family.h"
#include "generator/shared/xml_document.h"
#include "generator/text_line.h"

#include <algorithm>

namespace dialtone::generator {
namespace {

// What the phone compares its own `sync` with.
std::string sync_of(const Campus& campus) {
  const auto found =
      std::find_if(campus.family_parameters.begin(), campus.family_parameters.end(),
                   [](const FamilyParameter& parameter) {
                     return parameter.family == Family::kSip7960 && parameter.name == "sync";
                   });
  return found == campus.family_parameters.end() ? "1" : found->value;
}

}  // namespace

void add_family_files(const Campus& campus, SharedFiles& all) {
  if (const std::string load = lined(campus.enterprise.os79xx_load); !load.empty()) {
    all.files.push_back({"OS79XX.TXT", load + "\r\n", abi::FileClass::kDefaultConfig});
  }
  if (!is_in_use(campus, Family::kSip7960)) {
    return;
  }
  XmlDocument xml("IMAGE");
  xml.attribute("VERSION", "*");
  xml.attribute("SYNC", sync_of(campus));
  all.files.push_back({"syncinfo.xml", xml.finish(), abi::FileClass::kDefaultConfig});
}

}  // namespace dialtone::generator
