// SPDX-License-Identifier: Apache-2.0
//
// The one table of fields. The fields of a scope stand together, the scopes in the order of the
// enum.
#include "generator/campus_tables.h"
#include "generator/fields.h"

#include <array>
#include <string>
#include <type_traits>

namespace dialtone::generator {
namespace {

template <typename T>
constexpr FieldType field_type() {
  if constexpr (std::is_same_v<T, std::string>) {
    return FieldType::kText;
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return FieldType::kView;
  } else if constexpr (std::is_same_v<T, bool>) {
    return FieldType::kBool;
  } else if constexpr (std::is_same_v<T, std::uint16_t>) {
    return FieldType::kU16;
  } else if constexpr (std::is_same_v<T, std::uint32_t>) {
    return FieldType::kU32;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return FieldType::kU64;
  } else {
    static_assert(std::is_same_v<T, Uuid>, "a type that templates cannot write");
    return FieldType::kUuid;
  }
}

template <typename Row>
constexpr Field field(Scope scope, std::string_view name, FieldType type, std::size_t offset) {
  static_assert(std::is_standard_layout_v<Row>, "offsetof needs it");
  return {name, scope, type, static_cast<std::uint16_t>(offset)};
}

#define ROW_FIELD(scope, Row, member) \
  field<Row>(Scope::scope, #member, field_type<decltype(Row::member)>(), offsetof(Row, member))
#define NODE_FIELD(member)                                                         \
  field<CmMember>(Scope::kMember, #member, field_type<decltype(CmNode::member)>(), \
                  offsetof(CmMember, node) + offsetof(CmNode, member))

constexpr auto kFields = std::to_array<Field>({
    ROW_FIELD(kDevice, DeviceRecord, name),
    ROW_FIELD(kDevice, DeviceRecord, uuid),
    ROW_FIELD(kDevice, DeviceRecord, ctiid),
    ROW_FIELD(kDevice, DeviceRecord, description),
    ROW_FIELD(kDevice, DeviceRecord, owner),
    ROW_FIELD(kDevice, DeviceRecord, user_id),
    ROW_FIELD(kDevice, DeviceRecord, changed_s),
    ROW_FIELD(kDevice, DeviceRecord, stamp),
    ROW_FIELD(kDevice, DeviceRecord, phone_label),
    ROW_FIELD(kDevice, DeviceRecord, external_mask),
    ROW_FIELD(kDevice, DeviceRecord, load_override),
    ROW_FIELD(kDevice, DeviceRecord, inactive_load),
    ROW_FIELD(kDevice, DeviceRecord, cert_hash),
    ROW_FIELD(kDevice, DeviceRecord, dial_template),
    ROW_FIELD(kDevice, DeviceRecord, soft_key_file),
    ROW_FIELD(kDevice, DeviceRecord, feature_policy_file),
    ROW_FIELD(kLine, LineRecord, index),
    ROW_FIELD(kLine, LineRecord, dn),
    ROW_FIELD(kLine, LineRecord, label),
    ROW_FIELD(kLine, LineRecord, display),
    ROW_FIELD(kLine, LineRecord, auth_name),
    ROW_FIELD(kLine, LineRecord, auth_secret),
    ROW_FIELD(kLine, LineRecord, contact),
    ROW_FIELD(kLine, LineRecord, messages_number),
    ROW_FIELD(kLine, LineRecord, external_mask),
    ROW_FIELD(kLine, LineRecord, auto_answer),
    ROW_FIELD(kLine, LineRecord, auto_answer_mode),
    ROW_FIELD(kLine, LineRecord, call_waiting),
    ROW_FIELD(kLine, LineRecord, max_calls),
    ROW_FIELD(kLine, LineRecord, busy_trigger),
    ROW_FIELD(kLine, LineRecord, ring_idle),
    ROW_FIELD(kLine, LineRecord, ring_active),
    ROW_FIELD(kLine, LineRecord, lamp_policy),
    ROW_FIELD(kLine, LineRecord, stutter_amwi),
    ROW_FIELD(kLine, LineRecord, is_shared),
    ROW_FIELD(kLine, LineRecord, logs_missed_calls),
    ROW_FIELD(kLine, LineRecord, show_caller_name),
    ROW_FIELD(kLine, LineRecord, show_caller_number),
    ROW_FIELD(kLine, LineRecord, show_redirected_number),
    ROW_FIELD(kLine, LineRecord, show_dialed_number),
    ROW_FIELD(kLine, LineRecord, recording),
    ROW_FIELD(kDial, SpeedDial, button),
    ROW_FIELD(kDial, SpeedDial, feature),
    ROW_FIELD(kDial, SpeedDial, label),
    ROW_FIELD(kDial, SpeedDial, number),
    ROW_FIELD(kDial, SpeedDial, is_service),
    ROW_FIELD(kModule, AddOnModule, index),
    ROW_FIELD(kModule, AddOnModule, type),
    ROW_FIELD(kModule, AddOnModule, lines),
    ROW_FIELD(kModule, AddOnModule, load),
    ROW_FIELD(kTag, TagOverride, name),
    ROW_FIELD(kTag, TagOverride, value),
    ROW_FIELD(kModel, PhoneModel, number),
    ROW_FIELD(kModel, PhoneModel, name),
    ROW_FIELD(kModel, PhoneModel, default_load),
    ROW_FIELD(kModel, PhoneModel, max_lines),
    ROW_FIELD(kModel, PhoneModel, blocks_by_one),
    ROW_FIELD(kModel, PhoneModel, blocks_by_two),
    ROW_FIELD(kPool, DevicePool, uuid),
    ROW_FIELD(kPool, DevicePool, name),
    ROW_FIELD(kPool, DevicePool, revert_priority),
    ROW_FIELD(kPool, DevicePool, connection_monitor_s),
    ROW_FIELD(kTime, DateTimeGroup, uuid),
    ROW_FIELD(kTime, DateTimeGroup, name),
    ROW_FIELD(kTime, DateTimeGroup, date_template),
    ROW_FIELD(kTime, DateTimeGroup, time_zone),
    ROW_FIELD(kTime, DateTimeGroup, olson_time_zone),
    ROW_FIELD(kTime, DateTimeGroup, short_zone),
    ROW_FIELD(kTime, DateTimeGroup, short_date),
    ROW_FIELD(kTime, DateTimeGroup, is_24h),
    ROW_FIELD(kTime, DateTimeGroup, first_ntp),
    ROW_FIELD(kTime, DateTimeGroup, first_ntp_mode),
    ROW_FIELD(kNtp, NtpServer, address),
    ROW_FIELD(kNtp, NtpServer, mode),
    ROW_FIELD(kGroup, GroupRow, uuid),
    ROW_FIELD(kGroup, GroupRow, name),
    ROW_FIELD(kGroup, GroupRow, is_default),
    ROW_FIELD(kGroup, GroupRow, first_address),
    ROW_FIELD(kGroup, GroupRow, first_sip_port),
    ROW_FIELD(kGroup, GroupRow, backup_address),
    ROW_FIELD(kGroup, GroupRow, backup_sip_port),
    ROW_FIELD(kMember, CmMember, priority),
    NODE_FIELD(name),
    NODE_FIELD(description),
    NODE_FIELD(address),
    NODE_FIELD(ipv6_address),
    NODE_FIELD(sccp_port),
    NODE_FIELD(sip_port),
    NODE_FIELD(secure_sip_port),
    NODE_FIELD(mgcp_listen_port),
    NODE_FIELD(mgcp_keepalive_port),
    ROW_FIELD(kSrst, SrstReference, uuid),
    ROW_FIELD(kSrst, SrstReference, name),
    ROW_FIELD(kSrst, SrstReference, option),
    ROW_FIELD(kSrst, SrstReference, user_modifiable),
    ROW_FIELD(kSrst, SrstReference, address1),
    ROW_FIELD(kSrst, SrstReference, address2),
    ROW_FIELD(kSrst, SrstReference, address3),
    ROW_FIELD(kSrst, SrstReference, port1),
    ROW_FIELD(kSrst, SrstReference, port2),
    ROW_FIELD(kSrst, SrstReference, port3),
    ROW_FIELD(kSrst, SrstReference, sip_address1),
    ROW_FIELD(kSrst, SrstReference, sip_address2),
    ROW_FIELD(kSrst, SrstReference, sip_address3),
    ROW_FIELD(kSrst, SrstReference, sip_port1),
    ROW_FIELD(kSrst, SrstReference, sip_port2),
    ROW_FIELD(kSrst, SrstReference, sip_port3),
    ROW_FIELD(kSrst, SrstReference, is_secure),
    ROW_FIELD(kCommon, CommonPhoneProfile, uuid),
    ROW_FIELD(kCommon, CommonPhoneProfile, name),
    ROW_FIELD(kCommon, CommonPhoneProfile, phone_password),
    ROW_FIELD(kCommon, CommonPhoneProfile, background_image_access),
    ROW_FIELD(kCommon, CommonPhoneProfile, default_background),
    ROW_FIELD(kCommon, CommonPhoneProfile, call_log_blf),
    ROW_FIELD(kCommon, CommonPhoneProfile, dnd_call_alert),
    ROW_FIELD(kCommon, CommonPhoneProfile, dnd_reminder_s),
    ROW_FIELD(kCommon, CommonPhoneProfile, phone_personalization),
    ROW_FIELD(kCommon, CommonPhoneProfile, single_button_barge),
    ROW_FIELD(kCommon, CommonPhoneProfile, join_across_lines),
    ROW_FIELD(kCommon, CommonPhoneProfile, auto_call_pickup),
    ROW_FIELD(kCommon, CommonPhoneProfile, feature_policy_file),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_url1),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_url2),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_url3),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_mtu),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_fail_connect_s),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_auth_method),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_password_persistent),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_auto_detect),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_host_id_check),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash_algorithm),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash1),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash2),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash3),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash4),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash5),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash6),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash7),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash8),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash9),
    ROW_FIELD(kCommon, CommonPhoneProfile, vpn_hash10),
    ROW_FIELD(kSip, SipProfile, uuid),
    ROW_FIELD(kSip, SipProfile, name),
    ROW_FIELD(kSip, SipProfile, register_with_proxy),
    ROW_FIELD(kSip, SipProfile, backup_proxy),
    ROW_FIELD(kSip, SipProfile, emergency_proxy),
    ROW_FIELD(kSip, SipProfile, outbound_proxy),
    ROW_FIELD(kSip, SipProfile, backup_proxy_port),
    ROW_FIELD(kSip, SipProfile, emergency_proxy_port),
    ROW_FIELD(kSip, SipProfile, outbound_proxy_port),
    ROW_FIELD(kSip, SipProfile, cnf_join),
    ROW_FIELD(kSip, SipProfile, rfc2543_hold),
    ROW_FIELD(kSip, SipProfile, call_hold_ringback),
    ROW_FIELD(kSip, SipProfile, local_cfwd),
    ROW_FIELD(kSip, SipProfile, semi_attended_transfer),
    ROW_FIELD(kSip, SipProfile, anonymous_call_block),
    ROW_FIELD(kSip, SipProfile, caller_id_blocking),
    ROW_FIELD(kSip, SipProfile, blocks_anonymous),
    ROW_FIELD(kSip, SipProfile, blocks_caller_id),
    ROW_FIELD(kSip, SipProfile, dnd_control),
    ROW_FIELD(kSip, SipProfile, remote_cc),
    ROW_FIELD(kSip, SipProfile, retain_forward_information),
    ROW_FIELD(kSip, SipProfile, uri_dialing_display),
    ROW_FIELD(kSip, SipProfile, invite_retx),
    ROW_FIELD(kSip, SipProfile, retx),
    ROW_FIELD(kSip, SipProfile, timer_invite_expires_s),
    ROW_FIELD(kSip, SipProfile, timer_register_expires_s),
    ROW_FIELD(kSip, SipProfile, timer_register_delta_s),
    ROW_FIELD(kSip, SipProfile, timer_keep_alive_expires_s),
    ROW_FIELD(kSip, SipProfile, timer_subscribe_expires_s),
    ROW_FIELD(kSip, SipProfile, timer_subscribe_delta_s),
    ROW_FIELD(kSip, SipProfile, timer_t1_ms),
    ROW_FIELD(kSip, SipProfile, timer_t2_ms),
    ROW_FIELD(kSip, SipProfile, max_redirects),
    ROW_FIELD(kSip, SipProfile, remote_party_id),
    ROW_FIELD(kSip, SipProfile, user_info),
    ROW_FIELD(kSip, SipProfile, auto_answer_timer_s),
    ROW_FIELD(kSip, SipProfile, auto_answer_alt_behavior),
    ROW_FIELD(kSip, SipProfile, auto_answer_override),
    ROW_FIELD(kSip, SipProfile, transfer_onhook),
    ROW_FIELD(kSip, SipProfile, enable_vad),
    ROW_FIELD(kSip, SipProfile, preferred_codec),
    ROW_FIELD(kSip, SipProfile, dtmf_avt_payload),
    ROW_FIELD(kSip, SipProfile, dtmf_db_level),
    ROW_FIELD(kSip, SipProfile, dtmf_out_of_band),
    ROW_FIELD(kSip, SipProfile, always_use_prime_line),
    ROW_FIELD(kSip, SipProfile, always_use_prime_line_voicemail),
    ROW_FIELD(kSip, SipProfile, kpml),
    ROW_FIELD(kSip, SipProfile, stutter_msg_waiting),
    ROW_FIELD(kSip, SipProfile, call_stats),
    ROW_FIELD(kSip, SipProfile, first_digit_timer_ms),
    ROW_FIELD(kSip, SipProfile, call_waiting_silence_s),
    ROW_FIELD(kSip, SipProfile, disable_local_speed_dial_config),
    ROW_FIELD(kSip, SipProfile, pound_end_of_dial),
    ROW_FIELD(kSip, SipProfile, start_media_port),
    ROW_FIELD(kSip, SipProfile, stop_media_port),
    ROW_FIELD(kSip, SipProfile, nat_enabled),
    ROW_FIELD(kSip, SipProfile, nat_address),
    ROW_FIELD(kSip, SipProfile, voip_control_port),
    ROW_FIELD(kSip, SipProfile, dscp_audio),
    ROW_FIELD(kSip, SipProfile, dscp_video),
    ROW_FIELD(kSip, SipProfile, ring_busy_policy),
    ROW_FIELD(kSip, SipProfile, dial_template),
    ROW_FIELD(kSip, SipProfile, soft_key_file),
    ROW_FIELD(kSecurity, SecurityProfile, uuid),
    ROW_FIELD(kSecurity, SecurityProfile, name),
    ROW_FIELD(kSecurity, SecurityProfile, mode),
    ROW_FIELD(kSecurity, SecurityProfile, transport),
    ROW_FIELD(kSecurity, SecurityProfile, capf_auth_mode),
    ROW_FIELD(kSecurity, SecurityProfile, encrypted_config),
    ROW_FIELD(kUserLocale, Locale, name),
    ROW_FIELD(kUserLocale, Locale, lang_code),
    ROW_FIELD(kUserLocale, Locale, uid),
    ROW_FIELD(kUserLocale, Locale, version),
    ROW_FIELD(kUserLocale, Locale, charset),
    ROW_FIELD(kNetworkLocale, Locale, name),
    ROW_FIELD(kNetworkLocale, Locale, lang_code),
    ROW_FIELD(kNetworkLocale, Locale, uid),
    ROW_FIELD(kNetworkLocale, Locale, version),
    ROW_FIELD(kNetworkLocale, Locale, charset),
    ROW_FIELD(kService, PhoneService, type),
    ROW_FIELD(kService, PhoneService, category),
    ROW_FIELD(kService, PhoneService, name),
    ROW_FIELD(kService, PhoneService, url),
    ROW_FIELD(kService, PhoneService, vendor),
    ROW_FIELD(kService, PhoneService, version),
    ROW_FIELD(kEnterprise, EnterpriseParameters, authentication_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, directory_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, idle_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, information_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, messages_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, proxy_server_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, services_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, secure_authentication_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, secure_directory_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, secure_idle_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, secure_information_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, secure_messages_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, secure_services_url),
    ROW_FIELD(kEnterprise, EnterpriseParameters, idle_timeout_s),
    ROW_FIELD(kEnterprise, EnterpriseParameters, dscp_sccp_config),
    ROW_FIELD(kEnterprise, EnterpriseParameters, dscp_sccp_services),
    ROW_FIELD(kEnterprise, EnterpriseParameters, dscp_cm_to_device),
    ROW_FIELD(kEnterprise, EnterpriseParameters, advertise_g722),
    ROW_FIELD(kEnterprise, EnterpriseParameters, rollover),
    ROW_FIELD(kEnterprise, EnterpriseParameters, blf_alert_idle),
    ROW_FIELD(kEnterprise, EnterpriseParameters, blf_alert_busy),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mlpp_domain),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mlpp_indication),
    ROW_FIELD(kEnterprise, EnterpriseParameters, preemption),
    ROW_FIELD(kEnterprise, EnterpriseParameters, tz_version),
    ROW_FIELD(kEnterprise, EnterpriseParameters, tz_file),
    ROW_FIELD(kEnterprise, EnterpriseParameters, ssh_user),
    ROW_FIELD(kEnterprise, EnterpriseParameters, ssh_password),
    ROW_FIELD(kEnterprise, EnterpriseParameters, ip_address_mode),
    ROW_FIELD(kEnterprise, EnterpriseParameters, ip_preference),
    ROW_FIELD(kEnterprise, EnterpriseParameters, tvs_port),
    ROW_FIELD(kEnterprise, EnterpriseParameters, capf_address),
    ROW_FIELD(kEnterprise, EnterpriseParameters, capf_port),
    ROW_FIELD(kEnterprise, EnterpriseParameters, tls_resumption_s),
    ROW_FIELD(kEnterprise, EnterpriseParameters, services_provisioning),
    ROW_FIELD(kEnterprise, EnterpriseParameters, services_use_https),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_handoff_dn),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_dtmf_dn),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_ivr_dn),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_hold_code),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_exclusive_hold_code),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_resume_code),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_transfer_code),
    ROW_FIELD(kEnterprise, EnterpriseParameters, mobility_conference_code),
    ROW_FIELD(kEnterprise, EnterpriseParameters, os79xx_load),
    ROW_FIELD(kLoad, LoadRow, number),
    ROW_FIELD(kLoad, LoadRow, name),
    ROW_FIELD(kLoad, LoadRow, load),
    ROW_FIELD(kPlan, PlanRow, name),
    ROW_FIELD(kPlan, PlanRow, text),
});

#undef ROW_FIELD
#undef NODE_FIELD

// Where each scope's fields begin.
constexpr auto kBegins = [] {
  std::array<std::size_t, kScopeCount + 1> begins{};
  for (const Field& field : kFields) {
    ++begins[static_cast<std::size_t>(field.scope) + 1];
  }
  for (std::size_t scope = 0; scope < kScopeCount; ++scope) {
    begins[scope + 1] += begins[scope];
  }
  return begins;
}();

static_assert([] {
  for (std::size_t i = 1; i < kFields.size(); ++i) {
    if (kFields[i].scope < kFields[i - 1].scope) {
      return false;
    }
  }
  return true;
}());

}  // namespace

std::span<const Field> fields_of(Scope scope) noexcept {
  const auto index = static_cast<std::size_t>(scope);
  return std::span(kFields).subspan(kBegins[index], kBegins[index + 1] - kBegins[index]);
}

}  // namespace dialtone::generator
