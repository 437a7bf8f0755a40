// SPDX-License-Identifier: Apache-2.0
#include "control/import/json_reader.h"

#include "control/database/text_rules.h"
#include "control/import/text_places.h"
#include "dataplane/base/json_depth.h"
#include "dataplane/base/printable.h"

#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::importing {
namespace {

constexpr std::size_t kMaxReason = 160;  // of the library's: it quotes what it read last

// Goes through the text, and says how far the parser has come: what it calls does not.
class WatchedText {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  WatchedText(const char* at, const char*& seen) : at_(at), seen_(&seen) {}
  reference operator*() const noexcept { return *at_; }
  WatchedText& operator++() noexcept {
    *seen_ = ++at_;
    return *this;
  }
  WatchedText operator++(int) noexcept {
    WatchedText before = *this;
    ++*this;
    return before;
  }
  bool operator==(const WatchedText& other) const noexcept { return at_ == other.at_; }

 private:
  const char* at_;
  const char** seen_;
};

// "[json.exception.parse_error.101] parse error at line 3, column 9: syntax error while parsing
// value - unexpected '}'; ...": only what is behind the dash, or the bracket, is for a person.
std::string reason_of(std::string_view what) {
  for (const std::string_view mark : {" - ", "] "}) {
    if (const std::size_t at = what.find(mark); at != what.npos) {
      what.remove_prefix(at + mark.size());
      break;
    }
  }
  return excerpt(what, kMaxReason);
}

// What the library's parser calls, value by value; false ends it.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, FaultList& faults)
      : text_(text), places_(text), faults_(faults), seen_(text.data()) {}

  // Once.
  bool parse() {
    const char* const begin = text_.data();
    return Json::sax_parse(WatchedText(begin, seen_), WatchedText(begin + text_.size(), seen_),
                           this);
  }

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
      faults_.add(key_place(), "duplicate-key",
                  place() + "\"" + excerpt(name) +
                      "\" is there twice in one object; only one of them can count");
    } else if (level.keys.size() > kMaxJsonKeys) {
      faults_.add(key_place(), "too-large",
                  place() + "an object has more than " + std::to_string(kMaxJsonKeys) + " keys");
      return false;
    }
    level.key = std::move(name);
    return !faults_.full();
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    faults_.add(places_.of(position == 0 ? 0 : position - 1), "bad-json",
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
      faults_.add(places_.of(read()), "too-large",
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
        out += (out.empty() ? "" : ": ") + excerpt(last_key(value));
      }
    }
    return out.empty() ? out : out + ": ";
  }

  // Bytes that the parser has taken.
  std::size_t read() const noexcept { return static_cast<std::size_t>(seen_ - text_.data()); }

  // Of the key that has just been read to its last quote. Quotes within it follow an odd number of
  // backslashes.
  TextPlace key_place() {
    const std::size_t last = read() - 1;
    std::size_t first = text_.rfind('"', last - 1);
    for (;;) {
      const std::size_t before = text_.find_last_not_of('\\', first - 1);
      if ((first - before) % 2 == 1) {
        return places_.of(first);
      }
      first = text_.rfind('"', first - 1);
    }
  }

  static const std::string& last_key(const Json& object) {
    return object.get_ref<const Json::object_t&>().back().first;
  }

  std::string_view text_;
  TextPlaces places_;
  FaultList& faults_;
  const char* seen_;
  Json root_;
  std::vector<Level> levels_;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Json> read_json(std::string_view text, FaultList& faults) {
  if (const auto deep = find_deep_json(text)) {
    faults.add(TextPlaces(text).of(*deep), "too-deep",
               "lists and objects are nested more than " + std::to_string(kMaxJsonDepth) +
                   " deep here; a table is a list of rows: {\"device_pools\": [{...}]}");
    return std::nullopt;
  }
  Builder builder(text, faults);
  try {
    if (!builder.parse()) {
      return std::nullopt;
    }
  } catch (const std::exception& error) {  // memory is short; it says all else by parse_error()
    faults.add(0, "bad-json", reason_of(error.what()));
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace dialtone::importing
