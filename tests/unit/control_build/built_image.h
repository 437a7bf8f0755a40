// SPDX-License-Identifier: Apache-2.0
//
// A database of a test's own, and the image that a builder has made of it.
#pragma once

#include "control/build/builder.h"
#include "tests/unit/control_database/temp_database.h"

#include <optional>
#include <string>
#include <string_view>

namespace dialtone::build {

class BuiltImage : public test::TempDatabase {
 protected:
  void start(const std::string& assets, int threads) {
    builder_.emplace(
        test::must(Builder::create({path_, assets, threads, /*huge_pages=*/false}, &db_)));
  }

  // Nothing: not served.
  std::optional<std::string> content(std::string_view name) const {
    const image_build::FileEntry* file = builder_->image().files().find(name);
    if (file == nullptr) {
      return std::nullopt;
    }
    const auto bytes = file->content();
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  bool has(std::string_view name, std::string_view text) const {
    return content(name).value_or("").find(text) != std::string::npos;
  }
  BuildReport follow() { return test::must(builder_->follow_database()); }

  std::optional<Builder> builder_;
};

}  // namespace dialtone::build
