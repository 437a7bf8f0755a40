// SPDX-License-Identifier: Apache-2.0
//
// The kept generations as the service sees them: the folder, its writer, what was published and
// why, and what is wrong with any of it. Without a folder nothing is kept, and nothing fails. One
// thread.
#pragma once

#include "control/generations/keeper.h"
#include "control/generations/store.h"
#include "control/publish/offer_ledger.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

// A generation that a rollback holds in force.
struct Rollback {
  std::uint64_t generation = 0;
  std::uint64_t changed = 0;  // files that it took back
};

class History {
 public:
  // An empty `folder`: none.
  void open(const std::string& folder, std::size_t most);
  bool is_open() const noexcept { return store_ != nullptr; }
  // Why nothing is kept; for who asks for something that is.
  Error closed() const;

  generations::Store& store() noexcept { return *store_; }
  // What is on its way to the disk included.
  Result<generations::Kept> list() const;
  // One of them, with its objects: those of `known` are not read again.
  Result<image_build::ImageParts> load(std::uint64_t number, generations::LoadOptions options);
  generations::KeeperState writing() const;

  // The folder holds a generation of an earlier process with that digest, or none is used.
  void begin(const Digest& content) { last_content_ = content; }

  // Something was built that is to be published.
  void note_change(std::string_view what, std::size_t files);
  void published(const publish::SentOffer& sent);
  // The same for one that is not to be kept.
  void passed(const publish::SentOffer& sent);

  // Nothing: none is in force.
  const std::optional<Rollback>& rollback() const noexcept { return rollback_; }
  // Also on disk, so that it is in force after a restart.
  void set_rollback(const std::optional<Rollback>& rollback);
  // One that was on disk already.
  void resume(const Rollback& rollback) { rollback_ = rollback; }

  void add_fault(std::string fault) { faults_.push_back(std::move(fault)); }
  void add_warnings(std::vector<std::string>& texts) const;

 private:
  std::unique_ptr<generations::Store> store_;    // null: nothing is kept
  std::unique_ptr<generations::Keeper> keeper_;  // uses the store
  std::string trouble_;                          // why the folder cannot be used
  std::string rollback_trouble_;                 // why a restart will not know of it
  std::vector<std::string> faults_;              // of files that could not be read at the start
  Digest last_content_;                          // of the last one that was given to the keeper
  std::string why_;                              // since then
  std::uint64_t changed_ = 0;
  std::optional<Rollback> rollback_;
};

}  // namespace dialtone::daemon
