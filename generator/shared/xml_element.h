// SPDX-License-Identifier: Apache-2.0
//
// A small XML file that a person brings, as a tree of elements, by libxml2's reader: the other
// direction of xml_document.h. Nothing is fetched, and what declares entities is refused. Cold;
// pure; any thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::generator {

struct XmlElement {
  std::string name;
  std::uint32_t line = 0;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<XmlElement> children;  // elements alone
  std::string text;                  // of itself, not of its children
};

struct XmlFault {
  std::uint32_t line = 0;  // 0: not known
  std::string text;
};

// False, with a fault, for what is no XML. At most kMaxPhoneFile bytes.
bool read_xml_element(std::string_view text, XmlElement& root, XmlFault& fault);

}  // namespace dialtone::generator
