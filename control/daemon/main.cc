// SPDX-License-Identifier: Apache-2.0
//
// dialtone-control: wiring, the loop, and exit codes. One thread answers and decides everything. A
// full build keeps it from that as long as it lasts, milliseconds with a thousand phones and
// seconds with a million, unless a signal asks to stop; the dataplane serves on meanwhile, and
// needs it for a name that it lacks alone. docs/architecture.md, "Threads", has the others.
#include "control/daemon/api_server.h"
#include "control/daemon/options.h"
#include "control/daemon/service.h"
#include "dataplane/program/run.h"
#include "dataplane/program/signals.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <filesystem>

namespace dialtone::daemon {
namespace {

using Clock = std::chrono::steady_clock;

// False: a signal asks to stop. SIGHUP builds everything again.
bool handle_signals(int signals, Service& service) {
  signalfd_siginfo info{};
  while (::read(signals, &info, sizeof(info)) == sizeof(info)) {
    if (info.ssi_signo != SIGHUP) {
      spdlog::info("stopping: {}", info.ssi_signo == SIGINT ? "SIGINT" : "SIGTERM");
      return false;
    }
    service.build_again();
  }
  return true;
}

// Each segment is a descriptor, and there may be as many segments as the usual soft limit.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

void wait(std::vector<pollfd>& fds, Clock::time_point until, Clock::time_point now) {
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::clamp(until - now, Clock::duration::zero(), Clock::duration(std::chrono::hours(1))));
  const timespec timeout{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
  ::ppoll(fds.data(), fds.size(), &timeout, nullptr);
}

void loop(Service& service, ApiServer& server, int signals) {
  std::vector<pollfd> fds;
  while (handle_signals(signals, service)) {
    Clock::time_point now = Clock::now();
    fds.assign({{signals, POLLIN, 0}});
    service.add_poll_fds(fds);
    server.add_poll_fds(fds);
    wait(fds, std::min(service.due(now), server.due(now)), now);
    now = Clock::now();
    // The dataplane's answers first: they end the waiting of clients.
    service.step(now);
    server.step(now);
  }
}

Result<void> make_folder_of(const std::string& file) {
  const auto folder = std::filesystem::path(file).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::create_directories(folder, error) && error) {
    return errno_error("making the folder of " + file, error.value());
  }
  return {};
}

Result<void> serve(const Options& options) {
  auto signals = program::open_signals({SIGINT, SIGTERM, SIGHUP});
  if (!signals) {
    return signals.error();
  }
  raise_descriptor_limit();
  DIALTONE_TRY(make_folder_of(options.socket));
  if (!options.database.empty() && !database::is_server(options.database)) {
    DIALTONE_TRY(make_folder_of(options.database));
  }
  auto service = Service::open(options, [] { return program::is_waiting({SIGINT, SIGTERM}); });
  if (!service) {
    return service.error();
  }
  auto server = ApiServer::listen(options.socket, **service);
  if (!server) {
    return server.error();
  }
  // A build that fails is not the end: `dialtone status` says why, and a correction is built.
  (*service)->start();
  const image_build::FileTable& files = (*service)->builder().image().files();
  spdlog::info("ready: {} files, {} bytes; listening on {}", files.size(), files.content_bytes(),
               options.socket);
  loop(**service, *server, signals->get());
  return {};
}

}  // namespace
}  // namespace dialtone::daemon

int main(int argc, char** argv) {
  return dialtone::program::run(
      {"dialtone-control", "control",
       "Builds the files of all devices from the database and the asset folder, and keeps a "
       "dialtone-dataplane supplied with them."},
      argc, argv, dialtone::daemon::read_options, dialtone::daemon::serve);
}
