// SPDX-License-Identifier: Apache-2.0
#include "generator/family.h"

#include <algorithm>
#include <array>

namespace dialtone::generator {
namespace {

// In the order of Family.
constexpr std::array<std::string_view, 6> kNames = {"sep", "sip7960", "ld", "gk", "ata", "cnf"};
static_assert(kNames.size() == static_cast<std::size_t>(Family::kCnf) + 1);

// In the order of BuildCnf.
constexpr std::array<std::string_view, 3> kPolicies = {"all", "none", "selective"};

struct Exception {
  std::uint32_t number;
  Protocol protocol;
  Family family;
};
// Numbers: cisco-tftp 2.2. Every other model gets SEP<mac>.cnf.xml, or the form of its own prefix.
constexpr auto kExceptions = std::to_array<Exception>({
    {1, Protocol::kSccp, Family::kCnf},     // 30 SP+
    {2, Protocol::kSccp, Family::kCnf},     // 12 SP+
    {3, Protocol::kSccp, Family::kCnf},     // 12 SP
    {4, Protocol::kSccp, Family::kCnf},     // 12 S
    {5, Protocol::kSccp, Family::kCnf},     // 30 VIP
    {7, Protocol::kSip, Family::kSip7960},  // 7960
    {8, Protocol::kSip, Family::kSip7960},  // 7940
    {9, Protocol::kSccp, Family::kCnf},     // 7935
    {12, Protocol::kSccp, Family::kAta},    // ATA 186
    {12, Protocol::kSip, Family::kAta},
    {20, Protocol::kSccp, Family::kCnf},   // generic SCCP phone
    {30, Protocol::kSccp, Family::kCnf},   // Analog Access
    {80, Protocol::kSccp, Family::kCnf},   // voice-mail port
    {20000, Protocol::kSip, Family::kLd},  // 7905
    {30007, Protocol::kSip, Family::kGk},  // 7912
});

}  // namespace

std::string_view family_name(Family family) noexcept {
  return kNames[static_cast<std::size_t>(family)];
}

std::optional<Family> family_of(std::string_view name) noexcept {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<Family>(found - kNames.begin()));
}

Family default_family(std::uint32_t model_number, Protocol protocol) noexcept {
  const auto found =
      std::find_if(kExceptions.begin(), kExceptions.end(), [&](const Exception& exception) {
        return exception.number == model_number && exception.protocol == protocol;
      });
  return found == kExceptions.end() ? Family::kSep : found->family;
}

std::string_view family_default_name(Family family) noexcept {
  switch (family) {
    case Family::kSip7960:
      return "SIPDefault.cnf";
    case Family::kLd:
      return "lddefault.cfg";
    case Family::kGk:
      return "gkdefault.cfg";
    default:
      return {};
  }
}

std::optional<BuildCnf> build_cnf_of(std::string_view name) noexcept {
  const auto found = std::find(kPolicies.begin(), kPolicies.end(), name);
  return found == kPolicies.end() ? std::nullopt
                                  : std::optional(static_cast<BuildCnf>(found - kPolicies.begin()));
}

bool is_in_use(const Campus& campus, Family family) noexcept {
  return std::any_of(
             campus.models.begin(), campus.models.end(),
             [&](const PhoneModel& model) { return model.in_use && model.family == family; }) ||
         std::any_of(campus.family_parameters.begin(), campus.family_parameters.end(),
                     [&](const FamilyParameter& parameter) { return parameter.family == family; });
}

bool has_inner_dial_plan(Family family) noexcept {
  return family == Family::kLd || family == Family::kGk || family == Family::kAta;
}

bool has_softkey_file(Family family) noexcept {
  return family == Family::kSep;
}

}  // namespace dialtone::generator
