// SPDX-License-Identifier: Apache-2.0
//
// The keys of a gateway, out of its row.
#include "control/daemon/gateway_key_names.h"
#include "control/daemon/gateway_keys.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using api::Json;

std::string text_at(const Json& row, const char* key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string numbers_of(const Json& row, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += (i == 0 ? "" : "/") + std::to_string(row.value(kPlaces[i], 0U));
  }
  return text;
}

// "0-3,7" of ascending numbers.
std::string ranges_of(const std::vector<std::uint32_t>& ports) {
  std::string text;
  for (std::size_t i = 0; i < ports.size();) {
    std::size_t last = i;
    while (last + 1 < ports.size() && ports[last + 1] == ports[last] + 1) {
      ++last;
    }
    text += (text.empty() ? "" : ",") + std::to_string(ports[i]);
    text += last == i ? "" : "-" + std::to_string(ports[last]);
    i = last + 1;
  }
  return text;
}

class Keys {
 public:
  explicit Keys(const Json& row) : row_(row) {}

  std::vector<std::pair<std::string, std::string>> run() {
    for (const std::string_view key : kOwnKeys) {
      add(std::string(key), text_at(row_, std::string(key).c_str()));
    }
    settings("", row_);
    for (const Json& unit : list("units")) {
      add("unit" + numbers_of(unit, 1) + ".product", text_at(unit, "product"));
    }
    for (const Json& subunit : list("subunits")) {
      const std::string group = "subunit" + numbers_of(subunit, 2);
      add(group + ".product", text_at(subunit, "product"));
      const auto begin = subunit.value("begin_port", 0U);
      add(group + ".begin_port", begin == 0 ? "" : std::to_string(begin));
    }
    ports();
    return std::move(keys_);
  }

 private:
  void add(std::string key, std::string value) {
    if (!value.empty()) {
      keys_.emplace_back(std::move(key), std::move(value));
    }
  }
  const Json& list(const char* key) const {
    static const Json kNone = Json::array();
    const auto found = row_.find(key);
    return found != row_.end() && found->is_array() ? *found : kNone;
  }
  void settings(const std::string& group, const Json& row) {
    const auto found = row.find("settings");
    if (found != row.end() && found->is_object()) {
      for (const auto& [name, value] : found->items()) {
        add(group + std::string(kSettings) + name,
            value.is_string() ? value.get<std::string>() : value.dump());
      }
    }
  }
  void ports() {
    const Json& all = list("ports");
    for (std::size_t i = 0; i < all.size();) {
      const std::string place = numbers_of(all[i], 2);
      std::vector<std::uint32_t> numbers;
      for (; i < all.size() && numbers_of(all[i], 2) == place; ++i) {
        numbers.push_back(all[i].value("port", 0U));
      }
      add("ports" + place, ranges_of(numbers));
    }
    for (const Json& port : all) {
      const std::string group = "port" + numbers_of(port, 3) + ".";
      add(group + "dn", text_at(port, "dn"));
      add(group + "description", text_at(port, "description"));
      settings(group, port);
    }
  }

  const Json& row_;
  std::vector<std::pair<std::string, std::string>> keys_;
};

}  // namespace

std::vector<std::pair<std::string, std::string>> gateway_keys_of(const Json& row) {
  return Keys(row).run();
}

}  // namespace dialtone::daemon
