// SPDX-License-Identifier: Apache-2.0
//
// The image that control wants served: all files in two index levels, one base and one cumulative
// delta over it (docs/image-format.md). Changes go into the delta; merge() makes few segments of
// the many that they leave, and compact() folds the delta into a new base: both when nothing waits
// for this thread. offer() makes the manifest of a generation from the present state. One thread.
//
// Segments stay in the manifest until the next merge() or compact(), even when every file in them
// has been replaced: a segment that leaves it holds its generation live until the last transfer
// from it has ended, and only kMaxLiveGenerations may be live (docs/swap-protocol.md).
#pragma once

#include "control/image/file_table.h"
#include "control/image/policy.h"
#include "dataplane/abi/image_view.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dialtone::image_build {

// One generation, ready to be handed over.
struct Offer {
  std::uint64_t generation = 0;
  Digest content_digest;
  std::uint64_t file_count = 0;
  std::uint64_t content_bytes = 0;
  ObjectPtr manifest;
  std::vector<ObjectPtr> segments;
  ObjectPtr base;
  ObjectPtr delta;  // null: none
};

// Is called with each name that is new, different or gone.
using ChangedFile = std::function<void(std::string_view name, bool is_gone)>;

struct ImageChange {
  std::vector<std::pair<std::string, FileEntry>> put;  // new files, or perhaps the same
  std::vector<std::string> gone;
};

// The objects of a generation, read back from where they were kept.
struct ImageParts {
  std::vector<ObjectPtr> segments;  // in the order of its manifest
  ObjectPtr base;
  ObjectPtr delta;  // null: none
  Digest content_digest;
};

class Image {
 public:
  // `huge_pages`: compact() puts what it moves there, when it is much and some are free. `spread`:
  // for a rebase() of many files.
  explicit Image(bool huge_pages = false, Spread spread = Spread()) noexcept
      : huge_pages_(huge_pages), spread_(spread) {}

  const FileTable& files() const noexcept { return files_; }

  // Moves on with each change of what should be served; 0: nothing was ever built.
  std::uint64_t version() const noexcept { return version_; }

  // The image as it was when `parts` were offered, so that they need not be sent or written again.
  // Refused: they do not belong together. Only for an image in which nothing was built.
  Result<void> restore(const ImageParts& parts);

  // Everything anew, over the segments that `files` lie in; the number of files that are new,
  // different or gone. None: the image keeps the segments that it has, so that the dataplane need
  // not be sent all of them for nothing; few: they are copied, and go into the delta. An Error
  // leaves the image as it was; so it is with apply() and compact(). Many that are changed are not
  // told one by one.
  Result<std::size_t> rebase(FileTable files, const ChangedFile& tell = {});

  // Puts into the delta what differs; the number of files that do.
  Result<std::size_t> apply(ImageChange change, const ChangedFile& tell = {});

  // Changes have left many segments, or hold much memory for files that were replaced since.
  bool wants_merge() const noexcept;
  // So many that the next offer may not have room for its own: merge() cannot wait.
  bool must_merge() const noexcept;
  // The files of the delta's small and mostly dead segments move together, at a cost of the delta
  // alone; there is no new base. Nothing needs to be published for it: the next change brings the
  // new segments along.
  Result<void> merge();

  // The delta has grown so that each further change would cost too much, or that the base holds
  // much memory for what it has replaced, or it has many large segments, which merge() leaves.
  bool wants_compact() const noexcept;
  // A new base without a delta, at a cost of all names. Files of small segments, and of those that
  // are dead for a good part, move together. Where that gives back much memory, the version moves
  // on, so that the dataplane lets go of it as well; else the next change brings the new base
  // along.
  Result<void> compact();

  // `tombstones`: of names that the image does not have, by ascending key.
  Result<Offer> offer(std::uint64_t generation, const ServedPolicy& policy,
                      std::span<const abi::Tombstone> tombstones = {}) const;
  // Of the name keys that an offer has now.
  std::uint64_t seed() const noexcept { return seed_; }

  // Segments and indexes, as far as they were offered.
  std::vector<ObjectPtr> objects() const;
  std::size_t segment_count() const noexcept {
    return base_segments_.size() + delta_segments_.size();
  }
  std::uint64_t memory_bytes() const noexcept;     // of segments and base index
  std::uint64_t huge_page_bytes() const noexcept;  // the part of them on huge pages
  // What a full build of the same files lays on huge pages while this image is still there; 0: it
  // is not asked for, or not worth it.
  std::uint64_t next_huge_page_bytes() const noexcept;

 private:
  struct DeltaItem {
    abi::Kind kind;
    std::uint32_t segment;  // its number in the manifest
    std::uint64_t offset;
  };

  using Delta = std::unordered_map<std::string, DeltaItem>;

  bool base_has(std::string_view name) const noexcept;
  // Of the delta's segments, by place in delta_segments_.
  bool must_move(std::size_t i) const noexcept;
  std::size_t lasting_segments() const noexcept;
  std::vector<ObjectPtr> segments_to_merge() const;
  // `offsets`: of the names' records in `segment`.
  void hide(const std::vector<std::string>& names, const ObjectPtr& segment,
            const std::vector<std::uint64_t>& offsets);
  // In the manifest; one that is not there becomes the delta's last.
  std::uint32_t number_of(const ObjectPtr& segment);
  void set_delta_segments(std::vector<ObjectPtr> segments);
  void add_live(const FileEntry& file);
  void take_live(const FileEntry& file);
  bool delta_is_mostly_dead() const noexcept;
  std::uint64_t delta_dead_bytes() const noexcept;
  Result<void> set_base(const FileTable& files);
  void take_base(ObjectPtr base, std::vector<ObjectPtr> segments);
  Result<void> apply_few(const FileTable& files, const ChangedFile& tell);
  Result<ObjectPtr> make_delta() const;

  // Measured: above this a publish costs more than the new base (generator facts, section 5).
  static constexpr std::size_t kMaxDeltaFiles = 16384;
  // A full build in which less than this share differs is a change over what is there.
  static constexpr std::size_t kFewShare = 20;

  bool huge_pages_;
  Spread spread_;
  FileTable files_;
  std::uint64_t version_ = 0;
  std::uint64_t seed_ = 0;
  ObjectPtr base_;
  std::vector<ObjectPtr> base_segments_;  // numbers 0.. in every manifest of this base
  std::vector<const std::byte*> base_begins_;
  abi::ImageView base_view_;
  Delta delta_;
  std::vector<ObjectPtr> delta_segments_;                           // numbers behind the base's
  std::unordered_map<const SealedObject*, std::uint32_t> numbers_;  // of all of these
  // Kept in step with each change, since wants_merge() is asked in every turn of control's loop.
  std::vector<std::uint64_t> delta_live_;     // bytes of files that are served out of each of them
  std::uint64_t delta_live_bytes_ = 0;        // their sum
  std::uint64_t delta_held_bytes_ = 0;        // memory of the delta's segments
  std::uint64_t delta_least_dead_bytes_ = 0;  // of it; behind the last merge of this base
  mutable ObjectPtr delta_object_;            // of the last offer, as long as the delta is the same
};

}  // namespace dialtone::image_build
