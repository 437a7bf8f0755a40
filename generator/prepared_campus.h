// SPDX-License-Identifier: Apache-2.0
//
// A Campus made ready for rendering: every reference checked, every text made fit once, the
// vendorConfig and the group members of each row joined. Control prepares one when the shared rows
// change and builds with it as often as it likes. Immutable; any thread. Cold to make.
#pragma once

#include "dataplane/base/result.h"
#include "generator/campus.h"
#include "generator/fields.h"

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

  // The same rows, their texts made fit for the one syntax or the other.
  const CampusTables& tables(Syntax syntax = Syntax::kXml) const noexcept {
    return syntax == Syntax::kXml ? *xml_ : *lines_;
  }

 private:
  PreparedCampus(std::unique_ptr<CampusTables> xml, std::unique_ptr<CampusTables> lines) noexcept;
  std::unique_ptr<CampusTables> xml_;
  std::unique_ptr<CampusTables> lines_;
};

}  // namespace dialtone::generator
