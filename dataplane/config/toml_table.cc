// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/address_text.h"
#include "dataplane/config/toml_document.h"
#include "dataplane/config/toml_file.h"

#include <algorithm>

namespace dialtone::config {
namespace {

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

}  // namespace

bool TomlTable::has(std::string_view key) const {
  return node_of(document_.get(), name_, key) != nullptr;
}

bool TomlTable::is_empty_list(std::string_view key) const {
  const toml::node* node = node_of(document_.get(), name_, key);
  const toml::array* list = node == nullptr ? nullptr : node->as_array();
  return list != nullptr && list->empty();
}

void TomlTable::fault(std::string_view key, std::string_view code, std::string text) {
  toml::source_position place{};
  if (const toml::node* node = node_of(document_.get(), name_, key); node != nullptr) {
    place = node->source().begin;
  } else if (const toml::table* table = table_of(document_.get(), name_); table != nullptr) {
    place = table->source().begin;
  }
  fault_at(place.line, place.column, code, std::move(text));
}

void TomlTable::fault_at(std::uint32_t line, std::uint32_t column, std::string_view code,
                         std::string text) {
  faults_.push_back({file_, line, column, std::string(code), std::move(text)});
}

void TomlTable::item_fault(std::string_view key, std::size_t item, std::string_view code,
                           std::string text) {
  const toml::node* node = node_of(document_.get(), name_, key);
  const toml::array* list = node == nullptr ? nullptr : node->as_array();
  if (list == nullptr || item >= list->size()) {
    fault(key, code, std::move(text));
    return;
  }
  const toml::source_position place = list->get(item)->source().begin;
  fault_at(place.line, place.column, code, std::move(text));
}

void TomlTable::wrong_type(std::string_view key, std::string_view wanted) {
  const toml::node* node = node_of(document_.get(), name_, key);
  fault(key, "wrong-type",
        std::string(key) + " must be " + std::string(wanted) + "; here it is " +
            std::string(type_name(*node)));
}

std::string TomlTable::range_text(std::string_view key, std::int64_t value, IntegerRange range) {
  return std::string(key) + " is " + std::to_string(value) + "; it must be " +
         std::to_string(range.least) + " to " + std::to_string(range.most);
}

bool TomlTable::find_text(std::string_view key, std::string& out) {
  asked_.emplace_back(key);
  const toml::node* node = node_of(document_.get(), name_, key);
  if (node == nullptr) {
    return false;
  }
  const auto* text = node->as_string();
  if (text == nullptr) {
    wrong_type(key, "a string in quotes");
    return false;
  }
  out = text->get();
  return true;
}

std::string TomlTable::text(std::string_view key, std::string_view fallback) {
  std::string out(fallback);
  find_text(key, out);
  return out;
}

std::int64_t TomlTable::integer(std::string_view key, std::int64_t fallback, IntegerRange range) {
  asked_.emplace_back(key);
  const toml::node* node = node_of(document_.get(), name_, key);
  if (node == nullptr) {
    return fallback;
  }
  const auto* number = node->as_integer();
  if (number == nullptr) {
    wrong_type(key, "an integer");
    return fallback;
  }
  if (number->get() < range.least || number->get() > range.most) {
    fault(key, "out-of-range", range_text(key, number->get(), range));
    return fallback;
  }
  return number->get();
}

bool TomlTable::boolean(std::string_view key, bool fallback) {
  asked_.emplace_back(key);
  const toml::node* node = node_of(document_.get(), name_, key);
  if (node == nullptr) {
    return fallback;
  }
  const auto* flag = node->as_boolean();
  if (flag == nullptr) {
    wrong_type(key, "true or false, without quotes");
    return fallback;
  }
  return flag->get();
}

std::string TomlTable::choice(std::string_view key, std::string_view fallback,
                              std::initializer_list<std::string_view> choices) {
  std::string value;
  if (!find_text(key, value)) {
    return std::string(fallback);
  }
  if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
    fault(key, "bad-value",
          unknown_text("value '" + value + "' of " + std::string(key), value, choices));
    return std::string(fallback);
  }
  return value;
}

std::vector<std::int64_t> TomlTable::integers(std::string_view key, IntegerRange range) {
  asked_.emplace_back(key);
  const toml::node* node = node_of(document_.get(), name_, key);
  std::vector<std::int64_t> out;
  if (node == nullptr) {
    return out;
  }
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    wrong_type(key, "a list of integers, as in [0, 1]");
    return out;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (const auto* number = list->get(i)->as_integer(); number == nullptr) {
      item_fault(key, i, "wrong-type", std::string(key) + " must hold integers only");
    } else if (number->get() < range.least || number->get() > range.most) {
      item_fault(key, i, "out-of-range", range_text(key, number->get(), range));
    } else {
      out.push_back(number->get());
    }
  }
  return out;
}

MacBytes TomlTable::mac(std::string_view key, const MacBytes& fallback) {
  std::string value;
  if (!find_text(key, value)) {
    return fallback;
  }
  const auto mac = parse_mac(value);
  if (!mac) {
    fault(key, "bad-mac", "'" + value + "' is no MAC address; write it as 02:44:0a:4d:00:01");
    return fallback;
  }
  if (((*mac)[0] & 1) != 0 || *mac == MacBytes{}) {
    fault(key, "bad-mac",
          "'" + value +
              "' is no address of one station: its first byte must be "
              "even and not all bytes zero");
    return fallback;
  }
  return *mac;
}

std::string TomlTable::required_text(std::string_view key, std::string_view example) {
  std::string value;
  const bool present = has(key);
  const bool found = find_text(key, value);
  if (document_ == nullptr) {
    return value;  // the fault of the file itself is reported
  }
  if (!present || (found && value.empty())) {
    fault(key, "missing-key",
          std::string(key) + " is missing from [" + name_ + "]; for example " + std::string(key) +
              " = \"" + std::string(example) + "\"");
  }
  return value;
}

void TomlTable::finish() {
  const toml::table* table = table_of(document_.get(), name_);
  if (table == nullptr) {
    return;
  }
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (auto&& [key, node] : *table) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
      const toml::source_position place = key.source().begin;
      faults_.push_back({file_, place.line, place.column, "unknown-key",
                         unknown_text("key '" + std::string(key.str()) + "' in [" + name_ + "]",
                                      key.str(), known)});
    }
  }
}

}  // namespace dialtone::config
