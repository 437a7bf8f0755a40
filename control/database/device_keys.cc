// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_keys.h"

#include "control/database/device_key_table.h"
#include "control/database/device_name.h"
#include "control/database/tag_text.h"
#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"
#include "generator/records.h"

#include <algorithm>
#include <optional>
#include <span>

namespace dialtone::database {
namespace {

constexpr std::size_t kMaxVendorValue = 1024;
constexpr std::size_t kMostOfAny = 4096;  // characters of what is no text by itself
constexpr std::string_view kVendor = "vendor.";
constexpr std::string_view kAllVendor = "vendor";
constexpr std::string_view kShortDescription = "desc";

// What a person typed for a choice, as it is stored.
Result<std::string> chosen(std::string_view key, std::string_view value) {
  const bool is_protocol = key == "protocol";
  const std::string word = is_protocol ? upper_case(value) : lower_case(value);
  const bool is_known = is_protocol ? word == "SCCP" || word == "SIP"
                                    : word == "speeddial" || word == "blf" || word == "service";
  if (!is_known) {
    return refused(std::string("wants ") +
                   (is_protocol ? "SCCP or SIP" : "speeddial, blf or service") + ", not '" +
                   excerpt(value) + "'");
  }
  return word;
}

template <typename Row>
Result<void> assign(const Key<Row>& key, std::string_view full_key, Row& row,
                    std::string_view value) {
  // A number or a word has a limit of its own, in other terms.
  DIALTONE_TRY(check_text(full_key, value, key.form == Form::kText ? key.most : kMostOfAny));
  const bool clears = value.empty();
  if (key.form == Form::kNumber) {
    const auto number = parse_number(clears ? "0" : value, key.most);
    if (!number) {
      return refused(std::string(full_key) + " wants a number from 0 to " +
                     std::to_string(key.most) + ", not '" + excerpt(value) + "'");
    }
    row.*key.number = *number;
    return {};
  }
  if (clears) {
    row.*key.text = Row{}.*key.text;
    return {};
  }
  Result<std::string> text = std::string(value);
  if (key.form == Form::kName) {
    text = device_name(value);
  } else if (key.form != Form::kText) {
    text = chosen(key.name, value);
  }
  if (!text) {
    return refused(std::string(full_key) + (key.form == Form::kName ? ": " : " ") +
                   text.error().text);
  }
  DIALTONE_TRY(check_text(full_key, *text, key.most));
  row.*key.text = *text;
  return {};
}

// Only what a row is by itself, or nothing that a person typed.
template <typename Row>
bool is_blank(std::span<const Key<Row>> keys, const Row& row) {
  return std::all_of(keys.begin(), keys.end(), [&](const Key<Row>& key) {
    return key.form != Form::kText || (row.*key.text).empty();
  });
}

// "line12.dn" as 12 and "dn", when it has the form of the group's keys.
struct NumberedKey {
  std::uint32_t number;
  std::string_view field;
};
std::optional<NumberedKey> split(std::string_view group, std::string_view key) noexcept {
  const std::size_t dot = key.find('.');
  if (!key.starts_with(group) || dot == key.npos) {
    return std::nullopt;
  }
  const std::string_view digits = key.substr(group.size(), dot - group.size());
  const auto number = parse_number(digits, kMaxIndex);
  if (!number || *number == 0 || digits.front() == '0') {
    return std::nullopt;
  }
  return NumberedKey{*number, key.substr(dot + 1)};
}

template <typename Row>
Result<void> set_in_group(const Group<Row>& group, Device& device, const NumberedKey& at,
                          std::string_view full_key, std::string_view value) {
  auto& rows = device.*group.rows;
  const auto found = rows.find(at.number);
  Row row = found == rows.end() ? Row{} : found->second;
  DIALTONE_TRY(assign(*find(group.keys, at.field), full_key, row, value));
  if (row == Row{} || (value.empty() && is_blank(group.keys, row))) {
    rows.erase(at.number);
  } else {
    rows[at.number] = std::move(row);
  }
  return {};
}

Result<void> set_vendor_tag(Device& device, std::string_view name, std::string_view value) {
  const std::string key = std::string(kVendor) + std::string(name);
  DIALTONE_TRY(check_text(key, value, kMaxVendorValue));
  const auto same = std::find_if(device.vendor.begin(), device.vendor.end(),
                                 [&](const VendorTag& tag) { return tag.name == name; });
  if (same == device.vendor.end()) {
    if (!value.empty() && device.vendor.size() == kMaxTags) {
      return refused("vendor: " + too_many_tags().text);
    }
    if (!value.empty()) {
      device.vendor.push_back({std::string(name), std::string(value)});
    }
  } else if (value.empty()) {
    device.vendor.erase(same);
  } else {
    same->value = value;
  }
  return {};
}

// All tags at once, in their order, which the file has: an object of names and texts.
Result<void> set_vendor(Device& device, std::string_view value) {
  const auto tags =
      value.empty() ? Result<generator::TagMap>(generator::TagMap()) : parse_tags(value);
  if (!tags) {
    return refused("vendor: " + tags.error().text);
  }
  Device scratch;
  for (const generator::Tag& tag : *tags) {
    const auto key = find_key(std::string(kVendor) + tag.name);
    if (!key) {
      return key.error();
    }
    DIALTONE_TRY(set_vendor_tag(scratch, tag.name, tag.value));
  }
  device.vendor = std::move(scratch.vendor);
  return {};
}

// Of a key that is right but for its number; empty for any other.
std::string wrong_number(std::string_view key) {
  std::string text;
  for_each_group([&](const auto& group) {
    const std::size_t dot = key.find('.');
    if (!key.starts_with(group.name) || dot == key.npos) {
      return;
    }
    const std::string_view digits = key.substr(group.name.size(), dot - group.name.size());
    if (!digits.empty() && digits.find_first_not_of("0123456789") == digits.npos &&
        find(group.keys, key.substr(dot + 1)) != nullptr) {
      text = no_such_word("key of a device", key) + ": behind '" + std::string(group.name) +
             "' stands a number from 1 to " + std::to_string(kMaxIndex) +
             ", without zeros in front of it";
    }
  });
  return text;
}

// With the number that was typed, so that "line2.dm" leads to "line2.dn".
std::string unknown_key(std::string_view key) {
  if (std::string text = wrong_number(key); !text.empty()) {
    return text;
  }
  const std::size_t digit = key.find_first_of("123456789");
  const std::string typed(
      digit == key.npos ? "1"
                        : key.substr(digit, key.find_first_not_of("0123456789", digit) - digit));
  std::vector<std::string> names;
  for (const Key<Device>& each : kDeviceKeys) {
    names.emplace_back(each.name);
  }
  for_each_group([&](const auto& group) {
    for (const auto& each : group.keys) {
      names.push_back(std::string(group.name) + typed + "." + std::string(each.name));
    }
  });
  return unknown_word("key of a device", key, {names.begin(), names.end()});
}

template <typename Row>
std::string text_of(const Key<Row>& key, const Row& row) {
  if (key.form == Form::kNumber) {
    return row.*key.number == 0 ? std::string() : std::to_string(row.*key.number);
  }
  // A feature that nobody chose says nothing.
  const bool by_itself = key.form == Form::kFeature && row.*key.text == Row{}.*key.text;
  return by_itself ? std::string() : row.*key.text;
}

}  // namespace

Result<std::string> find_key(std::string_view key) {
  const std::string lower = lower_case(trimmed(key));
  if (lower == kShortDescription) {
    return std::string("description");
  }
  if (lower.starts_with(kVendor)) {
    const std::string_view tag = trimmed(key).substr(kVendor.size());
    if (!generator::is_tag_name(tag)) {
      return refused("'" + excerpt(key) +
                     "' is no key of a device: a vendorConfig tag is a "
                     "letter or '_', then letters, digits, '_', '-' and '.'");
    }
    return std::string(kVendor) + std::string(tag);
  }
  bool known = lower == kAllVendor || find<Device>(kDeviceKeys, lower) != nullptr;
  for_each_group([&](const auto& group) {
    const auto at = split(group.name, lower);
    known = known || (at && find(group.keys, at->field) != nullptr);
  });
  if (!known) {
    return refused(unknown_key(lower));
  }
  return lower;
}

Result<void> set_key(Device& device, std::string_view key, std::string_view value) {
  const auto found = find_key(key);
  if (!found) {
    return found.error();
  }
  if (found->starts_with(kVendor)) {
    return set_vendor_tag(device, std::string_view(*found).substr(kVendor.size()), value);
  }
  if (*found == kAllVendor) {
    return set_vendor(device, value);
  }
  if (const Key<Device>* own = find<Device>(kDeviceKeys, *found)) {
    // SIP001122334455 and the like are names of files that a model has under SIP alone.
    if (own->form == Form::kName && device.protocol.empty() && family_of_name(value)) {
      device.protocol = "SIP";
    }
    return assign(*own, *found, device, value);
  }
  Result<void> result;
  for_each_group([&](const auto& group) {
    if (const auto at = split(group.name, *found)) {
      result = set_in_group(group, device, *at, *found, value);
    }
  });
  return result;
}

std::vector<std::pair<std::string, std::string>> keys_of(const Device& device) {
  std::vector<std::pair<std::string, std::string>> keys;
  const auto add = [&](std::string key, std::string value) {
    if (!value.empty()) {
      keys.emplace_back(std::move(key), std::move(value));
    }
  };
  for (const Key<Device>& key : kDeviceKeys) {
    add(std::string(key.name), text_of(key, device));
  }
  for_each_group([&](const auto& group) {
    for (const auto& [number, row] : device.*group.rows) {
      for (const auto& key : group.keys) {
        add(std::string(group.name) + std::to_string(number) + "." + std::string(key.name),
            text_of(key, row));
      }
    }
  });
  for (const VendorTag& tag : device.vendor) {
    add(std::string(kVendor) + tag.name, tag.value);
  }
  return keys;
}

}  // namespace dialtone::database
