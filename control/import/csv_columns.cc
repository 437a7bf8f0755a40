// SPDX-License-Identifier: Apache-2.0
#include "control/import/csv_columns.h"

#include "control/database/device_keys.h"
#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <array>
#include <set>

namespace dialtone::importing {
namespace {

// Headers of Cisco's Bulk Administration Tool, in lower case. '#' stands for the number of a line
// or button, in the header and in the key. "" is a column whose content has no place here.
struct BatColumn {
  std::string_view header;
  std::string_view key;
};
constexpr auto kBatColumns = std::to_array<BatColumn>({
    {"device name", "name"},
    {"mac address", "name"},
    {"description", "description"},
    {"device pool", "pool"},
    {"device type", "model"},
    {"phone model", "model"},
    {"phone type", "model"},
    {"device protocol", "protocol"},
    {"protocol", "protocol"},
    {"common phone profile", "common_profile"},
    {"sip profile", "sip_profile"},
    {"device security profile", "security_profile"},
    {"security profile", "security_profile"},
    {"user locale", "user_locale"},
    {"device user locale", "user_locale"},
    {"network locale", "network_locale"},
    {"owner user id", "owner"},
    {"owner", "owner"},
    {"user id", "user_id"},
    {"user id 1", "user_id"},
    {"phone load name", "load"},
    {"location", ""},
    {"css", ""},
    {"calling search space", ""},
    {"phone button template", ""},
    {"softkey template", ""},
    {"media resource group list", ""},
    {"directory number #", "line#.dn"},
    {"line text label #", "line#.label"},
    {"display #", "line#.display"},
    {"ascii display #", ""},
    {"route partition #", ""},
    {"external phone number mask #", "line#.external_mask"},
    {"speed dial number #", "speeddial#.number"},
    {"speed dial label #", "speeddial#.label"},
});

std::string replaced(std::string_view pattern, const std::string& number) {
  std::string out(pattern);
  if (const std::size_t at = out.find('#'); at != out.npos) {
    out.replace(at, 1, number);
  }
  return out;
}

const BatColumn* find_bat(const std::string& header, std::string& number) {
  const std::size_t digits = header.find_last_not_of("0123456789") + 1;
  number = header.substr(digits);
  const auto* found = std::find_if(
      kBatColumns.begin(), kBatColumns.end(),
      [&](const BatColumn& column) { return replaced(column.header, number) == header; });
  return found == kBatColumns.end() ? nullptr : found;
}

std::string plain(std::string_view column) {
  return database::lower_case(database::trimmed(column));
}

// The key of one column, or the text of its fault. The columns of `mapped` are plain().
Result<std::string> key_of(const std::string& column,
                           const std::map<std::string, std::string>& mapped) {
  const std::string header = plain(column);
  const auto chosen = mapped.find(header);
  if (chosen != mapped.end()) {
    return chosen->second.empty() ? Result<std::string>(std::string())
                                  : database::find_key(chosen->second);
  }
  auto key = database::find_key(column);
  if (key) {
    return key;
  }
  std::string number;
  if (const BatColumn* bat = find_bat(header, number)) {
    const std::string own = replaced(bat->key, number);
    auto found = own.empty() ? Result<std::string>(own) : database::find_key(own);
    return found ? found : refused("column '" + excerpt(column) + "': " + found.error().text);
  }
  return refused("unknown column: " + key.error().text);
}

using PlainMap = std::map<std::string, std::string>;

// A column that is mapped must be there: else a typing mistake would import nothing.
void check_mapped(const CsvRow& header, const PlainMap& mapped, FaultList& faults) {
  std::vector<std::string> columns;
  for (const std::string& column : header.fields) {
    columns.push_back(plain(column));
  }
  const std::set<std::string_view> known(columns.begin(), columns.end());
  for (const auto& [column, key] : mapped) {
    if (known.contains(column)) {
      continue;
    }
    std::string text = database::no_such_word("column of the file", column);
    if (faults.wants_hints()) {
      text = database::unknown_word("column of the file", column, {columns.begin(), columns.end()});
    }
    faults.add(header.line, "unknown-column", "mapped: " + text);
  }
}

}  // namespace

CsvColumns read_columns(CsvReader& reader, const CsvRow& header,
                        const std::map<std::string, std::string>& mapped, FaultList& faults) {
  PlainMap plain_mapped;
  for (const auto& [column, key] : mapped) {
    plain_mapped.emplace(plain(column), key);
  }
  CsvColumns columns;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < header.fields.size() && !faults.full(); ++i) {
    const std::string& column = header.fields[i];
    auto key = key_of(column, plain_mapped);
    columns.keys.push_back(key ? *key : std::string());
    if (!key) {
      faults.add(reader.place(header, i), "unknown-column", key.error().text);
    } else if (key->empty()) {
      if (!plain_mapped.contains(plain(column))) {
        columns.ignored.push_back(excerpt(database::trimmed(column)));
      }
    } else if (!seen.insert(*key).second && *key != "name") {
      faults.add(reader.place(header, i), "duplicate-column",
                 "two columns are " + *key + "; map one of them to nothing");
    }
  }
  check_mapped(header, plain_mapped, faults);
  if (!seen.contains("name") && faults.count() == 0) {
    faults.add(header.line, "missing-name",
               "no column is the device's name; call one \"name\" or map it");
  }
  return columns;
}

}  // namespace dialtone::importing
