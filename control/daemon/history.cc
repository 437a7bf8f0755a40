// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/history.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace dialtone::daemon {
void History::open(const std::string& folder, std::size_t most) {
  if (folder.empty()) {
    return;
  }
  auto store = generations::Store::open(folder, most);
  if (!store) {
    trouble_ = store.error().text;
    return;
  }
  store_ = *std::move(store);
  keeper_ = std::make_unique<generations::Keeper>(*store_);
}

Error History::closed() const {
  return refused(trouble_.empty() ? std::string("no generations are kept; set 'generations' in "
                                                "[control] to a folder for them")
                                  : "no generations are kept: " + trouble_);
}

Result<generations::Kept> History::list() const {
  if (store_ == nullptr) {
    return closed();
  }
  // In this order: what is written between the two is in the second.
  generations::Keeper::Pending pending = keeper_->pending();
  auto kept = store_->list();
  if (!kept) {
    return kept;
  }
  auto& all = kept->generations;
  for (generations::Generation& each : pending.generations) {
    if (std::ranges::find(all, each.number, &generations::Generation::number) == all.end()) {
      all.push_back(std::move(each));
    }
  }
  return kept;
}

Result<image_build::ImageParts> History::load(std::uint64_t number,
                                              generations::LoadOptions options) {
  const auto kept = list();
  if (!kept) {
    return kept.error();
  }
  const auto& all = kept->generations;
  const auto found = std::ranges::find(all, number, &generations::Generation::number);
  if (found == all.end()) {
    const auto why = store_->find(number);
    return why ? failed("generation " + std::to_string(number) +
                        " has just been written; try again")
               : why.error();
  }
  options.known.add(keeper_->pending().objects);
  return store_->load(*found, options);
}

generations::KeeperState History::writing() const {
  return keeper_ == nullptr ? generations::KeeperState{} : keeper_->state();
}

void History::note_change(std::string_view what, std::size_t files) {
  if (files == 0) {
    return;
  }
  changed_ += files;
  if (why_.find(what) == std::string::npos) {
    why_ += (why_.empty() ? "" : ", ") + std::string(what);
  }
}

// A generation that brings no other files, but a policy or absent names, is not worth a place.
void History::published(const publish::SentOffer& sent) {
  if (keeper_ == nullptr) {
    return;
  }
  const image_build::Offer& offer = sent.offer;
  keeper_->note_number(offer.generation);
  if (offer.content_digest == last_content_) {
    return;
  }
  last_content_ = offer.content_digest;
  generations::Generation generation;
  generation.number = offer.generation;
  generation.time_s = static_cast<std::uint64_t>(std::time(nullptr));
  generation.content = offer.content_digest;
  generation.files = offer.file_count;
  generation.bytes = offer.content_bytes;
  if (sent.state.rollback != 0 && rollback_) {
    generation.changed = rollback_->changed;
    generation.why = "rollback to generation " + std::to_string(rollback_->generation);
  } else {
    generation.changed = std::exchange(changed_, 0);
    generation.why = std::exchange(why_, {});
  }
  keeper_->keep(std::move(generation), offer);
}

void History::passed(const publish::SentOffer& sent) {
  if (keeper_ != nullptr) {
    keeper_->note_number(sent.offer.generation);
  }
}

void History::set_rollback(const std::optional<Rollback>& rollback) {
  rollback_ = rollback;
  const auto pinned = store_->pin(rollback ? rollback->generation : 0);
  rollback_trouble_ = pinned ? std::string() : pinned.error().text;
}

void History::add_warnings(std::vector<std::string>& texts) const {
  if (!trouble_.empty()) {
    texts.push_back("no generation is kept on disk: " + trouble_ +
                    "; a restart has to build before it serves, and there is none to roll back to");
  }
  if (!rollback_trouble_.empty()) {
    texts.push_back("a restart would not know what is rolled back: " + rollback_trouble_ +
                    "; make room, and say 'dialtone rollback' or 'dialtone publish' again");
  }
  if (const std::string why = writing().trouble; !why.empty()) {
    texts.push_back("the newest generation is not kept on disk: " + why +
                    "; what is served is not touched, it is tried again, and a restart begins with "
                    "the one before");
  }
  for (const std::string& fault : faults_) {
    texts.push_back("a kept generation cannot be used: " + fault +
                    "; remove the file, or leave it until newer ones take its place");
  }
}

}  // namespace dialtone::daemon
