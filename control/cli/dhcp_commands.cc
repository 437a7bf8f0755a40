// SPDX-License-Identifier: Apache-2.0
//
// `dialtone dhcp`: about other servers' configuration, so that no daemon is asked.
#include "control/cli/dhcp_commands.h"

#include "control/cli/command_group.h"
#include "control/cli/fields.h"
#include "control/cli/source_file.h"
#include "control/dhcp/lint.h"
#include "control/dhcp/snippet.h"
#include "dataplane/base/counted.h"
#include "dataplane/base/printable.h"
#include "dataplane/config/address_text.h"

#include <algorithm>

namespace dialtone::cli {
namespace {

using api::Json;

constexpr const char* kSnippet = "dhcp snippet";
constexpr const char* kLint = "dhcp lint";

Result<std::vector<IpAddress>> read_servers(const std::string& text) {
  std::vector<IpAddress> servers;
  // Behind a last comma is one more, which is empty.
  for (std::size_t at = 0; !text.empty() && at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, end - at);
    const auto address = config::parse_ip(part);
    if (!address) {
      return usage("--tftp: '" + printable(excerpt(part)) +
                   "' is no address; one is like 10.0.0.1 or 2001:db8::1");
    }
    servers.push_back(*address);
    at = end + 1;
  }
  return servers;
}

Result<api::Reply> make_snippet(const Invocation& asked) {
  const std::string name = text_at(asked.arguments, "kind");
  const auto kind = dhcp::server_kind(name);
  if (!kind) {
    return usage("'" + excerpt(name) +
                 "' is no DHCP server that is known: kea, isc, dnsmasq or ios");
  }
  auto servers = read_servers(text_at(asked.arguments, "tftp"));
  if (!servers) {
    return servers.error();
  }
  api::Reply reply;
  reply.ok = true;
  if (servers->empty()) {
    // For documentation (RFC 5737).
    *servers = {IpAddress::from_v4(0xc0000201), IpAddress::from_v4(0xc0000202)};
    reply.warnings.push_back(
        "192.0.2.1 and 192.0.2.2 stand for your servers; --tftp A,B puts them in");
  } else if (servers->size() == 1) {
    reply.warnings.push_back(
        "one server: with a second one in --tftp A,B phones boot while the first is down");
  }
  reply.document = {{"ok", true},
                    {"result", {{"kind", name}, {"text", dhcp::snippet(*kind, *servers)}}}};
  return reply;
}

Result<api::Reply> make_lint(const Invocation& asked, const Terminal& terminal) {
  const std::string& file = asked.arguments["file"].get_ref<const std::string&>();
  const auto servers = read_servers(text_at(asked.arguments, "tftp"));
  if (!servers) {
    return servers.error();
  }
  const auto text = read_source(file, terminal.in, api::kMaxImport);
  if (!text) {
    return text.error();
  }
  const auto scopes = dhcp::read_scopes(*text);
  if (!scopes) {
    return refused(printable(file) + ": " + scopes.error().text);
  }
  const dhcp::Lint found = dhcp::lint(*scopes, *servers);
  Json findings = Json::array();
  for (const dhcp::Finding& each : found.findings) {
    findings.push_back({{"code", each.code},
                        {"scope", printable(each.scope)},
                        {"line", each.line},
                        {"text", printable(each.text)}});
  }
  api::Reply reply;
  reply.ok = true;
  reply.document = {{"ok", true},
                    {"result",
                     {{"file", printable(file)},
                      {"scopes", found.scopes},
                      {"scopes_wrong", found.scopes_wrong},
                      {"count", found.findings.size()},
                      {"findings", findings}}}};
  return reply;
}

}  // namespace

bool is_dhcp_command(const Invocation& asked) {
  return asked.command == kSnippet || asked.command == kLint;
}

Result<api::Reply> run_dhcp(const Invocation& asked, const Terminal& terminal) {
  return asked.command == kSnippet ? make_snippet(asked) : make_lint(asked, terminal);
}

Rendered render_dhcp_snippet(const Json& result, const Style&) {
  return {at(result, "text").is_string() ? at(result, "text").get<std::string>() : "", {}, {}};
}

Rendered render_dhcp_lint(const Json& result, const Style&) {
  std::string text;
  for (const Json& each : at(result, "findings")) {
    const std::string line = text_at(each, "line");
    text += text_at(result, "file") + (line == "0" ? "" : ":" + line) + ": " +
            text_at(each, "scope") + ": " + text_at(each, "text") + " (" + text_at(each, "code") +
            ")\n";
  }
  return {text + counted(count_at(result, "scopes"), "scope") + ", " +
              text_at(result, "scopes_wrong") + " of them wrong\n",
          {},
          {}};
}

void add_dhcp_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "dhcp", "What DHCP servers tell phones of their TFTP servers");
  CLI::App* snippet = add_verb(*noun, "snippet", "Print configuration for a DHCP server",
                               "dialtone dhcp snippet kea --tftp 10.0.0.1,10.0.0.2\n"
                               "  dialtone dhcp snippet dnsmasq --tftp 2001:db8::1");
  const CLI::Option* kind = snippet->add_option("SERVER", "kea, isc, dnsmasq or ios")->required();
  const CLI::Option* tftp =
      snippet->add_option("--tftp", "The TFTP servers, first to last")->type_name("A[,B]");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (snippet->parsed()) {
      invocation.command = kSnippet;
      put_text(invocation, "kind", *kind);
      put_text(invocation, "tftp", *tftp);
    }
    return {};
  });
  CLI::App* lint = add_verb(*noun, "lint",
                            "Where a DHCP server's configuration leads phones astray; ends with 4 "
                            "if anywhere",
                            "dialtone dhcp lint /etc/dhcp/dhcpd.conf\n"
                            "  dialtone dhcp lint kea-dhcp4.conf --tftp 10.0.0.1 --assert "
                            "'scopes_wrong == 0'");
  const CLI::Option* file =
      lint->add_option("FILE", "Of ISC dhcpd, Kea, dnsmasq or IOS; -: standard input")->required();
  const CLI::Option* wanted =
      lint->add_option("--tftp", "The servers that phones should ask")->type_name("A[,B]");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (lint->parsed()) {
      invocation.command = kLint;
      put_text(invocation, "file", *file);
      put_text(invocation, "tftp", *wanted);
    }
    return {};
  });
}

}  // namespace dialtone::cli
