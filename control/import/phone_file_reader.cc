// SPDX-License-Identifier: Apache-2.0
#include "control/import/phone_file_reader.h"

#include "control/database/text_rules.h"
#include "generator/shared/xml_element.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace dialtone::importing {
namespace {

using database::lower_case;
using generator::XmlElement;

std::string attribute(const XmlElement& element, std::string_view name) {
  for (const auto& [each, value] : element.attributes) {
    if (lower_case(each) == name) {
      return value;
    }
  }
  return {};
}

bool is_called(const XmlElement& element, std::string_view name) {
  return lower_case(element.name) == name;
}

struct AttributeKey {
  std::string_view attribute;  // in lower case
  const char* key;
  bool is_number;
};
constexpr AttributeKey kRuleKeys[] = {
    {"match", "pattern", false},  {"timeout", "timeout_s", true}, {"line", "button", true},
    {"user", "user_part", false}, {"rewrite", "rewrite", false},  {"route", "route", false},
    {"tone", "tone", false},
};

class PhoneFileReader {
 public:
  explicit PhoneFileReader(FaultList& faults) : faults_(faults) {}

  std::optional<Json> read(const XmlElement& root, std::string_view table) {
    if (table == "dial_plans" && is_called(root, "dialtemplate")) {
      return Json{{"rules", rules_of(root)}};
    }
    if (table == "softkey_templates" && is_called(root, "softkeycfg")) {
      return Json{{"sets", sets_of(root)}};
    }
    if (table == "feature_policies" && is_called(root, "featurepolicy")) {
      return Json{{"settings", features_of(root)}};
    }
    fault(root, "wrong-file",
          "<" + root.name + "> is no file of " + std::string(table) +
              "; dial plans are a dialTemplate, softkeys a softKeyCfg, features a featurePolicy");
    return std::nullopt;
  }

 private:
  void fault(const XmlElement& element, const char* code, const std::string& text) {
    faults_.add(element.line, code, text);
  }

  // True for those that are called so; of others only a version stamp may be there.
  bool wants(const XmlElement& element, const XmlElement& parent, std::string_view name) {
    if (is_called(element, name)) {
      return true;
    }
    if (!is_called(element, "versionstamp")) {
      fault(element, "unknown-element",
            "<" + element.name + "> is no element of <" + parent.name + ">");
    }
    return false;
  }

  Json rules_of(const XmlElement& root) {
    Json rules = Json::array();
    for (const XmlElement& each : root.children) {
      if (wants(each, root, "template")) {
        rules.push_back(rule_of(each));
      }
    }
    return rules;
  }

  Json rule_of(const XmlElement& element) {
    Json rule = Json::object();
    for (const auto& [name, value] : element.attributes) {
      const std::string lower = lower_case(name);
      const auto* const known =
          std::find_if(std::begin(kRuleKeys), std::end(kRuleKeys),
                       [&](const AttributeKey& each) { return each.attribute == lower; });
      if (known == std::end(kRuleKeys)) {
        fault(element, "unknown-attribute",
              "'" + name +
                  "' is no attribute of a TEMPLATE; there are match, timeout, line, User, rewrite, "
                  "route and tone");
        continue;
      }
      const auto number = known->is_number ? database::parse_number(value, 9999) : std::nullopt;
      rule[known->key] = number ? Json(*number) : Json(value);  // what is none is refused later
    }
    return rule;
  }

  Json sets_of(const XmlElement& root) {
    Json sets = Json::array();
    for (const XmlElement& part : root.children) {
      if (is_called(part, "typesoftkey") || !wants(part, root, "softkeysets")) {
        continue;
      }
      for (const XmlElement& each : part.children) {
        Json keys = Json::array();
        for (const XmlElement& key : each.children) {
          keys.push_back(attribute(key, "keyid"));
        }
        sets.push_back({{"state", attribute(each, "id")}, {"keys", std::move(keys)}});
      }
    }
    return sets;
  }

  Json features_of(const XmlElement& root) {
    Json settings = Json::object();
    for (const XmlElement& each : root.children) {
      if (!wants(each, root, "featuredef")) {
        continue;
      }
      for (const XmlElement& part : each.children) {
        if (is_called(part, "enable")) {
          settings[attribute(each, "name")] = std::string(database::trimmed(part.text));
        }
      }
    }
    return settings;
  }

  FaultList& faults_;
};

}  // namespace

std::optional<Json> read_phone_file(std::string_view text, std::string_view table,
                                    FaultList& faults) {
  XmlElement root;
  generator::XmlFault fault;
  if (!generator::read_xml_element(text, root, fault)) {
    faults.add(fault.line, "bad-xml", fault.text);
    return std::nullopt;
  }
  return PhoneFileReader(faults).read(root, table);
}

}  // namespace dialtone::importing
