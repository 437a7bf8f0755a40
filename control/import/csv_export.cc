// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_keys.h"
#include "control/database/device_store.h"
#include "control/database/tag_text.h"
#include "control/import/export.h"
#include "control/import/tag_order.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::importing {
namespace {

using database::Device;
using database::DeviceStore;

using KeyTexts = std::vector<std::pair<std::string, std::string>>;

// What import_csv() takes of a device's keys. The rest, which only a hand can have written, is
// said.
KeyTexts importable(const Device& device, std::vector<std::string>* warnings) {
  Device copy;
  KeyTexts keys = database::keys_of(device);
  std::erase_if(keys, [&](const auto& key) {
    const auto set = database::set_key(copy, key.first, key.second);
    if (!set && warnings != nullptr) {
      warnings->push_back("device '" + device.name +
                          "': left out, since no import takes it: " + set.error().text);
    }
    return !set.ok();
  });
  return copy.name.empty() ? KeyTexts() : keys;
}

std::vector<std::string> tag_names(const Device& device) {
  std::vector<std::string> names;
  for (const database::VendorTag& tag : device.vendor) {
    names.push_back(tag.name);
  }
  return names;
}

std::string vendor_text(const Device& device) {
  generator::TagMap tags;
  for (const database::VendorTag& tag : device.vendor) {
    tags.push_back({tag.name, tag.value});
  }
  return database::tags_json(tags);
}

// RFC 4180.
void put_field(std::string& out, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == field.npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char each : field) {
    out.append(each == '"' ? 2 : 1, each);
  }
  out += '"';
}

void put_row(std::string& out, const std::vector<std::string>& columns, auto field) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out += i == 0 ? "" : ",";
    put_field(out, field(columns[i]));
  }
  out += '\n';
}

class CsvExport {
 public:
  explicit CsvExport(database::Database& database) : store_(database) {}

  Result<Export> run() {
    DIALTONE_TRY(store_.for_each([&](const Device& device) { return look_at(device); }));
    name_columns();
    put_row(out_.text, columns_, [](const std::string& column) { return column; });
    DIALTONE_TRY(store_.for_each([&](const Device& device) { return write(device); }));
    return std::move(out_);
  }

 private:
  // The keys of all devices are those of one that has them all, in the order that people know.
  Result<void> look_at(const Device& device) {
    for (const auto& [key, value] : importable(device, &out_.warnings)) {
      DIALTONE_TRY(database::set_key(all_, key, value));
    }
    if (!device.vendor.empty()) {
      tags_.insert(tag_names(device));
    }
    return {};
  }

  void name_columns() {
    all_.vendor.clear();
    order_ = merged_order(tags_);
    for (const auto& [key, value] : database::keys_of(all_)) {
      columns_.push_back(key);
    }
    if (columns_.empty()) {
      columns_.emplace_back("name");  // an import wants it in the header
    }
    for (const auto& tags : tags_) {
      has_own_order_ = has_own_order_ || !is_in_order(tags, order_);
    }
    if (has_own_order_) {
      columns_.emplace_back("vendor");
    }
    for (const std::string& tag : order_) {
      columns_.push_back("vendor." + tag);
    }
  }

  Result<void> write(const Device& device) {
    const KeyTexts keys = importable(device, nullptr);
    if (keys.empty()) {
      return {};
    }
    std::map<std::string_view, std::string_view> values(keys.begin(), keys.end());
    const std::string vendor = has_own_order_ && !is_in_order(tag_names(device), order_)
                                   ? vendor_text(device)
                                   : std::string();
    values["vendor"] = vendor;
    put_row(out_.text, columns_, [&](const std::string& column) {
      const auto found = values.find(column);
      return found == values.end() ? std::string_view() : found->second;
    });
    ++out_.rows;
    return {};
  }

  DeviceStore store_;
  Device all_;
  std::set<std::vector<std::string>> tags_;  // as devices have them
  std::vector<std::string> order_;
  bool has_own_order_ = false;
  std::vector<std::string> columns_;
  Export out_;
};

}  // namespace

Result<Export> export_csv(database::Database& database) {
  return CsvExport(database).run();
}

}  // namespace dialtone::importing
