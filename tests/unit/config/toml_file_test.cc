// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/toml_file.h"

#include <gtest/gtest.h>

namespace dialtone::config {
namespace {

std::string text_of(const Diagnostics& faults) {
  return faults.empty() ? "" : to_error(ErrorCode::kUsage, faults).text;
}

TEST(TomlFile, ReadsTypedValues) {
  Diagnostics faults;
  const TomlFile file = TomlFile::parse(
      "[dataplane]\ndevice = 'net_null0'\naddress = '10.77.0.1'\nmemory_mb = 256\nhugepages = "
      "false\n"
      "mac = '02:44:54:00:00:01'\nprivate_map = 'always'\ncpus = [0, 2]\n",
      "d.toml", faults);
  TomlTable table = file.table("dataplane", faults);
  EXPECT_EQ(table.required_text("device", "net_null0"), "net_null0");
  EXPECT_EQ(table.required_addresses("address", "10.77.0.1", 4),
            std::vector{IpAddress::from_v4(0x0a4d0001)});
  EXPECT_EQ(table.integer("memory_mb", 128, {32, 65536}), 256);
  EXPECT_FALSE(table.boolean("hugepages", true));
  EXPECT_EQ(table.mac("mac", {}), (MacBytes{0x02, 0x44, 0x54, 0, 0, 1}));
  EXPECT_EQ(table.choice("private_map", "auto", {"auto", "always"}), "always");
  EXPECT_EQ(table.integers("cpus", {0, 127}), (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(table.text("socket", "run/dataplane.sock"), "run/dataplane.sock");
  table.finish();
  EXPECT_EQ(text_of(faults), "");
}

TEST(TomlFile, ReportsEveryFaultWithItsPlace) {
  Diagnostics faults;
  const TomlFile file = TomlFile::parse(
      "[dataplane]\n"
      "adress = '10.77.0.1'\n"
      "memory_mb = 16\n"
      "hugepages = 'yes'\n"
      "mac = '01:00:5e:00:00:01'\n"
      "private_map = 'alway'\n"
      "max_sessions = 'many'\n",
      "d.toml", faults);
  TomlTable table = file.table("dataplane", faults);
  table.required_text("device", "net_null0");
  table.required_addresses("address", "10.77.0.1", 4);
  EXPECT_EQ(table.integer("memory_mb", 128, {32, 65536}), 128);
  EXPECT_TRUE(table.boolean("hugepages", true));
  table.mac("mac", {});
  EXPECT_EQ(table.choice("private_map", "auto", {"auto", "always"}), "auto");
  table.integer("max_sessions", 65536, {1, 1 << 22});
  table.finish();
  EXPECT_EQ(
      text_of(faults),
      "d.toml:1:1: missing-key: device is missing from [dataplane]; for example device = "
      "\"net_null0\"\n"
      "d.toml:1:1: missing-key: address is missing from [dataplane]; for example address = "
      "\"10.77.0.1\"\n"
      "d.toml:3:13: out-of-range: memory_mb is 16; it must be 32 to 65536\n"
      "d.toml:4:13: wrong-type: hugepages must be true or false, without quotes; here it is a "
      "string\n"
      "d.toml:5:7: bad-mac: '01:00:5e:00:00:01' is no address of one station: its first byte "
      "must be even and not all bytes zero\n"
      "d.toml:6:15: bad-value: unknown value 'alway' of private_map; did you mean 'always'?\n"
      "d.toml:7:16: wrong-type: max_sessions must be an integer; here it is a string\n"
      "d.toml:2:1: unknown-key: unknown key 'adress' in [dataplane]; did you mean 'address'?");
}

TEST(TomlFile, ReportsUnknownTablesAndStrayKeys) {
  Diagnostics faults;
  const TomlFile file =
      TomlFile::parse("device = 1\ncontrol = 2\n[dataplan]\n[wholly_else]\n", "d.toml", faults);
  file.expect_tables({"dataplane", "control"}, faults);
  EXPECT_EQ(text_of(faults),
            "d.toml:2:1: wrong-type: 'control' must be a table: begin it with [control]\n"
            "d.toml:3:2: unknown-table: unknown table [dataplan]; did you mean 'dataplane'?\n"
            "d.toml:1:1: unknown-key: 'device' stands before the first [table]; move it into the "
            "table that it belongs to\n"
            "d.toml:4:2: unknown-table: unknown table [wholly_else]; known: dataplane, control");
}

TEST(TomlFile, SyntaxErrorIsTheOnlyFault) {
  Diagnostics faults;
  const TomlFile file = TomlFile::parse("[dataplane]\ndevice = \n", "d.toml", faults);
  EXPECT_TRUE(file.broken());
  file.expect_tables({"dataplane"}, faults);
  TomlTable table = file.table("dataplane", faults);
  EXPECT_EQ(table.required_text("device", "net_null0"), "");
  EXPECT_EQ(table.integer("memory_mb", 128, {32, 65536}), 128);
  table.finish();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "syntax");
  EXPECT_EQ(faults[0].line, 2u);
}

// The parser has an assertion about the first letter of a key.
TEST(TomlFile, AKeyThatBeginsWithNoLetterIsAFault) {
  for (const char* text : {"[.x]\n", "[ .x]\n", "[/]\n", ".x = 1\n", "x = {.y = 1}\n"}) {
    Diagnostics faults;
    EXPECT_TRUE(TomlFile::parse(text, "d.toml", faults).broken()) << text;
    ASSERT_EQ(faults.size(), 1u) << text;
    EXPECT_EQ(faults[0].code, "syntax");
  }
}

TEST(TomlFile, UnreadableFileSaysWhy) {
  Diagnostics faults;
  EXPECT_TRUE(TomlFile::read("/nonexistent/d.toml", faults).broken());
  EXPECT_TRUE(TomlFile::read("/", faults).broken());
  EXPECT_EQ(text_of(faults),
            "/nonexistent/d.toml: unreadable: No such file or directory; name a TOML file with "
            "--config\n"
            "/: unreadable: Is a directory; name a TOML file with --config");
}

TEST(TomlFile, AddressesThatNoHostHasAreRefused) {
  for (const char* address : {"127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "10.77.0",
                              "::", "::1", "ff02::1", "2001:db8", "fe80::1%1"}) {
    Diagnostics faults;
    const TomlFile file =
        TomlFile::parse("[t]\naddress = '" + std::string(address) + "'\n", "d.toml", faults);
    TomlTable table = file.table("t", faults);
    EXPECT_TRUE(table.required_addresses("address", "10.77.0.1", 4).empty());
    ASSERT_EQ(faults.size(), 1u) << address;
    EXPECT_EQ(faults[0].code, "bad-address");
  }
}

TEST(TomlFile, SeveralAddressesStandInAList) {
  Diagnostics faults;
  const TomlFile file = TomlFile::parse(
      "[t]\naddress = ['10.77.0.1', '2001:db8::1']\nbad = ['10.77.0.1', '10.77.0.1', 4]\n"
      "none = []\nmany = ['10.0.0.1', '10.0.0.2', '10.0.0.3']\n",
      "d.toml", faults);
  TomlTable table = file.table("t", faults);
  EXPECT_EQ(table.required_addresses("address", "10.77.0.1", 2),
            (std::vector{IpAddress::from_v4(0x0a4d0001), IpAddress{0x20010db800000000, 1}}));
  EXPECT_TRUE(faults.empty());
  table.required_addresses("bad", "10.77.0.1", 4);
  table.required_addresses("none", "10.77.0.1", 2);
  table.required_addresses("many", "10.77.0.1", 2);
  EXPECT_EQ(text_of(faults),
            "d.toml:3:21: bad-address: '10.77.0.1' stands there twice\n"
            "d.toml:3:34: wrong-type: bad must hold addresses in quotes only\n"
            "d.toml:4:8: out-of-range: none holds 0 addresses; it must hold 1 to 2\n"
            "d.toml:5:8: out-of-range: many holds 3 addresses; it must hold 1 to 2");
}

TEST(TomlFile, AFaultInAListHasThePlaceOfItsItem) {
  Diagnostics faults;
  const TomlFile file = TomlFile::parse(
      "[t]\naddress = [\"10.0.0.1\",\n  \"x\", 5]\nallow = [\n  \"10.0.0.0/8\",\n  "
      "\"10.0.0.1/8\",\n"
      "  5,\n  \"10.0.0.0/8\",\n]\ncpus = [1,\n 99, \"x\"]\n",
      "f.toml", faults);
  TomlTable table = file.table("t", faults);
  table.required_addresses("address", "10.0.0.1", 9);
  table.prefixes("allow");
  table.integers("cpus", {0, 9});
  std::string places;
  for (const Diagnostic& fault : faults) {
    places += std::to_string(fault.line) + ":" + std::to_string(fault.column) + " ";
  }
  EXPECT_EQ(places, "3:3 3:8 6:3 7:3 8:3 11:2 11:6 ");
}

TEST(TomlFile, ListFaultsNameTheKey) {
  Diagnostics faults;
  const TomlFile file = TomlFile::parse("[t]\ncpus = [0, 'x', 999]\nother = 3\n", "d.toml", faults);
  TomlTable table = file.table("t", faults);
  EXPECT_EQ(table.integers("cpus", {0, 127}), (std::vector<std::int64_t>{0}));
  EXPECT_TRUE(table.integers("other", {0, 127}).empty());
  EXPECT_EQ(text_of(faults),
            "d.toml:2:12: wrong-type: cpus must hold integers only\n"
            "d.toml:2:17: out-of-range: cpus is 999; it must be 0 to 127\n"
            "d.toml:3:9: wrong-type: other must be a list of integers, as in [0, 1]; here it is an "
            "integer");
}

}  // namespace
}  // namespace dialtone::config
