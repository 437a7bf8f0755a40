// SPDX-License-Identifier: Apache-2.0
//
// CSV as RFC 4180 has it: quoted fields with commas, quotes and line ends in them, CR LF or LF, a
// byte order mark. Rows remember where they are, for diagnostics. Row by row, so that a file takes
// no more memory than its longest one. Ours, since Debian 12 has no CSV library that is kept up.
// One thread; the text and the list must outlive the reader.
#pragma once

#include "control/import/fault_list.h"
#include "control/import/text_places.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::importing {

struct CsvRow {
  std::uint32_t line = 0;  // where it begins
  std::vector<std::string> fields;
  std::vector<std::size_t> begins = {};  // of each field, for CsvReader::place()
};

class CsvReader {
 public:
  // What no table of phones has: reading ends there.
  static constexpr std::size_t kMaxField = 64 * 1024;  // bytes
  static constexpr std::size_t kMaxColumns = 4096;

  CsvReader(std::string_view text, FaultList& faults);

  // The first row is the header; every other one has as many fields. Blank lines are passed over. A
  // row that breaks these rules is a fault ("broken-row") and left out. Nothing more comes after
  // the last row, a full list of faults, a quote that is never closed, and what is no CSV at all: a
  // NUL byte, a field or a row that is too long.
  std::optional<CsvRow> next();

  // Where a field of a row begins, also of one before the last.
  TextPlace place(const CsvRow& row, std::size_t field) { return places_.of(row.begins[field]); }

 private:
  bool at_end_of_row() const noexcept;
  void skip_end_of_row() noexcept;
  void skip_blank_lines() noexcept;
  bool next_is_field() noexcept;
  CsvRow read_row();
  std::string read_field();
  std::string read_quoted();
  void skip_to_end_of_field() noexcept;
  bool has_width(const CsvRow& row);
  void fault(std::size_t at, const std::string& text);
  void give_up(std::size_t at, const std::string& text);
  void check_field(std::size_t begin, std::string_view field);

  std::string_view text_;
  TextPlaces places_;
  FaultList& faults_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  bool broken_ = false;      // the row has had its fault
  std::size_t width_ = 0;    // of the header; 0: it has not come yet
  std::size_t row_end_ = 0;  // of the last one, without its line end
};

}  // namespace dialtone::importing
