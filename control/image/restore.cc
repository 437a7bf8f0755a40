// SPDX-License-Identifier: Apache-2.0
//
// An image out of objects that a disk has kept. They are checked as the dataplane checks an offer,
// and become the tables that the image had then.
#include "control/image/image.h"
#include "dataplane/abi/image_validate.h"

#include <span>

namespace dialtone::image_build {
namespace {

using Bytes = std::span<const std::byte>;

// All but the digest, which a SealedObject has from its bytes.
bool is_segment(const SealedObject& object) noexcept {
  if (object.size < sizeof(abi::SegmentHeader)) {
    return false;
  }
  const auto& header = *reinterpret_cast<const abi::SegmentHeader*>(object.mapping.data());
  return header.magic == abi::kSegmentMagic && header.version == abi::kImageVersion &&
         header.id == object.id && header.size == object.size;
}

Result<void> check_parts(const ImageParts& parts) {
  std::vector<Bytes> segments;
  for (const ObjectPtr& segment : parts.segments) {
    if (!is_segment(*segment)) {
      return refused("one of its objects is no segment");
    }
    segments.push_back(segment->bytes());
  }
  const auto check = [&](const SealedObject& index) {
    return abi::validate_index(index.bytes(), {index.id, index.size, index.digest}, segments,
                               Spread::over_own_cpus());
  };
  DIALTONE_TRY(check(*parts.base));
  if (parts.delta != nullptr) {
    DIALTONE_TRY(check(*parts.delta));
    return abi::validate_pair(abi::IndexView(parts.base->bytes()),
                              abi::IndexView(parts.delta->bytes()));
  }
  return {};
}

// Calls `each` for every entry of an index that is sound.
template <typename Each>
void for_each_entry(const abi::IndexView& index, Each each) {
  for (const abi::IndexLine& line : index.lines()) {
    for (const abi::IndexEntry& entry : line.entries) {
      if (entry.where != 0) {
        each(entry);
      }
    }
  }
}

}  // namespace

Result<void> Image::restore(const ImageParts& parts) {
  DIALTONE_TRY(check_parts(parts));
  std::vector<const std::byte*> begins;
  for (const ObjectPtr& segment : parts.segments) {
    begins.push_back(segment->mapping.data());
  }
  const abi::IndexView base(parts.base->bytes());
  const abi::IndexView delta =
      parts.delta == nullptr ? abi::IndexView() : abi::IndexView(parts.delta->bytes());
  const abi::ImageView view(nullptr, base, delta, begins);
  const std::uint32_t base_segments = base.header().segment_count;
  FileTable files;
  Delta changes;
  bool is_ours = true;  // these two are all that control has ever written
  const auto put = [&](const abi::IndexEntry& entry) {
    const std::string_view name = view.file_at(entry).name();
    if (entry.kind() == abi::Kind::kFlat) {
      const abi::FileRecord& record = *view.file_at(entry).record;
      files.put(std::string(name), {parts.segments[entry.segment()],
                                    {entry.record_offset(), record.length, record.digest,
                                     /*segment=*/0, record.origin, record.file_class}});
    } else if (entry.kind() == abi::Kind::kAbsent) {
      files.erase(name);
    }
    is_ours = is_ours && entry.kind() != abi::Kind::kComposed;
  };
  for_each_entry(base, put);
  if (delta.present()) {
    for_each_entry(delta, [&](const abi::IndexEntry& entry) {
      put(entry);
      changes.insert_or_assign(std::string(view.file_at(entry).name()),
                               DeltaItem{entry.kind(), entry.segment(), entry.record_offset()});
    });
  }
  if (!is_ours) {
    return refused("an entry of its indexes is none that this release writes");
  }
  if (files.content_digest() != parts.content_digest) {
    return refused("its files have the content digest " + to_hex(files.content_digest()) +
                   ", not " + to_hex(parts.content_digest));
  }
  const auto split = parts.segments.begin() + base_segments;
  take_base(parts.base, {parts.segments.begin(), split});
  delta_ = std::move(changes);
  set_delta_segments({split, parts.segments.end()});
  delta_object_ = parts.delta;
  files_ = std::move(files);
  for (const auto& [name, item] : delta_) {
    if (const FileEntry* file = files_.find(name); file != nullptr) {
      add_live(*file);
    }
  }
  ++version_;
  return {};
}

}  // namespace dialtone::image_build
