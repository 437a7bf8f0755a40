// SPDX-License-Identifier: Apache-2.0
#include "generator/fold.h"

#include "generator/escape.h"
#include "generator/render.h"
#include "generator/shared_row_binder.h"

#include <optional>
#include <string>
#include <vector>

namespace dialtone::generator {
namespace {

using OpIndex = std::uint16_t;

// A row costs at most as much as a device, and saves half of one each time.
constexpr std::size_t kDevicesPerRow = 4;

// A stretch of operations: one, or a whole block.
struct Stretch {
  OpIndex begin = 0;
  OpIndex end = 0;
  std::optional<Scope> owner;  // nothing: it is no one row's
};

class Folder {
 public:
  Folder(const Template& from, const CampusTables& tables) : from_(from), tables_(tables) {
    to_.syntax = from.syntax;
    to_.literals = from.literals;
    to_.frames = from.frames;  // the bound of what is the same is the same
    to_.names = from.names;
    new_place_.resize(from.ops.size());
  }

  Template run() {
    const auto end = static_cast<OpIndex>(from_.ops.size() - 1);  // kEnd
    OpIndex at = 0;
    while (at != end) {
      const Stretch stretch = next_stretch(at, end);
      if (!stretch.owner) {
        copy(stretch);
      } else if (*stretch.owner != Scope::kTag) {
        fragment(stretch);
      } else {
        // A device that has changed the model's vendorConfig goes on behind the fragment.
        fragment(stretch);
        const OpIndex first = new_place_[at];
        copy(stretch);
        new_place_[at] = first;
      }
      at = stretch.end;
    }
    copy({end, static_cast<OpIndex>(end + 1), {}});
    for (const auto& [op, target] : jumps_) {
      to_.ops[op].jump = new_place_[target];
    }
    to_.fragments.append(kCopySlack, '\0');
    return std::move(to_);
  }

 private:
  const Op& op(OpIndex index) const noexcept { return from_.ops[index]; }

  // Of the operation or block at `at`.
  OpIndex end_of(OpIndex at) const noexcept {
    const Op& first = op(at);
    if (first.code != OpCode::kIf && first.code != OpCode::kUnless && first.code != OpCode::kEach) {
      return static_cast<OpIndex>(at + 1);
    }
    const auto last = static_cast<OpIndex>(first.jump - 1);
    return op(last).code == OpCode::kElse && last != at ? op(last).jump : first.jump;
  }

  // The row that all of the block follows from; the enterprise's is everybody's.
  std::optional<Scope> owner_of_block(OpIndex begin, OpIndex end) const noexcept {
    Scope owner = Scope::kEnterprise;
    const auto belongs_to = [&](std::optional<Scope> other) {
      if (!other) {
        return false;
      }
      if (*other != Scope::kEnterprise && owner != Scope::kEnterprise && *other != owner) {
        return false;
      }
      owner = *other == Scope::kEnterprise ? owner : *other;
      return true;
    };
    Scope item = Scope::kCount;  // of the open <?each?>, whose collection says whose it is
    for (OpIndex i = begin; i < end; ++i) {
      const Op& each = op(i);
      switch (each.code) {
        case OpCode::kLiteral:
        case OpCode::kElse:
          continue;
        case OpCode::kNext:
          item = Scope::kCount;
          continue;
        case OpCode::kEach:
          item = each.scope;
          if (!belongs_to(owner_of(static_cast<Collection>(each.offset)))) {
            return std::nullopt;
          }
          continue;
        case OpCode::kUnless:
          return std::nullopt;
        case OpCode::kIf:
          if (each.type == FieldType::kItems) {
            if (!belongs_to(owner_of(static_cast<Collection>(each.offset)))) {
              return std::nullopt;
            }
            continue;
          }
          break;
        default:
          break;
      }
      if (each.scope != item && !belongs_to(owner_of(each.scope))) {
        return std::nullopt;
      }
    }
    return owner;
  }

  // As many operations and blocks as follow from one row.
  Stretch next_stretch(OpIndex at, OpIndex end) const noexcept {
    Stretch all{at, end_of(at), {}};
    all.owner = owner_of_block(all.begin, all.end);
    while (all.owner && *all.owner != Scope::kTag && all.end != end) {
      const OpIndex more = end_of(all.end);
      const std::optional<Scope> owner = owner_of_block(all.end, more);
      const bool fits = owner && *owner != Scope::kTag &&
                        (*owner == Scope::kEnterprise || *all.owner == Scope::kEnterprise ||
                         *owner == *all.owner);
      if (!fits) {
        break;
      }
      all.owner = *owner == Scope::kEnterprise ? all.owner : owner;
      all.end = more;
    }
    return all;
  }

  void copy(const Stretch& stretch) {
    for (OpIndex i = stretch.begin; i < stretch.end; ++i) {
      new_place_[i] = static_cast<OpIndex>(to_.ops.size());
      const OpCode code = op(i).code;
      if (code == OpCode::kEach || code == OpCode::kNext || code == OpCode::kIf ||
          code == OpCode::kElse || code == OpCode::kUnless) {
        jumps_.emplace_back(to_.ops.size(), op(i).jump);
      }
      to_.ops.push_back(op(i));
    }
  }

  void fragment(const Stretch& stretch) {
    new_place_[stretch.begin] = static_cast<OpIndex>(to_.ops.size());
    Op op;
    op.code = OpCode::kFragment;
    op.scope = *stretch.owner;
    op.offset = static_cast<std::uint16_t>(to_.first_extents.size());
    jumps_.emplace_back(to_.ops.size(), stretch.end);
    to_.ops.push_back(op);
    to_.first_extents.push_back(static_cast<std::uint32_t>(to_.extents.size()));
    const Template program = cut(stretch);
    const std::size_t rows = owner_rows(tables_, *stretch.owner);
    for (std::uint32_t number = 0; number < rows; ++number) {
      RenderRows bound;
      bind_common_rows(tables_, bound);
      bind_owner(tables_, *stretch.owner, number, bound);
      text_.resize(size_bound(program, bound));
      const std::size_t length = render(program, bound, text_);
      to_.extents.push_back(
          {static_cast<std::uint32_t>(to_.fragments.size()), static_cast<std::uint32_t>(length)});
      to_.fragments.append(reinterpret_cast<const char*>(text_.data()), length);
    }
  }

  // The stretch alone, as a program.
  Template cut(const Stretch& stretch) const {
    Template program;
    program.syntax = from_.syntax;
    program.literals = from_.literals;
    program.frames = from_.frames;
    for (OpIndex i = stretch.begin; i < stretch.end; ++i) {
      program.ops.push_back(op(i));
      program.ops.back().jump = static_cast<OpIndex>(op(i).jump - stretch.begin);
    }
    program.ops.push_back(Op{});
    return program;
  }

  const Template& from_;
  const CampusTables& tables_;
  Template to_;
  std::vector<OpIndex> new_place_;                      // of each old operation
  std::vector<std::pair<std::size_t, OpIndex>> jumps_;  // a new operation, and its old target
  std::vector<std::byte> text_;
};

}  // namespace

Template fold(const Template& program, const PreparedCampus& campus) {
  return Folder(program, campus.tables(program.syntax)).run();
}

bool is_worth_folding(const PreparedCampus& campus, std::size_t devices) {
  std::size_t rows = 0;
  for (std::size_t scope = 0; scope < kScopeCount; ++scope) {
    rows += owner_rows(campus.tables(), static_cast<Scope>(scope));
  }
  return devices / kDevicesPerRow >= rows;
}

TemplateSet fold(const TemplateSet& templates, const PreparedCampus& campus) {
  TemplateSet folded = templates;
  for (Template* each : {&folded.sep_sip, &folded.sep_sccp, &folded.sip7960, &folded.ld, &folded.gk,
                         &folded.ata_sip, &folded.ata_sccp, &folded.cnf}) {
    *each = fold(*each, campus);
  }
  return folded;
}

}  // namespace dialtone::generator
