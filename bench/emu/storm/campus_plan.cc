// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/campus_plan.h"

#include "bench/emu/host/numbered_mac.h"
#include "bench/emu/storm/power_plan.h"
#include "bench/emu/storm/text_file.h"
#include "dataplane/base/whole_number.h"

#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <utility>

namespace dialtone::emu {
namespace {

constexpr std::size_t kDigits = 12;
constexpr std::uint16_t kMostPackets = 30;  // that a phone gets before its power is gone

struct Member {
  wire::MacAddress mac{};
  BootKind kind = BootKind::kPhone;
  std::string model{};
};

// The MAC at the end of "SEP001122334455", "ld001122334455".
std::optional<wire::MacAddress> mac_of(std::string_view name) {
  if (name.size() < kDigits) {
    return std::nullopt;
  }
  wire::MacAddress mac{};
  const char* digits = name.data() + name.size() - kDigits;
  for (std::uint8_t& byte : mac.bytes) {
    if (std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
      return std::nullopt;
    }
    digits += 2;
  }
  return mac;
}

// By its name a device runs SIP or SCCP: SIP001122334455 is a 7940 of the first kind.
std::optional<BootKind> kind_of(std::string_view name, const Model& model) {
  for (const auto& kind : {std::optional(model.sccp), model.sip}) {
    const auto mac = mac_of(name);
    const std::string right = kind && mac ? device_name(*kind, *mac) : std::string();
    if (!name.empty() && right.size() == name.size() &&
        ::strncasecmp(right.data(), name.data(), name.size()) == 0) {
      return kind;
    }
  }
  return std::nullopt;
}

Result<std::vector<Member>> read_devices(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) {
    return text.error();
  }
  std::istringstream in(*text);
  std::vector<Member> members;
  std::set<std::array<std::uint8_t, 6>> macs;
  std::string faults;
  std::size_t fault_count = 0;
  const auto wrong = [&](std::size_t line, const std::string& what) {
    constexpr std::size_t kTold = 10;
    if (++fault_count <= kTold) {
      faults += path + ":" + std::to_string(line) + ": " + what + "\n";
    }
  };
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string name;
    std::string model;
    words >> name >> model;
    if (name.empty()) {
      continue;
    }
    const Model* known = find_model(model);
    const auto kind = known == nullptr ? std::nullopt : kind_of(name, *known);
    std::string rest;
    if (words >> rest) {
      wrong(number, "'" + rest + "' is too much; a line is a name and a model");
    } else if (!kind) {
      wrong(number, known == nullptr
                        ? "there is no model '" + model + "'; a line is a name and a model"
                        : name + " is no name of a " + model);
    } else if (const auto mac = *mac_of(name); mac.is_group()) {
      wrong(number, name + " has the MAC address of a group");
    } else if (!macs.insert(mac.bytes).second) {
      wrong(number, name + " stands there twice");
    } else {
      members.push_back({mac, *kind, model});
    }
  }
  if (fault_count != 0) {
    return usage(faults + std::to_string(fault_count) + " lines are wrong");
  }
  return members.empty() ? Result<std::vector<Member>>(usage(path + " names no device"))
                         : Result<std::vector<Member>>(std::move(members));
}

// "7941:60,7960:30": of each hundred phones so many.
Result<std::vector<std::pair<const Model*, unsigned>>> parse_mix(const std::string& mix) {
  std::vector<std::pair<const Model*, unsigned>> shares;
  std::istringstream in(mix);
  for (std::string part; std::getline(in, part, ',');) {
    const std::size_t colon = part.find(':');
    const Model* model = find_model(part.substr(0, colon));
    const auto share = colon == std::string::npos
                           ? std::optional(1u)
                           : whole_number<unsigned>(std::string_view(part).substr(colon + 1));
    if (model == nullptr || !share || *share == 0 || *share > 10'000) {
      return usage("--mix: '" + part + "' is no model with its share, like 7941:60");
    }
    shares.emplace_back(model, *share);
  }
  return shares.empty() ? Result<std::vector<std::pair<const Model*, unsigned>>>(
                              usage("--mix: no model is named"))
                        : Result<std::vector<std::pair<const Model*, unsigned>>>(std::move(shares));
}

Result<std::vector<Member>> mix_members(const CampusOptions& options) {
  const auto shares = parse_mix(options.mix);
  if (!shares) {
    return shares.error();
  }
  // Each model comes as often as its share says, in any stretch of them.
  std::vector<double> owed(shares->size());
  double sum = 0;
  for (const auto& [model, share] : *shares) {
    sum += share;
  }
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < options.phones; ++i) {
    for (std::size_t at = 0; at < owed.size(); ++at) {
      owed[at] += (*shares)[at].second / sum;
    }
    const auto most = std::max_element(owed.begin(), owed.end());
    *most -= 1;
    const Model* model = (*shares)[static_cast<std::size_t>(most - owed.begin())].first;
    members.push_back({numbered_mac(MacGroup::kMix, i), model->sccp, std::string(model->name)});
  }
  return members;
}

}  // namespace

Result<CampusPlan> plan_campus(const CampusOptions& options) {
  auto members = options.devices.empty() ? mix_members(options) : read_devices(options.devices);
  if (!members) {
    return members.error();
  }
  if (options.phones != 0 && members->size() > options.phones) {
    members->resize(options.phones);
  }
  const auto power = parse_power(options.power);
  if (!power) {
    return power.error();
  }
  if (members->empty()) {
    return usage("--phones: how many there are, or --devices FILE");
  }
  const std::vector<Micros> times = power_times(*power, options.window_s, members->size());
  std::mt19937_64 random(options.seed);
  std::shuffle(members->begin(), members->end(), random);
  CampusPlan plan;
  plan.at_a_time = power->kind == Power::Kind::kInTurn ? power->number : 0;
  std::map<BootKind, const BootScript*> scripts;
  plan.phones.reserve(members->size());
  if (!options.files.empty()) {
    auto listed = BootScript::of_list(options.files);
    if (!listed) {
      return listed.error();
    }
    plan.scripts.push_back(std::make_unique<BootScript>(*std::move(listed)));
  }
  const BootScript* const listed = plan.scripts.empty() ? nullptr : plan.scripts.front().get();
  for (std::size_t i = 0; i < members->size(); ++i) {
    Member& member = (*members)[i];
    const BootScript*& script = scripts[member.kind];
    script = listed != nullptr ? listed : script;
    if (script == nullptr) {
      plan.scripts.push_back(std::make_unique<BootScript>(member.kind));
      script = plan.scripts.back().get();
    }
    plan.phones.emplace_back(*script, member.mac, times[i]);
    plan.models.push_back(std::move(member.model));
  }
  return plan;
}

void let_some_vanish(CampusPlan& plan, double percent, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> lot(0, 100);
  std::uniform_int_distribution<std::uint16_t> packets(1, kMostPackets);
  for (StormPhone& phone : plan.phones) {
    if (lot(random) < percent) {
      phone.lose_power_after(packets(random));
    }
  }
}

}  // namespace dialtone::emu
