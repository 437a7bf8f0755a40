// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_campus.h"

#include "generator/family.h"
#include "generator/model_catalogue.h"

#include <algorithm>
#include <cstdio>

namespace dialtone::test {
namespace {

using namespace generator;

Uuid uuid_of(std::uint8_t kind, std::uint64_t number) {
  Uuid uuid;
  uuid.bytes[0] = kind;
  for (std::size_t i = 0; i < 8; ++i) {
    uuid.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return uuid;
}

void add_models(Campus& campus) {
  for (const CatalogueModel& model : model_catalogue()) {
    for (const Protocol protocol : {Protocol::kSccp, Protocol::kSip}) {
      if (protocol == Protocol::kSccp ? !model.sccp : !model.sip) {
        continue;
      }
      PhoneModel row;
      row.number = model.number;
      row.name = model.name;
      row.protocol = protocol;
      row.default_load = protocol == Protocol::kSccp ? model.sccp_load : model.sip_load;
      row.max_lines = model.max_lines;
      row.family = default_family(model.number, protocol);
      row.selective_cnf = model.selective_cnf;
      row.vendor_config = default_vendor_config(model, protocol);
      campus.models.push_back(std::move(row));
    }
  }
}

void add_places(Campus& campus) {
  campus.ntp_servers = {{"10.1.0.123", "unicast"}, {"ntp2.campus.example", "unicast"}};
  campus.date_time_groups = {
      {uuid_of(1, 1),
       "Berlin",
       "D.M.Y",
       "W. Europe Standard/Daylight Time",
       "Europe/Berlin",
       {0, 1}},
      {uuid_of(1, 2), "Tokyo", "Y/M/D", "Tokyo Standard Time", "Asia/Tokyo", {1}}};
  CmNode first;
  first.name = "cm-pub";
  first.description = "Publisher, Berlin & Potsdam";
  first.address = "10.1.0.10";
  CmNode second;
  second.name = "cm-sub1";
  second.description = "Subscriber";
  second.address = "cm-sub1.campus.example";
  campus.cm_nodes = {first, second};
  campus.cm_groups = {{uuid_of(2, 1), "Berlin", true, {1, 0}},
                      {uuid_of(2, 2), "Tokyo", false, {0}}};
  SrstReference srst;
  srst.uuid = uuid_of(3, 1);
  srst.name = "Branch";
  srst.option = "Enable";
  srst.address1 = srst.sip_address1 = "10.9.0.1";
  campus.srst_references = {srst};
  campus.device_pools.resize(3);
  const char* const names[] = {"HQ", "Branch", "Tokyo"};
  for (std::uint32_t i = 0; i < 3; ++i) {
    DevicePool& pool = campus.device_pools[i];
    pool.uuid = uuid_of(4, i + 1);
    pool.name = names[i];
    pool.date_time_group = pool.cm_group = i == 2 ? 1 : 0;
    pool.srst = i == 1 ? 0 : kNoRow;
  }
}

void add_profiles(Campus& campus) {
  campus.common_profiles.resize(1);
  campus.common_profiles[0].uuid = uuid_of(5, 1);
  campus.common_profiles[0].common_config = {{"sshAccess", "1"}, {"webAccess", "0"}};
  campus.sip_profiles.resize(1);
  campus.sip_profiles[0].uuid = uuid_of(6, 1);
  campus.sip_profiles[0].dial_template = "dialplan-berlin.xml";
  campus.sip_profiles[0].soft_key_file = "SK-standard.xml";
  campus.security_profiles.resize(1);
  campus.security_profiles[0].uuid = uuid_of(7, 1);
  campus.user_locales = {{"German_Germany", "de_DE", 3, "12.8.1.2000-1", "utf-8"}};
  campus.network_locales = {{"Germany", "de_DE", 64, "12.8.1.2000-1", "utf-8"}};
  campus.phone_services = {
      {1, 0, "Missed Calls", "Application:Cisco/MissedCalls", "", ""},
      {1, 0, "Received Calls", "Application:Cisco/ReceivedCalls", "", ""},
      {1, 0, "Placed Calls", "Application:Cisco/PlacedCalls", "", ""},
      {1, 0, "Personal Directory", "Application:Cisco/PersonalDirectory", "", ""},
      {1, 0, "Corporate Directory", "Application:Cisco/CorporateDirectory", "", ""},
      {2, 0, "Voicemail", "Application:Cisco/Voicemail", "", ""}};
  EnterpriseParameters& enterprise = campus.enterprise;
  const std::string base = "http://10.1.0.10:8080/ccmcip/";
  const std::string secure = "https://10.1.0.10:8443/ccmcip/";
  enterprise.authentication_url = base + "authenticate.jsp";
  enterprise.directory_url = base + "xmldirectory.jsp";
  enterprise.information_url = base + "GetTelecasterHelpText.jsp";
  enterprise.services_url = base + "getservicesmenu.jsp";
  enterprise.secure_authentication_url = secure + "authenticate.jsp";
  enterprise.secure_directory_url = secure + "xmldirectory.jsp";
  enterprise.secure_information_url = secure + "GetTelecasterHelpText.jsp";
  enterprise.secure_services_url = secure + "getservicesmenu.jsp";
  enterprise.capf_address = "10.1.0.10";
  enterprise.enterprise_config = {{"loadServer", "10.1.0.20"}};
}

void add_test_line(DeviceBatch& batch, std::size_t device, std::int64_t id, std::uint32_t index) {
  char text[48];
  LineRecord& line = batch.add_line(device);
  line.index = index;
  std::snprintf(text, sizeof(text), "%lld", static_cast<long long>(20000 + 2 * id + index));
  line.dn = batch.text(text);
  std::snprintf(text, sizeof(text), "Desk %lld line %u", static_cast<long long>(id), index);
  line.label = batch.text(text);
  std::snprintf(text, sizeof(text), "Person %lld", static_cast<long long>(id));
  line.display = batch.text(text);
  std::snprintf(text, sizeof(text), "user%lld", static_cast<long long>(id));
  line.auth_name = batch.text(text);
  std::snprintf(text, sizeof(text), "secret-%llx", static_cast<unsigned long long>(id * 7919));
  line.auth_secret = batch.text(text);
  line.contact = uuid_of(9, static_cast<std::uint64_t>(id) * 8 + index);
  line.messages_number = "8000";
  line.external_mask = "493055512XXXX";
}

}  // namespace

Campus test_campus() {
  Campus campus;
  add_models(campus);
  add_places(campus);
  add_profiles(campus);
  return campus;
}

std::uint32_t model_row(const Campus& campus, std::uint32_t number, Protocol protocol) {
  const auto found =
      std::find_if(campus.models.begin(), campus.models.end(), [&](const PhoneModel& model) {
        return model.number == number && model.protocol == protocol;
      });
  return found == campus.models.end() ? kNoRow
                                      : static_cast<std::uint32_t>(found - campus.models.begin());
}

void add_test_phone(DeviceBatch& batch, const Campus& campus, std::int64_t id) {
  static constexpr std::uint32_t kSipModels[] = {437, 436, 622, 683, 36225, 493};
  const std::size_t position = batch.devices().size();
  const auto number = static_cast<std::uint64_t>(id);
  char text[48];
  DeviceRecord& device = batch.add_device();
  device.id = id;
  std::snprintf(text, sizeof(text), "SEP%012llX", 0x001122000000ULL + number);
  device.name = batch.text(text);
  device.uuid = uuid_of(8, number);
  device.ctiid = static_cast<std::uint32_t>(id);
  std::snprintf(text, sizeof(text), "user%lld", static_cast<long long>(id));
  device.owner = device.user_id = batch.text(text);
  device.changed_s = 1231176639 + number;
  device.stamp = uuid_of(10, number);
  std::snprintf(text, sizeof(text), "Room %lld", static_cast<long long>(id % 400));
  device.phone_label = batch.text(text);
  device.model = number % 7 == 0 ? model_row(campus, 7, Protocol::kSccp)
                                 : model_row(campus, kSipModels[number % 6], Protocol::kSip);
  device.pool = static_cast<std::uint32_t>(number % 3);
  device.user_locale = device.network_locale = number % 3 == 2 ? kNoRow : 0;
  for (std::uint32_t index = 1; index <= 2; ++index) {
    add_test_line(batch, position, id, index);
  }
  for (std::uint32_t dial = 0; number % 5 == 0 && dial < 3; ++dial) {
    SpeedDial& speed_dial = batch.add_speed_dial(position);
    speed_dial.button = 3 + dial;
    speed_dial.feature = dial == 2 ? 21 : 2;
    speed_dial.label = "Reception";
    speed_dial.number = "20001";
  }
}

MemorySource::MemorySource(const Campus& campus, std::size_t count) {
  for (std::size_t id = 1; id <= count; ++id) {
    add_test_phone(phones_, campus, static_cast<std::int64_t>(id));
  }
}

Result<std::vector<IdRange>> MemorySource::ranges(std::size_t per_range) {
  std::vector<IdRange> ranges;
  const auto count = static_cast<std::int64_t>(phones_.devices().size());
  const auto step = static_cast<std::int64_t>(per_range);
  for (std::int64_t first = 1; first <= count; first += step) {
    ranges.push_back({first, std::min(first + step - 1, count)});
  }
  return ranges;
}

Result<void> MemorySource::read(const IdRange& range, DeviceBatch& batch) {
  const DeviceBatch& phones = phones_;
  for (std::int64_t id = range.first; id <= range.last; ++id) {
    const DeviceRecord& phone = phones.devices()[static_cast<std::size_t>(id - 1)];
    const std::size_t position = batch.devices().size();
    DeviceRecord& copy = batch.add_device();
    copy = phone;
    copy.lines = copy.speed_dials = copy.overrides = copy.modules = {};
    for (const LineRecord& line : phones.lines(phone)) {
      batch.add_line(position) = line;
    }
    for (const SpeedDial& dial : phones.speed_dials(phone)) {
      batch.add_speed_dial(position) = dial;
    }
  }
  return {};
}

}  // namespace dialtone::test
