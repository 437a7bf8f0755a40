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
  void expect_counts() {
    FileCounts counts;
    for (const auto& [name, entry] : builder_->image().files()) {
      counts.add(name, entry);
    }
    EXPECT_TRUE(builder_->counts() == counts) << "what is counted is not what is there";
  }
  void expect_as_a_full_build(const std::string& what) {
    expect_counts();
    const Rehearsal full = test::must(builder_->rehearse());
    ASSERT_EQ(builder_->image().files().content_digest(), full.files.content_digest())
        << what << ": " << builder_->image().files().count_differences(full.files)
        << " files differ";
  }

  std::optional<Builder> builder_;
};

}  // namespace dialtone::build
