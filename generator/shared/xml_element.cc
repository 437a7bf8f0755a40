// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/xml_element.h"

#include "generator/shared/file_rules.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>

namespace dialtone::generator {
namespace {

// libxml2 itself goes no deeper than 256.
constexpr int kOptions =
    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;

std::string text_of(const xmlChar* text) {
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

std::string value_of(const xmlAttr* attribute) {
  xmlChar* value = xmlNodeListGetString(attribute->doc, attribute->children, 1);
  std::string text = text_of(value);
  xmlFree(value);
  return text;
}

XmlElement element_of(const xmlNode* node) {
  XmlElement element;
  element.name = text_of(node->name);
  const long line = xmlGetLineNo(const_cast<xmlNode*>(node));
  element.line = line > 0 ? static_cast<std::uint32_t>(line) : 0;
  for (const xmlAttr* each = node->properties; each != nullptr; each = each->next) {
    element.attributes.emplace_back(text_of(each->name), value_of(each));
  }
  for (const xmlNode* each = node->children; each != nullptr; each = each->next) {
    if (each->type == XML_ELEMENT_NODE) {
      element.children.push_back(element_of(each));
    } else if (each->type == XML_TEXT_NODE) {
      element.text += text_of(each->content);
    }
  }
  return element;
}

// "Opening and ending tag mismatch: a line 1 and b", without the line feed behind it.
XmlFault fault_of(const xmlError* error) {
  XmlFault fault{0, "the file is no XML from here on"};
  if (error != nullptr && error->message != nullptr) {
    fault.line = error->line > 0 ? static_cast<std::uint32_t>(error->line) : 0;
    fault.text += ": " + std::string(error->message);
    fault.text.erase(fault.text.find_last_not_of('\n') + 1);
  }
  return fault;
}

}  // namespace

bool read_xml_element(std::string_view text, XmlElement& root, XmlFault& fault) {
  if (text.size() > kMaxPhoneFile) {
    fault = {0, "a phone refuses a file of more than " + std::to_string(kMaxPhoneFile) + " bytes"};
    return false;
  }
  const std::unique_ptr<xmlParserCtxt, void (*)(xmlParserCtxt*)> parser(xmlNewParserCtxt(),
                                                                        xmlFreeParserCtxt);
  if (parser == nullptr) {
    fault = {0, "there is no memory to read it"};
    return false;
  }
  const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
      xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                        kOptions),
      xmlFreeDoc);
  const xmlNode* node = document == nullptr ? nullptr : xmlDocGetRootElement(document.get());
  if (node == nullptr) {
    fault = fault_of(xmlCtxtGetLastError(parser.get()));
    return false;
  }
  if (document->intSubset != nullptr) {
    fault = {0, "the file has a DOCTYPE, and phones have no use for one; remove it"};
    return false;
  }
  root = element_of(node);
  return true;
}

}  // namespace dialtone::generator
