// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/address_text.h"
#include "dataplane/config/toml_document.h"
#include "dataplane/config/toml_file.h"

#include <algorithm>

namespace dialtone::config {
namespace {

bool can_be_a_hosts(const IpAddress& address) {
  if (address.is_v4()) {
    const std::uint32_t first = address.v4() >> 24;
    return first != 0 && first != 127 && first < 224;
  }
  // ::/64 holds ::, ::1 and the forms that hold an IPv4 address.
  return address.high != 0 && !address.is_multicast_v6();
}

}  // namespace

void TomlTable::add_address(std::string_view key, std::size_t item, std::string_view example,
                            const std::string& text, std::vector<IpAddress>& out) {
  const auto address = parse_ip(text);
  if (!address) {
    item_fault(
        key, item, "bad-address",
        "'" + text + "' is no IP address; write it as " + std::string(example) + " or 2001:db8::1");
  } else if (!can_be_a_hosts(*address)) {
    item_fault(key, item, "bad-address",
               "'" + text + "' is no address that a host on the network can have");
  } else if (std::find(out.begin(), out.end(), *address) != out.end()) {
    item_fault(key, item, "bad-address", "'" + text + "' stands there twice");
  } else {
    out.push_back(*address);
  }
}

std::vector<IpAddress> TomlTable::required_addresses(std::string_view key, std::string_view example,
                                                     std::size_t most) {
  std::vector<IpAddress> out;
  const toml::node* node = node_of(document_.get(), name_, key);
  const toml::array* list = node == nullptr ? nullptr : node->as_array();
  if (list == nullptr) {
    if (const std::string value = required_text(key, example); !value.empty()) {
      add_address(key, 0, example, value, out);
    }
    return out;
  }
  asked_.emplace_back(key);
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (const auto* text = list->get(i)->as_string(); text != nullptr) {
      add_address(key, i, example, text->get(), out);
    } else {
      item_fault(key, i, "wrong-type", std::string(key) + " must hold addresses in quotes only");
    }
  }
  if (list->empty() || list->size() > most) {
    fault(key, "out-of-range",
          std::string(key) + " holds " + std::to_string(list->size()) +
              " addresses; it must hold 1 to " + std::to_string(most));
  }
  return out;
}

std::vector<ListedPrefix> TomlTable::prefixes(std::string_view key) {
  asked_.emplace_back(key);
  std::vector<ListedPrefix> out;
  const toml::node* node = node_of(document_.get(), name_, key);
  if (node == nullptr) {
    return out;
  }
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    wrong_type(key, "a list of prefixes, as in [\"10.0.0.0/8\"]");
    return out;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* text = list->get(i)->as_string();
    const auto prefix = text == nullptr ? std::nullopt : parse_prefix(text->get());
    if (text == nullptr) {
      item_fault(key, i, "wrong-type", std::string(key) + " must hold prefixes in quotes only");
    } else if (!prefix) {
      item_fault(
          key, i, "bad-prefix",
          "'" + text->get() +
              "' is no prefix; write it as 10.0.0.0/8 or 2001:db8::/32, with nothing behind the "
              "prefix's bits, no number that begins with 0, and IPv4 without ::ffff:");
    } else if (std::ranges::find(out, *prefix, &ListedPrefix::prefix) != out.end()) {
      item_fault(key, i, "bad-prefix", "'" + text->get() + "' stands there twice");
    } else {
      out.push_back({*prefix, i});
    }
  }
  return out;
}

}  // namespace dialtone::config
