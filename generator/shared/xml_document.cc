// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/xml_document.h"

#include "dataplane/base/check.h"
#include "generator/escape.h"

#include <libxml/xmlwriter.h>

namespace dialtone::generator {
namespace {

// The writer wants zero-terminated text.
class XmlText {
 public:
  explicit XmlText(std::string_view text) : text_(text) {}
  operator const xmlChar*() const noexcept {  // NOLINT: the point of it
    return reinterpret_cast<const xmlChar*>(text_.c_str());
  }

 private:
  std::string text_;
};

// Memory that has run out is all that can fail: names are ours, texts are escaped.
void must(int written) noexcept {
  DIALTONE_CHECK(written >= 0);
}

}  // namespace

XmlDocument::XmlDocument(std::string_view root)
    : buffer_(xmlBufferCreate(), xmlBufferFree),
      writer_(xmlNewTextWriterMemory(buffer_.get(), 0), xmlFreeTextWriter) {
  DIALTONE_CHECK(buffer_ != nullptr && writer_ != nullptr);
  must(xmlTextWriterSetIndent(writer_.get(), 1));
  must(xmlTextWriterSetIndentString(writer_.get(), XmlText("")));
  must(xmlTextWriterStartDocument(writer_.get(), nullptr, "UTF-8", nullptr));
  begin(root);
}

XmlDocument::~XmlDocument() = default;

void XmlDocument::begin(std::string_view element) {
  must(xmlTextWriterStartElement(writer_.get(), XmlText(element)));
}

void XmlDocument::end() {
  must(xmlTextWriterEndElement(writer_.get()));
}

void XmlDocument::attribute(std::string_view name, std::string_view value) {
  must(xmlTextWriterStartAttribute(writer_.get(), XmlText(name)));
  must(xmlTextWriterWriteRaw(writer_.get(), XmlText(escaped(value))));
  must(xmlTextWriterEndAttribute(writer_.get()));
}

void XmlDocument::attribute(std::string_view name, std::uint32_t value) {
  attribute(name, std::to_string(value));
}

void XmlDocument::text(std::string_view element, std::string_view text) {
  begin(element);
  must(xmlTextWriterWriteRaw(writer_.get(), XmlText(escaped(text))));
  end();
}

std::string XmlDocument::finish() {
  must(xmlTextWriterEndDocument(writer_.get()));
  must(xmlTextWriterFlush(writer_.get()));
  return {reinterpret_cast<const char*>(xmlBufferContent(buffer_.get())),
          static_cast<std::size_t>(xmlBufferLength(buffer_.get()))};
}

}  // namespace dialtone::generator
