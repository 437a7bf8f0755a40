// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/softkey_table.h"

#include "generator/shared/file_rules.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dialtone::generator {
namespace {

constexpr auto kKeys = std::to_array<Softkey>({
    {"Undefined", 0, 0, 0},    {"Redial", 1, 1, 301},     {"NewCall", 2, 2, 302},
    {"Hold", 3, 3, 303},       {"Transfer", 4, 4, 304},   {"CFwdAll", 5, 5, 305},
    {"<<", 8, 8, 308},         {"EndCall", 9, 9, 309},    {"Resume", 10, 10, 310},
    {"Answer", 11, 11, 311},   {"Confrn", 13, 13, 313},   {"Park", 14, 14, 314},
    {"Join", 15, 15, 315},     {"MeetMe", 16, 16, 316},   {"PickUp", 17, 17, 317},
    {"GPickUp", 18, 18, 318},  {"RmLstC", 57, 19, 319},   {"CallBack", 65, 20, 320},
    {"DND", 63, 69, 369},      {"QRT", 75, 22, 322},      {"MCID", 76, 27, 327},
    {"Select", 78, 29, 329},   {"ConfList", 79, 30, 330}, {"iDivert", 80, 31, 331},
    {"OPickUp", 91, 34, 334},  {"HLog", 92, 35, 335},     {"AbbrDial", 7740, 71, 371},
    {"Record", 7747, 74, 374},
});

constexpr auto kStates = std::to_array<std::string_view>(
    {"On Hook", "Off Hook", "Off Hook With Feature", "Digits After First", "Ring Out", "Connected",
     "Connected No Feature", "Connected Transfer", "Connected Conference", "On Hold", "Ring In",
     "Remote In Use"});

}  // namespace

std::span<const Softkey> softkeys() noexcept {
  return kKeys;
}

std::span<const std::string_view> softkey_states() noexcept {
  return kStates;
}

Result<void> check_softkey(std::string_view key) {
  std::vector<std::string_view> known;
  for (const Softkey& each : kKeys) {
    known.push_back(each.id);
  }
  return std::find(known.begin(), known.end(), key) != known.end()
             ? Result<void>()
             : not_among("softkey", key, known);
}

Result<void> check_softkey_state(std::string_view state) {
  return std::find(kStates.begin(), kStates.end(), state) != kStates.end()
             ? Result<void>()
             : not_among("state of a phone", state, {kStates.begin(), kStates.end()});
}

}  // namespace dialtone::generator
