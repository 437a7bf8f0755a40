// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/storm_record.h"

#include "bench/emu/storm/json_text.h"
#include "dataplane/config/address_text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>

namespace dialtone::emu {
namespace {

using nlohmann::json;

double ms_of(std::uint64_t us) {
  return static_cast<double>(us) / 1e3;
}

json percentiles(const Histogram& times) {
  json document{{"count", times.count()}};
  if (times.count() == 0) {
    return document;  // a claim about what nobody has reached is wrong
  }
  document["max_ms"] = ms_of(times.most());
  for (const auto& [name, share] : {std::pair{"p50_ms", 0.5}, std::pair{"p90_ms", 0.9},
                                    std::pair{"p99_ms", 0.99}, std::pair{"p999_ms", 0.999}}) {
    document[name] = ms_of(times.quantile(share));
  }
  return document;
}

struct Totals {
  std::array<std::uint32_t, kOutcomes> outcomes{};
  PhoneCounts counts{};
  Histogram first_answer{};
  Histogram trust{};
  Histogram config{};
  Histogram ready{};

  void add(const StormPhone& phone) {
    ++outcomes[static_cast<std::size_t>(phone.outcome())];
    const PhoneCounts& own = phone.counts();
    counts.requests += own.requests;
    counts.retries += own.retries;
    counts.come_backs += own.come_backs;
    counts.files += own.files;
    counts.not_found += own.not_found;
    counts.verified += own.verified;
    counts.defaults += own.defaults;
    counts.bytes += own.bytes;
    const PhaseTimes& times = phone.times();
    for (const auto& [histogram, time] :
         {std::pair{&first_answer, times.first_answer}, std::pair{&trust, times.trust},
          std::pair{&config, times.config}}) {
      if (time != 0) {
        histogram->add(time);
      }
    }
    if (phone.outcome() == Outcome::kReady) {
      ready.add(times.ready);
    }
  }
};

double busy_share(const GeneratorCounts& counts) {
  return static_cast<double>(counts.busy) / static_cast<double>(std::max<Micros>(counts.total, 1));
}

// Signs that the storm was as slow as its generator: figures say less of the server then.
json limits_of(const GeneratorCounts& counts) {
  constexpr double kBusy = 0.9;
  constexpr Micros kLateStart = 5000;
  json limits = json::array();
  const auto add = [&](bool holds, const std::string& what) {
    if (holds) {
      limits.push_back(what);
    }
  };
  add(busy_share(counts) > kBusy, "it was busy more than 90 % of the time");
  add(counts.late_starts.count() != 0 && counts.late_starts.quantile(0.99) > kLateStart,
      "one phone in a hundred got its power more than 5 ms late");
  add(counts.port_missed != 0,
      std::to_string(counts.port_missed) + " frames were lost before it read them");
  add(counts.not_sent != 0, std::to_string(counts.not_sent) + " frames found no room in the port");
  add(counts.no_buffer != 0, std::to_string(counts.no_buffer) + " frames found no buffer");
  return limits;
}

json generator_document(const GeneratorCounts& counts) {
  return {{"sent", counts.sent},
          {"received", counts.received},
          {"not_sent", counts.not_sent},
          {"no_buffer", counts.no_buffer},
          {"dropped", counts.dropped},
          {"doubled", counts.doubled},
          {"strays", counts.strays},
          {"late_polls", counts.late_polls},
          {"longest_poll_ms", ms_of(counts.longest_poll)},
          {"latest_start_ms", ms_of(counts.late_starts.most())},
          {"port_missed", counts.port_missed},
          {"late_starts", percentiles(counts.late_starts)},
          {"limits", limits_of(counts)},
          {"busy", busy_share(counts)}};
}

// Names and sums, and a row for each second.
json fates_document(const Fates& fates) {
  json document{{"names", json::array()}, {"seconds", json::array()}};
  Fates::Second sums{};
  for (std::size_t i = 0; i < kFates; ++i) {
    document["names"].push_back(fate_name(static_cast<Fate>(i)));
    for (const Fates::Second& second : fates.seconds()) {
      sums[i] += second[i];
    }
    document["sums"][std::string(fate_name(static_cast<Fate>(i)))] = sums[i];
  }
  for (const Fates::Second& second : fates.seconds()) {
    document["seconds"].push_back(second);
  }
  return document;
}

json phone_line(const StormPhone& phone, const std::string& model) {
  const PhaseTimes& times = phone.times();
  const PhoneCounts& counts = phone.counts();
  return {{"mac", config::mac_text(phone.mac().bytes)},
          {"model", model},
          {"planned_us", phone.planned()},
          {"first_answer_us", times.first_answer},
          {"trust_us", times.trust},
          {"config_us", times.config},
          {"ready_us", times.ready},
          {"outcome", outcome_name(phone.outcome())},
          {"file", phone.file()},
          {"requests", counts.requests},
          {"retries", counts.retries},
          {"come_backs", counts.come_backs},
          {"files", counts.files},
          {"not_found", counts.not_found},
          {"verified", counts.verified},
          {"bytes", counts.bytes}};
}

constexpr const char* kFiles[] = {"/run.jsonl", "/meta.json"};

// Written beside the file that is there, and put into its place when it is whole. What is left of
// it goes with the object.
class NewFile {
 public:
  NewFile(const std::string& folder, const char* name)
      : path_(folder + name), beside_(path_ + ".new") {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    std::error_code nobody_asks;
    std::filesystem::remove(beside_, nobody_asks);
  }

  template <typename Fill>
  Result<void> write(Fill fill) const {
    errno = 0;
    std::ofstream out(beside_, std::ios::trunc);
    if (out) {
      fill(out);
      out.close();
    }
    return out ? Result<void>()
               : errno_error("--record: writing " + beside_ + " (nothing of it is kept)", errno);
  }
  Result<void> take_place() const {
    std::error_code fault;
    std::filesystem::rename(beside_, path_, fault);
    return fault ? failed("--record: renaming " + beside_ + " to " + path_ + ": " + fault.message())
                 : Result<void>();
  }

 private:
  std::string path_;
  std::string beside_;
};

}  // namespace

json storm_document(const CampusPlan& plan, const StormOutcome& storm, const json& conditions) {
  auto totals = std::make_unique<Totals>();
  for (const StormPhone& phone : plan.phones) {
    totals->add(phone);
  }
  const auto outcome = [&](Outcome which) {
    return totals->outcomes[static_cast<std::size_t>(which)];
  };
  const std::size_t ready = outcome(Outcome::kReady);
  json document{{"phones", plan.phones.size()},
                {"ready", ready},
                {"failed", plan.phones.size() - ready - outcome(Outcome::kVanished)},
                {"vanished", outcome(Outcome::kVanished)},
                {"wrong_bytes", outcome(Outcome::kWrongByte)},
                {"torn", outcome(Outcome::kTorn)},
                {"withheld", outcome(Outcome::kWithheld)},
                {"defaults", totals->counts.defaults},
                {"seconds", static_cast<double>(storm.counts.total) / 1e6},
                {"requests", totals->counts.requests},
                {"retries", totals->counts.retries},
                {"come_backs", totals->counts.come_backs},
                {"files", totals->counts.files},
                {"not_found", totals->counts.not_found},
                {"verified", totals->counts.verified},
                {"bytes", totals->counts.bytes}};
  for (std::size_t i = 0; i < totals->outcomes.size(); ++i) {
    document["outcomes"][std::string(outcome_name(static_cast<Outcome>(i)))] = totals->outcomes[i];
  }
  document["phases"] = {{"first_answer", percentiles(totals->first_answer)},
                        {"trust", percentiles(totals->trust)},
                        {"config", percentiles(totals->config)},
                        {"ready", percentiles(totals->ready)}};
  document["fates"] = fates_document(storm.fates);
  std::int64_t unaccounted = totals->counts.requests;
  for (const json& sum : document["fates"]["sums"]) {
    unaccounted -= sum.get<std::int64_t>();
  }
  document["unaccounted"] = unaccounted;
  document["ended"] = ended_name(storm.ended);
  document["generator"] = generator_document(storm.counts);
  document["conditions"] = conditions;
  return document;
}

Result<void> prepare_record(const std::string& folder) {
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) {
    return failed("--record: making the folder " + folder + ": " + fault.message());
  }
  for (const char* name : kFiles) {
    const NewFile file(folder, name);
    DIALTONE_TRY(file.write([](std::ostream&) {}));
  }
  return {};
}

Result<void> write_record(const std::string& folder, const CampusPlan& plan, const json& document) {
  constexpr int kIndent = 2;
  const NewFile lines(folder, kFiles[0]);
  const NewFile meta(folder, kFiles[1]);
  DIALTONE_TRY(lines.write([&](std::ostream& out) {
    for (std::size_t i = 0; out && i < plan.phones.size(); ++i) {
      out << json_text(phone_line(plan.phones[i], plan.models[i])) << '\n';
    }
  }));
  DIALTONE_TRY(meta.write([&](std::ostream& out) { out << json_text(document, kIndent) << '\n'; }));
  DIALTONE_TRY(lines.take_place());
  return meta.take_place();
}

}  // namespace dialtone::emu
