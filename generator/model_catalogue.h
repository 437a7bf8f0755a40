// SPDX-License-Identifier: Apache-2.0
//
// The phone models we know: number, name, protocols, lines, default vendorConfig. Control seeds its
// models table from it; an administrator may add rows. Facts: cisco-tftp 2.2, 1.4.
#pragma once

#include "generator/campus.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::generator {

struct CatalogueModel {
  std::uint32_t number;
  std::string_view name;  // "Cisco 7965"
  bool sccp;
  bool sip;
  std::uint32_t max_lines;     // line buttons without add-on modules
  std::uint32_t traits;        // which vendorConfig tags it has; model_catalogue.cc
  std::string_view sccp_load;  // an example of the form; empty: no public one
  std::string_view sip_load;
};

// In ascending order of number.
std::span<const CatalogueModel> model_catalogue() noexcept;

// The vendorConfig tags of a model, in order, with their defaults.
TagMap default_vendor_config(const CatalogueModel& model);

}  // namespace dialtone::generator
