// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_run.h"

#include "dataplane/config/address_text.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace dialtone::emu {
namespace {

// While nothing comes: far below what a phone takes for a step.
constexpr std::chrono::microseconds kRest{50};

Micros now_us() {
  return static_cast<Micros>(std::chrono::duration_cast<std::chrono::microseconds>(
                                 std::chrono::steady_clock::now().time_since_epoch())
                                 .count());
}

std::string servers_text(const Servers& servers) {
  std::string text;
  for (const IpAddress& address : servers.addresses) {
    text += (text.empty() ? "" : ", ") + config::ip_text(address);
  }
  return text + " by " + std::string(method_name(*servers.via));
}

void note_discovery(const DevicePlan& plan, Timeline& timeline) {
  const Micros begin = timeline.power_on();
  for (const Trap trap : plan.servers.traps) {
    timeline.note(begin, "warning: " + std::string(trap_name(trap)));
  }
  timeline.note(begin, plan.servers.via ? "TFTP servers: " + servers_text(plan.servers)
                                        : "it knows no TFTP server");
}

std::size_t tell_from(std::size_t at, const Timeline& timeline,
                      const std::function<void(const Timeline::Event&)>& told) {
  for (; told && at < timeline.events().size(); ++at) {
    told(timeline.events()[at]);
  }
  return at;
}

}  // namespace

DeviceRun rehearse_discovery(const DevicePlan& plan,
                             const std::function<void(const Timeline::Event&)>& told) {
  DeviceRun run{.timeline = Timeline(now_us())};
  note_discovery(plan, run.timeline);
  tell_from(0, run.timeline, told);
  return run;
}

bool has_served(const DeviceRun& run) noexcept {
  return run.boot &&
         std::any_of(run.boot->files().begin(), run.boot->files().end(),
                     [](const BootedFile& file) { return file.got.end == DownloadEnd::kWhole; });
}

DeviceRun run_device(Link& link, Host& host, const DevicePlan& plan, const RunLimits& limits,
                     const std::function<void(const Timeline::Event&)>& told) {
  const Micros begin = now_us();
  DeviceRun run{.timeline = Timeline(begin)};
  note_discovery(plan, run.timeline);
  std::size_t shown = 0;
  const auto tell = [&] { shown = tell_from(shown, run.timeline, told); };
  if (!plan.servers.via) {
    tell();
    return run;
  }
  run.boot.emplace(host, run.timeline,
                   BootConfig{.order = plan.order, .servers = plan.servers.addresses}, begin);
  while (run.boot->state() == BootState::kBooting) {
    const Micros now = now_us();
    const BootFile* file = run.boot->current();
    if (run.request.empty() && file->role == FileRole::kConfig) {
      run.request = file->name;
    }
    if ((limits.until_request && !run.request.empty()) || limits.is_cancelled()) {
      break;
    }
    if (now - begin > limits.patience) {
      run.timed_out = true;
      run.timeline.note(now, "the time is over");
      break;
    }
    host.on_time(now);
    run.boot->on_time(now);
    link.send(host);
    const std::size_t came = link.receive([&](std::span<const std::byte> frame) {
      if (const auto datagram = host.on_frame(frame)) {
        run.boot->on_datagram(*datagram, now_us());
      }
    });
    link.send(host);
    tell();
    if (came == 0) {
      std::this_thread::sleep_for(kRest);
    }
  }
  tell();
  return run;
}

}  // namespace dialtone::emu
