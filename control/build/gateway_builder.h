// SPDX-License-Identifier: Apache-2.0
//
// The files of gateways, all of them or those that a change touches. It remembers which gateway has
// which, and so tells those that are gone; a gateway with a fault keeps the file that it had. One
// thread.
#pragma once

#include "control/build/shared_file_builder.h"
#include "control/database/campus_loader.h"
#include "control/database/change_log.h"
#include "control/database/database.h"
#include "generator/gateway/gateway.h"
#include "generator/gateway/gateway_check.h"
#include "generator/prepared_campus.h"
#include "generator/records.h"
#include "generator/shared/shared_files.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dialtone::build {

// What one gateway has.
struct GatewayState {
  struct File {
    std::string spelled;
    bool unverified = false;  // made of a tree of ours, which was never held against a real one
    bool is_port = false;     // of a port, not of the gateway itself
  };
  std::map<std::string, File> files{};  // by canonical name
  bool is_contested = false;            // it has no name, since another one has it
};

// By id; nothing: it is no more.
using GatewayStates = std::map<std::int64_t, std::optional<GatewayState>>;

// What stands in FileFault::device for a gateway: no device can be called so.
std::string fault_owner(std::int64_t gateway);
bool is_fault_owner(std::string_view device) noexcept;

// Rendered, and not taken over yet.
struct GatewayFiles {
  std::vector<generator::SharedFile> files{};
  generator::DeviceBatch endpoints{};  // ports that have a file as phones have
  std::vector<FileFault> faults{};     // one of each gateway that has any
  std::vector<generator::GatewayFault> each_fault{};
  std::vector<std::string> gone{};  // canonical names
  bool is_all = false;
  GatewayStates states{};
};

struct GatewayCounts {
  std::size_t gateways = 0;
  std::size_t files = 0;
  std::size_t unverified = 0;  // of the files
};

class GatewayBuilder {
 public:
  // `prepared` is the campus of `rows` made ready. Nothing is remembered before adopt().
  Result<GatewayFiles> all(database::Database& database, const database::CampusRows& rows,
                           const generator::PreparedCampus& prepared) const;
  // `devices` are names of devices that have changed or are gone: one may have stood at a port.
  Result<GatewayFiles> changed(database::Database& database, const database::CampusRows& rows,
                               const generator::PreparedCampus& prepared,
                               const database::ChangeSet& changes,
                               const std::vector<std::string>& devices) const;
  void adopt(const GatewayStates& rendered);

  // What is wrong with one gateway as the database has it now, also within an open transaction.
  Result<std::vector<generator::GatewayFault>> faults_of(database::Database& database,
                                                         std::int64_t id) const;

  // Null: it is no file of a gateway.
  const GatewayState::File* find(const std::string& name) const;
  // Whether the file is known to be that of a gateway but this one.
  bool is_of_other(const std::string& name, std::int64_t gateway) const;
  const GatewayCounts& counts() const noexcept { return counts_; }

 private:
  std::map<std::int64_t, GatewayState> known_;
  std::unordered_map<std::string, std::int64_t> owners_;  // of files
  std::set<std::int64_t> contested_;                      // of known_
  GatewayCounts counts_;

  friend class GatewayRender;
};

}  // namespace dialtone::build
