// SPDX-License-Identifier: Apache-2.0
//
// A folder of a test's own, gone with it.
#pragma once

#include "dataplane/base/check.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace dialtone::test {

class TempFolder {
 public:
  TempFolder() {
    char path[] = "/tmp/dialtone-test-XXXXXX";
    DIALTONE_CHECK(::mkdtemp(path) != nullptr);
    path_ = path;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  void write(std::string_view name, std::string_view content) const {
    std::filesystem::create_directories(std::filesystem::path(file(name)).parent_path());
    std::ofstream(file(name), std::ios::binary) << content;
  }

 private:
  std::string path_;
};

}  // namespace dialtone::test
