// SPDX-License-Identifier: Apache-2.0
//
// Which signed files an image has, lacks, or has of older content (docs/signing.md). A change of a
// few files is signed with it; what is more is signed in the background, and until then the signed
// files that are served stay. One thread.
#pragma once

#include "control/image/image.h"
#include "control/signing/background_signer.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace dialtone::build {

struct SigningProgress {
  std::size_t current = 0;       // signed files of the present content
  std::size_t pending = 0;       // to be made, or looked at
  std::uint64_t made = 0;        // signatures, since the start
  std::uint64_t kept = 0;        // found right, likewise
  std::uint64_t per_second = 0;  // of the last batch; 0: none yet
  std::string trouble{};         // why those that are pending were not signed; empty: they wait
};

class SignedFiles {
 public:
  using Clock = std::chrono::steady_clock;
  // As phones ask for the file of that canonical name.
  using Spell = std::function<std::string(const std::string& name, abi::Origin origin)>;
  // The folder has a signed form of the asset: it is served as it is.
  using HasOwn = std::function<bool(const std::string& signed_name)>;

  // Until enable(), all of this does nothing.
  Result<void> enable(std::vector<int> cpus, bool huge_pages, Spell spell, HasOwn has_own);
  bool is_enabled() const noexcept { return background_ != nullptr; }
  // Null: what is signed stays, and nothing else is. Another key: the next full build plans all.
  void use(std::shared_ptr<const signing::SigningKey> key);
  const std::shared_ptr<const signing::SigningKey>& key() const noexcept { return key_; }

  // Of a full build: adds to `files` what `served` has of signed files.
  Result<void> carry_over(const image_build::FileTable& served,
                          image_build::FileTable& files) const;
  // When `files` is the image: what is missing or of older content is to be signed.
  void plan(const image_build::FileTable& files);

  // Of a change of some files over `served`: adds their signed files, and takes away those of files
  // that are gone.
  void amend(const image_build::FileTable& served, image_build::ImageChange& change);

  // Starts the next batch when none is under way. Returns what was signed since, of files that have
  // not changed meanwhile.
  image_build::ImageChange advance(const image_build::FileTable& served, Clock::time_point now);
  // Somebody waits for the signed file of that name: next. False: it is not to come.
  bool hurry(std::string_view signed_name);

  // What amend() or advance() has given last did not come into the image: what is signed, and what
  // is to be, is as it was before.
  void revert();
  // revert() after advance(), which gives the same some seconds later. `why` is its trouble.
  void put_off(const std::string& why, Clock::time_point now);

  int fd() const noexcept { return background_ == nullptr ? -1 : background_->fd(); }
  // When advance() has something to do, though fd() may be silent.
  Clock::time_point due() const noexcept;
  SigningProgress progress() const;

 private:
  struct Before {
    std::string name;
    std::optional<Digest> signed_as;  // nothing: its signed file was not current
    bool was_pending;
  };

  bool is_wanted(const std::string& name, const image_build::FileEntry& file) const;
  bool is_current(const std::string& name, const image_build::FileEntry& file) const;
  signing::SignJob job_of(const std::string& name, const image_build::FileEntry& file,
                          const image_build::FileTable& served) const;
  void sign_now(std::vector<signing::SignJob> jobs, image_build::ImageChange& change);
  void take_batch(Clock::time_point now);
  void give_batch(const image_build::FileTable& served, image_build::ImageChange& change);
  void start_batch(const image_build::FileTable& served);
  void count(const signing::SignedBatch& batch);
  void settle();
  void note(const std::string& name);

  std::shared_ptr<const signing::SigningKey> key_;
  std::unique_ptr<signing::BatchSigner> now_;
  std::unique_ptr<signing::BackgroundSigner> background_;
  Spell spell_;
  HasOwn has_own_;
  std::unordered_map<std::string, Digest> current_;  // of the content that is signed, by file
  std::unordered_set<std::string> pending_;          // files
  std::vector<std::string> hurried_;                 // of those
  std::vector<Before> before_;  // of the names that amend() or advance() has changed last
  std::size_t planned_ = 0;     // by the last full build
  std::optional<signing::BackgroundSigner::Done> batch_;  // signed; not known to be in the image
  bool is_put_off_ = false;                               // that it is not
  Clock::time_point retry_{};
  SigningProgress progress_;
};

}  // namespace dialtone::build
