// SPDX-License-Identifier: Apache-2.0
//
// The reading half of shared_row.h.
#include "control/database/tag_text.h"
#include "control/database/text_rules.h"
#include "control/import/shared_row.h"
#include "dataplane/base/printable.h"
#include "generator/records.h"

#include <algorithm>
#include <span>

namespace dialtone::importing {
namespace {

using database::Value;

constexpr std::size_t kMaxTagValue = 1024;

// "a, b or c"; there are two at least.
std::string listed(std::span<const std::string_view> words) {
  std::string all(words.front());
  for (std::size_t i = 1; i < words.size(); ++i) {
    all.append(i + 1 == words.size() ? " or " : ", ").append(words[i]);
  }
  return all;
}

class RowReader {
 public:
  RowReader(database::Database& database, const SharedTable& table, const Json& row, bool hints,
            std::vector<RowFault>& faults)
      : database_(database), table_(table), row_(row), hints_(hints), faults_(faults) {}

  Result<SharedRowValues> run() {
    if (!row_.is_object()) {
      faults_.push_back({"bad-value", "a row is an object of keys and values"});
      return std::move(values_);
    }
    check_keys();
    for (const SharedColumn& column : table_.columns) {
      const auto found = row_.find(std::string(column.key));
      if (found != row_.end()) {
        DIALTONE_TRY(read(column, *found));
      }
    }
    check_pair();
    return std::move(values_);
  }

 private:
  void fault(const SharedColumn& column, std::string code, const std::string& text) {
    const std::string key(column.key);
    faults_.push_back({std::move(code), key + ": " + text, key});
  }

  void check_keys() {
    std::vector<std::string_view> known;
    for (const SharedColumn& column : table_.columns) {
      known.push_back(column.key);
    }
    for (const auto& item : row_.items()) {
      if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
        const std::string what = "key of " + std::string(table_.name);
        faults_.push_back({"unknown-key",
                           hints_ ? database::unknown_word(what, item.key(), known)
                                  : database::no_such_word(what, item.key()),
                           item.key()});
      }
    }
  }

  // Name and value of a parameter, which only together are right or wrong.
  void check_pair() {
    if (table_.check_row == nullptr || values_.columns.size() != table_.columns.size()) {
      return;
    }
    const std::string& name = values_.columns[0].second.text;
    const std::string& value = values_.columns[1].second.text;
    if (const auto checked = table_.check_row(name, value); !checked) {
      faults_.push_back({"bad-value", checked.error().text, std::string(table_.columns[1].key)});
    }
  }

  Result<void> read(const SharedColumn& column, const Json& value) {
    switch (column.form) {
      case ColumnForm::kText:
      case ColumnForm::kChoice:
        read_text(column, value);
        return {};
      case ColumnForm::kInteger:
      case ColumnForm::kTime:
        read_integer(column, value);
        return {};
      case ColumnForm::kBoolean:
        if (!value.is_boolean()) {
          fault(column, "bad-value", "wants true or false, not " + shown(value));
        } else {
          put(column, Value(std::int64_t{value.get<bool>()}));
        }
        return {};
      case ColumnForm::kReference:
        return read_reference(column, value);
      case ColumnForm::kMembers:
        return read_members(column, value);
      case ColumnForm::kTags:
      case ColumnForm::kSettings:
        read_object(column, value);
        return {};
      case ColumnForm::kTexts:
        read_texts(column, value);
        return {};
      case ColumnForm::kDocument:
        read_document(column, value);
        return {};
      case ColumnForm::kRows:
        return read_rows(column, value);
    }
    return {};
  }

  void put(const SharedColumn& column, Value value) {
    values_.columns.emplace_back(&column, std::move(value));
  }

  void read_text(const SharedColumn& column, const Json& value) {
    if (!value.is_string()) {
      // The value of a parameter may look like a number.
      const bool is_plain =
          table_.check_row != nullptr && (value.is_number() || value.is_boolean());
      if (!is_plain) {
        fault(column, "bad-value", "wants a text, not " + shown(value));
        return;
      }
    }
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (column.form == ColumnForm::kChoice) {
      if (std::find(column.choices.begin(), column.choices.end(), text) == column.choices.end()) {
        fault(column, "bad-value",
              "wants " + listed(column.choices) + ", not '" + excerpt(text) + "'");
        return;
      }
    } else if (const auto checked = database::check_text("it", text, column.most); !checked) {
      fault(column, "bad-value", checked.error().text);
      return;
    } else if (text.size() < column.least) {
      fault(column, "bad-value", "may not be empty");
      return;
    } else if (!passes(column, text)) {
      return;
    }
    put(column, Value(text));
  }

  void read_document(const SharedColumn& column, const Json& value) {
    if (!value.is_string()) {
      fault(column, "bad-value", "wants a text, not " + shown(value));
    } else if (const auto text = value.get<std::string>(); text.size() > column.most) {
      fault(column, "bad-value",
            "has " + std::to_string(text.size()) + " bytes, and " + std::to_string(column.most) +
                " is the most");
    } else if (passes(column, text)) {
      put(column, Value(text));
    }
  }

  bool passes(const SharedColumn& column, const std::string& text) {
    const auto checked = column.check == nullptr ? Result<void>() : column.check(column.key, text);
    if (!checked) {
      fault(column, "bad-value", checked.error().text);
    }
    return checked.ok();
  }

  // A row for each of them; the last value of a row of values is the one that differs.
  void read_texts(const SharedColumn& column, const Json& value) {
    if (!value.is_array() || value.size() < column.least || value.size() > column.most) {
      fault(column, "bad-value",
            "wants a list of " + std::to_string(column.least) + " to " +
                std::to_string(column.most) + " texts, not " + shown(value));
      return;
    }
    for (const Json& each : value) {
      if (!each.is_string()) {
        fault(column, "bad-value", "wants texts, not " + shown(each));
      } else if (passes(column, each.get<std::string>())) {
        put(column, Value(each.get<std::string>()));
      }
    }
  }

  Result<void> read_rows(const SharedColumn& column, const Json& value) {
    auto rows = read_nested_rows(database_, column, value, hints_, faults_);
    if (!rows) {
      return rows.error();
    }
    values_.nested.push_back(*std::move(rows));
    return {};
  }

  void read_integer(const SharedColumn& column, const Json& value) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > column.most ||
        value.get<std::uint64_t>() < column.least) {
      fault(column, "bad-value",
            "wants a number from " + std::to_string(column.least) + " to " +
                std::to_string(column.most) + ", not " + shown(value));
      return;
    }
    if (column.form == ColumnForm::kTime) {
      values_.changed_s = value.get<std::int64_t>();
    } else if (passes(column, value.dump())) {
      put(column, Value(value.get<std::int64_t>()));
    }
  }

  // The id behind a name; nothing, with a fault, for a name that is none.
  Result<std::optional<std::int64_t>> resolve(const SharedColumn& column, const Json& value) {
    if (!value.is_string()) {
      fault(
          column, "bad-value",
          "wants the name of a " + std::string(kind_name(column.target)) + ", not " + shown(value));
      return std::optional<std::int64_t>();
    }
    const auto name = value.get<std::string>();
    const auto id = find_row(database_, column.target, name);
    if (id.ok() && !id->has_value()) {
      const auto text = unknown_row(database_, column.target, name, hints_);
      if (!text) {
        return text.error();
      }
      fault(column, "unknown-reference", *text);
    }
    return id;
  }

  Result<void> read_reference(const SharedColumn& column, const Json& value) {
    if (value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty())) {
      if (column.is_required) {
        fault(column, "missing-key",
              "wants the name of a " + std::string(kind_name(column.target)));
      } else {
        put(column, Value());
      }
      return {};
    }
    const auto id = resolve(column, value);
    if (!id) {
      return id.error();
    }
    if (id->has_value()) {
      put(column, Value(**id));
    }
    return {};
  }

  Result<void> read_members(const SharedColumn& column, const Json& value) {
    if (!value.is_array() || value.size() > column.most) {
      fault(
          column, "bad-value",
          "wants a list of at most " + std::to_string(column.most) + " names, not " + shown(value));
      return {};
    }
    std::vector<std::int64_t> ids;
    for (const Json& each : value) {
      const auto id = resolve(column, each);
      if (!id) {
        return id.error();
      }
      if (!id->has_value()) {
        continue;
      }
      if (std::find(ids.begin(), ids.end(), **id) != ids.end()) {
        fault(column, "bad-value", shown(each) + " is there twice");
      }
      ids.push_back(**id);
    }
    values_.members = std::move(ids);
    return {};
  }

  void read_object(const SharedColumn& column, const Json& value) {
    const auto parsed =
        database::parse_tags(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!parsed) {
      fault(column, "bad-value", parsed.error().text);
      return;
    }
    for (const generator::Tag& tag : *parsed) {
      Result<void> checked = database::check_text(tag.name, tag.value, kMaxTagValue);
      if (checked.ok() && column.form == ColumnForm::kSettings) {
        checked = column.check(tag.name, tag.value);
      } else if (checked.ok() && !generator::is_tag_name(tag.name)) {
        checked = refused("'" + excerpt(tag.name) + "' is no tag name");
      }
      if (!checked) {
        fault(column, "bad-value", checked.error().text);
      }
    }
    put(column, Value(database::tags_json(*parsed)));
  }

  database::Database& database_;
  const SharedTable& table_;
  const Json& row_;
  const bool hints_;
  std::vector<RowFault>& faults_;
  SharedRowValues values_;
};

}  // namespace

// Lists and objects may be as large as the file.
std::string shown(const Json& value) {
  if (value.is_object()) {
    return "an object";
  }
  if (value.is_array()) {
    return "a list of " + std::to_string(value.size());
  }
  return excerpt(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<SharedRowValues> read_shared_row(database::Database& database, const SharedTable& table,
                                        const Json& row, bool hints,
                                        std::vector<RowFault>& faults) {
  return RowReader(database, table, row, hints, faults).run();
}

}  // namespace dialtone::importing
