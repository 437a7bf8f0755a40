// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/gateway_keys.h"

#include "control/daemon/gateway_key_names.h"
#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <optional>
#include <set>

namespace dialtone::daemon {
namespace {

using api::Json;
using database::parse_number;

// "port0/1/3.dn" as its numbers and "dn"; nothing when it is not `count` numbers and a field.
struct Place {
  std::vector<std::uint32_t> numbers;
  std::string field;
};
std::optional<Place> place_of(std::string_view key, std::string_view group, std::size_t count,
                              bool has_field) {
  const std::size_t dot = has_field ? key.find('.') : key.size();
  if (!key.starts_with(group) || dot == key.npos) {
    return std::nullopt;
  }
  Place place{{}, std::string(key.substr(std::min(dot + 1, key.size())))};
  std::string_view numbers = key.substr(group.size(), dot - group.size());
  for (;;) {
    const std::size_t slash = numbers.find('/');
    const auto number = parse_number(numbers.substr(0, slash), kMost);
    if (!number) {
      return std::nullopt;
    }
    place.numbers.push_back(*number);
    if (slash == numbers.npos) {
      break;
    }
    numbers.remove_prefix(slash + 1);
  }
  return place.numbers.size() == count ? std::optional(std::move(place)) : std::nullopt;
}

bool is_at(const Json& row, const std::vector<std::uint32_t>& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (row.value(kPlaces[i], kMost + 1) != numbers[i]) {
      return false;
    }
  }
  return true;
}

Json& list_of(Json& row, const char* key) {
  Json& list = row[key];
  if (!list.is_array()) {
    list = Json::array();
  }
  return list;
}

// The row at that place, which is made when it is missing.
Json& row_at(Json& list, const std::vector<std::uint32_t>& numbers) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Json& each) { return is_at(each, numbers); });
  if (found != list.end()) {
    return *found;
  }
  Json row = Json::object();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    row[kPlaces[i]] = numbers[i];
  }
  list.push_back(std::move(row));
  return list.back();
}

// All that stand at a place or below it.
void erase_at(Json& list, const std::vector<std::uint32_t>& numbers) {
  Json kept = Json::array();
  for (Json& each : list) {
    if (!is_at(each, numbers)) {
      kept.push_back(std::move(each));
    }
  }
  list = std::move(kept);
}

void put_setting(Json& row, const std::string& name, const std::string& value) {
  Json& settings = row["settings"];
  if (!settings.is_object()) {
    settings = Json::object();
  }
  if (value.empty()) {
    settings.erase(name);
  } else {
    settings[name] = value;
  }
}

void put_text(Json& row, const std::string& key, const std::string& value) {
  row[key] = value;
}

// "0-3,7": the numbers, each once.
Result<std::set<std::uint32_t>> read_ports(std::string_view key, std::string_view value) {
  std::set<std::uint32_t> ports;
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view part = value.substr(0, comma);
    value.remove_prefix(comma == value.npos ? value.size() : comma + 1);
    const std::size_t dash = part.find('-');
    const auto first = parse_number(part.substr(0, dash), kMost);
    const auto last = dash == part.npos ? first : parse_number(part.substr(dash + 1), kMost);
    if (!first || !last || *last < *first) {
      return refused(std::string(key) + " wants ports as 0-3,7, up to " + std::to_string(kMost) +
                     ", not '" + std::string(part) + "'");
    }
    for (std::uint32_t port = *first; port <= *last; ++port) {
      if (!ports.insert(port).second) {
        return refused(std::string(key) + ": port " + std::to_string(port) + " is there twice");
      }
    }
  }
  return ports;
}

Result<void> set_ports(Json& row, std::string_view key, const Place& place,
                       const std::string& value) {
  const auto ports = read_ports(key, value);
  if (!ports) {
    return ports.error();
  }
  Json& list = list_of(row, "ports");
  Json kept = Json::array();
  for (Json& each : list) {
    if (!is_at(each, place.numbers) || ports->contains(each.value("port", kMost + 1))) {
      kept.push_back(std::move(each));
    }
  }
  list = std::move(kept);
  for (const std::uint32_t port : *ports) {
    row_at(list, {place.numbers[0], place.numbers[1], port});
  }
  return {};
}

bool set_unit(Json& row, const Place& place, const std::string& value) {
  if (place.field != "product") {
    return false;
  }
  if (!value.empty()) {
    row_at(list_of(row, "units"), place.numbers)["product"] = value;
    return true;
  }
  for (const char* list : {"units", "subunits", "ports"}) {
    erase_at(list_of(row, list), place.numbers);
  }
  return true;
}

Result<bool> set_subunit(Json& row, std::string_view key, const Place& place,
                         const std::string& value) {
  if (place.field == "begin_port") {
    const auto number = parse_number(value.empty() ? "0" : value, kMost);
    if (!number) {
      return refused(std::string(key) + " wants a number from 0 to " + std::to_string(kMost) +
                     ", not '" + excerpt(value) + "'");
    }
    row_at(list_of(row, "subunits"), place.numbers)["begin_port"] = *number;
    return true;
  }
  if (place.field != "product") {
    return false;
  }
  if (!value.empty()) {
    row_at(list_of(row, "subunits"), place.numbers)["product"] = value;
    return true;
  }
  for (const char* list : {"subunits", "ports"}) {
    erase_at(list_of(row, list), place.numbers);
  }
  return true;
}

bool set_port(Json& row, const Place& place, const std::string& value) {
  const std::string_view field = place.field;
  if (field.starts_with(kSettings) && field.size() > kSettings.size()) {
    put_setting(row_at(list_of(row, "ports"), place.numbers),
                std::string(field.substr(kSettings.size())), value);
    return true;
  }
  if (field != "dn" && field != "description") {
    return false;
  }
  put_text(row_at(list_of(row, "ports"), place.numbers), place.field, value);
  return true;
}

// With the numbers that were typed, so that "port0/1/2.nd" leads to "port0/1/2.dn".
Error unknown_key(std::string_view key) {
  std::vector<std::string> names(kOwnKeys.begin(), kOwnKeys.end());
  names.emplace_back("settings.NAME");
  const std::size_t digit = key.find_first_of("0123456789");
  const std::string typed(
      digit == key.npos ? ""
                        : key.substr(digit, key.find_first_not_of("0123456789/", digit) - digit));
  const auto add = [&](const char* group, const char* fallback, const char* field) {
    names.push_back(group + (typed.empty() ? fallback : typed) + field);
  };
  add("unit", "0", ".product");
  add("subunit", "0/0", ".product");
  add("subunit", "0/0", ".begin_port");
  add("ports", "0/0", "");
  add("port", "0/0/0", ".dn");
  add("port", "0/0/0", ".description");
  add("port", "0/0/0", ".settings.NAME");
  return refused(database::unknown_word("key of a gateway", key, {names.begin(), names.end()}));
}

}  // namespace

Result<void> set_gateway_key(Json& row, std::string_view key, const std::string& value) {
  if (std::find(kOwnKeys.begin(), kOwnKeys.end(), key) != kOwnKeys.end()) {
    put_text(row, std::string(key), value);
    return {};
  }
  if (key.starts_with(kSettings) && key.size() > kSettings.size()) {
    put_setting(row, std::string(key.substr(kSettings.size())), value);
    return {};
  }
  if (const auto ports = place_of(key, "ports", 2, false)) {
    return set_ports(row, key, *ports, value);
  }
  if (const auto unit = place_of(key, "unit", 1, true); unit && set_unit(row, *unit, value)) {
    return {};
  }
  if (const auto subunit = place_of(key, "subunit", 2, true)) {
    const auto set = set_subunit(row, key, *subunit, value);
    if (!set || *set) {
      return set ? Result<void>() : Result<void>(set.error());
    }
  }
  if (const auto port = place_of(key, "port", 3, true); port && set_port(row, *port, value)) {
    return {};
  }
  return unknown_key(key);
}

}  // namespace dialtone::daemon
