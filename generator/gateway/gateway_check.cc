// SPDX-License-Identifier: Apache-2.0
#include "generator/gateway/gateway_check.h"

#include "dataplane/abi/canonical_name.h"
#include "generator/gateway/gateway_names.h"
#include "generator/gateway/gateway_parameters.h"
#include "generator/records.h"
#include "generator/shared/shared_files.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace dialtone::generator {
namespace {

// Of phones that have none of their own.
constexpr std::string_view kDefaultFile = "xmldefault.cnf.xml";

std::string at(const GatewayUnit& unit) {
  return std::to_string(unit.unit);
}
std::string at(const GatewayUnit& unit, const GatewaySubunit& subunit) {
  return at(unit) + "/" + std::to_string(subunit.subunit);
}

// "24FXS-MGCP" says how many ports it has; 0: the product does not.
std::uint32_t ports_of(std::string_view product) noexcept {
  std::uint32_t count = 0;
  const char* const end = product.data() + product.size();
  const char* const behind = std::from_chars(product.data(), end, count).ptr;
  const std::string_view kind(behind, static_cast<std::size_t>(end - behind));
  return kind.starts_with("FXS") || kind.starts_with("FXO") ? count : 0;
}

class Check {
 public:
  Check(const Gateway& gateway, const OwnSettings& own) : gateway_(gateway), own_(own) {}

  std::vector<GatewayFault> run() {
    check_names();
    if (!gateway_.unreadable.empty()) {
      fault("bad-settings", gateway_.unreadable + "; write them as {\"NAME\": \"VALUE\"}");
    }
    check_settings(gateway_.settings, SettingPlace::kGateway, "", own_.gateway);
    for (const GatewayUnit& unit : gateway_.units) {
      check_unit(unit);
    }
    return std::move(faults_);
  }

 private:
  void fault(const char* code, const std::string& text) {
    faults_.push_back({code, "gateway '" + gateway_.name + "': " + text});
  }

  void check_names() {
    if (const auto name = gateway_name(gateway_.kind, gateway_.name); !name) {
      fault("bad-name", name.error().text);
    } else if (*name != gateway_.name) {
      fault("bad-name", "it is called '" + *name + "'; rename it");
    }
    if (const auto domain = check_domain(gateway_.domain); !domain) {
      fault("bad-domain", "domain: " + domain.error().text);
    }
    const std::string file = gateway_file_name(gateway_);
    abi::CanonicalName canonical;
    if (file.size() > abi::kMaxNameLength) {
      fault("name-too-long", "its file would have a name of " + std::to_string(file.size()) +
                                 " characters, and " + std::to_string(abi::kMaxNameLength) +
                                 " is the most; shorten domain");
    } else if (faults_.empty() &&
               (!abi::canonicalize(file, canonical) || canonical.view() == kDefaultFile)) {
      fault("bad-name", "its file cannot be called '" + file + "'; rename it");
    }
  }

  void check_settings(const TagMap& settings, SettingPlace place, const std::string& where,
                      const std::vector<std::string_view>& own) {
    for (const Tag& each : settings) {
      if (!is_tag_name(each.name)) {
        fault("unknown-setting", where + "'" + each.name +
                                     "' is no name of a setting: a letter or '_', then letters, "
                                     "digits, '_', '-' and '.'");
      } else if (const auto checked =
                     check_gateway_setting(gateway_.kind, place, each.name, each.value, own);
                 !checked) {
        fault(is_gateway_setting(gateway_.kind, place, each.name) ? "bad-value" : "unknown-setting",
              where + checked.error().text);
      }
    }
  }

  void check_unit(const GatewayUnit& unit) {
    if (unit.product.empty()) {
      fault("missing-unit", "unit " + at(unit) + " has no row and no product; set unit" + at(unit) +
                                ".product, or remove what is on it");
    }
    for (const GatewaySubunit& subunit : unit.subunits) {
      const std::string place = at(unit, subunit);
      if (subunit.product.empty()) {
        fault("missing-subunit", "subunit " + place + " has no row and no product; set subunit" +
                                     place + ".product, or remove its ports");
      }
      for (const GatewayPort& port : subunit.ports) {
        check_port(place, subunit, port);
      }
    }
  }

  void check_port(const std::string& place, const GatewaySubunit& subunit,
                  const GatewayPort& port) {
    const std::string name = "port" + place + "/" + std::to_string(port.port);
    check_settings(port.settings,
                   is_digital(subunit) ? SettingPlace::kDigitalPort : SettingPlace::kAnalogPort,
                   name + ": ", own_.port);
    if (const std::uint32_t count = ports_of(subunit.product);
        count != 0 && port.port >= subunit.begin_port + count) {
      fault("no-such-port", name + " is not there: the last one of a " + subunit.product +
                                " is port" + place + "/" +
                                std::to_string(subunit.begin_port + count - 1) +
                                "; remove it, or correct subunit" + place + ".product");
    }
    if (port.endpoint.empty()) {
      fault("no-endpoint", name +
                               " is beyond what a name of an SCCP port can say (unit 7, subunit 3, "
                               "port 127); set " +
                               name + ".endpoint");
      return;
    }
    const auto [first, is_new] = seen_.emplace(port.endpoint, name);
    if (!is_new) {
      fault("duplicate-port", name + " and " + first->second + " are both called '" +
                                  port.endpoint +
                                  "'; give one of them another 'endpoint', or remove it");
    }
    if (gateway_.kind == GatewayKind::kSccp && !is_endpoint_device(port.endpoint)) {
      fault("bad-name", name + ": '" + port.endpoint +
                            "' is no name of an SCCP port: AN, then capital letters, digits, "
                            "'-' and '_', at most 64 in all; change its 'endpoint'");
    }
  }

  // It is looked for among the devices, and names a file.
  static bool is_endpoint_device(std::string_view endpoint) {
    return endpoint.starts_with("AN") && is_file_stem(endpoint) &&
           std::none_of(endpoint.begin(), endpoint.end(),
                        [](char c) { return c >= 'a' && c <= 'z'; });
  }

  const Gateway& gateway_;
  const OwnSettings& own_;
  std::vector<GatewayFault> faults_;
  std::map<std::string, std::string> seen_;  // ports by endpoint
};

}  // namespace

std::vector<GatewayFault> check_gateway(const Gateway& gateway, const OwnSettings& own) {
  return Check(gateway, own).run();
}

}  // namespace dialtone::generator
