// SPDX-License-Identifier: Apache-2.0
//
// limit_phones: phones against a dataplane, or probes against a forwarder, over one DPDK port.
// Prints one line of JSON with what it counted. The commands of bench/limit and
// bench/changes start it.
#include "bench/limit/generator.h"
#include "dataplane/io/eal.h"
#include "dataplane/io/port.h"

#include <getopt.h>
#include <sched.h>

#include <sys/prctl.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace dialtone::limit {
namespace {

struct Options {
  std::string device;
  std::string folder;
  std::string changed;  // empty: the files stay as they are
  std::uint32_t cpu = 0;
  bool hugepages = false;
  bool first = false;  // before all others on its CPU, while it does not rest
  GeneratorConfig generator{.ticks = TickRate::measure()};
};

constexpr const char* kUsage =
    "usage: limit_phones --device DEVICE --folder FOLDER --cpu N [--hugepages] [--open N]\n"
    "         [--probe BYTES] [--rate FRAMES] [--warmup MS] [--ms MS] [--changed FOLDER]\n"
    "--changed: what the files of --folder become, and cease to be again, while this runs\n";

Options read_options(int argc, char** argv) {
  Options options;
  const option known[] = {
      {"device", 1, nullptr, 'd'},    {"folder", 1, nullptr, 'f'}, {"cpu", 1, nullptr, 'c'},
      {"hugepages", 0, nullptr, 'h'}, {"open", 1, nullptr, 'o'},   {"probe", 1, nullptr, 'p'},
      {"rate", 1, nullptr, 'r'},      {"warmup", 1, nullptr, 'w'}, {"ms", 1, nullptr, 'm'},
      {"changed", 1, nullptr, 'n'},   {nullptr, 0, nullptr, 0}};
  GeneratorConfig& generator = options.generator;
  int letter = 0;
  while ((letter = ::getopt_long(argc, argv, "", known, nullptr)) != -1) {
    const std::uint64_t number = optarg == nullptr ? 0 : std::strtoull(optarg, nullptr, 10);
    switch (letter) {
      case 'd':
        options.device = optarg;
        break;
      case 'f':
        options.folder = optarg;
        break;
      case 'c':
        options.cpu = static_cast<std::uint32_t>(number);
        break;
      case 'h':
        options.hugepages = true;
        break;
      case 'o':
        generator.open = static_cast<std::uint32_t>(number);
        break;
      case 'p':
        generator.bounce = true;
        generator.probe = static_cast<std::uint16_t>(number);
        break;
      case 'r':
        generator.rate = number;
        options.first = true;
        break;
      case 'w':
        generator.warmup_us = number * 1000;
        break;
      case 'm':
        generator.run_us = number * 1000;
        break;
      case 'n':
        options.changed = optarg;
        break;
      default:
        std::fputs(kUsage, stderr);
        std::exit(2);
    }
  }
  const bool probe_fits =
      !generator.bounce || generator.probe == kAckFrame || generator.probe == kDataFrame;
  if (options.device.empty() || options.folder.empty() || !probe_fits || optind != argc) {
    std::fputs(kUsage, stderr);
    std::exit(2);
  }
  return options;
}

struct Origin {
  std::string name;
  std::vector<char> content;
};

std::vector<Origin> read_folder(const std::string& folder) {
  std::vector<Origin> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    files.push_back({entry.path().filename().string(),
                     std::vector<char>(std::istreambuf_iterator<char>(in), {})});
  }
  std::sort(files.begin(), files.end(),
            [](const Origin& a, const Origin& b) { return a.name < b.name; });
  return files;
}

int fail(const Error& error) {
  std::fprintf(stderr, "limit_phones: %s\n", error.text.c_str());
  return 1;
}

struct Run {
  Generator& generator;
  bool first;
};

int run_on_lcore(void* argument) {
  const Run& run = *static_cast<Run*>(argument);
  if (run.first) {
    // An open loop that comes late measures itself: precise rests, and nobody's turn before its
    // own.
    ::prctl(PR_SET_TIMERSLACK, 1);
    const sched_param priority{1};
    if (::sched_setscheduler(0, SCHED_FIFO, &priority) != 0) {
      std::fputs("limit_phones: no real-time priority; the generator may come late\n", stderr);
    }
  }
  run.generator.run();
  return 0;
}

void print(const Generator& generator) {
  const Counts& counts = generator.counts();
  const Histogram& answers = generator.latency();
  const Histogram& fetches = generator.fetches();
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf(
      "{\"seconds\": %.6f, \"sent\": %llu, \"answers\": %llu, \"transfers\": %llu, "
      "\"bad\": %llu, \"errors\": %llu, \"stray\": %llu, \"lost\": %llu, \"unsent\": %llu, "
      "\"cpu_share\": %.4f, \"busy_share\": %.4f, "
      "\"p50_us\": %llu, \"p99_us\": %llu, \"p999_us\": %llu, \"most_us\": %llu, "
      "\"fetch_p50_us\": %llu, \"fetch_p99_us\": %llu, \"fetch_most_us\": %llu}\n",
      generator.seconds(), number(counts.sent), number(counts.answers), number(counts.transfers),
      number(counts.bad), number(counts.errors), number(counts.stray), number(counts.lost),
      number(counts.unsent), generator.cpu_share(), generator.busy_share(),
      number(answers.quantile(0.5)), number(answers.quantile(0.99)),
      number(answers.quantile(0.999)), number(answers.most()), number(fetches.quantile(0.5)),
      number(fetches.quantile(0.99)), number(fetches.most()));
}

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  const std::vector<Origin> origins = read_folder(options.folder);
  std::vector<Phone> phones;
  for (const Origin& origin : origins) {
    phones.emplace_back(static_cast<std::uint32_t>(phones.size()), origin.name,
                        std::as_bytes(std::span(origin.content)));
  }
  if (phones.empty()) {
    std::fprintf(stderr, "limit_phones: no files in %s\n", options.folder.c_str());
    return 2;
  }
  const std::vector<Origin> changed =
      options.changed.empty() ? std::vector<Origin>() : read_folder(options.changed);
  if (!changed.empty() && !std::ranges::equal(changed, origins, {}, &Origin::name, &Origin::name)) {
    std::fprintf(stderr, "limit_phones: %s has not the names of %s\n", options.changed.c_str(),
                 options.folder.c_str());
    return 2;
  }
  for (std::size_t i = 0; i < changed.size(); ++i) {
    phones[i].set_changed(std::as_bytes(std::span(changed[i].content)));
  }
  constexpr std::uint32_t kMemoryMb = 128;
  auto eal =
      io::Eal::start({options.device, {options.cpu}, kMemoryMb, options.hugepages},
                     [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); });
  if (!eal) {
    return fail(eal.error());
  }
  auto port = io::Port::open(options.device, {});
  if (!port) {
    return fail(port.error());
  }
  Generator generator(options.generator, {port->id(), 0}, port->pool(), phones);
  Run run{generator, options.first};
  if (const auto launched = eal->launch(0, run_on_lcore, &run); !launched) {
    return fail(launched.error());
  }
  constexpr std::uint32_t kPatienceMs = 3'600'000;
  if (!eal->wait(kPatienceMs)) {
    return 1;
  }
  print(generator);
  return 0;
}

}  // namespace
}  // namespace dialtone::limit

int main(int argc, char** argv) {
  return dialtone::limit::main(argc, argv);
}
