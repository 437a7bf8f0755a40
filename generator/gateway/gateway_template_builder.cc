// SPDX-License-Identifier: Apache-2.0
//
// From the pieces of a template to the tree that is run; and what is wrong with it, with its place.
#include "dataplane/base/diagnostic.h"
#include "generator/escape.h"
#include "generator/gateway/gateway_template.h"
#include "generator/template_reader.h"

#include <algorithm>
#include <utility>

namespace dialtone::generator {
namespace {

using Nodes = std::vector<GatewayNode>;

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string near = nearest_word(word, known);
  return near.empty() ? std::string() : "; did you mean " + quoted(near) + "?";
}

// It is run by recursion, of which a person's template needs a few.
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxFaults = 100;

class Builder final : public TemplateSink {
 public:
  Builder(std::string_view name, std::string_view xml) : name_(name), xml_(xml) {}

  void set_syntax(Syntax /*syntax*/) override {
    fault(1, "not-allowed", "the file of a gateway is XML, not lines");
  }
  void begin_unless(std::string_view /*name*/, std::uint32_t line) override {
    blocks_.push_back({GatewayNode(), false, line});  // of a file of lines, which was a fault
  }

  void literal(std::string_view text) override {
    if (text.empty()) {
      return;
    }
    Nodes& nodes = open();
    if (nodes.empty() || nodes.back().kind != GatewayNode::Kind::kText) {
      nodes.emplace_back();
    }
    nodes.back().text += text;
  }

  void text_with_slots(std::string_view text, std::uint32_t first_line) override {
    for (const TextPart& part : text_parts(text, first_line)) {
      if (part.kind == TextPart::Kind::kLiteral) {
        literal(escaped(part.text));
      } else if (part.kind == TextPart::Kind::kSlot) {
        GatewayNode node;
        node.kind = GatewayNode::Kind::kSlot;
        if (resolve(part.text, part.line, "{{" + std::string(part.text), 2, node.slot)) {
          open().push_back(std::move(node));
        }
      } else {
        fault_at(part.line, "{{", 0, "open-slot", "\"{{\" has no \"}}\"");
      }
    }
  }

  void control(std::string_view name, std::string_view argument, std::uint32_t line) override {
    const std::string token = "<?" + std::string(name);
    if (is_too_deep_) {
      return;
    }
    if ((name == "each" || name == "if") && blocks_.size() == kMaxDepth) {
      is_too_deep_ = true;
      fault_at(line, token, 0, "too-deep",
               "blocks stand in each other more than " + std::to_string(kMaxDepth) + " times");
      return;
    }
    if (name == "each") {
      begin_each(argument, line, token);
    } else if (name == "if") {
      begin_if(argument, line, token);
    } else if (name == "else") {
      if (blocks_.empty() || blocks_.back().node.kind != GatewayNode::Kind::kIf ||
          std::exchange(blocks_.back().in_else, true)) {
        fault_at(line, token, 0, "unbalanced", "<?else?> stands in no <?if?>");
      }
    } else if (name == "end") {
      end_block(line);
    } else {
      fault_at(line, token, 0, "unknown-control",
               "<?" + std::string(name) + "?> is not known; there are each, if, else and end");
    }
  }

  std::size_t depth() const noexcept override { return blocks_.size(); }
  void close_element(std::size_t depth, std::uint32_t line) override {
    if (is_too_deep_) {
      return;
    }
    if (blocks_.size() < depth) {
      fault(line, "unbalanced", "an <?end?> in this element ends what began outside of it");
    }
    while (blocks_.size() > depth) {
      fault(blocks_.back().line, "unbalanced", "this block has no <?end?> in its element");
      end_block(line);
    }
  }

  void fault(std::uint32_t line, std::string_view code, std::string text) override {
    add(line, 0, code, std::move(text));
  }
  void malformed(std::uint32_t line, std::uint32_t column, std::string text) override {
    add(line, column, "malformed", std::move(text));
  }

  Result<Nodes> finish(Diagnostics* faults) {
    if (!faults_.empty()) {
      if (faults != nullptr) {
        *faults = faults_;
      }
      return to_error(ErrorCode::kRefused, faults_);
    }
    return std::move(nodes_);
  }

 private:
  struct Block {
    GatewayNode node;
    bool in_else;
    std::uint32_t line;
  };

  Nodes& open() noexcept {
    if (blocks_.empty()) {
      return nodes_;
    }
    Block& block = blocks_.back();
    return block.in_else ? block.node.otherwise : block.node.body;
  }

  bool is_open(GatewayScope scope) const noexcept {
    return scope == GatewayScope::kGateway ||
           std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
             return block.node.kind == GatewayNode::Kind::kEach && block.node.rows != nullptr &&
                    block.node.rows->item == scope;
           });
  }
  bool is_open(const Field& field) const noexcept {
    return (field.scope != Scope::kMember && field.scope != Scope::kNtp) ||
           std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
             return block.node.kind == GatewayNode::Kind::kEach && block.node.rows != nullptr &&
                    block.node.rows->campus == field.scope;
           });
  }

  // False, with a fault, when the name is unknown or not usable here. It stands `skip` bytes behind
  // the beginning of `token`.
  bool resolve(std::string_view name, std::uint32_t line, const std::string& token,
               std::size_t skip, GatewaySlot& slot) {
    auto found = find_gateway_slot(name);
    if (!found) {
      fault_at(line, token, skip, "unknown-field",
               quoted(name) + " is no field" + did_you_mean(name, gateway_slot_names()));
      return false;
    }
    if (found->campus != nullptr ? !is_open(*found->campus) : !is_open(found->scope)) {
      fault_at(line, token, skip, "out-of-scope", quoted(name) + " has no meaning at this place");
      return false;
    }
    slot = *std::move(found);
    return true;
  }

  // Null, with a fault.
  const GatewayRowsInfo* resolve_rows(std::string_view name, std::uint32_t line,
                                      const std::string& token) {
    const GatewayRowsInfo* rows = find_gateway_rows(name);
    if (rows == nullptr) {
      fault_at(line, token, 0, "unknown-collection",
               quoted(name) + " is no collection" + did_you_mean(name, gateway_rows_names()));
    } else if (!is_open(rows->outer)) {
      fault_at(line, token, 0, "out-of-scope", quoted(name) + " has no meaning at this place");
      rows = nullptr;
    } else if (rows->item != GatewayScope::kPool && is_open(rows->item)) {
      fault_at(line, token, 0, "nested-each", quoted(name) + " stands in itself");
      rows = nullptr;
    }
    return rows;
  }

  void begin_each(std::string_view argument, std::uint32_t line, const std::string& token) {
    GatewayNode node;
    node.kind = GatewayNode::Kind::kEach;
    node.rows = resolve_rows(argument, line, token + " " + std::string(argument));
    blocks_.push_back({std::move(node), false, line});
  }

  void begin_if(std::string_view argument, std::uint32_t line, const std::string& token) {
    GatewayNode node;
    node.kind = GatewayNode::Kind::kIf;
    const std::string whole = token + " " + std::string(argument);
    constexpr std::string_view kNot = "not ";
    if (argument.starts_with(kNot)) {
      node.negate = true;
      argument.remove_prefix(kNot.size());
    }
    if (find_gateway_rows(argument) != nullptr) {
      node.rows = resolve_rows(argument, line, whole);
    } else {
      resolve(argument, line, whole, whole.size() - argument.size(), node.slot);
    }
    blocks_.push_back({std::move(node), false, line});
  }

  void end_block(std::uint32_t line) {
    if (blocks_.empty()) {
      fault_at(line, "<?end", 0, "unbalanced", "<?end?> ends nothing");
      return;
    }
    GatewayNode node = std::move(blocks_.back().node);
    blocks_.pop_back();
    open().push_back(std::move(node));
  }

  // libxml2 knows the line of an element's end alone, and no column: the text is looked for, from
  // the line on that it says, else from the beginning.
  void fault_at(std::uint32_t line, std::string_view token, std::size_t skip, std::string_view code,
                std::string text) {
    if (faults_.size() >= kMaxFaults) {
      return;  // its place takes a look through the text
    }
    std::size_t begin = 0;
    for (std::uint32_t i = 1; i < line && begin != xml_.npos; ++i) {
      begin = xml_.find('\n', begin);
      begin += begin == xml_.npos ? 0 : 1;
    }
    std::size_t at = begin == xml_.npos ? begin : xml_.find(token, begin);
    at = at == xml_.npos ? xml_.find(token) : at;
    if (at == xml_.npos) {
      add(line, 0, code, std::move(text));
      return;
    }
    at += skip;
    const std::string_view before = xml_.substr(0, at);
    const auto feeds = std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.find_last_of('\n');
    add(static_cast<std::uint32_t>(feeds) + 1,
        static_cast<std::uint32_t>(start == before.npos ? at : at - start - 1) + 1, code,
        std::move(text));
  }

  // Once: the name of an element is read at both of its ends.
  void add(std::uint32_t line, std::uint32_t column, std::string_view code, std::string text) {
    const bool known = std::any_of(faults_.begin(), faults_.end(), [&](const Diagnostic& each) {
      return each.line == line && each.column == column && each.text == text;
    });
    if (!known) {
      faults_.push_back({name_, line, column, std::string(code), std::move(text)});
    }
  }

  std::string name_;
  std::string_view xml_;
  Nodes nodes_;
  std::vector<Block> blocks_;
  bool is_too_deep_ = false;  // and so is read no further
  Diagnostics faults_;
};

}  // namespace

Result<GatewayTemplate> GatewayTemplate::compile(std::string_view name, std::string_view xml,
                                                 Diagnostics* faults) {
  if (xml.size() > kMaxSize) {
    const Diagnostics large = {
        {std::string(name), 0, 0, "too-large",
         "it has more than the " + std::to_string(kMaxSize / 1024) + " KiB that a template may"}};
    if (faults != nullptr) {
      *faults = large;
    }
    return to_error(ErrorCode::kRefused, large);
  }
  Builder builder(name, xml);
  DIALTONE_TRY(read_template(name, xml, builder));
  auto nodes = builder.finish(faults);
  return nodes ? Result<GatewayTemplate>(GatewayTemplate(*std::move(nodes))) : nodes.error();
}

}  // namespace dialtone::generator
