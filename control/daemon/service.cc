// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/service.h"

#include "control/daemon/unix_time.h"
#include "control/database/service_parameters.h"
#include "dataplane/program/log.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using std::chrono::milliseconds;

// When misses have the folder read before it is quiet, it rests for so many times as long as that
// took: a folder of many files that changes all the time leaves us time for the rest.
constexpr int kHurryRest = 4;

}  // namespace

Result<std::unique_ptr<Service>> Service::open(const Options& options,
                                               std::function<bool()> is_ending) {
  std::unique_ptr<Service> service(new Service(options));
  service->policy_ = options.policy.served;
  if (options.asks_for_misses) {
    service->policy_.policy.miss_rule = abi::MissRule::kAsk;
    service->policy_.policy.miss_park_ms = options.miss_park_ms;
  }
  service->configured_ = service->policy_.policy;
  if (!options.assets.empty()) {
    auto watch = assets::FolderWatch::open(options.assets);
    if (!watch) {
      return watch.error();
    }
    service->watch_.emplace(*std::move(watch));
    // Before anything is read: what an earlier process has left half done is ended first.
    if (auto store = service->asset_store(); !store) {
      spdlog::warn("{}", store.error().text);
    }
  }
  auto encoders = build::EncoderSet::create(options.encoders);
  if (!encoders) {
    return encoders.error();
  }
  build::BuildConfig config{options.database, options.assets, options.threads, options.huge_pages};
  config.hold_loads = options.hold_loads;
  config.asset_most = options.asset_most;
  config.encoders = *std::move(encoders);
  config.build_cnf = database::default_build_cnf(options.policy.profile);
  config.cancelled = std::move(is_ending);
  auto builder = build::Builder::create(std::move(config), nullptr);
  if (!builder) {
    return builder.error();
  }
  service->builder_.emplace(*std::move(builder));
  if (options.signing) {
    DIALTONE_TRY(service->builder_->enable_signing(options.signing_cpus));
  }
  service->publisher_.emplace(options.dataplane, service->builder_->image(), service->policy_,
                              program::log_line);
  service->publisher_->after_published([raw = service.get()](const publish::SentOffer& sent) {
    raw->keep(sent);
    raw->trace_published(sent);
  });
  service->trace_.after_served(
      [raw = service.get()](const TracedChange& change) { raw->change_times_.add(change); });
  service->restore_last();
  if (service->builder_->image().version() == 0) {
    DIALTONE_TRY(service->open_database());
  }
  service->builder_->before_full_build([raw = service.get()] { raw->tell_rebuilding(); });
  service->misses_.emplace(*service->publisher_, options.asks_for_misses,
                           milliseconds(options.miss_wait_ms));
  return service;
}

Result<assets::AssetStore*> Service::asset_store() {
  if (options_.assets.empty()) {
    return refused("this control serves no folder of files; set 'assets' in [control]");
  }
  if (!store_) {
    auto store =
        assets::AssetStore::open(options_.assets, options_.asset_versions, options_.asset_most);
    if (!store) {
      return store.error();
    }
    if (!store->warning().empty()) {
      spdlog::warn("{}", store->warning());
    }
    store_.emplace(*std::move(store));
  }
  return &*store_;
}

void Service::look_at_folder(Clock::time_point now, bool hurry) {
  if (!watch_) {
    return;
  }
  watch_->read_events(now);
  if (waits_for_database()) {
    (void)watch_->take(now);  // the build that follows reads the whole folder
    return;
  }
  const bool again = !folder_error_.empty() && now >= folder_retry_;
  const bool at_once = hurry && now >= next_hurry_ && watch_->take_unsettled();
  if (!at_once && !watch_->take(now) && !again) {
    return;
  }
  const Clock::time_point begin = Clock::now();
  if (!follow_folder()) {
    folder_retry_ = now + kRetry;
  }
  next_hurry_ = now + kHurryRest * (Clock::now() - begin);
}

// What could bring a file has been looked at: where it has not, nobody can say that one is absent.
bool Service::knows_all() const noexcept {
  return database_error_.empty() && gone_error_.empty() && folder_error_.empty() &&
         (!watch_ || !watch_->has_news());
}

void Service::answer_misses(Clock::time_point now) {
  const auto may_come = [this](const std::string& name) {
    return old_image_ == nullptr && builder_->signed_files().hurry(name);
  };
  if (misses_->settle(publisher_->offered_image().files(), knows_all(), now, may_come)) {
    publisher_->step(now);
  }
}

void Service::answer_scrapes(Clock::time_point now) {
  metrics_.step(now, [this](metrics::Format format) {
    return metrics_text(
        {*publisher_, *builder_, build_times_, change_times_, options_.policy.profile}, format);
  });
}

void Service::add_poll_fds(std::vector<pollfd>& fds) const {
  publisher_->add_poll_fds(fds);
  metrics_.add_poll_fds(fds);
  if (database_ != nullptr) {
    fds.push_back({database_->wake_fd(), POLLIN, 0});  // -1 is passed over
  }
  fds.push_back({builder_->signed_files().fd(), POLLIN, 0});
  if (watch_) {
    fds.push_back({watch_->fd(), POLLIN, 0});
  }
}

Service::Clock::time_point Service::due(Clock::time_point now) const {
  Clock::time_point due =
      std::min({publisher_->due(now), misses_->due(), health_.due(), served_.due(),
                builder_->signed_files().due(), metrics_.due(), fold_due()});
  if (database_ != nullptr && database_->has_news()) {
    due = now;
  } else if (!options_.database.empty()) {
    due = std::min(due, next_look_);
  }
  if (watch_) {
    due = std::min(due, watch_->due());
    due = folder_error_.empty() ? due : std::min(due, folder_retry_);
  }
  return due;
}

void Service::build_again() {
  build_due_ = import() != nullptr;
  if (build_due_) {
    spdlog::info("everything is built again when the import has ended");
  } else {
    (void)build_all();  // it has said what it did, or why not
  }
}

void Service::step(Clock::time_point now) {
  publisher_->step(now);
  health_.look(*publisher_, now);
  served_.look_when_due(*publisher_, now);
  const bool hurry = misses_->take(now);
  if (hurry || (database_ != nullptr && database_->take_news())) {
    next_look_ = std::min(next_look_, now);
  }
  if (build_due_ && import() == nullptr) {
    build_again();
  }
  look_at_database(now);
  look_at_folder(now, hurry);
  sign_more(now);
  answer_misses(now);
  answer_scrapes(now);
  fold(now);
}

void Service::trace_published(const publish::SentOffer& sent) {
  if (sent.state.rollback == 0) {
    const std::int64_t now = unix_us();
    trace_.publish({sent.state.image, sent.offer.generation,
                    now - static_cast<std::int64_t>(publisher_->publish_us()), now,
                    publisher_->swap_us()});
  }
}

const ChangeTrace& Service::trace() {
  served_.look(*publisher_);
  return trace_;
}

}  // namespace dialtone::daemon
