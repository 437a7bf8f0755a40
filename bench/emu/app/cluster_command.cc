// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/cluster_command.h"

#include "bench/emu/app/command_end.h"
#include "bench/emu/app/finite.h"
#include "bench/emu/cluster/stub_cluster.h"
#include "dataplane/config/address_text.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::emu {
namespace {

struct Given {
  std::string stubs{};
  std::string first = "127.0.0.2";
  std::uint16_t port = 6970;
  std::string folder{};
  double seconds = 0;
};

int run_command(const Given& given) {
  const auto rules = parse_stubs(given.stubs);
  if (!rules) {
    return fail(rules.error());
  }
  const auto first = config::parse_ip(given.first);
  if (!first) {
    return fail(usage("--first: '" + given.first + "' is no address"));
  }
  let_signals_cancel();
  std::mutex mutex;
  const auto tell = [&](const std::string& line) {
    const std::scoped_lock lock(mutex);
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  };
  std::vector<std::unique_ptr<StubCluster>> clusters;
  for (const StubRule& rule : *rules) {
    const IpAddress address{first->high, first->low + clusters.size()};
    auto started = StubCluster::start(rule, address, given.port, given.folder, tell);
    if (!started) {
      return fail(started.error());
    }
    clusters.push_back(*std::move(started));
    tell(rule.name + ": http://" + config::ip_text(address) + ":" +
         std::to_string(clusters.back()->port()));
  }
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(given.seconds);
  while (!is_cancelled() && (given.seconds == 0 || Clock::now() < end)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return 0;
}

}  // namespace

void add_cluster_command(CLI::App& app, std::function<int()>& run) {
  const auto given = std::make_shared<Given>();
  CLI::App* cluster = app.add_subcommand("cluster", "plays remote clusters, over HTTP");
  cluster
      ->add_option(
          "--stub", given->stubs,
          "their names and what each does: b=404,c=200,d=503,e=blackhole,f=slow:1500,g=loop")
      ->required();
  cluster->add_option("--first", given->first, "address of the first one; the next ones follow it")
      ->capture_default_str();
  cluster->add_option("--port", given->port, "of all of them")->capture_default_str();
  cluster->add_option("--folder", given->folder, "the files of those with 200 and slow");
  cluster->add_option("--for", given->seconds, "seconds; 0: until it is interrupted")
      ->check(finite(86400))
      ->capture_default_str();
  cluster->callback([given, &run] { run = [given] { return run_command(*given); }; });
}

}  // namespace dialtone::emu
