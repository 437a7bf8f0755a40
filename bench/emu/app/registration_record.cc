// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/registration_record.h"

#include "bench/emu/device/boot_order.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace dialtone::emu {
namespace {

// As Unified CM calls a model (cisco-tftp 2.2); empty: no model has this number.
std::string product_of(std::uint32_t number) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOthers{
      {{"30SPP", "Cisco 30 SP+"},
       {"12SPP", "Cisco 12 SP+"},
       {"12SP", "Cisco 12 SP"},
       {"12S", "Cisco 12 S"},
       {"30VIP", "Cisco 30 VIP"},
       {"ATA187", "Cisco ATA 187"},
       {"ATA190", "Cisco ATA 190"},
       {"CIPC", "Cisco IP Communicator"}}};
  const auto all = models();
  const auto model = std::find_if(all.begin(), all.end(),
                                  [&](const Model& each) { return each.number == number; });
  if (model == all.end()) {
    return {};
  }
  const auto* other = std::find_if(kOthers.begin(), kOthers.end(),
                                   [&](const auto& each) { return each.first == model->name; });
  return other == kOthers.end() ? "Cisco " + std::string(model->name) : std::string(other->second);
}

// RFC 4180: a name is what a device has sent.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char each : text) {
    quoted += each == '"' ? "\"\"" : std::string(1, each);
  }
  return quoted + '"';
}

}  // namespace

Result<RegistrationRecord> RegistrationRecord::open(const std::string& path,
                                                    std::uint64_t first_number) {
  std::ofstream file(path, std::ios::trunc);
  file << "name,model,protocol,description,line1.dn" << std::endl;
  if (!file) {
    return errno_error("--record: writing " + path, errno);
  }
  return RegistrationRecord(path, std::move(file), first_number);
}

Result<void> RegistrationRecord::add(const Registered& event) {
  if (event.verdict != "auto-registered") {
    return {};
  }
  const std::string product = product_of(event.model);
  if (product.empty()) {
    return usage(printable(event.device) + " is of the unknown model " +
                 std::to_string(event.model) + ", and not in " + path_);
  }
  const std::string number = std::to_string(number_++);
  file_ << field(event.device) << ',' << product << ',' << (event.is_sip ? "SIP" : "SCCP")
        << ",Auto " << number << ',' << number << std::endl;
  return file_ ? Result<void>() : errno_error("--record: writing " + path_, errno);
}

}  // namespace dialtone::emu
