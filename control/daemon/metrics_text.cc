// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/metrics_text.h"

#include "control/daemon/counter_reading.h"
#include "dataplane/abi/cisco_counters.h"

#include <algorithm>
#include <initializer_list>
#include <span>

namespace dialtone::daemon {
namespace {

using metrics::Exposition;

constexpr std::string_view kTimedOut[] = {"transfers_timed_out"};
constexpr std::string_view kMalformed[] = {"requests_malformed", "requests_mode",
                                           "requests_options"};
constexpr std::string_view kRebuilding[] = {"requests_rebuilding"};
constexpr std::string_view kTrust[] = {"not_found_trust"};

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Counters by name; 0 for one that this dataplane does not have.
class Values {
 public:
  explicit Values(const std::vector<CounterValue>& counters) : counters_(counters) {}

  std::uint64_t of(std::string_view name) const {
    const auto found = std::find_if(counters_.begin(), counters_.end(),
                                    [&](const CounterValue& each) { return each.name == name; });
    return found == counters_.end() ? 0 : found->value;
  }
  std::uint64_t sum(std::span<const std::string_view> names) const {
    std::uint64_t sum = 0;
    for (const std::string_view name : names) {
      sum += of(name);
    }
    return sum;
  }
  // Of the parts of a counter of Cisco's, without those in `apart`.
  std::uint64_t sum_of(std::string_view cisco, std::span<const std::string_view> apart) const {
    std::uint64_t sum = 0;
    for (const abi::CiscoCounter& counter : abi::cisco_counters()) {
      if (counter.name == cisco) {
        abi::for_each_part(
            counter, [&](std::string_view part) { sum += holds(apart, part) ? 0 : of(part); });
      }
    }
    return sum;
  }
  // A difference of two counters could fall between two scrapes; this cannot.
  std::uint64_t not_found() const {
    std::uint64_t sum = of("requests_name");
    for (const CounterValue& counter : counters_) {
      if (counter.name.starts_with("not_found_") && !holds(kTrust, counter.name)) {
        sum += counter.value;
      }
    }
    return sum;
  }

 private:
  const std::vector<CounterValue>& counters_;
};

// Their sum, and what is in progress, is what was received: the sum rule of abi/cisco_counters.h.
void write_requests(Exposition& out, const Values& values) {
  const auto add = [&](std::string_view outcome, std::uint64_t value) {
    out.add(value, {{"outcome", outcome}, {"proto", "tftp"}});
  };
  std::vector<std::string_view> apart(std::begin(kMalformed), std::end(kMalformed));
  apart.insert(apart.end(), std::begin(kTimedOut), std::end(kTimedOut));
  out.begin_counter("dialtone_requests", "Requests that have ended, by what became of them.");
  add("served", values.of("transfers_completed"));
  add("not_found", values.not_found());
  add("not_found_trust", values.sum(kTrust));
  add("busy", values.sum_of("RequestsOverflow", kRebuilding));
  add("rebuilding", values.sum(kRebuilding));
  add("aborted", values.sum_of("RequestsAborted", apart));
  add("timeout", values.sum(kTimedOut));
  add("malformed", values.sum(kMalformed));
}

struct Renamed {
  std::string_view name;
  std::string_view counter;
  std::string_view help;
};

void write_transfers(Exposition& out, const Values& values) {
  constexpr Renamed kGauges[] = {
      {"dialtone_transfers_in_progress", "sessions_active", "Transfers in flight."},
      {"dialtone_transfers_waiting", "parked_now", "Requests that wait for their answer."},
  };
  constexpr Renamed kCounters[] = {
      {"dialtone_bytes", "bytes_sent", "Bytes of file content sent, copies included."},
      {"dialtone_blocks", "data_sent", "DATA packets sent, copies included."},
      {"dialtone_retransmits", "data_retransmitted", "Copies among the DATA packets sent."},
  };
  constexpr Renamed kOfPort[] = {
      {"dialtone_nic_rx_missed", "port_missed",
       "Frames that the port lost since its receive queues were full."},
      {"dialtone_nic_rx_nombuf", "port_no_buffer",
       "Frames that the port lost since no packet buffer was free."},
  };
  for (const Renamed& gauge : kGauges) {
    out.begin_gauge(gauge.name, gauge.help);
    out.add(values.of(gauge.counter));
  }
  for (const Renamed& counter : kCounters) {
    out.begin_counter(counter.name, counter.help);
    out.add(values.of(counter.counter));
  }
  for (const Renamed& counter : kOfPort) {
    out.begin_counter(counter.name, counter.help);
    out.add(values.of(counter.counter), {{"port", "0"}});
  }
}

void write_each(Exposition& out, const std::vector<CounterValue>& counters) {
  for (const CounterValue& counter : counters) {
    const std::string name = "dialtone_dataplane_" + counter.name;
    if (is_level(counter.name)) {
      out.begin_gauge(name, counter.help);
    } else {
      out.begin_counter(name, counter.help);
    }
    out.add(counter.value);
  }
}

void write_gauge(Exposition& out, std::string_view name, std::string_view help,
                 std::uint64_t value) {
  out.begin_gauge(name, help);
  out.add(value);
}

void write_control(Exposition& out, const MetricsSource& source) {
  const image_build::Image& image = source.builder.image();
  out.begin_gauge("dialtone_build_info", "1, with what this dialtone-control is.");
  out.add(1, {{"version", DIALTONE_VERSION}, {"profile", source.profile}});
  write_gauge(out, "dialtone_generation", "Number of the generation published last; 0: none.",
              source.publisher.generation());
  write_gauge(out, "dialtone_files", "Files of the newest build.", image.files().size());
  write_gauge(out, "dialtone_file_bytes", "Bytes of their content.", image.files().content_bytes());
  write_gauge(out, "dialtone_memory_bytes", "Bytes of the segments and indexes that hold them.",
              image.memory_bytes());
  out.begin_histogram("dialtone_build_seconds",
                      "Seconds of a build that came to its end: of all, or of what had changed.");
  source.build_times.full.write(out, {{"kind", "full"}});
  source.build_times.delta.write(out, {{"kind", "delta"}});
  out.begin_histogram("dialtone_change_to_served_seconds",
                      "Seconds from a change to the first request that was answered with it.");
  source.change_times.write(out);
}

}  // namespace

std::string metrics_text(const MetricsSource& source, metrics::Format format) {
  Exposition out(format);
  write_control(out, source);
  const auto reading = read_counters(source.publisher, source.builder);
  write_gauge(out, "dialtone_dataplane_up",
              "1: a dataplane is connected and its counters are below; 0: none is.",
              reading ? 1 : 0);
  if (reading) {
    const Values values(reading->own);
    write_requests(out, values);
    write_transfers(out, values);
    write_each(out, reading->own);
  }
  return std::move(out).finish();
}

}  // namespace dialtone::daemon
