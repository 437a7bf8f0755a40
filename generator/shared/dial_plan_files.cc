// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/dial_plan_files.h"

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

}  // namespace

void add_dial_plan_files(const Campus& campus, SharedFiles& all) {
  for (const DialPlan& plan : campus.dial_plans) {
    if (!is_file_stem(plan.name)) {
      all.faults.push_back({dial_template_name(plan),
                            "dial plan '" + plan.name +
                                "': it names a file, so its name is letters, digits, '-' and '_', "
                                "at most 64; rename it"});
      continue;
    }
    all.files.push_back(
        {dial_template_name(plan), newer_form(plan), abi::FileClass::kDialPlan, plan.changed_s});
    all.files.push_back(
        {plan.name + ".xml", older_form(plan), abi::FileClass::kDialPlan, plan.changed_s});
  }
}

}  // namespace dialtone::generator
