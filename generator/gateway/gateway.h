// SPDX-License-Identifier: Apache-2.0
//
// A gateway as the generator reads it: the gateway, its units, their subunits, their ports, under
// the names of Unified CM's provisioning interface (cisco-tftp 7). Plain data, owned by value.
// Texts are as a person typed them.
#pragma once

#include "generator/campus.h"
#include "generator/shared_rows.h"
#include "generator/uuid.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

enum class GatewayKind : std::uint8_t {
  kMgcp,   // IOS under MGCP: <host name>.cnf.xml
  kSccp,   // IOS under SCCP (VG2xx, VG3xx, ISR): SKIGW<10 hex>.cnf.xml, and AN... for each port
  kVg248,  // VGC<MAC>.cnf.xml
  kSaa,    // Catalyst 6624 and Access analog gateways: SAA<MAC>.cnf.xml
  kSda,    // Catalyst 6608 and Access digital gateways: SDA<MAC>.cnf.xml
};
inline constexpr std::size_t kGatewayKindCount = 5;
inline constexpr std::array<GatewayKind, kGatewayKindCount> kGatewayKinds = {
    GatewayKind::kMgcp, GatewayKind::kSccp, GatewayKind::kVg248, GatewayKind::kSaa,
    GatewayKind::kSda};
// As people and the database spell them, in the same order.
inline constexpr std::array<std::string_view, kGatewayKindCount> kGatewayKindWords = {
    "mgcp", "sccp", "vg248", "saa", "sda"};

std::string_view word_of(GatewayKind kind) noexcept;
std::optional<GatewayKind> gateway_kind_of(std::string_view word) noexcept;

struct GatewayPort {
  std::uint32_t port = 0;
  std::string description{};
  std::string dn{};
  TagMap settings{};
  std::string endpoint{};  // as it is called; name_endpoints() sets it
};

struct GatewaySubunit {
  std::uint32_t subunit = 0;
  std::string product{};  // "4FXS-SCCP"; empty: ports name it, and no row does
  std::uint32_t begin_port = 0;
  std::vector<GatewayPort> ports{};  // ascending
};

struct GatewayUnit {
  std::uint32_t unit = 0;
  std::string product{};  // "ANALOG"; empty: subunits or ports name it, and no row does
  std::vector<GatewaySubunit> subunits{};
};

struct Gateway {
  std::int64_t id = 0;
  std::string name{};  // the host name, or SKIGW..., VGC..., SAA..., SDA...
  GatewayKind kind = GatewayKind::kMgcp;
  std::string product{};  // "VG224"
  std::string domain{};
  std::string description{};
  std::string load{};
  std::string own_template{};  // the administrator's, by name; empty: that of the product, or ours
  std::uint32_t pool = 0;      // position in the Campus
  std::uint64_t changed_s = 0;
  Uuid stamp{};
  TagMap settings{};
  std::vector<GatewayUnit> units{};
  std::string unreadable{};  // why settings of it are none; empty: all could be read
};

}  // namespace dialtone::generator
