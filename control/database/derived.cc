// SPDX-License-Identifier: Apache-2.0
#include "control/database/derived.h"

#include "dataplane/base/digest.h"

#include <span>

namespace dialtone::database {
namespace {

using namespace generator;

// By name: positions and ids are others in another database.
template <typename Row>
void put_name(StampText& out, const std::vector<Row>& rows, std::uint32_t position) {
  out.put(position < rows.size() ? std::string_view(rows[position].name) : std::string_view());
}

void put_line(StampText& out, const LineRecord& line) {
  for (const std::string_view text :
       {line.dn, line.label, line.display, line.auth_name, line.auth_secret, line.messages_number,
        line.external_mask, line.auto_answer_mode}) {
    out.put(text);
  }
  // What the line profile brought: by value, since a record does not know its profile's name.
  const std::uint32_t settings[] = {line.index,
                                    line.auto_answer,
                                    line.call_waiting,
                                    line.max_calls,
                                    line.busy_trigger,
                                    line.ring_idle,
                                    line.ring_active,
                                    line.lamp_policy,
                                    line.stutter_amwi,
                                    line.is_shared,
                                    line.logs_missed_calls,
                                    line.show_caller_name,
                                    line.recording,
                                    line.show_caller_number,
                                    line.show_redirected_number,
                                    line.show_dialed_number};
  out.put_all(settings);
}

}  // namespace

Uuid derived_uuid(std::string_view input) noexcept {
  const Digest digest = digest_of(std::as_bytes(std::span(input)));
  Uuid uuid;
  for (std::size_t i = 0; i < 8; ++i) {
    uuid.bytes[7 - i] = static_cast<std::uint8_t>(digest.high >> (8 * i));
    uuid.bytes[15 - i] = static_cast<std::uint8_t>(digest.low >> (8 * i));
  }
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x80);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

Uuid device_stamp(const CampusRows& rows, const DeviceBatch& batch, const DeviceRecord& device,
                  StampText& scratch) {
  const Campus& campus = rows.campus;
  scratch.clear();
  scratch.put_literal("stamp:");
  for (const std::string_view text :
       {device.name, device.description, device.owner, device.user_id, device.phone_label,
        device.external_mask, device.load_override, device.inactive_load}) {
    scratch.put(text);
  }
  scratch.put(device.ctiid);
  put_name(scratch, campus.models, device.model);
  scratch.put(device.model < campus.models.size()
                  ? static_cast<std::uint32_t>(campus.models[device.model].protocol)
                  : kNoRow);
  put_name(scratch, campus.device_pools, device.pool);
  put_name(scratch, campus.common_profiles, device.common_profile);
  put_name(scratch, campus.sip_profiles, device.sip_profile);
  put_name(scratch, campus.security_profiles, device.security_profile);
  put_name(scratch, campus.user_locales, device.user_locale);
  put_name(scratch, campus.network_locales, device.network_locale);
  put_name(scratch, campus.dial_plans, device.dial_plan);
  put_name(scratch, campus.softkey_templates, device.softkey_template);
  put_name(scratch, campus.feature_policies, device.feature_policy);
  for (const LineRecord& line : batch.lines(device)) {
    put_line(scratch, line);
  }
  // The kinds are told apart by how many there are of each.
  scratch.put(device.lines.count);
  for (const SpeedDial& dial : batch.speed_dials(device)) {
    scratch.put(dial.button);
    scratch.put(dial.feature);
    scratch.put(dial.label);
    scratch.put(dial.number);
  }
  scratch.put(device.speed_dials.count);
  for (const TagOverride& tag : batch.overrides(device)) {
    scratch.put(tag.name);
    scratch.put(tag.value);
  }
  scratch.put(device.overrides.count);
  for (const AddOnModule& module : batch.modules(device)) {
    scratch.put(module.index);
    scratch.put(module.type);
    scratch.put(module.lines);
    scratch.put(module.load);
  }
  scratch.put(device.modules.count);
  if (!device.cert_hash.empty()) {
    scratch.put(device.cert_hash);  // others keep the stamp that they had before there was one
  }
  return derived_uuid(scratch.view());
}

}  // namespace dialtone::database
