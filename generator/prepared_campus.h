// SPDX-License-Identifier: Apache-2.0
//
// A Campus made ready for rendering: every reference checked, every text escaped once, the
// vendorConfig and the group members of each row joined. Control prepares one when the shared rows
// change and builds with it as often as it likes. Immutable; any thread. Cold to make.
#pragma once

#include "dataplane/base/result.h"
#include "generator/campus.h"

#include <memory>

namespace dialtone::generator {

struct CampusTables;  // campus_tables.h, for the renderer

class PreparedCampus {
 public:
  // An Error names the row whose reference leads nowhere.
  static Result<PreparedCampus> prepare(Campus campus);

  PreparedCampus(PreparedCampus&&) noexcept;
  PreparedCampus& operator=(PreparedCampus&&) noexcept;
  ~PreparedCampus();

  const CampusTables& tables() const noexcept { return *tables_; }

 private:
  explicit PreparedCampus(std::unique_ptr<CampusTables> tables) noexcept;
  std::unique_ptr<CampusTables> tables_;
};

}  // namespace dialtone::generator
