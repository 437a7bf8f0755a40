// SPDX-License-Identifier: Apache-2.0
//
// Reads a template with libxml2, which proves that it is well-formed, and walks its tree. A
// whitespace-only text becomes one line feed if it holds one, so files have an element a line and
// no indentation; the line of a control or comment that stands alone in it goes with it.
#include "generator/template_reader.h"

#include "generator/escape.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace dialtone::generator {
namespace {

constexpr std::string_view kTemplateNamespace = "urn:dialtone:template";

struct FreeDocument {
  void operator()(xmlDoc* document) const noexcept { xmlFreeDoc(document); }
};
struct FreeContext {
  void operator()(xmlParserCtxt* context) const noexcept { xmlFreeParserCtxt(context); }
};
struct FreeText {
  void operator()(xmlChar* text) const noexcept { xmlFree(text); }
};

std::string_view view(const xmlChar* text) noexcept {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::uint32_t line_of(const xmlNode* node) noexcept {
  const long line = xmlGetLineNo(node);
  return line < 0 ? 0 : static_cast<std::uint32_t>(line);
}

bool is_space(const xmlNode* node) noexcept {
  return node != nullptr && node->type == XML_TEXT_NODE && trimmed(view(node->content)).empty();
}

bool is_markup(const xmlNode* node) noexcept {
  return node != nullptr && (node->type == XML_PI_NODE || node->type == XML_COMMENT_NODE);
}

bool has_line_feed(const xmlNode* node) noexcept {
  return view(node->content).find('\n') != std::string_view::npos;
}

std::string qualified(const xmlNs* space, const xmlChar* name) {
  std::string text;
  if (space != nullptr && space->prefix != nullptr) {
    text.append(view(space->prefix)).append(":");
  }
  return text.append(view(name));
}

bool is_ours(const xmlNs* space) noexcept {
  return space != nullptr && view(space->href) == kTemplateNamespace;
}

class Walker {
 public:
  Walker(xmlDoc* document, TemplateSink& sink) : document_(document), sink_(sink) {}

  // The root of a file of lines: <t:text>.
  void lines(const xmlNode* root) {
    separator_ = attribute(root, "separator", ": ");
    const std::size_t depth = sink_.depth();
    for (const xmlNode* child = root->children; child != nullptr; child = child->next) {
      line_part(child);
    }
    sink_.close_element(depth, line_of(root));
    end_line();
  }

  void element(const xmlNode* node) {
    const std::uint32_t line = line_of(node);
    const std::size_t depth = sink_.depth();
    sink_.literal("<");
    element_name(node);
    for (const xmlNs* space = node->nsDef; space != nullptr; space = space->next) {
      if (!is_ours(space)) {
        sink_.literal(space->prefix == nullptr ? " xmlns" : " xmlns:");
        sink_.literal(view(space->prefix));
        sink_.literal("=\"" + escaped(view(space->href)) + "\"");
      }
    }
    for (const xmlAttr* attribute = node->properties; attribute != nullptr;
         attribute = attribute->next) {
      if (is_ours(attribute->ns)) {
        continue;
      }
      sink_.literal(" " + qualified(attribute->ns, attribute->name) + "=\"");
      sink_.text_with_slots(value_of(attribute), line);
      sink_.literal("\"");
    }
    if (node->children == nullptr) {
      sink_.literal("/>");
      return;
    }
    sink_.literal(">");
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
      visit(child);
    }
    sink_.close_element(depth, line);
    sink_.literal("</");
    element_name(node);
    sink_.literal(">");
  }

 private:
  std::string value_of(const xmlAttr* attribute) {
    const std::unique_ptr<xmlChar, FreeText> text(
        xmlNodeListGetString(document_, attribute->children, 1));
    return std::string(view(text.get()));
  }

  // t:name="{{...}}" gives the name where it is not fixed.
  void element_name(const xmlNode* node) {
    for (const xmlAttr* attribute = node->properties; attribute != nullptr;
         attribute = attribute->next) {
      if (is_ours(attribute->ns) && view(attribute->name) == "name") {
        sink_.text_with_slots(value_of(attribute), line_of(node));
        return;
      }
    }
    sink_.literal(qualified(node->ns, node->name));
  }

  std::string attribute(const xmlNode* node, std::string_view name, std::string_view otherwise) {
    for (const xmlAttr* each = node->properties; each != nullptr; each = each->next) {
      if (view(each->name) == name) {
        return value_of(each);
      }
    }
    return std::string(otherwise);
  }

  void line_part(const xmlNode* node) {
    switch (node->type) {
      case XML_ELEMENT_NODE:
        if (is_ours(node->ns) && view(node->name) == "param") {
          parameter(node);
        } else {
          sink_.fault(line_of(node), "not-allowed", "a file of lines has no element but t:param");
        }
        break;
      case XML_TEXT_NODE:
      case XML_CDATA_SECTION_NODE:
        line_text(node);
        break;
      default:
        visit(node);
    }
  }

  // White space at both ends of a line, and empty lines, stand in no file.
  void line_text(const xmlNode* node) {
    std::string_view rest = view(node->content);
    const auto feeds = static_cast<std::uint32_t>(std::count(rest.begin(), rest.end(), '\n'));
    std::uint32_t line = std::max(line_of(node), feeds) - feeds;
    for (bool first = true;; first = false, ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view part = rest.substr(0, end);
      if (!first) {
        end_line();
      }
      if (!first || !line_open_) {
        part.remove_prefix(std::min(part.find_first_not_of(" \t\r"), part.size()));
      }
      if (end != rest.size()) {
        part = part.substr(0, part.find_last_not_of(" \t\r") + 1);
      }
      if (!part.empty()) {
        line_open_ = true;
        sink_.text_with_slots(part, line);
      }
      if (end == rest.size()) {
        return;
      }
      rest.remove_prefix(end + 1);
    }
  }

  void end_line() {
    if (std::exchange(line_open_, false)) {
      sink_.literal("\n");
    }
  }

  // <t:param name="x">value</t:param>: the line "x: value", unless the device has an x of its own.
  void parameter(const xmlNode* node) {
    const std::uint32_t line = line_of(node);
    const std::string name = attribute(node, "name", "");
    if (name.empty() || name.find("{{") != name.npos || line_open_) {
      sink_.fault(line, "bad-param", "t:param has a fixed name, and a line of its own");
    }
    sink_.begin_unless(name, line);
    const std::size_t depth = sink_.depth();
    sink_.literal(name + separator_);
    line_open_ = true;
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
      line_part(child);
    }
    sink_.close_element(depth, line);
    end_line();
    sink_.control("end", "", line);
  }

  void visit(const xmlNode* node) {
    switch (node->type) {
      case XML_ELEMENT_NODE:
        element(node);
        break;
      case XML_TEXT_NODE:
      case XML_CDATA_SECTION_NODE:
        text(node);
        break;
      case XML_PI_NODE:
        sink_.control(view(node->name), trimmed(view(node->content)), line_of(node));
        break;
      case XML_COMMENT_NODE:
        break;
      default:
        sink_.fault(line_of(node), "not-allowed", "a template holds no entity references");
    }
  }

  void text(const xmlNode* node) {
    if (!is_space(node)) {
      // libxml2 gives the line on which a text ends.
      const std::string_view all = view(node->content);
      const auto feeds = static_cast<std::uint32_t>(std::count(all.begin(), all.end(), '\n'));
      const std::uint32_t end = line_of(node);
      sink_.text_with_slots(all, end > feeds ? end - feeds : end);
      return;
    }
    if (!has_line_feed(node)) {
      sink_.literal(view(node->content));
      return;
    }
    const bool ends_lone_line =
        is_markup(node->prev) && is_space(node->prev->prev) && has_line_feed(node->prev->prev);
    if (!ends_lone_line) {
      sink_.literal("\n");
    }
  }

  xmlDoc* document_;
  TemplateSink& sink_;
  std::string separator_;   // of lines
  bool line_open_ = false;  // something stands in it already
};

}  // namespace

Result<void> read_template(std::string_view name, std::string_view xml, TemplateSink& sink) {
  const std::unique_ptr<xmlParserCtxt, FreeContext> context(xmlNewParserCtxt());
  if (context == nullptr) {
    return failed("reading template " + std::string(name) + ": out of memory");
  }
  const std::unique_ptr<xmlDoc, FreeDocument> document(xmlCtxtReadMemory(
      context.get(), xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA));
  const xmlNode* root = document == nullptr ? nullptr : xmlDocGetRootElement(document.get());
  if (root == nullptr) {
    const xmlError* error = xmlCtxtGetLastError(context.get());
    const bool known = error != nullptr && error->message != nullptr;
    sink.malformed(known ? static_cast<std::uint32_t>(error->line) : 0,
                   known && error->int2 > 0 ? static_cast<std::uint32_t>(error->int2) : 0,
                   known ? std::string(trimmed(error->message)) : "it is not XML");
    return {};
  }
  if (document->intSubset != nullptr) {
    sink.fault(1, "not-allowed", "a template has no DOCTYPE");
    return {};  // its entities are not looked at
  }
  if (is_ours(root->ns) && view(root->name) == "text") {
    sink.set_syntax(Syntax::kLines);
    Walker(document.get(), sink).lines(root);
    return {};
  }
  sink.literal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  Walker(document.get(), sink).element(root);
  sink.literal("\n");
  return {};
}

std::vector<TextPart> text_parts(std::string_view text, std::uint32_t first_line) {
  using enum TextPart::Kind;
  std::vector<TextPart> parts;
  std::uint32_t line = first_line;
  std::size_t done = 0;
  for (;;) {
    std::size_t open = text.find("{{", done);
    if (open == std::string_view::npos) {
      parts.push_back({kLiteral, text.substr(done), line});
      return parts;
    }
    while (open + 2 < text.size() && text[open + 2] == '{') {
      ++open;
    }
    const std::string_view before = text.substr(done, open - done);
    parts.push_back({kLiteral, before, line});
    line += static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) {
      parts.push_back({kOpenSlot, text.substr(open), line});
      return parts;
    }
    parts.push_back({kSlot, text.substr(open + 2, close - open - 2), line});
    done = close + 2;
  }
}

}  // namespace dialtone::generator
