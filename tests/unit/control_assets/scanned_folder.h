// SPDX-License-Identifier: Apache-2.0
//
// A folder of a test's own and the AssetFolder that scans it.
#pragma once

#include "control/assets/asset_folder.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/fsuid.h>

#include <algorithm>
#include <string>
#include <vector>

namespace dialtone::assets {

class ScannedFolder : public testing::Test {
 protected:
  using Texts = std::vector<std::string>;

  image_build::ImageChange scan() {
    faults_.clear();
    auto change = assets_.scan(before_, faults_);
    EXPECT_TRUE(change.ok()) << (change.ok() ? "" : change.error().text);
    for (const std::string& name : change->gone) {
      before_.erase(name);
    }
    for (const auto& [name, entry] : change->put) {
      before_.put(name, entry);
    }
    std::sort(change->gone.begin(), change->gone.end());
    return *std::move(change);
  }

  // "name=content" of each, sorted.
  static Texts put(const image_build::ImageChange& change) {
    Texts texts;
    for (const auto& [name, entry] : change.put) {
      const auto bytes = entry.content();
      texts.push_back(name + "=" +
                      std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  test::TempFolder folder_;
  AssetFolder assets_{folder_.path()};
  image_build::FileTable before_;
  Diagnostics faults_;
};

// Permissions mean nothing to root: this thread looks at files as nobody while one of these lives.
class AsNobody {
 public:
  AsNobody() { ::setfsuid(65534); }
  ~AsNobody() { ::setfsuid(::geteuid()); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
};

}  // namespace dialtone::assets
