// SPDX-License-Identifier: Apache-2.0
//
// The reading of templates (generator/templates/README.md), whatever becomes of them: libxml2
// proves that one is well-formed, and its pieces go to a sink in the order of the document. Cold;
// pure.
#pragma once

#include "dataplane/base/result.h"
#include "generator/fields.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

class TemplateSink {
 public:
  // Before anything else.
  virtual void set_syntax(Syntax syntax) = 0;

  virtual void literal(std::string_view text) = 0;

  // Text with {{scope.field}} in it, which is not escaped yet.
  virtual void text_with_slots(std::string_view text, std::uint32_t first_line) = 0;

  // <?name argument?>
  virtual void control(std::string_view name, std::string_view argument, std::uint32_t line) = 0;

  // What follows, up to control("end"), is left out when the device has a parameter of this name.
  virtual void begin_unless(std::string_view name, std::uint32_t line) = 0;

  // Blocks must end in the element in which they began: the element remembers the depth.
  virtual std::size_t depth() const noexcept = 0;
  virtual void close_element(std::size_t depth, std::uint32_t line) = 0;

  virtual void fault(std::uint32_t line, std::string_view code, std::string text) = 0;
  // It is no XML from there on.
  virtual void malformed(std::uint32_t line, std::uint32_t column, std::string text) = 0;

 protected:
  ~TemplateSink() = default;
};

// What is wrong with the template is a fault of the sink; an Error is one of this machine. `name`
// is for messages.
Result<void> read_template(std::string_view name, std::string_view xml, TemplateSink& sink);

// A text with slots, in its pieces. "{{{x.y}}}" is a slot in braces: the last two of the run open
// it.
struct TextPart {
  enum class Kind { kLiteral, kSlot, kOpenSlot } kind;  // kOpenSlot: "{{" without "}}", the last
  std::string_view text;                                // of a slot, what stands in it
  std::uint32_t line;
};
std::vector<TextPart> text_parts(std::string_view text, std::uint32_t first_line);

}  // namespace dialtone::generator
