// SPDX-License-Identifier: Apache-2.0
//
// Builds a template's program from pieces in document order: literals, slots, control. Knows
// scopes, blocks and frames, and collects what is wrong; of the file's syntax only how
// texts are made fit. Cold.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "generator/template.h"
#include "generator/template_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::generator {

class TemplateBuilder final : public TemplateSink {
 public:
  TemplateBuilder(std::string_view file, TemplateUse use) : file_(file), use_(use) {
    frames_.emplace_back();
    program_.frames.emplace_back();
  }

  void set_syntax(Syntax syntax) override { program_.syntax = syntax; }
  void literal(std::string_view text) override { pending_ += text; }
  // What is between slots is escaped in XML, and stands as it is in lines.
  void text_with_slots(std::string_view text, std::uint32_t first_line) override;
  void control(std::string_view name, std::string_view argument, std::uint32_t line) override;
  void begin_unless(std::string_view name, std::uint32_t line) override;
  std::size_t depth() const noexcept override { return blocks_.size(); }
  void close_element(std::size_t depth, std::uint32_t line) override;
  void fault(std::uint32_t line, std::string_view code, std::string text) override;
  void malformed(std::uint32_t line, std::uint32_t column, std::string text) override;

  Result<Template> finish();

 private:
  struct Block {
    enum class Kind { kEach, kIf, kElse } kind;
    std::uint16_t op;  // whose jump waits for the end
    std::uint32_t line;
  };
  struct FrameUses {
    Collection collection = Collection::kCount;
    std::vector<std::pair<const Field*, std::uint32_t>> fields;
  };

  std::string fit(std::string_view text) const;
  void slot(std::string_view name, std::uint32_t line);
  void begin_each(std::string_view argument, std::uint32_t line);
  void begin_if(std::string_view argument, std::uint32_t line);
  void begin_else(std::uint32_t line);
  void end_block(std::uint32_t line);

  // Null, with a fault, if the name is unknown or not usable here.
  const Field* resolve(std::string_view name, std::uint32_t line);
  bool is_in_scope(Scope scope) const noexcept;
  void note_use(const Field& field);
  std::uint16_t emit(Op op);
  std::uint16_t here() const noexcept { return static_cast<std::uint16_t>(program_.ops.size()); }

  std::string file_;
  TemplateUse use_;
  Template program_;
  std::string pending_;  // literal text before the next operation
  std::vector<Block> blocks_;
  std::vector<FrameUses> frames_;  // beside program_.frames
  std::size_t frame_ = 0;          // being filled
  Diagnostics faults_;
};

}  // namespace dialtone::generator
