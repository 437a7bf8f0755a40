// SPDX-License-Identifier: Apache-2.0
//
// From the database to files: all devices or those that a change touches, through the TBB pipeline
// unless they are few. Remembers how far the image has followed the change log, and what it has of
// files; both move with adopt() alone, so that what did not come into the image is told once more
// by the next build. One thread, which uses more while it builds many.
#pragma once

#include "control/build/encoder_set.h"
#include "control/build/file_counts.h"
#include "control/build/gateway_builder.h"
#include "control/build/shared_file_builder.h"
#include "control/build/supplied_cnf.h"
#include "control/database/campus_loader.h"
#include "control/database/change_log.h"
#include "control/database/database.h"
#include "control/database/snapshot.h"
#include "generator/pipeline.h"
#include "generator/prepared_campus.h"
#include "generator/template_set.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace dialtone::build {

struct AllFiles {
  std::size_t devices = 0;  // rendered
  NamedFiles files{};
  FileCounts counts{};  // of them
  std::vector<FileFault> faults{};
  std::vector<TypedCnf> typed_cnf{};  // of all devices
};

struct ChangedFiles {
  bool everything = false;  // too much has changed: build_all() is cheaper, and nothing was built
  std::size_t devices = 0;  // rendered
  NamedFiles files{};       // the devices' first
  std::size_t device_files = 0;        // of devices, among them
  std::vector<std::string> gone{};     // canonical names, of files that may never have been
  std::vector<std::string> settled{};  // devices that are built or gone: they have no fault
  std::vector<FileFault> faults{};
  std::vector<std::int64_t> gateways{};  // that are built or gone
  std::vector<TypedCnf> typed_cnf{};     // of the devices that are touched or gone
  bool shared = false;  // all files of shared rows were rendered: `faults` has all of theirs
};

class DeviceBuilder {
 public:
  // `database` is control's own connection to `path`; it outlives this.
  static Result<std::unique_ptr<DeviceBuilder>> create(std::string path,
                                                       database::Database& database, int threads,
                                                       bool huge_pages);

  // Before the first build: what makes bytes of texts, and who gets .cnf by the profile.
  void set_formats(EncoderSet encoders, generator::BuildCnf default_policy) {
    encoders_ = std::move(encoders);
    default_policy_ = default_policy;
  }
  // BuildConfig::cancelled.
  void set_cancelled(std::function<bool()> cancelled) { cancelled_ = std::move(cancelled); }
  // As adopted last.
  generator::BuildCnf policy() const noexcept {
    return campus_ == nullptr ? default_policy_ : campus_->rows.campus.enterprise.build_cnf;
  }

  // The files of all devices, of shared rows and XMLDefault.cnf.xml, of one moment of the database.
  // `files`: where those of types are, which devices may get.
  Result<AllFiles> build_all(const image_build::FileTable& files);

  // What the change log says of rows that are not in the image yet.
  Result<ChangedFiles> build_changed(const image_build::FileTable& files);

  // What build_all() or build_changed() gave last is in the image. Returns the rows of the log that
  // are built with it; of the first full build none.
  database::LoggedSpan adopt();

  // What build_changed() would build of what is written and not committed yet, on `database`; it
  // changes nothing here. Files of devices that would be gone are not in it.
  Result<ChangedFiles> preview() const;

  // Forgets what was followed long ago, now and then. It writes to the database: not while a
  // transaction of ours is open.
  void trim_log();

  // Names of the files of shared rows, canonical.
  const std::set<std::string>& shared_names() const noexcept { return shared_.built(); }

  // As phones spell the name of a file that was built, adopted or not.
  std::string spelled(const std::string& name) const;

  // As adopted last.
  const GatewayBuilder& gateways() const noexcept { return gateways_; }

  // What was read of the log by a build that was not adopted.
  const database::LoggedSpan& unbuilt() const noexcept { return unbuilt_; }

 private:
  // Shared rows of one moment.
  struct LoadedCampus {
    database::CampusRows rows;
    generator::PreparedCampus prepared;
  };
  using CampusPtr = std::shared_ptr<const LoadedCampus>;
  // Of devices that have more or other files than the one in XML, by id.
  using OtherFiles = std::unordered_map<std::int64_t, generator::DeviceFileSet>;
  static constexpr generator::DeviceFileSet kXmlAlone =
      generator::DeviceFileSet().with(generator::DeviceFile::kXml);

  // What a build gave, for adopt().
  struct Built {
    bool is_all = false;
    CampusPtr campus{};                   // null: as before
    std::optional<SharedState> shared{};  // nothing: as before
    GatewayStates gateways{};
    std::map<std::string, std::string> gateway_names{};  // of their files, as phones spell them
    OtherFiles other_files{};  // kXmlAlone: a device has no others any more
    std::int64_t last_seq = 0;
    std::optional<std::size_t> devices{};  // nothing: as before

    void set_gateways(GatewayStates states);
  };

  DeviceBuilder(std::string path, database::Database& database, int threads, bool huge_pages,
                generator::TemplateSet templates)
      : path_(std::move(path)),
        database_(database),
        threads_(threads),
        huge_pages_(huge_pages),
        templates_(std::move(templates)) {}

  void set_default_policy(database::CampusRows& rows) const;
  bool is_of_most(const database::ChangeSet& changes) const noexcept;
  Result<bool> wants_all(database::Database& from, const database::ChangeSet& changes) const;
  Result<database::ChangeSet> read_changes(database::Database& from);
  Result<ChangedFiles> build_changes(database::Database& from, database::Snapshot* snapshot,
                                     const database::ChangeSet& changes,
                                     const image_build::FileTable& files);
  Result<void> read_rest_of_log(database::Snapshot& snapshot);
  Result<CampusPtr> load_campus(database::Database& from) const;
  // What is rendered beside the devices of a source.
  struct Beside {
    const LoadedCampus& campus;
    bool shared;  // files of shared rows
    const GatewayFiles& gateways;
  };
  struct Rendered {
    std::size_t devices = 0;
    NamedFiles files{};            // the devices' first
    std::size_t device_files = 0;  // among them
    std::vector<FileFault> faults{};
    std::optional<SharedState> shared{};
  };
  // Takes what it needs of the devices' files while it is there.
  using NoteBuilt = std::function<void(const generator::BuildOutput& built)>;
  Result<Rendered> render_source(generator::DeviceSource& source, const Beside& beside,
                                 bool names_devices, image_build::Pages pages,
                                 const NoteBuilt& note) const;
  Result<Rendered> render_source(generator::DeviceSource& source, const Beside& beside,
                                 bool names_devices, std::size_t devices,
                                 const NoteBuilt& note) const;
  Result<ChangedFiles> render_changed(database::Database& from, database::Snapshot* snapshot,
                                      const database::ChangeSet& changes, Built& built) const;
  void note_files(std::int64_t id, std::string_view device, generator::DeviceFileSet now,
                  OtherFiles& other_files, std::vector<std::string>& gone) const;
  Result<bool> families_differ(database::Database& from) const;
  Result<GatewayFiles> render_gateways(database::Database& from, const LoadedCampus& campus,
                                       const database::ChangeSet& changes) const;
  Result<ChangedFiles> render_few(const generator::DeviceBatch& batch, const Beside& beside,
                                  image_build::Pages pages, Built& built) const;
  Result<ChangedFiles> render_many(database::Snapshot& snapshot,
                                   const std::vector<std::int64_t>& devices, const Beside& beside,
                                   Built& built) const;

  std::string path_;
  database::Database& database_;
  int threads_;
  bool huge_pages_;
  generator::TemplateSet templates_;
  CampusPtr campus_;  // null: nothing is built yet
  SharedFileBuilder shared_;
  GatewayBuilder gateways_;
  EncoderSet encoders_;
  std::function<bool()> cancelled_;
  generator::BuildCnf default_policy_ = generator::BuildCnf::kSelective;
  OtherFiles other_files_;
  std::optional<Built> built_;  // not adopted yet
  std::int64_t last_seq_ = 0;
  database::LoggedSpan unbuilt_;
  std::int64_t unbuilt_seq_ = 0;  // where it ends
  std::int64_t trimmed_seq_ = 0;
  std::size_t device_count_ = 0;
};

}  // namespace dialtone::build
