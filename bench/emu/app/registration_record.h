// SPDX-License-Identifier: Apache-2.0
//
// The phones that a played call manager has taken into its database by themselves, as Unified CM's
// own auto-registration writes them: a name, a model, the next number of a range. The file is a CSV
// that `dialtone import csv` takes, so that the appliance has them, too (features 70). Cold; one
// thread.
#pragma once

#include "bench/emu/registration/call_manager.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <fstream>
#include <string>

namespace dialtone::emu {

class RegistrationRecord {
 public:
  // A new file, whatever stood there. `first_number`: of the first phone; the next ones count on.
  static Result<RegistrationRecord> open(const std::string& path, std::uint64_t first_number);

  // A line for a phone that registered by itself, written at once; nothing for all others. kUsage:
  // its model is none that the emulator knows, and it is not written.
  Result<void> add(const Registered& event);

 private:
  RegistrationRecord(std::string path, std::ofstream file, std::uint64_t number)
      : path_(std::move(path)), file_(std::move(file)), number_(number) {}

  std::string path_;
  std::ofstream file_;
  std::uint64_t number_;
};

}  // namespace dialtone::emu
