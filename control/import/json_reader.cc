// SPDX-License-Identifier: Apache-2.0
#include "control/import/json_reader.h"

#include "control/database/text_rules.h"
#include "dataplane/base/json_depth.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::importing {
namespace {

constexpr std::size_t kMaxReason = 160;  // of the library's: it quotes what it read last

struct Place {
  std::uint32_t line;
  std::uint32_t column;
};

// Of the character at `offset`.
Place place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_end = before.rfind('\n');
  const std::string_view line = before.substr(line_end == before.npos ? 0 : line_end + 1);
  const auto characters =
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; });
  return {static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n')),
          static_cast<std::uint32_t>(1 + characters)};
}

// "[json.exception.parse_error.101] parse error at line 3, column 9: syntax error while parsing
// value - unexpected '}'; ...": only what is behind the dash, or the bracket, is for a person.
std::string reason_of(std::string_view what) {
  for (const std::string_view mark : {" - ", "] "}) {
    if (const std::size_t at = what.find(mark); at != what.npos) {
      what.remove_prefix(at + mark.size());
      break;
    }
  }
  return database::excerpt(what, kMaxReason);
}

// What the library's parser calls, value by value; false ends it.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, FaultList& faults) : text_(text), faults_(faults) {}

  Json take() { return std::move(root_); }

  bool null() override { return put(Json()) != nullptr; }
  bool boolean(bool value) override { return put(Json(value)) != nullptr; }
  bool number_integer(number_integer_t value) override { return put(Json(value)) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return put(Json(value)) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override {
    return put(Json(value)) != nullptr;
  }
  bool string(string_t& value) override { return put(Json(std::move(value))) != nullptr; }
  bool binary(binary_t&) override { return false; }  // is not in a text

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    if (!level.keys.insert(name).second) {
      faults_.add(0, "duplicate-key",
                  place() + "\"" + database::excerpt(name) +
                      "\" is there twice in one object; only one of them can count");
    } else if (level.keys.size() > kMaxJsonKeys) {
      faults_.add(0, "too-large",
                  place() + "an object has more than " + std::to_string(kMaxJsonKeys) + " keys");
      return false;
    }
    level.key = std::move(name);
    return !faults_.full();
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const Place at = place_of(text_, position == 0 ? 0 : position - 1);
    faults_.add(at.line, at.column, "bad-json",
                "the file is no JSON from here on: " + reason_of(error.what()));
    return false;
  }

 private:
  // An object or a list that is not closed yet.
  struct Level {
    Json* value;  // stays where it is: what it stands in grows only when it is closed
    std::string key = {};
    std::set<std::string> keys = {};
  };

  // Where the value stands now; null: there are too many.
  Json* put(Json value) {
    if (++values_ > kMaxJsonValues) {
      faults_.add(0, "too-large",
                  "the file has more than " + std::to_string(kMaxJsonValues) +
                      " values; split it, and import the parts one by one");
      return nullptr;
    }
    if (levels_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Level& level = levels_.back();
    if (level.value->is_array()) {
      level.value->push_back(std::move(value));
      return &level.value->back();
    }
    // Not by operator[], which would look for the key among all others.
    auto& members = level.value->get_ref<Json::object_t&>();
    return &members.emplace_back(std::exchange(level.key, {}), std::move(value)).second;
  }

  bool open(Json value) {
    Json* at = put(std::move(value));
    if (at != nullptr) {
      levels_.push_back({at});
    }
    return at != nullptr;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  // "cm_nodes[2]: settings: ", of the innermost object; "" at the top.
  std::string place() const {
    std::string out;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
      const Json& value = *levels_[i].value;
      if (value.is_array()) {
        out += "[" + std::to_string(value.size() - 1) + "]";
      } else {
        out += (out.empty() ? "" : ": ") + database::excerpt(last_key(value));
      }
    }
    return out.empty() ? out : out + ": ";
  }

  static const std::string& last_key(const Json& object) {
    return object.get_ref<const Json::object_t&>().back().first;
  }

  std::string_view text_;
  FaultList& faults_;
  Json root_;
  std::vector<Level> levels_;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Json> read_json(std::string_view text, FaultList& faults) {
  if (const auto deep = find_deep_json(text)) {
    faults.add(place_of(text, *deep).line, "too-deep",
               "lists and objects are nested more than " + std::to_string(kMaxJsonDepth) +
                   " deep here; a table is a list of rows: {\"device_pools\": [{...}]}");
    return std::nullopt;
  }
  Builder builder(text, faults);
  try {
    if (!Json::sax_parse(text, &builder)) {
      return std::nullopt;
    }
  } catch (const std::exception& error) {  // memory is short; it says all else by parse_error()
    faults.add(0, "bad-json", reason_of(error.what()));
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace dialtone::importing
