// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/storm_summary.h"

#include "bench/emu/report/html.h"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace dialtone::emu {
namespace {

constexpr int kLines = 3;
constexpr std::size_t kBar = 40;

}  // namespace

LiveView::LiveView(std::size_t phones)
    : is_terminal_(::isatty(STDERR_FILENO) != 0), phones_(phones) {}

void LiveView::show(const Progress& progress) {
  if (!is_terminal_) {
    return;
  }
  const auto now = Clock::now();
  const double since = std::chrono::duration<double>(now - shown_).count();
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const std::uint32_t ready = progress.ready.load();
  const std::uint32_t over = progress.over.load();
  const std::uint64_t frames = progress.received.load();
  const std::size_t full = kBar * ready / phones_;
  std::fprintf(stderr, "%s[%s%s] %s of %s phones ready, %.1f s\x1b[K\n",
               has_lines_ ? "\x1b[3A\r" : "", std::string(full, '#').c_str(),
               std::string(kBar - full, '-').c_str(), grouped(ready).c_str(),
               grouped(phones_).c_str(), seconds);
  std::fprintf(stderr, "  %s have power, %s are done, %s of them not ready\x1b[K\n",
               grouped(progress.started.load()).c_str(), grouped(over).c_str(),
               grouped(over - ready).c_str());
  const auto rate = [&](double count) {
    return grouped(since > 0 ? static_cast<std::uint64_t>(count / since) : 0);
  };
  std::fprintf(stderr, "  %s phones/s, %s frames/s, %s times without an answer in time\x1b[K\n",
               rate(over - over_).c_str(), rate(static_cast<double>(frames - frames_)).c_str(),
               grouped(progress.timeouts.load()).c_str());
  frames_ = frames;
  over_ = over;
  shown_ = now;
  has_lines_ = true;
}

void LiveView::clear() {
  for (int i = 0; has_lines_ && i < kLines; ++i) {
    std::fputs("\x1b[1A\r\x1b[K", stderr);
  }
  has_lines_ = false;
}

void print_summary(const nlohmann::json& document) {
  const auto number = [&](const char* key) { return document[key].get<unsigned long>(); };
  std::printf("%lu of %lu phones ready, %lu failed, in %.3f s\n", number("ready"), number("phones"),
              number("failed"), document["seconds"].get<double>());
  for (const char* phase : {"first_answer", "trust", "config", "ready"}) {
    const nlohmann::json& times = document["phases"][phase];
    if (times["count"] == 0) {
      std::printf("  %-13s nobody\n", phase);
      continue;
    }
    std::printf("  %-13s p50 %10.3f ms   p99 %10.3f ms   p99.9 %10.3f ms   last %10.3f ms\n", phase,
                times["p50_ms"].get<double>(), times["p99_ms"].get<double>(),
                times["p999_ms"].get<double>(), times["max_ms"].get<double>());
  }
  std::printf(
      "  %lu requests, %lu of them again; %lu files, %lu not there, %lu byte for byte as at "
      "the origin\n",
      number("requests"), number("retries"), number("files"), number("not_found"),
      number("verified"));
  if (number("withheld") != 0 || number("wrong_bytes") != 0 || number("torn") != 0) {
    std::printf(
        "  %lu phones got a wrong file, %lu one of two states, %lu were denied one that the origin "
        "has\n",
        number("wrong_bytes"), number("torn"), number("withheld"));
  }
  if (number("vanished") != 0) {
    std::printf("  %lu phones lost their power, as planned\n", number("vanished"));
  }
  if (document["ended"] != "all over") {
    std::printf("  ended before: %s\n", document["ended"].get<std::string>().c_str());
  }
  const nlohmann::json& generator = document["generator"];
  std::printf(
      "  generator: busy %.0f %%, %lu late polls (longest %.1f ms), %lu frames not sent, %lu "
      "not read\n",
      generator["busy"].get<double>() * 100, generator["late_polls"].get<unsigned long>(),
      generator["longest_poll_ms"].get<double>(), generator["not_sent"].get<unsigned long>(),
      generator["port_missed"].get<unsigned long>());
  for (const nlohmann::json& limit : generator["limits"]) {
    std::printf("  the generator was a limit itself: %s\n", limit.get<std::string>().c_str());
  }
}

}  // namespace dialtone::emu
