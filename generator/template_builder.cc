// SPDX-License-Identifier: Apache-2.0
#include "generator/template_builder.h"

#include "generator/escape.h"

#include <algorithm>
#include <limits>

namespace dialtone::generator {
namespace {

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string near = nearest_word(word, known);
  return near.empty() ? std::string() : "; did you mean " + quoted(near) + "?";
}

bool is_item_scope(Scope scope) noexcept {
  for (std::size_t i = 0; i < kCollectionCount; ++i) {
    if (collection_info(static_cast<Collection>(i)).item == scope) {
      return true;
    }
  }
  return false;
}

bool is_for(TemplateUse use, Collection collection) noexcept {
  return use == TemplateUse::kDevice || collection == Collection::kMembers ||
         collection == Collection::kServices || collection == Collection::kLoads ||
         collection == Collection::kEnterpriseConfig || collection == Collection::kVendor;
}

std::size_t fixed_width(FieldType type) noexcept {
  switch (type) {
    case FieldType::kU16:
    case FieldType::kU32:
    case FieldType::kU64:
      return kMaxNumber;
    case FieldType::kBool:
      return 5;
    case FieldType::kUuid:
      return kUuidText;
    case FieldType::kText:
    case FieldType::kView:
    case FieldType::kItems:
      break;
  }
  return 0;
}

}  // namespace

void TemplateBuilder::fault(std::uint32_t line, std::string_view code, std::string text) {
  faults_.push_back({file_, line, 0, std::string(code), std::move(text)});
}

void TemplateBuilder::malformed(std::uint32_t line, std::uint32_t /*column*/, std::string text) {
  fault(line, "malformed", std::move(text));
}

void TemplateBuilder::text_with_slots(std::string_view text, std::uint32_t first_line) {
  for (const TextPart& part : text_parts(text, first_line)) {
    switch (part.kind) {
      case TextPart::Kind::kLiteral:
        literal(fit(part.text));
        break;
      case TextPart::Kind::kSlot:
        slot(part.text, part.line);
        break;
      case TextPart::Kind::kOpenSlot:
        fault(part.line, "open-slot", "\"{{\" has no \"}}\"");
        break;
    }
  }
}

std::string TemplateBuilder::fit(std::string_view text) const {
  return program_.syntax == Syntax::kXml ? escaped(text) : std::string(text);
}

void TemplateBuilder::begin_unless(std::string_view name, std::uint32_t line) {
  Op op;
  op.code = OpCode::kUnless;
  op.offset = static_cast<std::uint16_t>(program_.names.size());
  program_.names.emplace_back(name);
  blocks_.push_back({Block::Kind::kIf, emit(op), line});
}

void TemplateBuilder::control(std::string_view name, std::string_view argument,
                              std::uint32_t line) {
  if (name == "each") {
    begin_each(argument, line);
  } else if (name == "if") {
    begin_if(argument, line);
  } else if (name == "else") {
    begin_else(line);
  } else if (name == "end") {
    end_block(line);
  } else {
    fault(line, "unknown-control",
          "<?" + std::string(name) + "?> is not known; there are each, if, else and end");
  }
}

void TemplateBuilder::slot(std::string_view name, std::uint32_t line) {
  const Field* field = resolve(name, line);
  if (field == nullptr) {
    return;
  }
  program_.frames[frame_].fixed += fixed_width(field->type);
  note_use(*field);
  Op op;
  op.code = static_cast<OpCode>(field->type);
  op.scope = field->scope;
  op.offset = field->offset;
  emit(op);
}

void TemplateBuilder::begin_each(std::string_view argument, std::uint32_t line) {
  const Collection collection = find_collection(argument);
  Op op;
  op.code = OpCode::kEach;
  if (collection == Collection::kCount || !is_for(use_, collection)) {
    fault(line, "unknown-collection",
          "<?each " + std::string(argument) + "?>: there is no such collection" +
              did_you_mean(argument, collection_names()));
  } else {
    op.offset = static_cast<std::uint16_t>(collection);
    op.scope = collection_info(collection).item;
  }
  if (frame_ != 0) {
    fault(line, "nested-each", "an <?each?> cannot stand in another one");
  }
  blocks_.push_back({Block::Kind::kEach, emit(op), line});
  frame_ = frames_.size();
  frames_.push_back({collection, {}});
  program_.frames.push_back({collection, 0, {}});
}

void TemplateBuilder::begin_if(std::string_view argument, std::uint32_t line) {
  Op op;
  op.code = OpCode::kIf;
  constexpr std::string_view kNot = "not ";
  if (argument.substr(0, kNot.size()) == kNot) {
    op.negate = 1;
    argument.remove_prefix(kNot.size());
  }
  const Collection collection = find_collection(argument);
  if (collection != Collection::kCount && is_for(use_, collection)) {
    op.type = FieldType::kItems;
    op.offset = static_cast<std::uint16_t>(collection);
  } else if (const Field* field = resolve(argument, line); field != nullptr) {
    op.type = field->type;
    op.scope = field->scope;
    op.offset = field->offset;
  }
  blocks_.push_back({Block::Kind::kIf, emit(op), line});
}

void TemplateBuilder::begin_else(std::uint32_t line) {
  if (blocks_.empty() || blocks_.back().kind != Block::Kind::kIf) {
    fault(line, "unbalanced", "<?else?> stands in no <?if?>");
    return;
  }
  Op op;
  op.code = OpCode::kElse;
  const std::uint16_t index = emit(op);
  program_.ops[blocks_.back().op].jump = here();
  blocks_.back().kind = Block::Kind::kElse;
  blocks_.back().op = index;
}

void TemplateBuilder::end_block(std::uint32_t line) {
  if (blocks_.empty()) {
    fault(line, "unbalanced", "<?end?> ends nothing");
    return;
  }
  const Block block = blocks_.back();
  blocks_.pop_back();
  Op op;
  op.code = OpCode::kLiteral;
  if (block.kind == Block::Kind::kEach) {
    op.code = OpCode::kNext;
    op.scope = program_.ops[block.op].scope;
    op.jump = static_cast<std::uint16_t>(block.op + 1);
  }
  if (op.code == OpCode::kNext || !pending_.empty()) {
    emit(op);
  }
  program_.ops[block.op].jump = here();
  if (block.kind == Block::Kind::kEach) {
    frame_ = 0;
  }
}

void TemplateBuilder::close_element(std::size_t depth, std::uint32_t line) {
  if (blocks_.size() < depth) {
    fault(line, "unbalanced", "an <?end?> in this element ends what began outside of it");
  }
  while (blocks_.size() > depth) {
    fault(blocks_.back().line, "unbalanced", "this block has no <?end?> in its element");
    end_block(line);
  }
}

const Field* TemplateBuilder::resolve(std::string_view name, std::uint32_t line) {
  const Field* field = find_field(name);
  if (field == nullptr) {
    fault(line, "unknown-slot", quoted(name) + " is no field" + did_you_mean(name, slot_names()));
    return nullptr;
  }
  if (!is_in_scope(field->scope)) {
    fault(line, "out-of-scope", quoted(name) + " has no meaning at this place");
    return nullptr;
  }
  return field;
}

bool TemplateBuilder::is_in_scope(Scope scope) const noexcept {
  if (is_item_scope(scope)) {
    const Collection open = frames_[frame_].collection;
    if (open == Collection::kCount) {
      return frame_ != 0;  // an unknown collection, which has its own fault
    }
    return collection_info(open).item == scope;
  }
  return use_ == TemplateUse::kDevice || scope == Scope::kGroup || scope == Scope::kEnterprise;
}

void TemplateBuilder::note_use(const Field& field) {
  if (field.type != FieldType::kText && field.type != FieldType::kView) {
    return;
  }
  auto& fields = frames_[frame_].fields;
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& use) { return use.first == &field; });
  if (found == fields.end()) {
    fields.emplace_back(&field, 1);
  } else {
    ++found->second;
  }
}

std::uint16_t TemplateBuilder::emit(Op op) {
  op.literal = static_cast<std::uint32_t>(program_.literals.size());
  op.literal_length = static_cast<std::uint32_t>(pending_.size());
  program_.literals += pending_;
  // An <?each?>'s own literal is written once, before its passes: frame_ is still the outer one.
  program_.frames[frame_].fixed += pending_.size();
  pending_.clear();
  program_.ops.push_back(op);
  return static_cast<std::uint16_t>(program_.ops.size() - 1);
}

Result<Template> TemplateBuilder::finish() {
  emit(Op{});
  if (program_.ops.size() > std::numeric_limits<std::uint16_t>::max()) {
    fault(0, "too-long", "the template has more than 65535 slots and blocks");
  }
  if (!faults_.empty()) {
    return to_error(ErrorCode::kRefused, faults_);
  }
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    std::vector<Use>& uses = program_.frames[i].uses;
    for (const auto& [field, times] : frames_[i].fields) {
      const Scope scope = field->scope;
      const auto found = std::find_if(uses.begin(), uses.end(),
                                      [&](const Use& use) { return use.scope == scope; });
      if (found == uses.end()) {
        uses.push_back({scope, times});
      } else {
        found->times = std::max(found->times, times);
      }
    }
  }
  program_.literals.append(kCopySlack, '\0');
  return std::move(program_);
}

}  // namespace dialtone::generator
