// SPDX-License-Identifier: Apache-2.0
//
// What is not as it should be with the Service, for `dialtone status`.
#include "control/daemon/first_warnings.h"
#include "control/daemon/service.h"
#include "dataplane/abi/offer_protocol.h"

#include <algorithm>

namespace dialtone::daemon {

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
  add_first(
      builder_->faults(), "the log has them all",
      [](const Diagnostic& fault) { return to_string(fault); }, texts);
  return texts;
}

Result<std::vector<std::string>> Service::unknown_parameters() {
  const auto all = unknown_parameters_.of_all(*database_);
  if (!all) {
    return all.error();
  }
  std::vector<std::string> texts;
  add_first(
      **all, "correct these, and the next ones are named",
      [](const std::string& text) { return text; }, texts);
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
