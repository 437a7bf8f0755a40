// SPDX-License-Identifier: Apache-2.0
//
// The texts that a person writes: the configuration file, tables of phones, and remap rules of
// another server. An input:
//   1 byte   2: remap rules, else odd: CSV, even: TOML
//   the rest the text; of remap rules the last line is a path
#include "control/import/csv_reader.h"
#include "control/import/remap_sources.h"
#include "dataplane/config/toml_file.h"
#include "tests/fuzz/require.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace dialtone::fuzz {
namespace {

// toml++ 3.3.0 calls it unreachable when it asks whether a letter such as U+0311 is a blank. Only
// who may write the configuration file can do that.
bool is_for_toml(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

void read_toml(std::string_view text) {
  if (!is_for_toml(text)) {
    return;
  }
  Diagnostics faults;
  const config::TomlFile file = config::TomlFile::parse(text, "fuzz.toml", faults);
  require(!file.broken() || !faults.empty(), "what is no TOML is a fault");
  if (file.broken()) {
    return;
  }
  file.expect_tables({"dataplane", "control"}, faults);
  config::TomlTable table = file.table("dataplane", faults);
  table.text("text", "");
  const std::int64_t number = table.integer("number", 7, {-3, 1000});
  require(number >= -3 && number <= 1000, "a number is within its range");
  table.boolean("flag", false);
  table.choice("choice", "one", {"one", "two"});
  for (const std::int64_t one : table.integers("numbers", {0, 9})) {
    require(one >= 0 && one <= 9, "numbers of a list are within their range");
  }
  const config::MacBytes mac = table.mac("mac", {2, 0, 0, 0, 0, 1});
  require((mac[0] & 1) == 0, "a MAC is no group's");
  table.required_text("required", "x");
  require(table.required_addresses("addresses", "10.0.0.1", 4).size() <= 4, "so many addresses");
  table.finish();
}

void read_csv(std::string_view text) {
  Diagnostics faults;
  importing::FaultList list("fuzz.csv", faults);
  importing::CsvReader reader(text, list);
  std::size_t width = 0;
  std::uint32_t line = 0;
  std::size_t bytes = 0;
  while (const auto row = reader.next()) {
    require(row->line > line, "rows come in the order of their lines");
    require(width == 0 || row->fields.size() == width, "each row has as many fields as the header");
    width = row->fields.size();
    line = row->line;
    for (const std::string& field : row->fields) {
      bytes += field.size();
      require(field.find('\0') == std::string::npos, "no field holds a NUL");
    }
  }
  require(bytes <= text.size(), "no field is longer than what it was read from");
}

void read_rules(std::string_view text) {
  const std::size_t end = text.rfind('\n');
  const std::string path(text.substr(end == std::string_view::npos ? text.size() : end + 1));
  text.remove_suffix(path.size());
  if (path.find('\0') != std::string::npos || text.find('\0') != std::string_view::npos) {
    return;  // the rules are texts of C
  }
  Diagnostics faults;
  std::vector<std::string> warnings;
  const auto rules = importing::RemapRules::read(text, "fuzz.remap", faults);
  const std::size_t lines =
      static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  require(rules.rules().size() <= lines, "a line is one rule at the most");
  const importing::RemapSources sources(rules, faults, warnings);
  for (const Diagnostic& fault : faults) {
    require(fault.line >= 1 && fault.line <= lines && fault.column >= 1, "a fault has its place");
  }
  const std::vector<std::string> names = sources.of({path});
  require(names.size() <= 64, "so many names of one file");
  for (const std::string& name : names) {
    const auto result = rules.apply(name, faults);
    require(!result || rules.apply(name, faults) == result, "rules are the same each time");
  }
}

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0) {
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    data[0] == 2         ? dialtone::fuzz::read_rules(text)
    : (data[0] & 1) != 0 ? dialtone::fuzz::read_csv(text)
                         : dialtone::fuzz::read_toml(text);
  }
  return 0;
}
