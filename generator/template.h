// SPDX-License-Identifier: Apache-2.0
//
// A compiled template: a flat program of 16-byte operations over a pool of literals. How templates
// are written: generator/templates/README.md. Compiling is cold and may allocate; a
// compiled Template is immutable and shared by all threads.
#pragma once

#include "dataplane/base/result.h"
#include "generator/fields.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

// Each operation first copies its literal, then acts.
enum class OpCode : std::uint8_t {
  kText,  // the field types of fields.h, in their order: writes the field
  kView,
  kU16,
  kU32,
  kU64,
  kBool,
  kUuid,
  kLiteral,   // nothing more
  kEach,      // the items of a collection; no items: goes to `jump`
  kNext,      // end of that body: the next item, else onwards
  kIf,        // goes to `jump` unless the field has a value (kIf with `negate`: if it has one)
  kElse,      // goes to `jump`
  kUnless,    // goes to `jump` if the device has a parameter of the name that `offset` says
  kFragment,  // writes the text that the scope's row has for fragment `offset`, and goes to `jump`;
              // goes on if there is no such row
  kEnd,
};

struct Op {
  std::uint32_t literal = 0;  // offset in the pool
  std::uint32_t literal_length = 0;
  std::uint16_t jump = 0;    // an operation
  std::uint16_t offset = 0;  // of the field in its row; kEach, kIf of items: the Collection
  Scope scope = Scope::kDevice;
  OpCode code = OpCode::kEnd;
  FieldType type = FieldType::kText;  // kIf
  std::uint8_t negate = 0;            // kIf: 1 is <?if not ...?>
};
static_assert(sizeof(Op) == 16);

// How often a stretch of a program writes texts of one row: the most that any one field of it is
// written.
struct Use {
  Scope scope = Scope::kDevice;
  std::uint32_t times = 0;
};

// What one pass over a stretch of a program can write at most: `fixed` bytes and, for each use, the
// weight of the row (fields.h) so many times. One frame for all that stands outside of any
// <?each?>, and one for each of those.
struct Frame {
  Collection collection = Collection::kCount;  // kCount: outside
  std::size_t fixed = 0;
  std::vector<Use> uses;
};

struct Template {
  Syntax syntax = Syntax::kXml;
  std::vector<Op> ops;
  std::string literals;  // kCopySlack bytes longer than what ops name
  std::vector<Frame> frames;
  std::vector<std::string> names;  // of kUnless
  // Of a folded template (fold.h): where the texts of each fragment begin in `extents`, row by row,
  // and where each text stands in `fragments`, which is kCopySlack bytes longer.
  struct Extent {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
  };
  std::vector<std::uint32_t> first_extents;
  std::vector<Extent> extents;
  std::string fragments;
};

// Where a template is used: which scopes its slots may name.
enum class TemplateUse : std::uint8_t { kDevice, kDefault };

// `name` is for messages. The Error lists every fault as file:line: code: text.
Result<Template> compile_template(std::string_view name, std::string_view xml, TemplateUse use);

}  // namespace dialtone::generator
