// SPDX-License-Identifier: Apache-2.0
//
// Reads an offer of control as a dataplane does: the validator first, then ImageView.
#pragma once

#include "control/image/image.h"
#include "dataplane/abi/image_validate.h"
#include "dataplane/abi/image_view.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::test {

class OfferReader {
 public:
  explicit OfferReader(image_build::Offer offer) : offer_(std::move(offer)) {
    for (const image_build::ObjectPtr& segment : offer_.segments) {
      begins_.push_back(segment->mapping.data());
      segments_.push_back(segment->bytes());
    }
    fault_ = check();
    if (fault_.empty()) {
      view_ = abi::ImageView(&manifest(), index(offer_.base), index(offer_.delta), begins_);
    }
  }
  // The view points into vectors, which keep their memory when they move.
  OfferReader(OfferReader&&) = default;

  const std::string& fault() const { return fault_; }  // empty: valid
  const abi::Manifest& manifest() const {
    return *reinterpret_cast<const abi::Manifest*>(offer_.manifest->bytes().data());
  }

  const abi::FileRecord* record(std::string_view name) const {
    const auto file = view_.find(name);
    return file ? file->record : nullptr;
  }
  std::optional<std::string> content(std::string_view name) const {
    const auto file = fault_.empty() ? view_.find(name) : std::nullopt;
    if (!file) {
      return std::nullopt;
    }
    return std::string(reinterpret_cast<const char*>(file->content), file->record->length);
  }

 private:
  static abi::IndexView index(const image_build::ObjectPtr& object) {
    return object == nullptr ? abi::IndexView() : abi::IndexView(object->bytes());
  }

  std::string check() const {
    if (auto valid = abi::validate_manifest(offer_.manifest->bytes()); !valid) {
      return valid.error().text;
    }
    const auto table = abi::segment_table(manifest());
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (auto valid = abi::validate_segment(segments_[i], table[i]); !valid) {
        return valid.error().text;
      }
    }
    if (auto valid = abi::validate_index(offer_.base->bytes(), manifest().base, segments_);
        !valid) {
      return "base " + valid.error().text;
    }
    if (offer_.delta != nullptr) {
      auto valid = abi::validate_index(offer_.delta->bytes(), manifest().delta, segments_);
      if (!valid) {
        return "delta " + valid.error().text;
      }
    }
    auto pair = abi::validate_pair(index(offer_.base), index(offer_.delta));
    return pair ? "" : pair.error().text;
  }

  image_build::Offer offer_;
  std::vector<const std::byte*> begins_;
  std::vector<std::span<const std::byte>> segments_;
  std::string fault_;
  abi::ImageView view_;
};

}  // namespace dialtone::test
