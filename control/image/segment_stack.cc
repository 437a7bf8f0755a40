// SPDX-License-Identifier: Apache-2.0
#include "control/image/segment_stack.h"

namespace dialtone::image_build {
namespace {

constexpr std::size_t kSmallChunk = 64 * 1024;
// Where the next file does not fit, the end of a chunk is lost: of phones' files a twentieth of the
// smaller one.
constexpr std::size_t kMuchChunk = 512 * 1024;
constexpr std::size_t kHugeChunk = std::size_t{2} << 20;

// Small enough that a few dead files do not hold gigabytes, large enough that segments stay few.
constexpr std::uint64_t kSegmentTarget = std::uint64_t{1} << 30;

// Name, record, sums and padding of one file, with room to spare.
constexpr std::uint64_t framed(std::uint64_t length) noexcept {
  return length + length / abi::kSumUnit * 2 + 4096;
}

}  // namespace

Result<void> SegmentStack::open_segment() {
  Result<std::unique_ptr<MemfdSpace>> space = failed("not made yet");
  if (huge_) {
    space = MemfdSpace::create(Pages::kHuge, kHugeChunk);
    huge_ = space.ok();  // a container's kernel may have none at all
  }
  if (!space) {
    space = MemfdSpace::create(Pages::kSmall, is_much_ ? kMuchChunk : kSmallChunk);
  }
  if (!space) {
    return space.error();
  }
  space_ = *std::move(space);
  writer_ = std::make_unique<abi::SegmentWriter>(*space_);
  first_ = files_.size();
  return {};
}

Result<void> SegmentStack::close_segment() {
  writer_.reset();
  std::unique_ptr<MemfdSpace> space = std::move(space_);
  if (files_.size() == first_) {
    return {};  // nobody needs it
  }
  auto segment = MemfdSpace::finish(std::move(space));
  if (!segment) {
    lost_ = segment.error();
    return segment.error();
  }
  for (; first_ < files_.size(); ++first_) {
    files_[first_].second.segment = *segment;
  }
  return {};
}

Result<std::span<std::byte>> SegmentStack::begin(std::string_view canonical_name,
                                                 std::size_t max_length) {
  if (lost_) {
    return *lost_;
  }
  if (framed(max_length) > abi::kMaxSegmentBytes - kHugeChunk) {
    return refused("a file of " + std::to_string(max_length) +
                   " bytes is too large; a segment "
                   "holds at most 4 GiB");
  }
  if (space_ != nullptr && space_->used() + framed(max_length) > kSegmentTarget &&
      files_.size() > first_) {
    DIALTONE_TRY(close_segment());
  }
  if (space_ == nullptr) {
    DIALTONE_TRY(open_segment());
  }
  auto room = writer_->begin(canonical_name, max_length);
  if (!room && huge_) {
    // The huge pages have run out: what is written stays there, the rest goes to ordinary ones.
    huge_ = false;
    DIALTONE_TRY(close_segment());
    DIALTONE_TRY(open_segment());
    room = writer_->begin(canonical_name, max_length);
  }
  name_ = canonical_name;
  return room;
}

void SegmentStack::commit(std::size_t length, const abi::FileMeta& meta) {
  files_.emplace_back(std::move(name_), FileEntry{nullptr, writer_->commit(length, meta)});
}

Result<SegmentStack::Files> SegmentStack::finish() {
  if (lost_) {
    return *lost_;
  }
  if (space_ != nullptr) {
    DIALTONE_TRY(close_segment());
  }
  return std::move(files_);
}

}  // namespace dialtone::image_build
