// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/new_configuration.h"

#include "control/daemon/options.h"

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace dialtone::daemon {

namespace fs = std::filesystem;

Result<NewConfiguration> NewConfiguration::stage(const std::string& path, const std::string& text,
                                                 const std::string& name, Diagnostics& faults) {
  NewConfiguration staged(path, path + ".restore");
  std::ofstream file(staged.staged_, std::ios::binary | std::ios::trunc);
  std::error_code ignored;
  fs::permissions(staged.staged_, fs::status(path).permissions(), ignored);  // of a password in it
  file << text;
  file.close();
  if (!file) {
    return errno_error("writing " + staged.staged_, errno);
  }
  Diagnostics wrong;
  (void)read_options(staged.staged_, wrong);
  for (Diagnostic& each : wrong) {
    each.file = name;
    faults.push_back(std::move(each));
  }
  return staged;
}

NewConfiguration::~NewConfiguration() {
  std::error_code ignored;
  if (!staged_.empty()) {
    fs::remove(staged_, ignored);
  }
}

Result<void> NewConfiguration::put_in_place() {
  std::error_code error;
  fs::rename(staged_, path_, error);
  if (error) {
    return errno_error("writing " + path_, error.value());
  }
  staged_.clear();
  return {};
}

}  // namespace dialtone::daemon
