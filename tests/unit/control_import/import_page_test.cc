// SPDX-License-Identifier: Apache-2.0
//
// docs/import-json.md says every section that an import takes and an export writes. What stands in
// it behind the mark is made here, of the tables that the import itself reads:
// DIALTONE_UPDATE_GOLDEN=1 writes it anew.
#include "control/import/shared_tables.h"
#include "generator/campus.h"
#include "generator/settings.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace dialtone::importing {
namespace {

using test::must;

constexpr std::string_view kMark = "<!-- made by ImportPage.SaysWhatAnImportTakes -->\n";

// What a row is. A table that is not here fails the test.
const std::map<std::string_view, std::string_view> kMeaning = {
    {"cm_nodes", "A Unified CM server that phones register with."},
    {"cm_groups", "Servers in the order in which a phone tries them."},
    {"ntp_servers", "A time server."},
    {"date_time_groups", "How a phone shows time and date, and where it gets them."},
    {"srst_references", "Where a phone registers when no server of its group answers."},
    {"locales", "A language (`user`) or a country's tones (`network`)."},
    {"device_pools", "What the phones of one place have in common."},
    {"models", "A phone model under one protocol. Known ones are there from the start."},
    {"common_profiles", "Settings that phones of both protocols share."},
    {"sip_profiles", "Settings of SIP phones."},
    {"security_profiles", "How a phone registers, and whether its file is encrypted."},
    {"phone_services", "An entry of the phone's menus."},
    {"service_parameters", "A parameter of the whole system; `dialtone param ls` lists them."},
    {"enterprise_config", "A tag of `enterpriseConfig` in every phone's file."},
    {"line_profiles", "What lines have in common; a device's `lineN.profile` names one."},
    {"dial_plans", "Dial rules, which become files of their own."},
    {"softkey_templates", "The softkeys of each state of a call, which become a file."},
    {"feature_policies", "Which features a phone offers, which become a file."},
    {"application_rules", "How numbers out of lists are changed before they are dialled."},
    {"ring_tones", "A line of a ring list."},
    {"backgrounds", "A picture of a background list."},
    {"family_parameters",
     "A parameter of all devices of a family whose file is a list; what none of them takes is a "
     "fault."},
    {"em_profiles", "What a user brings along who logs in on a phone."},
    {"gateway_templates", "An administrator's own tree of gateways' files."},
    {"gateways", "A gateway, with what stands in its slots."},
    {"remote_clusters", "Another cluster, and its servers."}};

std::string joined(std::span<const std::string_view> words) {
  std::string all;
  for (const std::string_view word : words) {
    all += (all.empty() ? "`" : ", `") + std::string(word) + "`";
  }
  return all;
}

std::string takes(const SharedColumn& column) {
  const std::string most = std::to_string(column.most);
  switch (column.form) {
    case ColumnForm::kText:
      return "text, at most " + most + " characters" + (column.least != 0 ? ", not empty" : "");
    case ColumnForm::kInteger:
      return std::to_string(column.least) + " to " + most;
    case ColumnForm::kBoolean:
      return "`true` or `false`";
    case ColumnForm::kChoice:
      return "one of " + joined(column.choices);
    case ColumnForm::kReference:
      return "name of a " + std::string(kind_name(column.target)) +
             (column.is_required ? "" : "; `null`: none");
    case ColumnForm::kMembers:
      return "list of at most " + most + " names of a " + std::string(kind_name(column.target)) +
             ", in order";
    case ColumnForm::kTags:
      return "object of tag names and texts, in order";
    case ColumnForm::kSettings:
      return "object of settings";
    case ColumnForm::kRows:
      return "list of at most " + most + " rows, in place of all that are stored";
    case ColumnForm::kTime:
      return "Unix seconds of the last change; exports write it, without it the import's time";
    case ColumnForm::kTexts:
      return "list of " + std::to_string(column.least) + " to " + most + " texts, in order";
    case ColumnForm::kDocument:
      return "text of many lines, at most " + most + " bytes";
  }
  return {};
}

class ImportPage : public test::TempDatabase {
 protected:
  // What a row has that does not say it.
  std::string fallback(const SharedTable& table, const SharedColumn& column) {
    if (column.is_required || column.form == ColumnForm::kRows ||
        column.form == ColumnForm::kMembers || column.form == ColumnForm::kTime ||
        column.form == ColumnForm::kTexts || column.form == ColumnForm::kReference) {
      return {};
    }
    std::string value;
    must(db_.for_each(
        "SELECT coalesce(dflt_value, '') FROM pragma_table_info(?1) WHERE name = ?2",
        [&](const database::Query& row) { value = row.text(0); }, table.name, column.column));
    if (column.form == ColumnForm::kBoolean) {
      return value == "1" ? "`true`" : "`false`";
    }
    if (value.size() >= 2 && value.front() == '\'') {
      value = value.substr(1, value.size() - 2);
    }
    return value.empty() ? "" : "`" + value + "`";
  }

  void put_columns(const SharedTable& table, std::string& page) {
    page += "| key | takes | else |\n| --- | --- | --- |\n";
    for (const SharedColumn& column : table.columns) {
      page += "| `" + std::string(column.key) + "` | " + takes(column) +
              (column.key == table.unset ? "; `null` takes the row away" : "") + " | " +
              (column.is_required ? "needed" : fallback(table, column)) + " |\n";
    }
  }

  template <typename Row>
  static void put_settings(std::string_view what, std::string& page) {
    page += "\n" + std::string(what) + ":\n\n| name | takes | else |\n| --- | --- | --- |\n";
    for (const generator::Setting& setting : settings_of(Row{})) {
      page += "| `" + std::string(setting.name) + "` | " + setting.takes + " | " +
              (setting.fallback.empty() ? "" : "`" + setting.fallback + "`") + " |\n";
    }
  }

  std::string tables() {
    std::string page;
    for (const SharedTable& table : shared_tables()) {
      const auto meaning = kMeaning.find(table.name);
      EXPECT_NE(meaning, kMeaning.end()) << "say what " << table.name << " is";
      page += "\n### " + std::string(table.name) + "\n\n" +
              std::string(meaning == kMeaning.end() ? "" : meaning->second) + " Told apart by ";
      for (std::size_t i = 0; i < table.identity; ++i) {
        page += (i == 0 ? "`" : " and `") + std::string(table.columns[i].key) + "`";
      }
      page += ".\n\n";
      put_columns(table, page);
      for (const SharedColumn& column : table.columns) {
        if (column.nested != nullptr) {
          page += "\nRows of `" + std::string(column.key) + "`:\n\n";
          put_columns(column.nested->rows, page);
        }
      }
      if (table.name == "common_profiles") {
        put_settings<generator::CommonPhoneProfile>("Its settings", page);
      } else if (table.name == "sip_profiles") {
        put_settings<generator::SipProfile>("Its settings", page);
      } else if (table.name == "security_profiles") {
        put_settings<generator::SecurityProfile>("Its settings", page);
      } else if (table.name == "service_parameters") {
        put_settings<generator::EnterpriseParameters>(
            "Those that stand in the files of phones (the others: [reference.md](reference.md))",
            page);
      }
    }
    return page;
  }
};

TEST_F(ImportPage, SaysWhatAnImportTakes) {
  const std::string path = std::string(DIALTONE_SOURCE_DIR) + "/docs/import-json.md";
  std::stringstream read;
  read << std::ifstream(path).rdbuf();
  const std::string text = read.str();
  const std::size_t mark = text.find(kMark);
  ASSERT_NE(mark, text.npos);
  const std::string wanted = text.substr(0, mark + kMark.size()) + tables();
  if (std::getenv("DIALTONE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << wanted;
    return;
  }
  EXPECT_EQ(text, wanted) << "DIALTONE_UPDATE_GOLDEN=1 writes the page anew";
}

}  // namespace
}  // namespace dialtone::importing
