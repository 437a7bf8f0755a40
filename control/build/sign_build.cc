// SPDX-License-Identifier: Apache-2.0
//
// The part of the builder that is about signed files.
#include "control/build/builder.h"

namespace dialtone::build {
namespace {

// More than this is cheaper as a new base than as a change over one.
constexpr std::size_t kManyFiles = 4096;

}  // namespace

std::string Builder::spelled(const std::string& name, abi::Origin origin) const {
  std::string text;
  if (origin == abi::Origin::kAsset) {
    text = assets_.spelled(name);
  } else if (devices_ != nullptr) {
    text = devices_->spelled(name);
  }
  return text.empty() ? name : text;
}

Result<void> Builder::enable_signing(std::vector<int> cpus) {
  return signed_.enable(
      std::move(cpus), config_.huge_pages,
      [this](const std::string& name, abi::Origin origin) { return spelled(name, origin); },
      [this](const std::string& signed_name) {
        return assets_.files().find(signed_name) != nullptr;
      });
}

Result<std::size_t> Builder::continue_signing(SignedFiles::Clock::time_point now) {
  image_build::ImageChange change = signed_.advance(image_->files(), now);
  if (change.put.empty()) {
    return std::size_t{0};
  }
  auto put = put_signed(std::move(change));
  if (!put) {
    signed_.put_off(put.error().text, now);
    return put;
  }
  (void)signed_.advance(image_->files(), now);  // the next batch
  return put;
}

Result<std::size_t> Builder::put_signed(image_build::ImageChange change) {
  if (change.put.size() > kManyFiles) {
    image_build::FileTable files = image_->files();
    for (auto& [name, entry] : change.put) {
      files.put(name, std::move(entry));
    }
    return image_->rebase(std::move(files));
  }
  const auto files = image_->apply(std::move(change));
  Diagnostics faults;  // what is short of memory here is so for the next change, which tells it
  make_room(faults);
  return files;
}

}  // namespace dialtone::build
