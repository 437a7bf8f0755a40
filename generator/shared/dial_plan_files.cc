// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/dial_plan_files.h"

#include "generator/shared/dial_rule.h"
#include "generator/shared/file_rules.h"
#include "generator/shared/version_stamp.h"
#include "generator/shared/xml_document.h"

namespace dialtone::generator {
namespace {

void optional_attribute(XmlDocument& xml, std::string_view name, const std::string& value) {
  if (!value.empty()) {
    xml.attribute(name, value);
  }
}

// Order counts: where two rules match as long, phones take the first.
std::string newer_form(const DialPlan& plan) {
  XmlDocument xml("dialTemplate");
  xml.text("versionStamp", version_stamp(plan.changed_s, plan.stamp));
  for (const DialRule& rule : plan.rules) {
    xml.begin("TEMPLATE");
    xml.attribute("match", rule.pattern);
    if (rule.button != 0) {
      xml.attribute("line", rule.button);
    }
    xml.attribute("timeout", rule.timeout_s);
    xml.attribute("User", rule.user_part);
    optional_attribute(xml, "rewrite", rule.rewrite);
    optional_attribute(xml, "tone", rule.tone);
    xml.end();
  }
  return xml.finish();
}

// Knows no lines: a rule of one button is left out, since it would hold for all.
std::string older_form(const DialPlan& plan) {
  XmlDocument xml("DIALTEMPLATE");
  for (const DialRule& rule : plan.rules) {
    if (rule.button != 0) {
      continue;
    }
    xml.begin("TEMPLATE");
    xml.attribute("MATCH", rule.pattern);
    xml.attribute("TIMEOUT", rule.timeout_s);
    xml.attribute("User", rule.user_part);
    optional_attribute(xml, "Route", rule.route);
    optional_attribute(xml, "Rewrite", rule.rewrite);
    optional_attribute(xml, "Tone", rule.tone);
    xml.end();
  }
  return xml.finish();
}

// "rule 3: tone: ...": the first of the plan.
Result<void> check_rules(const DialPlan& plan) {
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (const auto checked = check_dial_rule(plan.rules[i]); !checked) {
      return refused("rule " + std::to_string(i + 1) + ": " + checked.error().text);
    }
  }
  return {};
}

}  // namespace

void add_dial_plan_files(const Campus& campus, SharedFiles& all) {
  for (const DialPlan& plan : campus.dial_plans) {
    const std::string newer = dial_template_name(plan);
    const std::string older = older_dial_template_name(plan);
    const std::string row = "dial plan '" + plan.name + "'";
    if (!check_file_stem(all, newer, row, plan.name)) {
      continue;
    }
    if (const auto checked = check_rules(plan); !checked) {
      for (const std::string* file : {&newer, &older}) {
        all.faults.push_back({*file, *file + ": " + row + ": " + checked.error().text});
      }
      continue;
    }
    add_phone_file(all, {newer, newer_form(plan), abi::FileClass::kDialPlan, plan.changed_s}, row);
    add_phone_file(all, {older, older_form(plan), abi::FileClass::kDialPlan, plan.changed_s}, row);
  }
}

}  // namespace dialtone::generator
