// SPDX-License-Identifier: Apache-2.0
//
// What is not as it should be with the Service, for `dialtone status`.
#include "control/daemon/service.h"
#include "dataplane/abi/offer_protocol.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

// `dialtone status` stays readable when every phone has the same fault.
constexpr std::size_t kMaxWarnings = 20;

}  // namespace

std::vector<std::string> Service::warnings() const {
  std::vector<std::string> texts = health_.warnings();
  for (const std::string* error : {&database_error(), &folder_error_}) {
    if (!error->empty()) {
      texts.push_back(*error + "; the last good state is served");
    }
  }
  if (const auto in_place = check_database_file(); !in_place) {
    texts.push_back(in_place.error().text);
  }
  if (const std::string why = not_served(); !why.empty()) {
    texts.push_back("the newest files are not served: " + why);
  } else if (publisher_->policy_state() == publish::PublishState::kRefused) {
    texts.push_back("the files are served under an older [policy]: " +
                    publisher_->why(publish::PublishState::kRefused));
  }
  if (std::string refusal = publisher_->passing_refusal(); !refusal.empty()) {
    texts.push_back(std::move(refusal));
  }
  if (std::string shortage = huge_page_shortage(); !shortage.empty()) {
    texts.push_back(std::move(shortage));
  }
  if (!metrics_.trouble().empty()) {
    texts.push_back(metrics_.trouble());
  }
  history_.add_warnings(texts);
  add_signing_warnings(texts);
  const Diagnostics faults = builder_->faults();
  for (std::size_t i = 0; i < std::min(faults.size(), kMaxWarnings); ++i) {
    texts.push_back(to_string(faults[i]));
  }
  if (faults.size() > kMaxWarnings) {
    texts.push_back("and " + std::to_string(faults.size() - kMaxWarnings) +
                    " more like these; the log has them all");
  }
  return texts;
}

// The image is there before a dataplane has it, and when none is connected.
image_build::HugePageNeed Service::huge_page_need() const {
  const image_build::Image& image = builder_->image();
  const std::uint64_t next = image.next_huge_page_bytes();
  return {next, image_build::most_images(abi::kMaxLiveGenerations) * next,
          std::max(image.huge_page_bytes(), publisher_->live_huge_bytes())};
}

std::string Service::huge_page_shortage() const {
  return image_build::huge_page_shortage(image_build::read_huge_page_pool(), huge_page_need());
}

std::string Service::not_served() const {
  const std::uint64_t version = builder_->image().version();
  return version == 0 ? std::string() : publisher_->why(publisher_->state(version));
}

}  // namespace dialtone::daemon
