// SPDX-License-Identifier: Apache-2.0
//
// The part of the service that is about kept generations: the start with the last one, rollbacks,
// and what becomes of each that is published (docs/generations.md).
#include "control/daemon/service.h"
#include "control/daemon/unix_time.h"
#include "dataplane/program/log.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using std::chrono::milliseconds;

// A dataplane that is there says HELLO at once; one that is not is not waited for.
constexpr milliseconds kHelloPatience{200};
// It maps and checks gigabytes in less.
constexpr milliseconds kOfferPatience{2000};
constexpr milliseconds kTurn{1};

// The newest below what is served whose files are others; 0: there is none.
// `unkept`: of what is served, when that is not kept; else 0.
std::uint64_t one_before(const std::vector<generations::Generation>& kept, const Digest& served,
                         const std::optional<Rollback>& rollback, std::uint64_t unkept) {
  std::uint64_t below = rollback ? rollback->generation : unkept;
  for (const generations::Generation& each : kept) {
    below = !rollback && each.content == served ? each.number : below;
  }
  std::uint64_t found = 0;
  for (const generations::Generation& each : kept) {
    found = each.number < below && each.content != served ? each.number : found;
  }
  return found;
}

}  // namespace

// The newest that is whole, or the one that a rollback holds in force.
void Service::restore_last() {
  history_.open(options_.generations, options_.generations_kept);
  if (!history_.is_open()) {
    return;
  }
  generations::Store& store = history_.store();
  auto kept = history_.list();
  const auto held = store.pinned();
  if (!kept || !held) {
    history_.add_fault(kept ? held.error().text : kept.error().text);
  }
  if (!kept) {
    return;
  }
  for (const Error& fault : kept->faults) {
    history_.add_fault(fault.text);
  }
  auto& all = kept->generations;
  publisher_->start_behind(all.empty() ? 0 : all.back().number, store.reserved());
  std::ranges::reverse(all);
  if (held && *held != 0) {
    std::stable_partition(all.begin(), all.end(),
                          [&](const auto& each) { return each.number == *held; });
  }
  for (const generations::Generation& generation : all) {
    const auto parts = store.load(generation, {options_.huge_pages, {}});
    const auto restored = parts ? builder_->restore(*parts) : Result<void>(parts.error());
    if (!restored) {
      history_.add_fault(generations::file_name(generation.number) + ": " + restored.error().text);
      continue;
    }
    history_.begin(generation.content);
    if (held && generation.number == *held) {
      old_image_ = std::make_unique<image_build::Image>(options_.huge_pages);
      (void)old_image_->restore(*parts);  // it has been, just now
      publisher_->roll_back(old_image_.get());
      history_.resume({generation.number, 0});
    }
    spdlog::info("generation {} of {} is there: {} files, {} bytes{}", generation.number,
                 store.path(), generation.files, generation.bytes,
                 old_image_ == nullptr ? "" : "; it is in force since a rollback");
    return;
  }
}

void Service::offer_last() {
  const auto begin = Clock::now();
  const auto patience = [this] {
    return publisher_->hello() == nullptr ? kHelloPatience : kOfferPatience;
  };
  while (Clock::now() < begin + patience()) {
    publisher_->step(Clock::now());
    if (publisher_->hello() != nullptr &&
        publisher_->offered_state() != publish::PublishState::kPending) {
      return;
    }
    std::vector<pollfd> fds;
    publisher_->add_poll_fds(fds);
    ::poll(fds.data(), fds.size(), static_cast<int>(kTurn.count()));
  }
}

void Service::start() {
  if (builder_->image().version() != 0) {
    offer_last();
  }
  if (!build_all() && waits_for_database()) {
    load_signing_key();  // which else comes behind the database: `status` is to say why it is of no
                         // use
    spdlog::error("{}; the last generation is served", database_error_);
    next_look_ = Clock::now() + kTurn;
  }
}

void Service::note_change(const build::BuildReport& report, std::string_view what) {
  history_.note_change(what, report.files);
}

Result<std::unique_ptr<image_build::Image>> Service::load_image(std::uint64_t number) {
  generations::LoadOptions options{options_.huge_pages, {}};
  options.known.add(builder_->image().objects());
  options.known.add(publisher_->offered_image().objects());
  const auto parts = history_.load(number, std::move(options));
  if (!parts) {
    return parts.error();
  }
  auto image = std::make_unique<image_build::Image>(options_.huge_pages);
  if (auto restored = image->restore(*parts); !restored) {
    return refused("generation " + std::to_string(number) + ": " + restored.error().text);
  }
  return image;
}

Result<image_build::FileTable> Service::files_of(std::uint64_t number) {
  if (number == 0) {
    return publisher_->offered_image().files();
  }
  auto image = load_image(number);
  return image ? Result<image_build::FileTable>((*image)->files()) : image.error();
}

Result<std::uint64_t> Service::roll_back(std::uint64_t number) {
  const auto kept = history_.list();
  if (!kept) {
    return kept.error();
  }
  const image_build::FileTable& served = publisher_->offered_image().files();
  if (number == 0) {
    number = one_before(kept->generations, served.content_digest(), history_.rollback(),
                        unkept_ ? unkept_->offer.generation : 0);
    if (number == 0) {
      return refused(
          "no generation is kept that is older, and has other files, than what is served");
    }
  }
  auto image = load_image(number);
  if (!image) {
    return image.error();
  }
  history_.set_rollback(Rollback{number, served.count_differences((*image)->files())});
  publisher_->roll_back(image->get());
  old_image_ = *std::move(image);
  spdlog::warn(
      "rolled back to generation {}; changes are built, and not published until 'dialtone "
      "publish'",
      number);
  publisher_->step(Clock::now());
  return number;
}

Result<build::BuildReport> Service::publish() {
  DIALTONE_TRY(check_import());
  // Where the database cannot be opened, the newest is what was built before.
  auto report = waits_for_database() ? build::BuildReport{} : follow_database();
  if (report && watch_ && !waits_for_database()) {
    const std::int64_t noticed = unix_us();
    const auto assets = note(builder_->follow_assets(), "asset folder", noticed, folder_error_);
    if (!assets) {
      return assets.error();
    }
    report->files += assets->files;
  }
  if (!report) {
    return report;
  }
  if (old_image_ != nullptr) {
    const std::size_t differences =
        builder_->image().files().count_differences(old_image_->files());
    history_.set_rollback(std::nullopt);
    history_.note_change("end of the rollback", differences);
    publisher_->roll_back(nullptr);
    old_image_.reset();
    report->files = std::max(report->files, differences);
    spdlog::info("the rollback is ended; the newest files are published");
  }
  publisher_->retry_refused();
  publisher_->step(Clock::now());
  return report;
}

}  // namespace dialtone::daemon
