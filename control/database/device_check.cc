// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_check.h"

#include "control/database/device_name.h"
#include "control/database/references.h"
#include "control/database/seed.h"
#include "control/database/tag_text.h"
#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"
#include "generator/family.h"
#include "generator/list_parameters.h"
#include "generator/render.h"

#include <algorithm>

namespace dialtone::database {
namespace {

class Check {
 public:
  Check(KnownRows& known, const Device& device, bool hints, std::vector<Fault>& faults)
      : known_(known), hints_(hints), faults_(faults) {
    checked_.device = device;
  }

  Result<CheckedDevice> run() {
    check_name();
    DIALTONE_TRY(check_model());
    DIALTONE_TRY(check_references());
    check_rows();
    return std::move(checked_);
  }

 private:
  void fault(const char* code, std::string text, std::string key) {
    faults_.push_back({code, std::move(text), std::move(key)});
  }

  void check_name() {
    auto name = device_name(checked_.device.name);
    if (name) {
      checked_.device.name = *name;
    } else if (checked_.device.name.empty()) {
      fault("missing-name", "a device needs a name, as SEP001122334455", "name");
    } else {
      fault("bad-value", name.error().text, "name");
    }
  }

  Result<void> check_model() {
    Device& device = checked_.device;
    if (device.model.empty()) {
      fault("missing-model", "a device needs a model, as \"Cisco 8841\"", "model");
      return {};
    }
    const auto models = known_.find_models(device.model);
    if (!models) {
      return models.error();
    }
    if (models->empty()) {
      auto text = unknown_model(known_.database(), device.model, hints_);
      if (!text) {
        return text.error();
      }
      fault("unknown-model", *text, "model");
      return {};
    }
    const auto row = find_protocol(*models, device.protocol);
    if (row == models->end()) {
      fault("unknown-protocol",
            device.protocol.empty()
                ? "\"" + models->front().name + "\" speaks SCCP and SIP: protocol must name one"
                : "\"" + models->front().name + "\" does not speak " + device.protocol + ", only " +
                      models->front().protocol,
            "protocol");
      return {};
    }
    device.model = row->name;
    device.protocol = row->protocol;
    checked_.references.model = row->id;
    // Under SCCP the call manager sends them, and the file has no place for them (cisco-tftp 1.5).
    if (!device.softkey.empty() &&
        (row->protocol != "SIP" || !generator::has_softkey_file(row->family))) {
      fault("model-no-softkey",
            "softkeys of \"" + row->name + "\" under " + row->protocol +
                " cannot be configured; clear softkey",
            "softkey");
    }
    check_buttons(*row);
    check_parameters(*row);
    return check_tags(*row);
  }

  // A device that has been stored knows its protocol. Of two, nobody may guess; but where only one
  // has the file SEP<mac>.cnf.xml (7940, 7960, 7905, 7912), it is that: a device is called
  // SEP<mac>, and whoever means the other one says SIP<mac>, ld<mac> or gk<mac>.
  static std::vector<ModelRow>::const_iterator find_protocol(const std::vector<ModelRow>& models,
                                                             const std::string& protocol) {
    const auto has_xml = [](const ModelRow& model) {
      return model.family == generator::Family::kSep;
    };
    const bool one_has = std::count_if(models.begin(), models.end(), has_xml) == 1;
    return std::find_if(models.begin(), models.end(), [&](const ModelRow& model) {
      return protocol.empty() ? models.size() == 1 || (one_has && has_xml(model))
                              : model.protocol == protocol;
    });
  }

  // What its file could not have is not stored. What its model or its family brings is theirs.
  void check_parameters(const ModelRow& model) {
    const auto protocol =
        model.protocol == "SIP" ? generator::Protocol::kSip : generator::Protocol::kSccp;
    for (const VendorTag& tag : checked_.device.vendor) {
      const std::string key = "vendor." + tag.name;
      const std::string why =
          generator::parameter_fault(model.family, protocol, tag.name, tag.value);
      if (!why.empty()) {
        fault(kBadParameter, why + "; correct or clear " + key, key);
      }
    }
  }

  // As the generator counts them, so that what is stored can be built.
  Result<void> check_tags(const ModelRow& model) {
    const auto tags = known_.count_tags(model);
    if (!tags && tags.error().code == ErrorCode::kRefused) {
      fault("bad-model", tags.error().text + std::string(kTagsCure), "model");
      return {};
    }
    if (!tags) {
      return tags.error();
    }
    const auto of_model = static_cast<std::int64_t>(*tags);
    const auto own = static_cast<std::int64_t>(checked_.device.vendor.size());
    constexpr auto kMost = static_cast<std::int64_t>(generator::kMaxVendorTags);
    if (own + of_model > kMost) {
      fault("too-many-tags",
            "a device has at most " + std::to_string(kMost) + " vendorConfig tags, and \"" +
                model.name + "\" brings " + std::to_string(of_model) + "; clear some vendor keys",
            "vendor");
    }
    return {};
  }

  void check_buttons(const ModelRow& model) {
    std::uint64_t buttons = model.max_lines;
    for (const auto& [index, module] : checked_.device.modules) {
      buttons += module.lines;
    }
    buttons_ = buttons;
    const auto& lines = checked_.device.lines;
    if (!lines.empty() && lines.rbegin()->first > buttons) {
      const std::string line = "line" + std::to_string(lines.rbegin()->first);
      fault("too-many-lines",
            line + " has no button: \"" + model.name + "\" has " + std::to_string(model.max_lines) +
                ", and " + std::to_string(buttons - model.max_lines) + " on modules",
            line + ".dn");
    }
  }

  Result<std::optional<std::int64_t>> reference(SharedRow kind, const char* code,
                                                const std::string& key, const std::string& name) {
    auto id = known_.find_row(kind, name);
    if (id.ok() && !id->has_value()) {
      auto text = unknown_row(known_.database(), kind, name, hints_);
      if (!text) {
        return text.error();
      }
      fault(code, *text, key);
    }
    return id;
  }

  // A device always has one: the default row when it names none.
  Result<void> required(SharedRow kind, const char* code, const char* key, const char* fallback,
                        std::string& name, std::int64_t& id) {
    name = name.empty() ? fallback : name;
    const auto found = reference(kind, code, key, name);
    if (!found) {
      return found.error();
    }
    id = found->value_or(0);
    return {};
  }

  Result<void> optional(SharedRow kind, const char* code, const char* key, const std::string& name,
                        std::optional<std::int64_t>& id) {
    if (name.empty()) {
      return {};
    }
    const auto found = reference(kind, code, key, name);
    if (!found) {
      return found.error();
    }
    id = *found;
    return {};
  }

  Result<void> check_references() {
    Device& device = checked_.device;
    DeviceReferences& ids = checked_.references;
    DIALTONE_TRY(
        required(SharedRow::kPool, "unknown-pool", "pool", kDefaultPool, device.pool, ids.pool));
    DIALTONE_TRY(required(SharedRow::kCommonProfile, "unknown-profile", "common_profile",
                          kDefaultCommonProfile, device.common_profile, ids.common_profile));
    DIALTONE_TRY(required(SharedRow::kSipProfile, "unknown-profile", "sip_profile",
                          kDefaultSipProfile, device.sip_profile, ids.sip_profile));
    DIALTONE_TRY(required(SharedRow::kSecurityProfile, "unknown-profile", "security_profile",
                          kDefaultSecurityProfile, device.security_profile, ids.security_profile));
    DIALTONE_TRY(optional(SharedRow::kUserLocale, "unknown-locale", "user_locale",
                          device.user_locale, ids.user_locale));
    DIALTONE_TRY(optional(SharedRow::kNetworkLocale, "unknown-locale", "network_locale",
                          device.network_locale, ids.network_locale));
    DIALTONE_TRY(optional(SharedRow::kDialPlan, "unknown-dial-plan", "dial_plan", device.dial_plan,
                          ids.dial_plan));
    DIALTONE_TRY(optional(SharedRow::kSoftkeyTemplate, "unknown-softkey", "softkey", device.softkey,
                          ids.softkey_template));
    DIALTONE_TRY(optional(SharedRow::kFeaturePolicy, "unknown-feature-policy", "feature_policy",
                          device.feature_policy, ids.feature_policy));
    DIALTONE_TRY(optional(SharedRow::kEmProfile, "unknown-profile", "em_profile", device.em_profile,
                          ids.em_profile));
    DIALTONE_TRY(check_login(device, ids));
    for (const auto& [index, line] : device.lines) {
      if (line.profile.empty() || ids.line_profiles.contains(line.profile)) {
        continue;
      }
      const auto id = reference(SharedRow::kLineProfile, "unknown-profile",
                                "line" + std::to_string(index) + ".profile", line.profile);
      if (!id) {
        return id.error();
      }
      ids.line_profiles[line.profile] = id->value_or(0);
    }
    return {};
  }

  // A user is logged in once, on a phone that has a button for each line.
  Result<void> check_login(const Device& device, const DeviceReferences& ids) {
    if (!ids.em_profile || buttons_ == 0) {
      return {};
    }
    const auto elsewhere = known_.find_login(*ids.em_profile);
    if (!elsewhere) {
      return elsewhere.error();
    }
    if (!elsewhere->empty() && *elsewhere != device.name) {
      fault("profile-in-use",
            "'" + device.em_profile + "' is logged in on " + *elsewhere + "; 'dialtone em logout " +
                *elsewhere + "' first",
            "em_profile");
    }
    const auto last = known_.last_line(*ids.em_profile);
    if (!last) {
      return last.error();
    }
    if (*last > static_cast<std::int64_t>(buttons_)) {
      fault("too-many-lines",
            "'" + device.em_profile + "' has a line " + std::to_string(*last) + ", and \"" +
                device.model + "\" only " + std::to_string(buttons_) + " buttons",
            "em_profile");
    }
    return {};
  }

  // As the phone compares it, letter by letter, with that of its own certificate (cisco-tftp 9.6).
  void check_cert_hash() {
    const std::string& hash = checked_.device.cert_hash;
    if (!hash.empty() &&
        (hash.size() != 32 || hash.find_first_not_of("0123456789abcdef") != hash.npos)) {
      fault(
          "bad-value",
          "cert_hash is the MD5 of the phone's certificate (openssl x509 -in CERTIFICATE -outform "
          "DER | md5sum): 32 digits, 0-9 and a-f, not '" +
              excerpt(hash) + "'",
          "cert_hash");
    }
  }

  void check_rows() {
    check_cert_hash();
    const Device& device = checked_.device;
    for (const auto& [index, line] : device.lines) {
      const std::string key = "line" + std::to_string(index);
      if (line.dn.empty()) {
        fault("incomplete", key + " has no directory number; set " + key + ".dn, or clear the rest",
              key + ".dn");
      }
    }
    for (const auto& [button, dial] : device.speed_dials) {
      const std::string key = "speeddial" + std::to_string(button);
      if (dial.number.empty()) {
        fault("incomplete", key + " has no number; set " + key + ".number, or clear the rest",
              key + ".number");
      }
      if (device.lines.contains(button)) {
        fault("button-taken", key + " and line" + std::to_string(button) + " want the same button",
              key + ".number");
      }
    }
    for (const auto& [index, module] : device.modules) {
      const std::string key = "module" + std::to_string(index);
      if (module.type.empty()) {
        fault("incomplete", key + " has no type; set " + key + ".type, or clear the rest",
              key + ".type");
      }
    }
  }

  KnownRows& known_;
  const bool hints_;
  std::vector<Fault>& faults_;
  CheckedDevice checked_;
  std::uint64_t buttons_ = 0;  // 0: the model is not known
};

}  // namespace

Result<CheckedDevice> check_device(KnownRows& known, const Device& device, bool hints,
                                   std::vector<Fault>& faults) {
  return Check(known, device, hints, faults).run();
}

}  // namespace dialtone::database
