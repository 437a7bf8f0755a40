// SPDX-License-Identifier: Apache-2.0
#include "control/import/csv_reader.h"

#include <utility>

namespace dialtone::importing {

namespace {

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

}  // namespace

CsvReader::CsvReader(std::string_view text, FaultList& faults)
    : text_(without_byte_order_mark(text)), places_(text_), faults_(faults) {}

std::optional<CsvRow> CsvReader::next() {
  for (skip_blank_lines(); at_ < text_.size() && !faults_.full(); skip_blank_lines()) {
    CsvRow row = read_row();
    const bool is_blank = row.fields.size() == 1 && row.fields.front().empty();
    if (!broken_ && !is_blank && has_width(row)) {
      return row;
    }
  }
  return std::nullopt;
}

void CsvReader::fault(std::size_t at, const std::string& text) {
  if (!broken_) {
    broken_ = true;
    faults_.add(places_.of(at), "broken-row", text);
  }
}

void CsvReader::give_up(std::size_t at, const std::string& text) {
  broken_ = true;
  faults_.add(places_.of(at), "broken-row", text + "; nothing behind it was read");
  at_ = text_.size();
}

bool CsvReader::at_end_of_row() const noexcept {
  return at_ >= text_.size() || text_[at_] == '\n' ||
         (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
}

void CsvReader::skip_end_of_row() noexcept {
  at_ += text_[at_] == '\r' ? 2 : 1;
  ++line_;
}

void CsvReader::skip_blank_lines() noexcept {
  while (at_ < text_.size() && at_end_of_row()) {
    skip_end_of_row();
  }
}

// Steps over the comma in front of one.
bool CsvReader::next_is_field() noexcept {
  if (at_ >= text_.size() || text_[at_] != ',') {
    return false;
  }
  ++at_;
  return true;
}

CsvRow CsvReader::read_row() {
  CsvRow row{line_, {}};
  broken_ = false;
  do {
    if (row.fields.size() == kMaxColumns) {
      give_up(at_, "a row has more than " + std::to_string(kMaxColumns) + " fields");
      return row;
    }
    row.begins.push_back(at_);
    row.fields.push_back(read_field());
  } while (next_is_field());
  row_end_ = at_;
  if (at_ < text_.size()) {
    skip_end_of_row();
  }
  return row;
}

std::string CsvReader::read_field() {
  if (at_ < text_.size() && text_[at_] == '"') {
    return read_quoted();
  }
  const std::size_t begin = at_;
  skip_to_end_of_field();
  const std::string_view field = text_.substr(begin, at_ - begin);
  check_field(begin, field);
  if (const std::size_t quote = field.find('"'); quote != field.npos) {
    fault(begin + quote,
          "a quote within a field that does not begin with one; write \"a \"\"b\"\" c\"");
  }
  return std::string(field);
}

std::string CsvReader::read_quoted() {
  const std::size_t begin = at_;
  std::string field;
  bool closed = false;
  for (++at_; at_ < text_.size() && field.size() <= kMaxField; ++at_) {
    if (text_[at_] == '"') {
      ++at_;
      if (at_ == text_.size() || text_[at_] != '"') {
        closed = true;
        break;
      }
    }
    line_ += text_[at_] == '\n';
    field += text_[at_];
  }
  check_field(begin, field);
  if (!closed) {
    fault(begin, "a quoted field that begins here never ends");
  } else if (!at_end_of_row() && text_[at_] != ',') {
    fault(at_, "text behind a closing quote; a quote within a field is written twice");
    skip_to_end_of_field();
  }
  return field;
}

void CsvReader::skip_to_end_of_field() noexcept {
  while (!at_end_of_row() && text_[at_] != ',') {
    ++at_;
  }
}

void CsvReader::check_field(std::size_t begin, std::string_view field) {
  if (field.find('\0') != field.npos) {
    give_up(begin, "a NUL byte: this is no CSV; a spreadsheet saves one as \"CSV UTF-8\"");
  } else if (field.size() > kMaxField) {
    give_up(begin, "a field has more than " + std::to_string(kMaxField) +
                       " bytes: is a quote open that should be closed?");
  }
}

bool CsvReader::has_width(const CsvRow& row) {
  if (width_ == 0) {
    width_ = row.fields.size();
  }
  if (row.fields.size() != width_) {
    // At the first field that is too much, or behind the last one.
    fault(row.fields.size() > width_ ? row.begins[width_] : row_end_,
          "this row has " + std::to_string(row.fields.size()) + " fields, the header has " +
              std::to_string(width_));
    return false;
  }
  return true;
}

}  // namespace dialtone::importing
