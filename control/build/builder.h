// SPDX-License-Identifier: Apache-2.0
//
// Keeps the image in step with the database and the asset folder: everything at once, or only what
// a change touches. A built file hides an asset of the same name. One thread, which a full build
// keeps busy with TBB for as long as it takes; readers of the database are opened for each build.
//
// An Error leaves the image, and so what is served, as it was, and nothing is forgotten: what the
// change log or the folder had told by then is built by the next call, whichever it is. What this
// knows of the image moves only when the image has.
#pragma once

#include "control/build/asset_builder.h"
#include "control/build/build_report.h"
#include "control/build/build_trace.h"
#include "control/build/device_builder.h"
#include "control/build/file_counts.h"
#include "control/build/signed_files.h"
#include "control/build/supplied_cnf.h"
#include "control/image/image.h"
#include "dataplane/base/diagnostic.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::build {

// What a build would give, without giving it to anybody.
struct Rehearsal {
  image_build::FileTable files;
  std::size_t devices = 0;  // rendered
  std::uint64_t build_us = 0;
  Diagnostics faults{};  // what is not as it should be
};

struct BuildConfig {
  std::string database;  // empty: none, only assets are served
  std::string assets;    // empty: none
  int threads = 1;
  bool huge_pages = true;                       // for large segments, when some are free
  bool hold_loads = true;                       // .loads files until all that they list is there
  std::uint64_t asset_most = assets::kNoLimit;  // bytes of a file of `assets`
  EncoderSet encoders{};
  generator::BuildCnf build_cnf = generator::BuildCnf::kSelective;  // unless a row says otherwise
  // Whether this process is to end, so that no build is worth its while: asked often, by one thread
  // at a time; once true, it stays so. Empty: never.
  std::function<bool()> cancelled{};
};

// What a change would build.
struct Preview {
  bool everything = false;         // all files; `files` is empty
  std::vector<std::string> files;  // canonical names of those that would be new, different or gone
  std::vector<FileFault> faults;
};

class Builder {
 public:
  // `database` is null when the config names none, or it cannot be opened yet; else it is open on
  // that path and outlives this.
  static Result<Builder> create(BuildConfig config, database::Database* database);
  // Later than create(). Until then every build is refused.
  Result<void> open_database(database::Database& database);

  // What another process has published, before anything is built.
  Result<void> restore(const image_build::ImageParts& parts);

  // From then on this builder stays where it is.
  Result<void> enable_signing(std::vector<int> cpus);
  // Before a full build; SignedFiles::use().
  void use_signing_key(std::shared_ptr<const signing::SigningKey> key) {
    signed_.use(std::move(key));
  }
  // Takes into the image what was signed in the background, and has more of it signed; the number
  // of signed files that are new or different.
  Result<std::size_t> continue_signing(SignedFiles::Clock::time_point now);
  const SignedFiles& signed_files() const noexcept { return signed_; }
  SignedFiles& signed_files() noexcept { return signed_; }

  // Is called before each full build, those that follow_database() and follow_assets() come to
  // included.
  void before_full_build(std::function<void()> call) { before_full_ = std::move(call); }

  // All devices and the whole asset folder.
  Result<BuildReport> build_all();

  // What the change log says since the last call. Nothing changed: a report of nothing.
  Result<BuildReport> follow_database();

  // What follow_database() would do if the transaction that is open on `database`, which there must
  // be, were committed. Renders as much.
  Result<Preview> preview();

  // Folds what changes have left in the image, by Image::compact() when it wants that; by
  // Image::merge() what that leaves, or all when there is no memory for it, of which the Error
  // tells. For when nobody waits for this thread.
  Result<void> fold();
  // Folds by Image::merge() alone, which is soon done; an Error changes nothing.
  Result<void> merge();

  // What differs in the asset folder since the last look.
  Result<BuildReport> follow_assets();

  // Why a build has ended: not for a fault.
  bool is_cancelled() const { return config_.cancelled && config_.cancelled(); }

  // Who gets .cnf, as of the last build.
  generator::BuildCnf build_cnf() const noexcept {
    return devices_ == nullptr ? config_.build_cnf : devices_->policy();
  }

  // Null: there is no database.
  const GatewayBuilder* gateways() const noexcept {
    return devices_ == nullptr ? nullptr : &devices_->gateways();
  }

  // Renders everything as build_all() does, and changes nothing: neither image nor followed log.
  Result<Rehearsal> rehearse() const;

  // Why the last good state of a file is kept, or it is not there; canonical; empty: it is right.
  std::string fault_of(std::string_view file) const;

  // The file of the asset folder that is served under a name, or under the name of a signed form,
  // as it lies there: perhaps one of the device's type. Empty: none is.
  std::string asset_of(std::string_view file) const;

  // The same of any file of a device, as its row calls it.
  std::string fault_of_device(std::string_view device) const;

  // What is not served as it should be, now: files of the folder, then of the database.
  Diagnostics faults() const;
  // Those of the database alone.
  Diagnostics database_faults() const;

  const assets::LoadStates& loads() const noexcept { return assets_.loads(); }

  // Files that many ask for: of shared rows and of the asset folder, at most so many of each.
  // Canonical; until the next build.
  std::vector<std::string_view> common_names(std::size_t most) const;

  const image_build::Image& image() const noexcept { return *image_; }
  const FileCounts& counts() const noexcept { return counts_; }
  const BuildReport& last() const noexcept { return last_; }
  // What the last build took and changed; nothing when it is asked for again.
  BuildTrace take_trace() { return std::exchange(trace_, {}); }
  // Rows of the log that are read, and not built yet: the build that took them has failed.
  database::LoggedSpan unbuilt() const;
  const FullBuilds& full_builds() const noexcept { return full_builds_; }
  const BuildConfig& config() const noexcept { return config_; }

 private:
  struct Fault {
    std::string why;
    std::string device;   // empty: of a shared row
    bool is_one = false;  // of the device's files this one alone
  };
  using Faults = std::map<std::string, Fault>;  // by file
  static Faults by_file(std::vector<FileFault> faults);

  explicit Builder(BuildConfig config);

  Result<void> need_database() const;
  Result<void> go_on() const;
  // The files of all devices, and those of `assets` that none of them hides.
  image_build::FileTable over_assets(image_build::FileTable::Files built,
                                     const image_build::FileTable& assets) const;
  // What a full build made of the database, for when it is in the image.
  struct FromDevices {
    FileCounts counts;
    Faults faults;
    CnfOfTypes cnf_of_types;
  };
  Result<FromDevices> add_devices(image_build::FileTable& files, BuildReport& report);
  std::vector<std::string> last_good(const image_build::FileTable& files,
                                     const Faults& faults) const;
  Result<void> keep_last_good(image_build::FileTable& files, FromDevices& made) const;
  // `has_own`: built, or of the folder under that very name.
  using HasOwn = std::function<bool(const std::string& name)>;
  Result<void> supply_cnf(const image_build::FileTable& files, const CnfOfTypes& amendments,
                          const HasOwn& has_own, image_build::ImageChange& change) const;
  bool has_own_cnf(const std::string& name) const;
  Result<void> fall_back_to_types(image_build::ImageChange& change) const;
  void adopt_devices(const ChangedFiles& changed);
  void note_devices(const ChangedFiles& changed);
  void add_removed_rows(ChangedFiles& changed) const;
  std::size_t count_rebuilt(const ChangedFiles& changed) const;
  Result<BuildReport> put(image_build::ImageChange change, BuildReport report);
  void make_room(Diagnostics& faults);
  Result<std::size_t> put_signed(image_build::ImageChange change);
  std::string spelled(const std::string& name, abi::Origin origin) const;
  image_build::ChangedFile tell();

  BuildConfig config_;
  database::Database* database_ = nullptr;  // null: none, or not open yet
  std::unique_ptr<DeviceBuilder> devices_;  // null: no database
  AssetBuilder assets_;
  Faults build_faults_;  // as long as they hold
  CnfOfTypes cnf_of_types_;
  SignedFiles signed_;
  std::unique_ptr<image_build::Image> image_;
  FileCounts counts_;  // of image_
  std::function<void()> before_full_;
  bool full_due_ = true;  // the image may lack what log and folder have told already
  BuildReport last_;
  BuildTrace trace_;
  FullBuilds full_builds_;
};

}  // namespace dialtone::build
