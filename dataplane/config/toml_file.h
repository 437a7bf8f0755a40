// SPDX-License-Identifier: Apache-2.0
//
// One TOML file, read into typed values. Each program asks its own table for each key that it
// knows; what is wrong is collected with its place in the file, never thrown, so that one run of
// --check shows every fault. A read of a faulty key returns the fallback. Cold; one thread; may
// block on the file.
//
//   Diagnostics faults;
//   TomlFile file = TomlFile::read(path, faults);
//   file.expect_tables({"dataplane", "control"}, faults);
//   TomlTable table = file.table("dataplane", faults);
//   options.memory_mb = table.integer("memory_mb", 128, {32, 65536});
//   table.finish();                        // reports the keys that nobody asked for
//   if (!faults.empty()) { return to_error(ErrorCode::kUsage, faults); }
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/ip_address.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::config {

struct TomlDocument;  // hides toml++ from those who include this
class TomlTable;

class TomlFile {
 public:
  // A file that cannot be read, or is no TOML, is a fault of its own and reads as an empty file.
  static TomlFile read(const std::string& path, Diagnostics& faults);
  static TomlFile parse(std::string_view text, std::string name, Diagnostics& faults);

  // True when there is nothing to check further: the file was unreadable or no TOML.
  bool broken() const noexcept { return document_ == nullptr; }

  // Reports each top-level name that is none of `names`.
  void expect_tables(std::initializer_list<std::string_view> names, Diagnostics& faults) const;

  // The table `name`; an absent one reads as empty, so that its required keys are reported.
  // `faults` must outlive the table.
  TomlTable table(std::string_view name, Diagnostics& faults) const;

 private:
  std::string name_;
  std::shared_ptr<const TomlDocument> document_;
};

struct IntegerRange {
  std::int64_t least;
  std::int64_t most;
};

using MacBytes = std::array<std::uint8_t, 6>;

struct ListedPrefix {
  IpPrefix prefix;
  std::size_t item;  // of the list, for item_fault()
};

class TomlTable {
 public:
  bool has(std::string_view key) const;
  bool is_empty_list(std::string_view key) const;

  // Values with a fallback for an absent key.
  std::string text(std::string_view key, std::string_view fallback);
  std::int64_t integer(std::string_view key, std::int64_t fallback, IntegerRange range);
  bool boolean(std::string_view key, bool fallback);
  std::string choice(std::string_view key, std::string_view fallback,
                     std::initializer_list<std::string_view> choices);
  std::vector<std::int64_t> integers(std::string_view key, IntegerRange range);  // absent: empty
  MacBytes mac(std::string_view key, const MacBytes& fallback);  // unicast, not all zero
  std::vector<ListedPrefix> prefixes(std::string_view key);  // in quotes, each once; absent: empty

  // Values that must be there: an absent or empty one is a fault that shows `example`.
  std::string required_text(std::string_view key, std::string_view example);
  // One address in quotes, or a list of them: unicast, each once, at most `most`.
  std::vector<IpAddress> required_addresses(std::string_view key, std::string_view example,
                                            std::size_t most);

  // A fault that only the caller can see, at the place of `key` (of the table, when absent).
  void fault(std::string_view key, std::string_view code, std::string text);
  // The same at the place of one item of the list at `key`.
  void item_fault(std::string_view key, std::size_t item, std::string_view code, std::string text);

  // Reports each key of the table that was never asked for.
  void finish();

 private:
  friend class TomlFile;
  TomlTable(std::string file, std::string_view name, std::shared_ptr<const TomlDocument> document,
            Diagnostics& faults)
      : file_(std::move(file)), name_(name), document_(std::move(document)), faults_(faults) {}

  void fault_at(std::uint32_t line, std::uint32_t column, std::string_view code, std::string text);

  // The text at `key` when it is there and a string; else nothing, with a fault for a wrong type.
  bool find_text(std::string_view key, std::string& out);
  // `item`: of the list at `key`, where that is one.
  void add_address(std::string_view key, std::size_t item, std::string_view example,
                   const std::string& text, std::vector<IpAddress>& out);
  void wrong_type(std::string_view key, std::string_view wanted);
  static std::string range_text(std::string_view key, std::int64_t value, IntegerRange range);

  std::string file_;
  std::string name_;
  std::shared_ptr<const TomlDocument> document_;
  Diagnostics& faults_;
  std::vector<std::string> asked_;
};

}  // namespace dialtone::config
