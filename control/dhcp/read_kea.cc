// SPDX-License-Identifier: Apache-2.0
//
// kea-dhcp4.conf: JSON with comments. What stands at the top and in client classes counts in every
// subnet.
#include "control/dhcp/readers.h"

#include <nlohmann/json.hpp>

#include <set>
#include <string_view>

namespace dialtone::dhcp {
namespace {

using Json = nlohmann::json;

const Json& field(const Json& object, const char* key) {
  static const Json kNone;
  if (!object.is_object()) {
    return kNone;
  }
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

std::string text_of(const Json& object, const char* key) {
  const Json& value = field(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

bool is_code(const Json& option, int code) {
  const Json& value = field(option, "code");
  return value.is_number_integer() && value == code;
}

// Kea takes them beside those of C, which the parser passes over.
std::string without_hash_comments(std::string text) {
  enum class In { kCode, kText, kHash, kLine, kBlock } in = In::kCode;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view two = std::string_view(text).substr(i, 2);
    switch (in) {
      case In::kCode:
        in = text[i] == '"'   ? In::kText
             : text[i] == '#' ? In::kHash
             : two == "//"    ? In::kLine
             : two == "/*"    ? In::kBlock
                              : In::kCode;
        i += in == In::kBlock ? 1 : 0;
        break;
      case In::kText:
        in = text[i] == '"' ? In::kCode : In::kText;
        i += text[i] == '\\' ? 1 : 0;
        break;
      case In::kHash:
      case In::kLine:
        in = text[i] == '\n' ? In::kCode : in;
        break;
      case In::kBlock:
        if (two == "*/") {
          in = In::kCode;
          ++i;
        }
        break;
    }
    if (in == In::kHash) {
      text[i] = ' ';
    }
  }
  return text;
}

class Reader {
 public:
  explicit Reader(Configuration& configuration) : configuration_(configuration) {}

  void read(const Json& dhcp4) {
    for (const Json& each : field(dhcp4, "option-def")) {
      if (is_code(each, 150)) {
        names150_.insert(text_of(each, "name"));
        configuration_.is_single_address = field(each, "array") != true;
      }
    }
    Scope top = scope_of(dhcp4);
    for (const Json& each : field(dhcp4, "client-classes")) {
      inherit(top, scope_of(each));
    }
    add_subnets(dhcp4, top);
    for (const Json& each : field(dhcp4, "shared-networks")) {
      Scope network = scope_of(each);
      inherit(network, top);
      add_subnets(each, network);
    }
  }

 private:
  Scope scope_of(const Json& object) const {
    Scope scope;
    scope.next_server = text_of(object, "next-server");
    scope.sname = text_of(object, "server-hostname");
    for (const Json& each : field(object, "option-data")) {
      const std::string name = text_of(each, "name");
      if (is_code(each, 150) || names150_.contains(name)) {
        scope.option150 = parts_of(text_of(each, "data"), ",");
      } else if (is_code(each, 66) || name == "tftp-server-name") {
        scope.option66 = text_of(each, "data");
      }
    }
    return scope;
  }

  void add_subnets(const Json& object, const Scope& outer) {
    for (const Json& each : field(object, "subnet4")) {
      Scope scope = scope_of(each);
      scope.name = text_of(each, "subnet");
      for (const Json& pool : field(each, "pools")) {
        inherit(scope, scope_of(pool));
      }
      inherit(scope, outer);
      configuration_.scopes.push_back(std::move(scope));
    }
  }

  Configuration& configuration_;
  std::set<std::string> names150_{};
};

}  // namespace

Result<Configuration> read_kea(const std::string& text) {
  const Json document =
      Json::parse(without_hash_comments(text), nullptr, /*allow_exceptions=*/false,
                  /*ignore_comments=*/true);
  if (!document.is_object()) {
    return refused("this is no JSON that Kea would read; kea-dhcp4 -t FILE says where");
  }
  Configuration configuration{.kind = ServerKind::kKea};
  Reader(configuration).read(field(document, "Dhcp4"));
  return configuration;
}

}  // namespace dialtone::dhcp
