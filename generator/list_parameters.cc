// SPDX-License-Identifier: Apache-2.0
#include "generator/list_parameters.h"

#include "dataplane/base/diagnostic.h"
#include "generator/family.h"
#include "generator/ptag.h"
#include "generator/tag_views.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace dialtone::generator {
namespace {

// cisco-tftp 3.2, but for those of one line (line1_name) and of one proxy (proxy1_address).
constexpr auto kSip7960Names = std::to_array<std::string_view>({
    "image_version",
    "sync",
    "tftp_cfg_dir",
    "language",
    "dyn_tftp_addr",
    "dyn_dns_addr_1",
    "dyn_dns_addr_2",
    "proxy_register",
    "outbound_proxy",
    "outbound_proxy_port",
    "proxy_backup",
    "proxy_backup_port",
    "proxy_emergency",
    "proxy_emergency_port",
    "timer_t1",
    "timer_t2",
    "sip_retx",
    "sip_invite_retx",
    "timer_invite_expires",
    "timer_register_expires",
    "timer_register_delta",
    "preferred_codec",
    "enable_vad",
    "tos_media",
    "start_media_port",
    "end_media_port",
    "voip_control_port",
    "dtmf_inband",
    "dtmf_outofband",
    "dtmf_db_level",
    "dtmf_avt_payload",
    "nat_enable",
    "nat_address",
    "nat_received_processing",
    "dnd_control",
    "callerid_blocking",
    "anonymous_call_block",
    "call_waiting",
    "call_hold_ringback",
    "cnf_join_enable",
    "semi_attended_transfer",
    "local_cfwd_enable",
    "autocomplete",
    "stutter_msg_waiting",
    "remote_party_id",
    "rfc_2543_hold",
    "call_stats",
    "sntp_server",
    "sntp_mode",
    "time_zone",
    "dst_offset",
    "dst_start_month",
    "dst_start_day",
    "dst_start_day_of_week",
    "dst_start_week_of_month",
    "dst_start_time",
    "dst_stop_month",
    "dst_stop_day",
    "dst_stop_day_of_week",
    "dst_stop_week_of_month",
    "dst_stop_time",
    "dst_auto_adjust",
    "time_format_24hr",
    "date_format",
    "services_url",
    "directory_url",
    "logo_url",
    "messages_uri",
    "http_proxy_addr",
    "http_proxy_port",
    "phone_label",
    "phone_prompt",
    "phone_password",
    "telnet_level",
    "user_info",
    "dial_template",
    "network_media_type",
    "network_port2_type",
});

struct Alias {
  std::string_view name;
  std::string_view right;
};
// A misspelling that one project spread (cisco-tftp 3.2).
constexpr Alias kAlias{"timer_registry_delta", "timer_register_delta"};

struct Zone {
  std::string_view windows;
  std::string_view brief;
};
// Other zones are given by the parameter time_zone. The pairs are ours: the phones' own list is not
// public.
constexpr auto kZones = std::to_array<Zone>({
    {"Hawaiian Standard Time", "HST"},
    {"Alaskan Standard/Daylight Time", "AKST"},
    {"Pacific Standard/Daylight Time", "PST"},
    {"Mountain Standard/Daylight Time", "MST"},
    {"Central Standard/Daylight Time", "CST"},
    {"Eastern Standard/Daylight Time", "EST"},
    {"Atlantic Standard/Daylight Time", "AST"},
    {"GMT Standard/Daylight Time", "GMT"},
    {"W. Europe Standard/Daylight Time", "CET"},
    {"Central Europe Standard/Daylight Time", "CET"},
    {"Romance Standard/Daylight Time", "CET"},
    {"Tokyo Standard Time", "JST"},
    {"New Zealand Standard/Daylight Time", "NZST"},
});

// "line3_name": what stands behind the number; empty for any other form.
std::string_view behind_number(std::string_view name, std::string_view stem) noexcept {
  const bool fits = name.starts_with(stem) && name.size() > stem.size() + 2 &&
                    name[stem.size()] >= '1' && name[stem.size()] <= '6' &&
                    name[stem.size() + 1] == '_';
  return fits ? name.substr(stem.size() + 2) : std::string_view();
}

std::string elsewhere_fault(Family family, std::string_view spelled) {
  const std::string_view name = parameter_name(family, spelled);
  const std::string_view where = set_elsewhere(family, name);
  return where.empty()
             ? std::string()
             : "the parameter '" + std::string(name) + "' comes from " + std::string(where);
}

bool is_any_of(std::string_view name, std::span<const std::string_view> all) noexcept {
  return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace

bool has_parameters(Family family) noexcept {
  return family == Family::kSip7960 || has_ptags(family);
}

std::string_view parameter_name(Family family, std::string_view name) noexcept {
  return family == Family::kSip7960 && name == kAlias.name ? kAlias.right : name;
}

bool is_known_parameter(Family family, std::string_view name) {
  if (family != Family::kSip7960) {
    return has_ptag(family, name);
  }
  return is_any_of(name, kSip7960Names) || !set_elsewhere(family, name).empty();
}

std::string unknown_parameter(Family family, std::string_view name) {
  const std::vector<std::string_view> known =
      family == Family::kSip7960
          ? std::vector<std::string_view>(kSip7960Names.begin(), kSip7960Names.end())
          : ptag_names(family);
  const std::string near = nearest_word(name, known);
  return "'" + std::string(name) + "' is no parameter that we know of family '" +
         std::string(family_name(family)) + "'" +
         (near.empty() ? std::string() : "; did you mean '" + near + "'?");
}

std::string_view set_elsewhere(Family family, std::string_view name) noexcept {
  if (family != Family::kSip7960) {
    return {};
  }
  constexpr std::string_view kOfLine[] = {"name", "shortname", "displayname", "authname",
                                          "password"};
  if (is_any_of(behind_number(name, "line"), kOfLine)) {
    return "the keys of that line, as line1.dn and line1.auth_name";
  }
  constexpr std::string_view kOfProxy[] = {"address", "port"};
  return is_any_of(behind_number(name, "proxy"), kOfProxy)
             ? "the Unified CM group of the phone's pool"
             : std::string_view();
}

std::string family_parameter_fault(Family family, std::string_view name, std::string_view value) {
  return has_ptags(family) ? ptag_fault(family, kPtagAny, name, value)
                           : elsewhere_fault(family, name);
}

std::string parameter_fault(Family family, Protocol protocol, std::string_view name,
                            std::string_view value) {
  return has_ptags(family)
             ? ptag_fault(family, protocol == Protocol::kSip ? kPtagSip : kPtagSccp, name, value)
             : elsewhere_fault(family, name);
}

void add_list_parameters(CampusTables& tables) {
  Campus& campus = tables.rows;
  for (FamilyParameter& parameter : campus.family_parameters) {
    parameter.name = std::string(parameter_name(parameter.family, parameter.name));
  }
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    const auto family = static_cast<Family>(i);
    if (!has_parameters(family)) {
      continue;
    }
    TagMap tags;
    for (const FamilyParameter& parameter : campus.family_parameters) {
      if (parameter.family == family && set_elsewhere(family, parameter.name).empty()) {
        tags.push_back({parameter.name, parameter.value});
      }
    }
    for (PhoneModel& model : campus.models) {
      if (model.family == family) {
        for (Tag& tag : model.vendor_config) {
          tag.name = std::string(parameter_name(family, tag.name));
        }
        model.vendor_config.insert(model.vendor_config.begin(), tags.begin(), tags.end());
      }
    }
    TagMap& kept = tables.family_tags[i];
    kept = std::move(tags);
    tables.family[i] = tag_views(kept);
  }
}

void set_short_forms(DateTimeGroup& group) {
  const auto found = std::find_if(kZones.begin(), kZones.end(), [&](const Zone& zone) {
    return zone.windows == group.time_zone;
  });
  group.short_zone = found == kZones.end() ? std::string() : std::string(found->brief);
  // "M/D/YA": the last letter asks for a clock of 12 hours.
  group.is_24h = !group.date_template.ends_with('A');
  group.short_date = group.is_24h ? group.date_template
                                  : group.date_template.substr(0, group.date_template.size() - 1);
}

}  // namespace dialtone::generator
