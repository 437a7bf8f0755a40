// SPDX-License-Identifier: Apache-2.0
#include "control/import/csv_reader.h"

#include <utility>

namespace dialtone::importing {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const std::string& file, Diagnostics& faults)
      : text_(text), file_(file), faults_(faults) {
    if (text_.starts_with("\xef\xbb\xbf")) {
      text_.remove_prefix(3);
    }
  }

  std::vector<CsvRow> run() {
    while (at_ < text_.size()) {
      read_row();
    }
    return std::move(rows_);
  }

 private:
  void fault(std::uint32_t line, std::string text) {
    faults_.push_back({file_, line, 0, "broken-row", std::move(text)});
  }

  bool at_end_of_row() const {
    return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_).starts_with("\r\n");
  }

  void skip_end_of_row() {
    at_ += at_ < text_.size() && text_[at_] == '\r' ? 2 : 1;
    ++line_;
  }

  void read_row() {
    CsvRow row{line_, {}};
    broken_ = false;
    do {
      row.fields.push_back(read_field());
    } while (next_is_field());
    if (at_ < text_.size()) {
      skip_end_of_row();
    }
    if (!broken_) {
      keep(std::move(row));
    }
  }

  // Steps over the comma in front of one.
  bool next_is_field() {
    if (at_ == text_.size() || text_[at_] != ',') {
      return false;
    }
    ++at_;
    return true;
  }

  std::string read_field() {
    if (at_ < text_.size() && text_[at_] == '"') {
      return read_quoted();
    }
    const std::size_t begin = at_;
    while (!at_end_of_row() && text_[at_] != ',') {
      if (text_[at_] == '"' && !broken_) {
        broken_ = true;
        fault(line_,
              "a quote within a field that does not begin with one; write \"a \"\"b\"\" c\"");
      }
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string read_quoted() {
    const std::uint32_t begin = line_;
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        if (at_ == text_.size() || text_[at_] != '"') {
          return end_of_quoted(std::move(field));
        }
      }
      line_ += text_[at_] == '\n';
      field += text_[at_];
    }
    broken_ = true;
    fault(begin, "a quoted field that begins here never ends");
    return field;
  }

  std::string end_of_quoted(std::string field) {
    if (!at_end_of_row() && text_[at_] != ',') {
      if (!broken_) {
        broken_ = true;
        fault(line_, "text behind a closing quote; a quote within a field is written twice");
      }
      while (!at_end_of_row() && text_[at_] != ',') {
        ++at_;
      }
    }
    return field;
  }

  void keep(CsvRow row) {
    if (row.fields.size() == 1 && row.fields.front().empty()) {
      return;
    }
    if (rows_.empty()) {
      width_ = row.fields.size();
    } else if (row.fields.size() != width_) {
      fault(row.line, "this row has " + std::to_string(row.fields.size()) +
                          " fields, the header has " + std::to_string(width_));
      return;
    }
    rows_.push_back(std::move(row));
  }

  std::string_view text_;
  const std::string& file_;
  Diagnostics& faults_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  bool broken_ = false;  // the row has had its fault
  std::size_t width_ = 0;
  std::vector<CsvRow> rows_;
};

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text, const std::string& file, Diagnostics& faults) {
  return Reader(text, file, faults).run();
}

}  // namespace dialtone::importing
