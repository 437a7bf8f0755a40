// SPDX-License-Identifier: Apache-2.0
//
// A folder of a test's own and the AssetStore that changes it.
#pragma once

#include "control/assets/asset_store.h"
#include "control/assets/list_folder.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::assets {

class StoreInFolder : public testing::Test {
 protected:
  using Texts = std::vector<std::pair<std::string, std::string>>;

  AssetStore open(BeforeDiskStep before = {}, std::uint32_t kept = 3) {
    auto store = AssetStore::open(folder_.path(), kept, most_, std::move(before));
    EXPECT_TRUE(store.ok()) << (store ? "" : store.error().text);
    return *std::move(store);
  }
  Result<StoreReport> put(AssetStore store, const Texts& texts) {
    std::vector<NewFile> files;
    for (const auto& [name, text] : texts) {
      files.push_back({name, std::as_bytes(std::span(text))});
    }
    faults_.clear();
    return store.put(files, {"note", "set"}, publish_, faults_);
  }
  ErrorCode open_error() const {
    const auto store = AssetStore::open(folder_.path(), 3);
    return store ? ErrorCode::kFailed : store.error().code;
  }
  static std::string content_of(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  std::string content(const std::string& name) const { return content_of(folder_.file(name)); }
  // "name=content" of all that would be served.
  std::string served() const {
    Diagnostics ignored;
    std::string text;
    const auto listed = list_folder(folder_.path(), {}, ignored);
    for (const auto& [name, stamp] : *listed) {
      text += name + "=" + content(stamp.path.substr(folder_.path().size() + 1)) + ";";
    }
    return text;
  }

  test::TempFolder folder_;
  Diagnostics faults_;
  std::uint64_t most_ = kNoLimit;
  AssetStore::Publish publish_ = [] { return Result<void>(); };
};

}  // namespace dialtone::assets
