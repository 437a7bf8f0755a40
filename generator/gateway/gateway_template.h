// SPDX-License-Identifier: Apache-2.0
//
// A template of gateways' files, ours or an administrator's. The language is that of
// generator/templates/README.md with what a gateway needs more: an <?each?> may stand in another
// (units, subunits, ports, settings), and {{port.settings.NAME}} is one setting by its name. It is
// run as a tree, not compiled flat as devices' templates are: gateways are few. Cold to compile;
// immutable then, any thread.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"
#include "generator/gateway/gateway.h"
#include "generator/gateway/gateway_check.h"
#include "generator/gateway/gateway_fields.h"
#include "generator/prepared_campus.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

struct GatewayNode {
  enum class Kind : std::uint8_t { kText, kSlot, kEach, kIf };
  Kind kind = Kind::kText;
  bool negate = false;                    // kIf
  std::string text{};                     // kText: as it is written
  GatewaySlot slot{};                     // kSlot; kIf without `rows`
  const GatewayRowsInfo* rows = nullptr;  // kEach; kIf: whether there are any
  std::vector<GatewayNode> body{};
  std::vector<GatewayNode> otherwise{};  // kIf
};

class GatewayTemplate {
 public:
  static constexpr std::size_t kMaxSize = 256 * 1024;  // bytes of XML; more is no template

  // `name` is for messages. The Error lists every fault as name:line:column: code: text; `faults`,
  // when given, gets them one by one.
  static Result<GatewayTemplate> compile(std::string_view name, std::string_view xml,
                                         Diagnostics* faults = nullptr);

  // The file of `gateway`, whose endpoints have been named; refused when its pool is not there.
  Result<std::string> render(const Gateway& gateway, const PreparedCampus& campus) const;

  // The names of settings that it has slots for; views into this.
  OwnSettings settings() const;

 private:
  explicit GatewayTemplate(std::vector<GatewayNode> nodes) : nodes_(std::move(nodes)) {}
  std::vector<GatewayNode> nodes_;
};

// The text of our own tree of such gateways, for an administrator to begin with. None of them was
// ever held against a gateway's software (cisco-tftp 7.1): their files are called unverified.
std::string_view built_in_gateway_template(GatewayKind kind) noexcept;

}  // namespace dialtone::generator
