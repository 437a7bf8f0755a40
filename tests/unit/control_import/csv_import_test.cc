// SPDX-License-Identifier: Apache-2.0
#include "control/import/csv_import.h"

#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dialtone::importing {
namespace {

using test::must;

class CsvImport : public test::TempDatabase {
 protected:
  // "rows added updated unchanged", or the faults, a line each.
  std::string import(std::string_view text, CsvOptions options = {}) {
    options.file = "p.csv";
    Diagnostics faults;
    const auto report = import_csv(db_, text, options, faults);
    EXPECT_FALSE(db_.in_transaction());
    if (report) {
      EXPECT_TRUE(faults.empty());
      ignored_ = report->ignored;
      return std::to_string(report->rows) + " " + std::to_string(report->added) + " " +
             std::to_string(report->updated) + " " + std::to_string(report->unchanged);
    }
    EXPECT_EQ(report.error().code, ErrorCode::kRefused);
    last_error_ = report.error().text;
    return to_error(ErrorCode::kRefused, faults).text;
  }

  std::string keys(const char* name) {
    const auto found = must(database::DeviceStore(db_).find(name));
    std::string all;
    for (const auto& [key, value] : database::keys_of(found.value_or(database::Device{}))) {
      all += key + "=" + value + " ";
    }
    return all;
  }

  std::string last_error_;
  std::vector<std::string> ignored_;
};

constexpr const char* kTwo =
    "name,model,line1.dn,description\n"
    "SEP001122334455,Cisco 8841,1001,Lobby\n"
    "sep0011.2233.4456,7841,1002,\"a, b\"\n";

TEST_F(CsvImport, AddsUpdatesAndLeavesAlone) {
  EXPECT_EQ(import(kTwo), "2 2 0 0");
  EXPECT_EQ(integer("SELECT count(*) FROM devices"), 2);
  const std::string seq = "SELECT max(seq) FROM change_log";
  const std::int64_t before = integer(seq);
  EXPECT_EQ(import(kTwo), "2 0 0 2");
  EXPECT_EQ(integer(seq), before);
  EXPECT_EQ(import("name,description\nSEP001122334455,Hall\nSEP001122334456,\"a, b\"\n"),
            "2 0 1 1");
  EXPECT_EQ(text("SELECT description FROM devices WHERE id = 1"), "Hall");
}

TEST_F(CsvImport, OnlyTheColumnsOfTheFileAreChanged) {
  import(
      "name,model,line1.dn,line2.dn,line2.label,owner,vendor.webAccess\n"
      "SEP001122334455,8841,1001,1002,two,jane,1\n");
  EXPECT_EQ(import("name,line2.dn,line2.label,owner\nSEP001122334455,,,joe\n"), "1 0 1 0");
  const std::string all = keys("SEP001122334455");
  EXPECT_NE(all.find("line1.dn=1001"), std::string::npos);
  EXPECT_NE(all.find("owner=joe"), std::string::npos);
  EXPECT_NE(all.find("vendor.webAccess=1"), std::string::npos);
  EXPECT_EQ(all.find("line2"), std::string::npos);
}

TEST_F(CsvImport, CollectsAllFaultsAndWritesNothing) {
  EXPECT_EQ(
      import("name,model,pool,line1.dn,protocol\n"
             "SEP001122334455,8841,Default,1001,SIP\n"
             "SEP00112233445,8841,Default,1001,SIP\n"
             "SEP001122334456,8841,Defualt,1001,SIP\n"
             "00:11:22:33:44:55,8841,Default,1001,SIP\n"
             ",8841,Default,1001,SIP\n"
             "SEP001122334457,8841,Default,\"1\n2\",H323\n"
             "SEP001122334458,8842x,Default,1001\n"
             "SEP001122334459,Cisco 884,Default,1001,SIP\n"
             "SEP00112233445A,8841,Default,1001,SCCP\n"),
      "p.csv:3:1: bad-value: name: 'SEP00112233445' is no device name: SEP is followed by the "
      "12 hexadecimal digits of the MAC address\n"
      "p.csv:4:22: unknown-pool: 'Defualt' is no device pool; did you mean 'Default'?\n"
      "p.csv:5:1: dup-mac: SEP001122334455 is in line 2 already\n"
      "p.csv:6:1: missing-name: this row names no device\n"
      "p.csv:7:30: bad-value: line1.dn holds a control character (U+000A); a text is one line, "
      "and does not "
      "turn its direction\n"
      "p.csv:8:4: bad-value: protocol wants SCCP or SIP, not 'H323'\n"
      "p.csv:9:35: broken-row: this row has 4 fields, the header has 5\n"
      "p.csv:10:17: unknown-model: 'Cisco 884' is no phone model; did you mean 'Cisco 8841'?\n"
      "p.csv:11:35: unknown-protocol: \"Cisco 8841\" does not speak SCCP, only SIP");
  EXPECT_EQ(last_error_, "p.csv has 9 faults; nothing was imported");
  EXPECT_EQ(integer("SELECT count(*) FROM devices"), 0);
  EXPECT_EQ(integer("SELECT count(*) FROM change_log"), 0);
}

TEST_F(CsvImport, ACheckFindsTheSameAndKeepsNothing) {
  CsvOptions check;
  check.check = true;
  EXPECT_EQ(import(kTwo, check), "2 2 0 0");
  EXPECT_EQ(integer("SELECT count(*) FROM devices"), 0);
  EXPECT_EQ(import("name,model,pool\nSEP001122334455,8841,x\n", check),
            "p.csv:2:22: unknown-pool: 'x' is no device pool; known: Default");
  EXPECT_EQ(last_error_, "p.csv has 1 fault");
}

TEST_F(CsvImport, AnUnknownColumnIsAFaultWithAHint) {
  EXPECT_EQ(
      import("name,modle,line1.dnn\nSEP001122334455,8841,1\n"),
      "p.csv:1:6: unknown-column: unknown column: 'modle' is no key of a device; did you mean "
      "'model'?\n"
      "p.csv:1:12: unknown-column: unknown column: 'line1.dnn' is no key of a device; did you "
      "mean 'line1.dn'?");
}

// More than are written at once, and some that are left over.
std::string phones(std::size_t count, const std::string& line1) {
  std::string text =
      "name,model,description,line1.dn,line1.label,speeddial3.number,vendor.webAccess\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(100000 + i);
    text += "SEP001122" + number + ",8841,Phone " + number + "," + line1 + "," + number + ",9" +
            number + ",1\n";
  }
  return text;
}

TEST_F(CsvImport, ManyRowsAreWrittenAsOneIs) {
  EXPECT_EQ(import(phones(1300, "1001")), "1300 1300 0 0");
  EXPECT_EQ(integer("SELECT count(*) FROM devices d JOIN lines l ON l.device_id = d.id JOIN "
                    "speed_dials s ON s.device_id = d.id JOIN vendor_overrides v ON v.device_id = "
                    "d.id WHERE d.description = 'Phone ' || l.label AND s.number = '9' || l.label "
                    "AND d.name = 'SEP001122' || l.label"),
            1300);
  EXPECT_EQ(import(phones(1300, "1001")), "1300 0 0 1300");
  EXPECT_EQ(import(phones(1301, "1002")), "1301 1 1300 0");
  EXPECT_EQ(integer("SELECT count(*) FROM lines WHERE dn = '1002'"), 1301);
  // Each device has been logged as it was added and as its line changed.
  EXPECT_EQ(integer("SELECT count(DISTINCT row_id) FROM change_log WHERE tbl = 'devices' AND "
                    "op = 'insert'"),
            1301);
  std::string changed = "name,description,line1.label,speeddial3.number,vendor.webAccess\n";
  for (std::size_t i = 0; i < 1301; ++i) {
    changed += "SEP001122" + std::to_string(100000 + i) + ",Hall,,,\n";
  }
  EXPECT_EQ(import(changed), "1301 0 1301 0");
  EXPECT_EQ(integer("SELECT count(*) FROM speed_dials") +
                integer("SELECT count(*) FROM vendor_overrides"),
            0);
  EXPECT_EQ(integer("SELECT count(*) FROM devices WHERE description = 'Hall'"), 1301);
  EXPECT_EQ(integer("SELECT count(*) FROM lines WHERE dn = '1002' AND label = ''"), 1301);
}

TEST_F(CsvImport, AFaultBehindManyRowsHasItsPlaceAndKeepsAllOut) {
  EXPECT_EQ(import(phones(1300, "1001") + "SEP001122334455,8841,,,label,,1\n" +
                   "SEP001122100003,8841,,1001,,,1\n"),
            "p.csv:1302:23: incomplete: line1 has no directory number; set line1.dn, or clear the "
            "rest\np.csv:1303:1: dup-mac: SEP001122100003 is in line 5 already");
  EXPECT_EQ(integer("SELECT count(*) FROM devices"), 0);
}

// A user is logged in once, whatever the order in which rows go out.
TEST_F(CsvImport, ALoginMovesFromOneRowToAnother) {
  run("INSERT INTO em_profiles (id, name) VALUES (1, 'jane')");
  const std::string head = "name,model,line1.dn,em_profile\n";
  EXPECT_EQ(import(head + "SEP001122334455,8841,1,jane\nSEP001122334456,8841,2,\n"), "2 2 0 0");
  EXPECT_EQ(import(head + "SEP001122334455,8841,1,\nSEP001122334456,8841,2,jane\n"), "2 0 2 0");
  EXPECT_EQ(import(head + "SEP001122334456,8841,2,\nSEP001122334457,8841,3,jane\n"), "2 1 1 0");
  EXPECT_EQ(text("SELECT name FROM devices WHERE em_profile_id = 1"), "SEP001122334457");
  EXPECT_NE(import(head + "SEP001122334455,8841,1,jane\nSEP001122334457,8841,3,\n")
                .find("profile-in-use: 'jane' is logged in on SEP001122334457"),
            std::string::npos);
  EXPECT_NE(import(head + "SEP001122334457,8841,3,jane\nSEP001122334458,8841,4,jane\n")
                .find("profile-in-use"),
            std::string::npos);
}

TEST_F(CsvImport, ColumnsCanBeMappedOrIgnored) {
  CsvOptions map;
  map.column_keys = {
      {"Apparat", "name"}, {"typ", "Model"}, {"Durchwahl", "line1.dn"}, {"Raum", ""}};
  EXPECT_EQ(import("apparat,Typ,Durchwahl,Raum\nSEP001122334455,8841,1001,12\n", map), "1 1 0 0");
  EXPECT_NE(keys("SEP001122334455").find("line1.dn=1001"), std::string::npos);
  map.column_keys = {{"Nmae", "name"}, {"model", "modell"}};
  EXPECT_EQ(import("name,model\nSEP001122334455,8841\n", map),
            "p.csv:1: unknown-column: mapped: 'nmae' is no column of the file; did you mean "
            "'name'?\n"
            "p.csv:1:6: unknown-column: 'modell' is no key of a device; did you mean 'model'?");
}

TEST_F(CsvImport, TakesABatExport) {
  EXPECT_EQ(
      import("Device Name,MAC Address,Description,Device Pool,Device Type,Device Protocol,"
             "Owner User ID,Location,Directory Number 1,Line Text Label 1,Display 1,"
             "Route Partition 1,Directory Number 2,Speed Dial Number 5,Speed Dial Label 5\n"
             ",001122334455,Lobby,Default,Cisco 7965,SCCP,jane,HQ,1001,Jane,J Doe,P,1002,9,x\n"
             "SEP001122334456,001122334456,,Default,Cisco 8841,SIP,,,1003,,,,,,\n"),
      "2 2 0 0");
  EXPECT_EQ(ignored_, (std::vector<std::string>{"Location", "Route Partition 1"}));
  EXPECT_EQ(keys("SEP001122334455"),
            "name=SEP001122334455 description=Lobby model=Cisco 7965 protocol=SCCP pool=Default "
            "common_profile=Standard Common Phone Profile sip_profile=Standard SIP Profile "
            "security_profile=Standard non-secure owner=jane line1.dn=1001 line1.label=Jane "
            "line1.display=J Doe line2.dn=1002 speeddial5.number=9 speeddial5.label=x ");
}

// Who asked for it need not be told.
TEST_F(CsvImport, AColumnThatIsMappedToNothingIsNotReported) {
  CsvOptions map;
  map.column_keys = {{"location", ""}};
  EXPECT_EQ(import("name,model,Location, CSS \nSEP001122334455,8841,x,y\n", map), "1 1 0 0");
  EXPECT_EQ(ignored_, std::vector<std::string>{"CSS"});
}

// A row may go over lines; an editor is to find the very field.
TEST_F(CsvImport, AFaultHasThePlaceOfItsField) {
  CsvOptions map;
  map.column_keys = {{"note", ""}};
  EXPECT_EQ(
      import("model,name,note,pool,line3.label\r\n"
             "8841,SEP001122334455,\"\xc3\x89\r\nb\",Defualt,x\r\n",
             map),
      "p.csv:3:4: unknown-pool: 'Defualt' is no device pool; did you mean 'Default'?\n"
      "p.csv:3:12: incomplete: line3 has no directory number; set line3.dn, or clear the rest");
}

// Whoever imports the wrong file must not keep the daemon from everybody else.
// 7905 with SIP and 7960 with SIP: what their files cannot have is not stored.
TEST_F(CsvImport, AParameterOfAWrongTypeIsAFaultOfItsField) {
  EXPECT_EQ(import("name,model,protocol,vendor.Dhcp,vendor.NTPIP,vendor.NoSuch\n"
                   "SEP001122334455,7905,SIP,maybe,ntp,1\n"),
            "p.csv:2:26: bad-parameter: the parameter 'Dhcp' takes 0 or 1, not 'maybe'; correct or "
            "clear vendor.Dhcp\n"
            "p.csv:2:32: bad-parameter: the parameter 'NTPIP' takes an IPv4 address, as 192.0.2.1, "
            "not 'ntp'; correct or clear vendor.NTPIP\n"
            "p.csv:2:36: bad-parameter: there is no parameter 'NoSuch'; correct or clear "
            "vendor.NoSuch");
  EXPECT_EQ(integer("SELECT count(*) FROM devices"), 0);
  EXPECT_EQ(
      import("name,model,protocol,vendor\n"
             "SEP001122334455,7960,SIP,\"{\"\"line1_name\"\": \"\"1\"\"}\"\n"),
      "p.csv:2:26: bad-parameter: the parameter 'line1_name' comes from the keys of that line, "
      "as line1.dn and line1.auth_name; correct or clear vendor.line1_name");
  EXPECT_EQ(import("name,model,protocol,vendor.Dhcp\nSEP001122334455,7905,SIP,0\n"), "1 1 0 0");
}

// Both speak SCCP too, under SEP<mac>.
TEST_F(CsvImport, ANameOfAFileSaysTheProtocol) {
  EXPECT_EQ(import("name,model\nld001122334455,7905\nSEP001122334456,7905\nSIP001122334457,7960\n"),
            "3 3 0 0");
  EXPECT_NE(keys("SEP001122334455").find("protocol=SIP"), std::string::npos);
  EXPECT_NE(keys("SEP001122334456").find("protocol=SCCP"), std::string::npos);
  EXPECT_NE(keys("SEP001122334457").find("protocol=SIP"), std::string::npos);
}

// Rows are read ahead of those that are checked.
TEST_F(CsvImport, TheFirstFaultIsInAFullList) {
  std::string rows = "name,model\nSEP001122334455,nosuch\n";
  for (int i = 0; i < 1500; ++i) {
    rows += ",8841\n";
  }
  const std::string said = import(rows);
  EXPECT_EQ(said.find("p.csv:2:"), 0u) << said.substr(0, 200);
}

TEST_F(CsvImport, AFileOfFaultsIsNotReadToItsEnd) {
  std::string rows = "name,model\n";
  for (int i = 0; i < 1500; ++i) {
    rows += "SEPx,8841\n";
  }
  const std::string said = import(rows);
  EXPECT_EQ(said.substr(said.rfind("\np.csv:") + 1),
            "p.csv:1001: too-many-faults: nothing behind this was looked at; there may be more "
            "faults");
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1000);
  EXPECT_EQ(last_error_, "p.csv has at least 1000 faults; nothing was imported");

  std::string columns = "name";
  for (int i = 0; i < 1500; ++i) {
    columns += ",colum" + std::to_string(i);
  }
  const std::string unknown = import(columns + "\n");
  EXPECT_EQ(std::count(unknown.begin(), unknown.end(), '\n'), 1000);
}

TEST_F(CsvImport, AMessageQuotesTheBeginningOnly) {
  const std::string x(60000, 'x');
  const std::string cut = "'" + x.substr(0, 60) + "...'";
  EXPECT_TRUE(import("name," + x + "\n")
                  .starts_with("p.csv:1:6: unknown-column: unknown column: " + cut + " is no key"));
  const std::string said = import("name,protocol,pool,line1.dn\n" + x + "," + x.substr(0, 3000) +
                                  ",x,1\nSEP001122334455,SIP," + x.substr(0, 64) + ",1\n");
  EXPECT_NE(said.find("name: " + cut), std::string::npos) << said;
  EXPECT_NE(said.find("wants SCCP or SIP, not " + cut), std::string::npos) << said;
  EXPECT_NE(said.find("unknown-pool: " + cut), std::string::npos) << said;
  EXPECT_LT(said.size(), 1000u);
}

TEST_F(CsvImport, OnlyTheFirstFaultsHaveAHint) {
  std::string rows = "name,model,pool\n";
  for (int i = 10; i < 60; ++i) {
    rows += "SEP0011223344" + std::to_string(i) + ",8841,Defualt\n";
  }
  const std::string said = import(rows);
  EXPECT_NE(
      said.find("p.csv:2:22: unknown-pool: 'Defualt' is no device pool; did you mean 'Default'"),
      std::string::npos);
  EXPECT_NE(said.find("p.csv:51:22: unknown-pool: 'Defualt' is no device pool"), std::string::npos);
  EXPECT_TRUE(said.ends_with("'Defualt' is no device pool")) << said;
}

TEST_F(CsvImport, ANumberThatNoKeyHasIsAFaultOfTheHeader) {
  EXPECT_EQ(
      import("MAC Address,Directory Number 1000\n001122334455,1\n"),
      "p.csv:1:13: unknown-column: column 'Directory Number 1000': 'line1000.dn' is no key of a "
      "device: behind 'line' stands a number from 1 to 999, without zeros in front of it");
}

TEST_F(CsvImport, AHeaderMustNameTheDevice) {
  EXPECT_EQ(import("model\n8841\n").substr(0, 23), "p.csv:1: missing-name: ");
  EXPECT_EQ(import("").substr(0, 23), "p.csv:1: missing-name: ");
  EXPECT_EQ(import("name,pool,Device Pool\n"),
            "p.csv:1:11: duplicate-column: two columns are pool; map one of them to nothing");
}

}  // namespace
}  // namespace dialtone::importing
