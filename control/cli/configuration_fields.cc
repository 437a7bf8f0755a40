// SPDX-License-Identifier: Apache-2.0
#include "control/cli/configuration_fields.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <charconv>
#include <climits>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

namespace dialtone::cli {
namespace {

using api::Json;

struct FreeDocument {
  void operator()(xmlDoc* document) const noexcept { xmlFreeDoc(document); }
};
struct FreeText {
  void operator()(xmlChar* text) const noexcept { xmlFree(text); }
};
using Text = std::unique_ptr<xmlChar, FreeText>;

std::string to_string(const Text& text) {
  return text ? reinterpret_cast<const char*>(text.get()) : std::string();
}

bool is_named(const xmlNode& node, std::string_view name) {
  return node.type == XML_ELEMENT_NODE && reinterpret_cast<const char*>(node.name) == name;
}

// The element at the end of a path of names; nullptr where there is none.
xmlNode* find(xmlNode* node, std::initializer_list<std::string_view> path) {
  for (const std::string_view name : path) {
    if (node == nullptr) {
      break;
    }
    node = node->children;
    while (node != nullptr && !is_named(*node, name)) {
      node = node->next;
    }
  }
  return node;
}

std::string text_of(xmlNode* node, std::initializer_list<std::string_view> path) {
  xmlNode* const found = find(node, path);
  return found == nullptr ? std::string() : to_string(Text(xmlNodeGetContent(found)));
}

Json number_or_text(const std::string& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? Json(number) : Json(text);
}

Json members_of(const xmlNode* members) {
  Json list = Json::array();
  for (xmlNode* node = members == nullptr ? nullptr : members->children; node != nullptr;
       node = node->next) {
    if (!is_named(*node, "member")) {
      continue;
    }
    const Text priority(xmlGetProp(node, reinterpret_cast<const xmlChar*>("priority")));
    list.push_back(
        {{"name", text_of(node, {"callManager", "processNodeName"})},
         {"port", number_or_text(text_of(node, {"callManager", "ports", "ethernetPhonePort"}))},
         {"priority", number_or_text(to_string(priority))}});
  }
  return list;
}

Json urls_of(xmlNode* root) {
  constexpr std::pair<const char*, std::string_view> kElements[] = {
      {"authentication", "authenticationURL"},
      {"directories", "directoryURL"},
      {"idle", "idleURL"},
      {"information", "informationURL"},
      {"messages", "messagesURL"},
      {"proxy", "proxyServerURL"},
      {"services", "servicesURL"}};
  Json urls;
  for (const auto& [name, element] : kElements) {
    urls[name] = text_of(root, {element});
  }
  return urls;
}

}  // namespace

std::optional<Json> configuration_fields(std::string_view xml) {
  if (xml.size() > INT_MAX) {
    return std::nullopt;
  }
  const std::unique_ptr<xmlDoc, FreeDocument> document(
      xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  xmlNode* const root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  const bool has_entities = document && document->intSubset != nullptr;  // no phone's file has
  if (root == nullptr || has_entities ||
      (!is_named(*root, "device") && !is_named(*root, "Default"))) {
    return std::nullopt;
  }
  // A phone's own file has the group in its device pool.
  const bool is_default = is_named(*root, "Default");
  const xmlNode* members = is_default ? find(root, {"callManagerGroup", "members"})
                                      : find(root, {"devicePool", "callManagerGroup", "members"});
  return Json{{"load", text_of(root, {"loadInformation"})},
              {"cm", members_of(members)},
              {"urls", urls_of(root)},
              {"locale",
               {{"user", text_of(root, {"userLocale", "name"})},
                {"network", text_of(root, {"networkLocale"})}}}};
}

}  // namespace dialtone::cli
