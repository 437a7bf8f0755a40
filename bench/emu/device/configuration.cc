// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/configuration.h"

#include "dataplane/base/whole_number.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string_view>

namespace dialtone::emu {
namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const noexcept { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;

std::string_view name_of(const xmlNode* node) {
  return reinterpret_cast<const char*>(node->name);
}

const xmlNode* child(const xmlNode* node, std::string_view name) {
  for (node = node == nullptr ? nullptr : node->children; node != nullptr; node = node->next) {
    if (node->type == XML_ELEMENT_NODE && name_of(node) == name) {
      return node;
    }
  }
  return nullptr;
}

std::string text_of(const xmlNode* node) {
  if (node == nullptr) {
    return {};
  }
  xmlChar* content = xmlNodeGetContent(node);
  const std::string text = content == nullptr ? "" : reinterpret_cast<const char*>(content);
  xmlFree(content);
  return text;
}

std::uint16_t port_of(const xmlNode* ports, std::string_view name, std::uint16_t otherwise) {
  const auto number = whole_number<unsigned>(text_of(child(ports, name)));
  return number && *number <= 0xffff ? static_cast<std::uint16_t>(*number) : otherwise;
}

std::vector<CallManager> call_managers(const xmlNode* members) {
  std::multimap<unsigned, CallManager> by_priority;
  for (const xmlNode* member = members == nullptr ? nullptr : members->children; member != nullptr;
       member = member->next) {
    const xmlNode* manager = child(member, "callManager");
    if (member->type != XML_ELEMENT_NODE || manager == nullptr) {
      continue;
    }
    xmlChar* priority = xmlGetProp(member, reinterpret_cast<const xmlChar*>("priority"));
    const std::string rank = priority == nullptr ? "" : reinterpret_cast<const char*>(priority);
    xmlFree(priority);
    const xmlNode* ports = child(manager, "ports");
    by_priority.insert(
        {whole_number<unsigned>(rank).value_or(0),
         {text_of(child(manager, "processNodeName")), port_of(ports, "ethernetPhonePort", 2000),
          port_of(ports, "sipPort", 5060), text_of(child(manager, "name"))}});
  }
  std::vector<CallManager> ordered;
  for (auto& [rank, manager] : by_priority) {
    ordered.push_back(std::move(manager));
  }
  return ordered;
}

// Buttons that are lines (cisco-tftp 1.3: feature 9), in their order.
std::vector<std::string> sip_lines(const xmlNode* list) {
  std::vector<std::string> names;
  for (const xmlNode* line = list == nullptr ? nullptr : list->children; line != nullptr;
       line = line->next) {
    const std::string feature = text_of(child(line, "featureID"));
    std::string name = text_of(child(line, "name"));
    if (line->type == XML_ELEMENT_NODE && (feature.empty() || feature == "9") && !name.empty()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::optional<Configuration> parse_xml(std::string_view text) {
  const Document document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr,
                                        nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  const xmlNode* root = document == nullptr ? nullptr : xmlDocGetRootElement(document.get());
  if (root == nullptr) {
    return std::nullopt;
  }
  // In XMLDefault.cnf.xml the group stands at the top, and loads have their model's number.
  const xmlNode* pool = child(root, "devicePool");
  const xmlNode* group = child(pool == nullptr ? root : pool, "callManagerGroup");
  return Configuration{.load = text_of(child(root, "loadInformation")),
                       .is_sip = text_of(child(root, "deviceProtocol")) == "SIP",
                       .call_managers = call_managers(child(group, "members")),
                       .lines = sip_lines(child(child(root, "sipProfile"), "sipLines"))};
}

std::string trimmed(std::string_view text) {
  const auto is_of_value = [](char letter) {
    return letter != ' ' && letter != '"' && letter != '\r';
  };
  const auto* begin = std::find_if(text.begin(), text.end(), is_of_value);
  const auto end = std::find_if(text.rbegin(), text.rend(), is_of_value).base();
  return begin < end ? std::string(begin, end) : std::string();
}

std::optional<Configuration> parse_lines(const std::string& text) {
  Configuration configuration{.is_sip = true};
  std::istringstream in(text);
  bool is_one = false;
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string::npos) {
      continue;
    }
    is_one = true;
    const std::string key = trimmed(std::string_view(line).substr(0, colon));
    const std::string value = trimmed(std::string_view(line).substr(colon + 1));
    if (key == "image_version") {
      configuration.load = value;
    } else if (key == "proxy1_address") {
      configuration.call_managers = {{.name = value}};
    } else if (key.starts_with("line") && key.ends_with("_name") && !value.empty()) {
      configuration.lines.push_back(value);
    }
  }
  return is_one ? std::optional(std::move(configuration)) : std::nullopt;
}

// A signature stands in front: its version (tag 1, two bytes), and in tag 2 how long it is
// (cisco-tftp 9.6). It is not verified.
std::string without_signature(std::span<const std::byte> content) {
  std::string text(reinterpret_cast<const char*>(content.data()), content.size());
  constexpr std::size_t kLength = 8;
  if (content.size() > kLength + 1 && content[0] == std::byte{1} && content[5] == std::byte{2}) {
    const std::size_t length = std::to_integer<std::size_t>(content[kLength]) << 8 |
                               std::to_integer<std::size_t>(content[kLength + 1]);
    text.erase(0, std::min(length, text.size()));
  }
  return text;
}

}  // namespace

std::optional<Configuration> parse_configuration(std::span<const std::byte> content) {
  const std::string text = without_signature(content);
  return text.starts_with('<') ? parse_xml(text) : parse_lines(text);
}

std::vector<std::string> parse_load_list(std::span<const std::byte> content) {
  const std::string text = without_signature(content);
  std::vector<std::string> names;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::string name;
    std::istringstream(line) >> name;
    if (!name.empty() && name[0] != '#') {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace dialtone::emu
