// SPDX-License-Identifier: Apache-2.0
//
// What dialtone-control does, without its sockets for clients: database, builder and publisher
// together. Follows changes that others make (the sqlite3 shell, files copied into the asset
// folder) by itself; whoever changes the database through this process calls follow_database().
// Keeps what was published on disk, and begins with the last of it (docs/generations.md). One
// thread, and that of the Keeper.
#pragma once

#include "control/assets/asset_store.h"
#include "control/assets/folder_watch.h"
#include "control/build/builder.h"
#include "control/daemon/change_trace.h"
#include "control/daemon/counter_marks.h"
#include "control/daemon/dataplane_health.h"
#include "control/daemon/history.h"
#include "control/daemon/import_run.h"
#include "control/daemon/metrics_endpoint.h"
#include "control/daemon/metrics_text.h"
#include "control/daemon/miss_resolver.h"
#include "control/daemon/options.h"
#include "control/daemon/served_watch.h"
#include "control/database/database.h"
#include "control/database/family_parameters.h"
#include "control/image/huge_page_pool.h"
#include "control/publish/publisher.h"

#include <poll.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::daemon {

class Service {
 public:
  using Clock = std::chrono::steady_clock;

  // Opens the folder, and the database, unless a generation of an earlier process can be offered
  // before it is. Nothing is built yet. `is_ending`: BuildConfig::cancelled.
  static Result<std::unique_ptr<Service>> open(const Options& options,
                                               std::function<bool()> is_ending = {});

  // Offers that generation, gives the dataplane a moment to take it, and builds everything. An
  // Error of the build is kept for warnings(), and what was in its way is tried again.
  void start();

  // Builds everything, and offers it when it differs. An Error is also kept for warnings().
  Result<build::BuildReport> build_all();
  // For whom nobody waits; behind an import, if one goes on.
  void build_again();
  // What it would give; nothing is offered.
  Result<build::Rehearsal> rehearse();
  // After a commit of our own.
  Result<build::BuildReport> follow_database();

  // After a change of our own in the asset folder.
  Result<build::BuildReport> follow_folder();
  // What changes it. An Error: there is no folder, or it cannot be written.
  Result<assets::AssetStore*> asset_store();

  // What the open transaction on database(), which there must be, would build if it were committed.
  Result<build::Preview> preview() { return builder_->preview(); }

  // Serves the kept generation `number` (0: the one before what is served) until publish(), also
  // after a restart; its number. What is built meanwhile is not published.
  Result<std::uint64_t> roll_back(std::uint64_t number);
  // Ends that. Builds what has changed first.
  Result<build::BuildReport> publish();
  // What is kept, and its files: null number: of what is served.
  Result<image_build::FileTable> files_of(std::uint64_t number);
  const History& history() const noexcept { return history_; }
  History& history() noexcept { return history_; }

  // The one that goes on; null: none does. It does so as long as somebody owns it.
  std::shared_ptr<const ImportRun> import() const noexcept { return import_.lock(); }
  // kTimeout, with how far it is, while one does: it has the lock of a SQLite file to its end.
  Result<void> check_import() const;
  void set_import(const std::shared_ptr<const ImportRun>& run) noexcept { import_ = run; }

  CounterMarks& marks() noexcept { return marks_; }

  // As of now: what the dataplane has served is looked at before.
  const ChangeTrace& trace();

  void add_poll_fds(std::vector<pollfd>& fds) const;
  Clock::time_point due(Clock::time_point now) const;
  // Whatever is due: foreign changes, the dataplane's messages, offers.
  void step(Clock::time_point now);

  // Opens the database, if there is one and it is not open yet.
  Result<void> open_database();
  // Refused when the database's file was moved or replaced under us, or when a newer program has
  // brought it to a schema of its own.
  Result<void> check_database_file() const;
  // The latter of a server, with a round trip; database() is not null.
  Result<void> check_server_schema() const;

  // Why no file is signed, though it is asked for; empty: it is.
  const Diagnostics& signing_faults() const noexcept { return signing_faults_; }

  database::Database* database() noexcept { return database_.get(); }  // null: none
  const build::Builder& builder() const noexcept { return *builder_; }
  const publish::Publisher& publisher() const noexcept { return *publisher_; }
  publish::Publisher& publisher() noexcept { return *publisher_; }
  const abi::Policy& configured_policy() const noexcept { return configured_; }
  const Options& options() const noexcept { return options_; }
  Clock::time_point started() const noexcept { return started_; }

  // The dataplane has no session for a client that it does not know.
  bool is_full() const noexcept { return health_.is_full(); }

  // What is not as it should be, now: for `dialtone status`.
  std::vector<std::string> warnings() const;
  // Of all devices, the first of them; there is a database.
  Result<std::vector<std::string>> unknown_parameters();
  // What images need of huge pages: the next one, and all that may be there at once.
  image_build::HugePageNeed huge_page_need() const;
  // Why the newest files may not be what the database says; empty: they are.
  const std::string& database_error() const noexcept {
    return gone_error_.empty() ? database_error_ : gone_error_;
  }
  // Why the newest files are not those that clients get; empty: they are.
  std::string not_served() const;

 private:
  // After a build that failed: what was in its way, a lock or a full disk, may have gone.
  static constexpr std::chrono::milliseconds kRetry{5000};

  explicit Service(const Options& options) : options_(options), metrics_(options.metrics) {}

  const char* lost_file() const;
  void restore_last();
  void offer_last();
  void keep(const publish::SentOffer& sent);
  void keep_when_signed();
  bool awaits_signatures() const;
  void load_signing_key();
  void sign_more(Clock::time_point now);
  void add_signing_warnings(std::vector<std::string>& texts) const;
  void note_change(const build::BuildReport& report, std::string_view what);
  bool waits_for_database() const noexcept {
    return database_ == nullptr && !options_.database.empty();
  }
  Result<std::unique_ptr<image_build::Image>> load_image(std::uint64_t number);
  std::string huge_page_shortage() const;
  // `noticed`: when it began, as of the clock of the trace.
  Result<build::BuildReport> note(Result<build::BuildReport> built, std::string_view what,
                                  std::int64_t noticed, std::string& error);
  void trace_published(const publish::SentOffer& sent);
  // The policy of the configuration, with what the database says of it.
  void take_parameters();
  void tell_rebuilding();
  // When the image may get a new base (build::Builder::fold()), or be folded at all; max(): that is
  // not wanted.
  Clock::time_point new_base_due() const noexcept;
  Clock::time_point fold_due() const noexcept;
  void fold(Clock::time_point now);
  void look_at_database(Clock::time_point now);
  // The old state is served until it is back; said once in the log, and by warnings().
  void database_is_gone(const Error& why);
  // `hurry`: somebody waits for a file, so what has changed is read now.
  void look_at_folder(Clock::time_point now, bool hurry);
  void answer_misses(Clock::time_point now);
  void answer_scrapes(Clock::time_point now);
  bool knows_all() const noexcept;

  Options options_;
  Clock::time_point started_ = Clock::now();
  image_build::ServedPolicy policy_{};
  abi::Policy configured_{};  // of the configuration alone
  std::unique_ptr<database::Database> database_;
  History history_;
  ChangeTrace trace_;
  ServedWatch served_{trace_};
  CounterMarks marks_;
  std::weak_ptr<const ImportRun> import_;
  bool build_due_ = false;                         // when the import has ended
  std::unique_ptr<image_build::Image> old_image_;  // of the rollback in force; null: none
  std::optional<build::Builder> builder_;
  std::optional<publish::Publisher> publisher_;
  std::optional<MissResolver> misses_;
  std::optional<assets::FolderWatch> watch_;
  std::optional<assets::AssetStore> store_;  // nothing: not asked for, or it could not be opened
  database::UnknownParameters unknown_parameters_;
  DataplaneHealth health_;
  MetricsEndpoint metrics_;
  BuildTimes build_times_;
  ChangeTimes change_times_;
  Diagnostics signing_faults_;
  bool was_signing_ = false;
  std::string signing_error_;                 // said last; empty: that of before is over
  std::uint64_t signed_version_ = 0;          // of the image, with the newest signatures
  std::optional<publish::SentOffer> unkept_;  // the newest, while its signatures are missing
  std::int64_t data_version_ = 0;
  Clock::time_point next_look_;
  std::uint64_t seen_version_ = 0;                    // of the image
  Clock::time_point last_change_;                     // of the image
  std::optional<Clock::time_point> new_base_wanted_;  // since then; nothing: it is not
  Clock::time_point fold_retry_;
  Clock::time_point folder_retry_;
  Clock::time_point next_hurry_;
  std::string database_error_;  // of the last build from it; empty: it went well
  std::string gone_error_;      // why a server cannot be asked; empty: it can
  std::string folder_error_;
};

}  // namespace dialtone::daemon
