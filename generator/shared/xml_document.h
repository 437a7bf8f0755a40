// SPDX-License-Identifier: Apache-2.0
//
// An XML file that is put together element by element, by libxml2's writer, which sees to
// well-formedness; texts are escaped as in devices' files (escape.h), which are made of compiled
// templates, 40 times cheaper (generator facts, section 1). One thread; cold; allocates.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct _xmlTextWriter;
struct _xmlBuffer;

namespace dialtone::generator {

class XmlDocument {
 public:
  explicit XmlDocument(std::string_view root);
  XmlDocument(const XmlDocument&) = delete;
  XmlDocument& operator=(const XmlDocument&) = delete;
  ~XmlDocument();

  void begin(std::string_view element);
  void end();
  // Of the element that was begun last, before its content.
  void attribute(std::string_view name, std::string_view value);
  void attribute(std::string_view name, std::uint32_t value);
  // <element>text</element>
  void text(std::string_view element, std::string_view text);

  // Ends all that is open. One element on a line, as in the devices' files; nothing may follow.
  std::string finish();

 private:
  std::unique_ptr<_xmlBuffer, void (*)(_xmlBuffer*)> buffer_;
  std::unique_ptr<_xmlTextWriter, void (*)(_xmlTextWriter*)> writer_;
};

}  // namespace dialtone::generator
