// SPDX-License-Identifier: Apache-2.0
#include "generator/render.h"

#include "dataplane/base/check.h"
#include "generator/escape.h"
#include "generator/text_line.h"

#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

namespace dialtone::generator {
namespace {

template <typename T>
const T& at(const std::byte* row, const Op& op) noexcept {
  return *reinterpret_cast<const T*>(row + op.offset);
}

char* put_number(char* out, std::uint64_t number) noexcept {
  if (number < 10) {
    *out = static_cast<char>('0' + number);
    return out + 1;
  }
  return std::to_chars(out, out + kMaxNumber, number).ptr;
}

char* put_bool(char* out, bool value) noexcept {
  std::memcpy(out, value ? "true\0\0\0" : "false\0\0", 8);
  return out + 5 - value;
}

char* put_uuid(char* out, const Uuid& uuid) noexcept {
  static constexpr auto kHex = [] {
    std::array<char, 512> pairs{};
    for (std::size_t i = 0; i < 256; ++i) {
      pairs[2 * i] = "0123456789abcdef"[i >> 4];
      pairs[2 * i + 1] = "0123456789abcdef"[i & 15];
    }
    return pairs;
  }();
  const auto group = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::memcpy(out, &kHex[2 * std::size_t{uuid.bytes[i]}], 2);
      out += 2;
    }
  };
  group(0, 4);
  for (std::size_t begin = 4; begin < 10; begin += 2) {
    *out++ = '-';
    group(begin, begin + 2);
  }
  *out++ = '-';
  group(10, 16);
  return out;
}

bool has_value(const Op& op, const std::byte* row, const RenderRows& rows) noexcept {
  switch (op.type) {
    case FieldType::kText:
      return !at<std::string>(row, op).empty();
    case FieldType::kView:
      return !at<std::string_view>(row, op).empty();
    case FieldType::kU16:
      return at<std::uint16_t>(row, op) != 0;
    case FieldType::kU32:
      return at<std::uint32_t>(row, op) != 0;
    case FieldType::kU64:
      return at<std::uint64_t>(row, op) != 0;
    case FieldType::kBool:
      return at<bool>(row, op);
    case FieldType::kUuid:
      return at<Uuid>(row, op) != Uuid{};
    case FieldType::kItems:
      return rows.items[op.offset].count != 0;
  }
  return false;
}

// Long ones go by the machine's widest registers.
char* copy_fragment(char* out, const char* text, std::size_t size) noexcept {
  constexpr std::size_t kShort = 128;
  if (size <= kShort) {
    return copy_literal(out, text, size);
  }
  std::memcpy(out, text, size);
  return out + size;
}

bool has_parameter(const ItemList& items, std::string_view name) noexcept {
  const std::byte* item = items.first;
  for (std::uint32_t i = 0; i < items.count; ++i, item += items.stride) {
    if (reinterpret_cast<const TagOverride*>(item)->name == name) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::size_t size_bound(const Template& program, const RenderRows& rows) noexcept {
  std::size_t bound = kCopySlack;
  for (const Frame& frame : program.frames) {
    const bool outside = frame.collection == Collection::kCount;
    const ItemList* items =
        outside ? nullptr : &rows.items[static_cast<std::size_t>(frame.collection)];
    const std::size_t passes = outside ? 1 : items->count;
    const std::size_t item =
        outside ? kScopeCount : static_cast<std::size_t>(collection_info(frame.collection).item);
    bound += passes * frame.fixed;
    for (const Use& use : frame.uses) {
      // The items' weight is that of all passes together.
      const auto scope = static_cast<std::size_t>(use.scope);
      bound += use.times * (scope == item ? items->weight : passes * rows.weights[scope]);
    }
  }
  return bound;
}

std::size_t render(const Template& program, RenderRows rows, std::span<std::byte> buffer) noexcept {
  char* const begin = reinterpret_cast<char*>(buffer.data());
  char* out = begin;
  const char* const literals = program.literals.data();
  const Op* const ops = program.ops.data();
  const Op* op = ops;
  // Of the one <?each?> that is open.
  std::uint32_t remaining = 0;
  std::uint32_t stride = 0;
  for (;;) {
    out = copy_literal(out, literals + op->literal, op->literal_length);
    const std::byte* row = rows.rows[static_cast<std::size_t>(op->scope)];
    switch (op->code) {
      case OpCode::kText:
        out = copy_to(out, at<std::string>(row, *op));
        break;
      case OpCode::kView:
        out = program.syntax == Syntax::kXml ? escape_to(out, at<std::string_view>(row, *op))
                                             : line_to(out, at<std::string_view>(row, *op));
        break;
      case OpCode::kU16:
        out = put_number(out, at<std::uint16_t>(row, *op));
        break;
      case OpCode::kU32:
        out = put_number(out, at<std::uint32_t>(row, *op));
        break;
      case OpCode::kU64:
        out = put_number(out, at<std::uint64_t>(row, *op));
        break;
      case OpCode::kBool:
        out = put_bool(out, at<bool>(row, *op));
        break;
      case OpCode::kUuid:
        out = put_uuid(out, at<Uuid>(row, *op));
        break;
      case OpCode::kLiteral:
        break;
      case OpCode::kEach: {
        const ItemList& items = rows.items[op->offset];
        if (items.count == 0) {
          op = ops + op->jump;
          continue;
        }
        remaining = items.count;
        stride = items.stride;
        rows.rows[static_cast<std::size_t>(op->scope)] = items.first;
        break;
      }
      case OpCode::kNext:
        if (--remaining != 0) {
          rows.rows[static_cast<std::size_t>(op->scope)] = row + stride;
          op = ops + op->jump;
          continue;
        }
        break;
      case OpCode::kIf:
        if (has_value(*op, row, rows) == (op->negate != 0)) {
          op = ops + op->jump;
          continue;
        }
        break;
      case OpCode::kElse:
        op = ops + op->jump;
        continue;
      case OpCode::kUnless:
        if (has_parameter(rows.items[static_cast<std::size_t>(Collection::kVendor)],
                          program.names[op->offset])) {
          op = ops + op->jump;
          continue;
        }
        break;
      case OpCode::kFragment: {
        const std::uint32_t number = rows.numbers[static_cast<std::size_t>(op->scope)];
        if (number == kNoRow) {
          break;
        }
        const Template::Extent text = program.extents[program.first_extents[op->offset] + number];
        out = copy_fragment(out, program.fragments.data() + text.offset, text.length);
        op = ops + op->jump;
        continue;
      }
      case OpCode::kEnd: {
        const auto length = static_cast<std::size_t>(out - begin);
        DIALTONE_CHECK(length + kCopySlack <= buffer.size());
        // Copies in whole steps may have written beyond the end; the segment keeps zeros there.
        std::memset(out, 0, kCopySlack);
        return length;
      }
    }
    ++op;
  }
}

}  // namespace dialtone::generator
