// SPDX-License-Identifier: Apache-2.0
//
// The shared rows of the device database: what many phones have in common. Control loads them once
// for each build, into dense vectors; rows refer to each other, and devices to them, by position.
// Plain data, owned by value. Texts are as a person typed them (UTF-8, not escaped).
//
// Field names and defaults follow facts/cisco-tftp section 1; the table in field_table.cc says
// which of them a template may name.
#pragma once

#include "generator/shared_rows.h"
#include "generator/uuid.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::generator {

inline constexpr std::uint32_t kNoRow = 0xffffffff;
inline constexpr std::size_t kMaxGroupMembers = 5;  // Unified CM group, cisco-tftp 1.2

enum class Protocol : std::uint8_t { kSccp = 0, kSip = 11 };  // numbers as in a load<N>.txt

// One model under one protocol: the default load depends on both.
struct PhoneModel {
  std::uint32_t number = 0;  // N of loadInformationN
  std::string name;          // "Cisco 7965"
  Protocol protocol = Protocol::kSip;
  Family family = Family::kSep;
  bool selective_cnf = false;  // "Build Selective" makes .cnf for it
  std::string default_load;
  std::uint32_t max_lines = 1;
  TagMap vendor_config;  // the model's catalogue, in order, with defaults
  bool in_use = false;   // some device is of it
  std::string fault;     // why no file of its devices can be made; empty: they can
  // call_block_on() of the number, as templates ask for it; PreparedCampus fills them in.
  bool blocks_by_one = false;
  bool blocks_by_two = false;
};

struct NtpServer {
  std::string address;
  std::string mode = "unicast";  // or directedbroadcast
};

struct DateTimeGroup {
  Uuid uuid;
  std::string name = "CMLocal";
  std::string date_template = "D/M/Y";
  std::string time_zone = "GMT Standard/Daylight Time";  // Windows-like name
  std::string olson_time_zone = "Etc/UTC";
  std::vector<std::uint32_t> ntp_servers;  // into Campus::ntp_servers, in order
  // As 7940 and 7960 with SIP take them; PreparedCampus fills them in.
  std::string short_zone{};
  std::string short_date{};
  bool is_24h = true;
  std::string first_ntp{};
  std::string first_ntp_mode{};
};

struct CmNode {
  std::string name;
  std::string description;
  std::string address;  // host or address, at most 50 characters
  std::string ipv6_address;
  std::uint16_t sccp_port = 2000;
  std::uint16_t sip_port = 5060;
  std::uint16_t secure_sip_port = 5061;
  std::uint16_t mgcp_listen_port = 2427;
  std::uint16_t mgcp_keepalive_port = 2428;
};

struct CmGroup {
  Uuid uuid;
  std::string name = "Default";
  bool is_default = false;             // gets the phones that register by themselves
  std::vector<std::uint32_t> members;  // into Campus::cm_nodes; first is tried first
};

struct SrstReference {
  Uuid uuid;
  std::string name = "Disable";
  std::string option = "Disable";  // or Enable
  bool user_modifiable = false;
  std::string address1, address2, address3;
  std::uint16_t port1 = 2000, port2 = 2000, port3 = 2000;
  std::string sip_address1, sip_address2, sip_address3;
  std::uint16_t sip_port1 = 5060, sip_port2 = 5060, sip_port3 = 5060;
  bool is_secure = false;
};

struct DevicePool {
  Uuid uuid;
  std::string name = "Default";
  std::uint32_t date_time_group = 0;
  std::uint32_t cm_group = 0;
  std::uint32_t srst = kNoRow;
  std::uint32_t revert_priority = 0;
  std::uint32_t connection_monitor_s = 120;
};

struct CommonPhoneProfile {
  Uuid uuid;
  std::string name = "Standard Common Phone Profile";
  std::string phone_password;
  bool background_image_access = true;
  std::string default_background;
  std::uint32_t call_log_blf = 3;
  std::uint32_t dnd_call_alert = 5;
  std::uint32_t dnd_reminder_s = 5;
  std::uint32_t phone_personalization = 0;
  std::uint32_t single_button_barge = 0;
  std::uint32_t join_across_lines = 0;
  bool auto_call_pickup = false;
  std::string feature_policy_file;
  std::string vpn_url1, vpn_url2, vpn_url3;
  std::uint32_t vpn_mtu = 1290;
  std::uint32_t vpn_fail_connect_s = 30;
  std::uint32_t vpn_auth_method = 2;
  std::uint32_t vpn_password_persistent = 0;
  std::uint32_t vpn_auto_detect = 1;
  std::uint32_t vpn_host_id_check = 0;
  std::uint32_t vpn_hash_algorithm = 0;
  std::string vpn_hash1, vpn_hash2, vpn_hash3, vpn_hash4, vpn_hash5;
  std::string vpn_hash6, vpn_hash7, vpn_hash8, vpn_hash9, vpn_hash10;
  TagMap common_config;  // the tags of commonConfig
};

struct SipProfile {
  Uuid uuid;
  std::string name = "Standard SIP Profile";
  bool register_with_proxy = true;
  std::string backup_proxy, emergency_proxy, outbound_proxy;
  std::string backup_proxy_port, emergency_proxy_port, outbound_proxy_port;
  bool cnf_join = true;
  bool rfc2543_hold = false;
  std::uint32_t call_hold_ringback = 2;
  bool local_cfwd = true;
  bool semi_attended_transfer = true;
  std::uint32_t anonymous_call_block = 2;
  std::uint32_t caller_id_blocking = 2;
  bool blocks_anonymous = false;  // whether these two are odd; PreparedCampus fills them in
  bool blocks_caller_id = false;
  std::uint32_t dnd_control = 0;
  bool remote_cc = true;
  bool retain_forward_information = false;
  std::uint32_t uri_dialing_display = 1;
  std::uint32_t invite_retx = 6;
  std::uint32_t retx = 10;
  std::uint32_t timer_invite_expires_s = 180;
  std::uint32_t timer_register_expires_s = 3600;
  std::uint32_t timer_register_delta_s = 5;
  std::uint32_t timer_keep_alive_expires_s = 120;
  std::uint32_t timer_subscribe_expires_s = 120;
  std::uint32_t timer_subscribe_delta_s = 5;
  std::uint32_t timer_t1_ms = 500;
  std::uint32_t timer_t2_ms = 4000;
  std::uint32_t max_redirects = 70;
  bool remote_party_id = true;
  std::string user_info = "None";
  std::uint32_t auto_answer_timer_s = 1;
  bool auto_answer_alt_behavior = false;
  bool auto_answer_override = true;
  bool transfer_onhook = false;
  bool enable_vad = false;
  std::string preferred_codec = "none";
  std::uint32_t dtmf_avt_payload = 101;
  std::uint32_t dtmf_db_level = 3;
  std::string dtmf_out_of_band = "avt";
  bool always_use_prime_line = false;
  bool always_use_prime_line_voicemail = false;
  std::uint32_t kpml = 3;
  bool stutter_msg_waiting = false;
  bool call_stats = false;
  std::uint32_t first_digit_timer_ms = 15000;
  std::uint32_t call_waiting_silence_s = 10;
  bool disable_local_speed_dial_config = true;
  bool pound_end_of_dial = false;
  std::uint16_t start_media_port = 16384;
  std::uint16_t stop_media_port = 32766;
  bool nat_enabled = false;
  std::string nat_address;
  std::uint16_t voip_control_port = 5060;
  std::uint32_t dscp_audio = 184;
  std::uint32_t dscp_video = 136;
  std::uint32_t ring_busy_policy = 0;
  std::string dial_template;  // a file name
  std::string soft_key_file;  // likewise
};

struct SecurityProfile {
  Uuid uuid;
  std::string name = "Standard non-secure";
  std::uint32_t mode = 1;       // 1 none, 2 authenticated, 3 encrypted
  std::uint32_t transport = 1;  // 1 TCP, 2 UDP, 3 TLS, 4 TCP or UDP
  std::uint32_t capf_auth_mode = 0;
  bool encrypted_config = false;
};

struct Locale {
  std::string name = "English_United_States";
  std::string lang_code = "en_US";
  std::uint32_t uid = 1;
  std::string version = "1.0.0.0-1";
  std::string charset = "utf-8";
};

struct PhoneService {
  std::uint32_t type = 1;  // 0 IP phone service, 1 directories, 2 messages
  std::uint32_t category = 0;
  std::string name;
  std::string url;
  std::string vendor;
  std::string version;
};

// Enterprise and service parameters that end in a phone's file.
struct EnterpriseParameters {
  std::string authentication_url, directory_url, idle_url, information_url, messages_url;
  std::string proxy_server_url, services_url;
  std::string secure_authentication_url, secure_directory_url, secure_idle_url;
  std::string secure_information_url, secure_messages_url, secure_services_url;
  std::uint32_t idle_timeout_s = 0;
  std::uint32_t dscp_sccp_config = 96;
  std::uint32_t dscp_sccp_services = 0;
  std::uint32_t dscp_cm_to_device = 96;
  std::uint32_t advertise_g722 = 1;
  std::uint32_t rollover = 0;
  std::uint32_t blf_alert_idle = 0;
  std::uint32_t blf_alert_busy = 0;
  std::string mlpp_domain = "-1";
  std::string mlpp_indication = "Off";
  std::string preemption = "Disabled";
  std::string tz_version = "2016g";
  std::string tz_file = "tzupdater.jar";
  std::string ssh_user, ssh_password;
  std::uint32_t ip_address_mode = 0;
  std::uint32_t ip_preference = 0;
  std::uint16_t tvs_port = 2445;
  std::string capf_address;  // empty: the first member of the phone's group
  std::uint16_t capf_port = 3804;
  std::uint32_t tls_resumption_s = 3600;
  std::uint32_t services_provisioning = 0;  // 0 internal, 1 external URL, 2 both
  bool services_use_https = false;
  std::string mobility_handoff_dn, mobility_dtmf_dn, mobility_ivr_dn;
  std::string mobility_hold_code = "*81", mobility_exclusive_hold_code = "*82";
  std::string mobility_resume_code = "*83", mobility_transfer_code = "*84";
  std::string mobility_conference_code = "*85";
  // Of the two loads of a model that speaks both, XMLDefault.cnf.xml names this one.
  Protocol auto_registration = Protocol::kSccp;
  BuildCnf build_cnf = BuildCnf::kSelective;
  std::string os79xx_load;   // what OS79XX.TXT says; empty: there is no such file of ours
  TagMap enterprise_config;  // the tags of enterpriseConfig

  bool operator==(const EnterpriseParameters&) const = default;
};

struct Campus {
  std::vector<PhoneModel> models;
  std::vector<NtpServer> ntp_servers;
  std::vector<DateTimeGroup> date_time_groups;
  std::vector<CmNode> cm_nodes;
  std::vector<CmGroup> cm_groups;
  std::vector<SrstReference> srst_references;
  std::vector<DevicePool> device_pools;
  std::vector<CommonPhoneProfile> common_profiles;
  std::vector<SipProfile> sip_profiles;
  std::vector<SecurityProfile> security_profiles;
  std::vector<Locale> user_locales;
  std::vector<Locale> network_locales;
  std::vector<PhoneService> phone_services;
  std::vector<DialPlan> dial_plans;
  std::vector<SoftkeyTemplate> softkey_templates;
  std::vector<FeaturePolicy> feature_policies;
  std::vector<ApplicationRule> application_rules;
  std::vector<RingTone> ring_tones;
  std::vector<Background> backgrounds;
  std::vector<FamilyParameter> family_parameters;
  EnterpriseParameters enterprise;
  bool encodes_cnf = false;  // there is an encoder of .cnf, which wants our text form
};

}  // namespace dialtone::generator
