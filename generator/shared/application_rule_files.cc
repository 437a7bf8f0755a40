// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/application_rule_files.h"

#include "generator/shared/xml_document.h"

namespace dialtone::generator {
namespace {

constexpr std::string_view kNumber = "0123456789+*#";

Result<void> check_rule(const ApplicationRule& rule) {
  for (const std::string* part : {&rule.begins_with, &rule.prefix_with}) {
    DIALTONE_TRY(check_number_part(*part));
  }
  return rule.num_digits == 0 || rule.digits_to_remove <= rule.num_digits
             ? Result<void>()
             : refused("it removes " + std::to_string(rule.digits_to_remove) + " digits of " +
                       std::to_string(rule.num_digits) + "; remove fewer");
}

void add_rules(const Campus& campus, bool is_directory, const char* file, SharedFiles& all) {
  XmlDocument xml("DialRules");
  bool is_empty = true;
  for (const ApplicationRule& rule : campus.application_rules) {
    if (rule.is_directory != is_directory) {
      continue;
    }
    if (const auto checked = check_rule(rule); !checked) {
      all.faults.push_back({file, "application rule '" + rule.name + "': " + checked.error().text});
      return;
    }
    is_empty = false;
    xml.begin("DialRule");
    xml.attribute("BeginsWith", rule.begins_with);
    xml.attribute("NumDigits", rule.num_digits);
    xml.attribute("DigitsToRemove", rule.digits_to_remove);
    xml.attribute("PrefixWith", rule.prefix_with);
    xml.end();
  }
  if (!is_empty) {
    all.files.push_back({file, xml.finish(), abi::FileClass::kDialPlan, 0});
  }
}

}  // namespace

Result<void> check_number_part(std::string_view digits) {
  return digits.find_first_not_of(kNumber) == std::string_view::npos
             ? Result<void>()
             : refused("'" + std::string(digits) +
                       "' is no part of a number: digits, '+', '*' and '#'");
}

void add_application_rule_files(const Campus& campus, SharedFiles& all) {
  add_rules(campus, /*is_directory=*/false, "AppDialRules.xml", all);
  add_rules(campus, /*is_directory=*/true, "DirLookupDialRules.xml", all);
}

}  // namespace dialtone::generator
