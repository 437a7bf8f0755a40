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
  bool selective_cnf = false;  // one of the nine types of "Build Selective" (cisco-tftp 6)
  std::uint32_t product = 0;   // Unified CM's number of it; 0: not known
  std::uint32_t device_class = 1;
};

// In ascending order of number.
std::span<const CatalogueModel> model_catalogue() noexcept;

// The vendorConfig tags of a model, in order, with their defaults. None where the model's file
// under this protocol has no vendorConfig.
TagMap default_vendor_config(const CatalogueModel& model, Protocol protocol);

// What callerIdBlocking and anonymousCallBlock say for "on" (cisco-tftp 1.5); 0: the profile's own
// number, of which an odd one is "on".
std::uint32_t call_block_on(std::uint32_t model_number) noexcept;

// What "Build Selective" calls a model: 30SPP, 12SPP, 12SP, 12S, 30VIP, IP_CONFERENCE_PHONE,
// SCCP_PHONE, VEGA, UONE. Empty: it is none of the nine.
std::string_view selective_type(std::uint32_t model_number) noexcept;

}  // namespace dialtone::generator
