// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/generator/xml_reader.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

namespace dialtone::test {
namespace {

using Paths = std::vector<std::pair<std::string, std::string>>;

std::string text_of(const xmlNode* node) {
  std::string text;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_TEXT_NODE) {
      text += reinterpret_cast<const char*>(child->content);
    }
  }
  return text;
}

void walk(const xmlNode* node, const std::string& parent, Paths& out) {
  const std::string path = parent + reinterpret_cast<const char*>(node->name);
  out.emplace_back(path, text_of(node));
  for (const xmlAttr* attribute = node->properties; attribute != nullptr;
       attribute = attribute->next) {
    std::string value;
    if (attribute->children != nullptr) {
      value = reinterpret_cast<const char*>(attribute->children->content);
    }
    out.emplace_back(path + "/@" + reinterpret_cast<const char*>(attribute->name), value);
  }
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) {
      walk(child, path + "/", out);
    }
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> read_xml(std::string_view text) {
  Paths paths;
  xmlDoc* document =
      xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
  if (document != nullptr) {
    walk(xmlDocGetRootElement(document), "", paths);
    xmlFreeDoc(document);
  }
  return paths;
}

std::string value_at(const std::vector<std::pair<std::string, std::string>>& xml,
                     std::string_view path) {
  for (const auto& [name, value] : xml) {
    if (name == path) {
      return value;
    }
  }
  return "(missing)";
}

}  // namespace dialtone::test
