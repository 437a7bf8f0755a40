// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/run_data.h"

#include <algorithm>
#include <cerrno>
#include <fstream>

namespace dialtone::emu {
namespace {

using nlohmann::json;

PhoneRun phone_of(const json& line) {
  PhoneRun phone{.mac = line.value("mac", ""),
                 .model = line.value("model", ""),
                 .outcome = line.value("outcome", ""),
                 .file = line.value("file", ""),
                 .planned_us = line.value("planned_us", std::uint64_t{0}),
                 .retries = line.value("retries", std::uint64_t{0})};
  for (std::size_t i = 0; i < kPhases.size(); ++i) {
    const std::string key = std::string(kPhases[i]) + "_us";
    if (line.contains(key) && !line[key].is_number_unsigned()) {
      throw json::type_error::create(302, key, &line);
    }
    phone.phase_us[i] = line.value(key, std::uint64_t{0});
  }
  return phone;
}

bool is_of(const json& object, const char* key, bool (json::*is)() const noexcept) {
  return object.is_object() && object.contains(key) && (object[key].*is)();
}

bool is_row_of_numbers(const json& row) {
  return row.is_array() &&
         std::all_of(row.begin(), row.end(), [](const json& each) { return each.is_number(); });
}

// As storm_record.h writes it, as far as a report reads it.
bool is_record(const json& meta) {
  for (const char* key : {"phones", "ready", "failed"}) {
    if (!is_of(meta, key, &json::is_number_unsigned)) {
      return false;
    }
  }
  for (const char* key : {"phases", "fates", "generator", "conditions"}) {
    if (!is_of(meta, key, &json::is_object)) {
      return false;
    }
  }
  const json& fates = meta["fates"];
  if (!is_of(fates, "names", &json::is_array) || !is_of(fates, "seconds", &json::is_array) ||
      !is_of(fates, "sums", &json::is_object)) {
    return false;
  }
  return std::all_of(kPhases.begin(), kPhases.end(),
                     [&](std::string_view phase) {
                       return is_of(meta["phases"], std::string(phase).c_str(), &json::is_object);
                     }) &&
         std::all_of(fates["names"].begin(), fates["names"].end(),
                     [](const json& name) { return name.is_string(); }) &&
         std::all_of(fates["seconds"].begin(), fates["seconds"].end(), is_row_of_numbers);
}

}  // namespace

std::vector<std::uint64_t> RunData::sorted(std::size_t phase) const {
  std::vector<std::uint64_t> times;
  for (const PhoneRun& phone : phones) {
    // Ready is who has come up, not who has given up.
    const bool counts = phase + 1 < kPhases.size() || phone.outcome == "ready";
    if (counts && phone.phase_us[phase] != 0) {
      times.push_back(phone.phase_us[phase]);
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

Result<RunData> read_run(const std::string& folder) {
  RunData run;
  const std::string meta = folder + "/meta.json";
  std::ifstream whole(meta);
  if (!whole) {
    return usage(errno_error("opening " + meta, errno).text);
  }
  run.meta = json::parse(whole, nullptr, /*allow_exceptions=*/false);
  if (!is_record(run.meta)) {
    return usage(meta + " is no record of a storm; dialtone-emu storm --record FOLDER writes one");
  }
  const std::string lines = folder + "/run.jsonl";
  std::ifstream in(lines);
  if (!in) {
    return usage(errno_error("opening " + lines, errno).text);
  }
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const json phone = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!phone.is_object()) {
      return usage(lines + ":" + std::to_string(number) + " is no object of JSON");
    }
    try {
      run.phones.push_back(phone_of(phone));
    } catch (const json::exception&) {
      return usage(lines + ":" + std::to_string(number) + ": a value is of another type");
    }
  }
  const auto ready = static_cast<std::uint64_t>(
      std::count_if(run.phones.begin(), run.phones.end(),
                    [](const PhoneRun& phone) { return phone.outcome == "ready"; }));
  if (run.meta["phones"] != run.phones.size() || run.meta["ready"] != ready) {
    return usage(folder + ": run.jsonl has " + std::to_string(run.phones.size()) + " phones, " +
                 std::to_string(ready) + " of them ready; meta.json says otherwise");
  }
  return run;
}

}  // namespace dialtone::emu
