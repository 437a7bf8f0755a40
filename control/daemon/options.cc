// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/options.h"

#include "control/daemon/metrics_options.h"
#include "control/daemon/signing_options.h"
#include "control/database/database.h"
#include "dataplane/config/toml_file.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sstream>

namespace dialtone::daemon {
namespace {

int allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof(set), &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

// As they are written, and where links lead.
bool is_below(const std::string& path, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(path, error);
  const fs::path outer = fs::weakly_canonical(folder, error);
  return !folder.empty() && !error &&
         std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

void check_paths(config::TomlTable& table, const Options& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (options.database.empty() && options.assets.empty()) {
    table.fault("database", "missing-key",
                "neither 'database' nor 'assets' is set: there is nothing to serve; give a file "
                "for the device database, a folder of files, or both");
  }
  if (!options.assets.empty() && !fs::is_directory(options.assets, error)) {
    table.fault("assets", "bad-value",
                "'" + options.assets + "' is no folder; make it, or take the key away");
  }
  if (!options.database.empty() && !database::is_server(options.database) &&
      fs::is_directory(options.database, error)) {
    table.fault("database", "bad-value",
                "'" + options.database + "' is a folder; give the file's name as well");
  }
  if (!options.generations.empty() && is_below(options.generations, options.assets)) {
    table.fault("generations", "bad-value",
                "'" + options.generations +
                    "' lies in the folder of 'assets', whose files are served; choose another one");
  }
  if (options.socket == options.dataplane) {
    table.fault("socket", "bad-value",
                "'socket' and 'dataplane' are the same file; the second is [dataplane] socket");
  }
}

// Beside the database's file: on a disk that is there to stay, and that control may write to. What
// control has of its own with a server is not known.
std::string default_generations(const std::string& database) {
  return database.empty() || database::is_server(database)
             ? std::string()
             : std::filesystem::path(database).replace_extension("generations").string();
}

// A program by its full path, and its arguments with blanks between them.
std::vector<std::string> read_program(config::TomlTable& table, const char* key) {
  std::istringstream text(table.text(key, ""));
  std::vector<std::string> words{std::istream_iterator<std::string>(text), {}};
  std::error_code error;
  if (!words.empty() &&
      (words.front().front() != '/' || !std::filesystem::is_regular_file(words.front(), error) ||
       ::access(words.front().c_str(), X_OK) != 0)) {
    table.fault(key, "bad-value",
                "'" + words.front() + "' is not the full path of a program that can be run");
  }
  return words;
}

std::string read_encoder(config::TomlTable& table, const char* key) {
  std::string command = table.text(key, "");
  if (!command.empty()) {
    if (const auto encoder = build::Encoder::create(command, ""); !encoder) {
      table.fault(key, "bad-value", encoder.error().text);
    }
  }
  return command;
}

}  // namespace

Options read_options(const std::string& path, Diagnostics& faults) {
  const config::TomlFile file = config::TomlFile::read(path, faults);
  file.expect_tables({"dataplane", "control", "policy", "signing"}, faults);
  config::TomlTable table = file.table("control", faults);
  Options options;
  options.config = path;
  options.socket = table.text("socket", options.socket);
  options.dataplane = table.text("dataplane", options.dataplane);
  options.database = table.text("database", "");
  options.assets = table.text("assets", "");
  options.asset_versions = static_cast<std::uint32_t>(
      table.integer("asset_versions", options.asset_versions, {0, 1000}));
  options.asset_most = static_cast<std::uint64_t>(table.integer("asset_max_mb", 256, {1, 4000}))
                       << 20;
  options.hold_loads = table.choice("incomplete_loads", "hold", {"hold", "serve"}) == "hold";
  options.generations = table.text("generations", default_generations(options.database));
  options.generations_kept = static_cast<std::uint32_t>(
      table.integer("generations_kept", options.generations_kept, {0, 1000}));
  const bool by_default_served =
      !table.has("generations") && is_below(options.generations, options.assets);
  if (options.generations_kept == 0 || by_default_served) {
    options.generations.clear();
  }
  options.threads = static_cast<int>(table.integer("threads", allowed_cpus(), {1, 1024}));
  options.huge_pages = table.boolean("hugepages", options.huge_pages);
  options.asks_for_misses = table.choice("misses", "at-once", {"at-once", "ask"}) == "ask";
  options.miss_park_ms =
      static_cast<std::uint32_t>(table.integer("miss_park_ms", options.miss_park_ms, {10, 8000}));
  options.miss_wait_ms =
      static_cast<std::uint32_t>(table.integer("miss_wait_ms", options.miss_wait_ms, {0, 8000}));
  options.encoders.ld = read_encoder(table, "encoder_ld");
  options.encoders.gk = read_encoder(table, "encoder_gk");
  options.encoders.ata = read_encoder(table, "encoder_ata");
  options.encoders.cnf = read_encoder(table, "encoder_cnf");
  options.encoders.cache = table.text("encoder_cache", "");
  options.reset_command = read_program(table, "reset_command");
  options.metrics = read_metrics(table);
  options.log_level =
      table.choice("log_level", options.log_level, {"debug", "info", "warning", "error"});
  if (!file.broken()) {
    check_paths(table, options);
    if (options.asks_for_misses && options.miss_wait_ms >= options.miss_park_ms) {
      table.fault("miss_wait_ms", "bad-value",
                  "it is not below 'miss_park_ms' (" + std::to_string(options.miss_park_ms) +
                      "): clients would be answered before control has looked; lower it");
    }
  }
  table.finish();
  read_signing(file, options, faults);
  if (options.signing && is_below(options.signing->key, options.assets)) {
    file.table("signing", faults)
        .fault("key", "bad-value",
               "'" + options.signing->key +
                   "' lies in the folder of 'assets', whose files are served to everybody; put the "
                   "private key elsewhere");
  }
  config::TomlTable policy = file.table("policy", faults);
  options.policy = read_policy(policy);
  policy.finish();
  return options;
}

}  // namespace dialtone::daemon
