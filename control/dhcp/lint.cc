// SPDX-License-Identifier: Apache-2.0
#include "control/dhcp/lint.h"

#include "dataplane/config/address_text.h"

#include <algorithm>

namespace dialtone::dhcp {
namespace {

constexpr std::size_t kServers = 2;  // that a phone asks

class Linter {
 public:
  Linter(const Configuration& configuration, std::span<const IpAddress> servers)
      : configuration_(configuration), servers_(servers) {}

  Lint run() {
    for (const Scope& scope : configuration_.scopes) {
      ++found_.scopes;
      is_wrong_ = false;
      look(scope);
      found_.scopes_wrong += is_wrong_ ? 1 : 0;
    }
    return std::move(found_);
  }

 private:
  void say(const Scope& scope, const char* code, std::string text) {
    found_.findings.push_back({code, scope.name, scope.line, std::move(text)});
  }
  void wrong(const Scope& scope, const char* code, std::string text) {
    is_wrong_ = true;
    say(scope, code, std::move(text));
  }

  void look(const Scope& scope) {
    if (scope.option150.empty() && scope.option66.empty()) {
      look_without_options(scope);
    }
    if (!scope.option150.empty() && !scope.option66.empty()) {
      say(scope, "66-and-150",
          "options 66 and 150 exclude each other; devices before 8.0(4) take the last address of "
          "the "
          "list. Keep 150");
    }
    if (!scope.sname.empty() && config::parse_ip(scope.sname)) {
      say(scope, "sname-is-address",
          "the server name is an address, which devices ignore there; use option 150");
    }
    if (!scope.option150.empty()) {
      look_at_150(scope);
    }
    look_at_next_server(scope);
  }

  void look_without_options(const Scope& scope) {
    if (scope.sname.empty() && scope.next_server.empty()) {
      wrong(scope, "no-server", "phones hear of no TFTP server; add option 150");
    } else {
      say(scope, "no-150",
          "only the BOOTP header names a server, which phones from 8.0(4) on believe last; add "
          "option 150");
    }
  }

  void look_at_150(const Scope& scope) {
    std::vector<IpAddress> addresses;
    for (const std::string& text : scope.option150) {
      if (const auto address = config::parse_ip(text)) {
        addresses.push_back(*address);
      } else {
        wrong(scope, "150-is-name",
              "option 150 takes addresses only, and '" + text + "' is none; a name goes into 66");
      }
    }
    if (scope.option150.size() > kServers) {
      say(scope, "more-than-two",
          "phones ask the first two of option 150; the others are never asked");
    } else if (scope.option150.size() == 1) {
      say(scope, "single-server",
          "option 150 has one server; with a second one phones boot while the first is down");
    }
    if (configuration_.is_single_address && scope.option150.size() > 1) {
      say(scope, "150-is-one-address",
          "option 150 is defined as one address; define it as an array of them");
    }
    if (!servers_.empty() && !addresses.empty() && addresses.front() != servers_.front()) {
      wrong(scope, "other-server",
            "phones ask " + config::ip_text(addresses.front()) + " first, not " +
                config::ip_text(servers_.front()));
    }
  }

  void look_at_next_server(const Scope& scope) {
    if (scope.next_server.empty() || scope.option150.empty() ||
        scope.next_server == scope.option150.front()) {
      return;
    }
    say(scope, "siaddr-differs",
        "gateways, and phones before 8.0(4), believe next-server " + scope.next_server +
            " and not option 150; make it " + scope.option150.front());
  }

  const Configuration& configuration_;
  std::span<const IpAddress> servers_;
  bool is_wrong_ = false;  // the scope
  Lint found_{};
};

}  // namespace

Lint lint(const Configuration& configuration, std::span<const IpAddress> servers) {
  return Linter(configuration, servers).run();
}

}  // namespace dialtone::dhcp
