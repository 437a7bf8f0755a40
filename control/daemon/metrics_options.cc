// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/metrics_options.h"

#include "dataplane/config/address_text.h"

#include <charconv>
#include <string_view>

namespace dialtone::daemon {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port != 0 ? std::optional(port)
                                                                               : std::nullopt;
}

// "127.0.0.1:9111" or "[::1]:9111".
std::optional<metrics::Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) {
    host = host.substr(1, host.size() - 2);
  }
  const auto address = config::parse_ip(host);
  const auto port = parse_port(text.substr(colon + 1));
  if (!address || !port || address->is_v4() == in_brackets) {
    return std::nullopt;
  }
  return metrics::Endpoint{*address, *port};
}

}  // namespace

std::optional<metrics::Endpoint> read_metrics(config::TomlTable& table) {
  const std::string text = table.text("metrics", "");
  if (text.empty()) {
    return std::nullopt;
  }
  const auto endpoint = parse_endpoint(text);
  if (!endpoint) {
    table.fault("metrics", "bad-value",
                "'" + text +
                    "' is no address with a port; give one like \"127.0.0.1:9111\" or "
                    "\"[::1]:9111\"");
  }
  return endpoint;
}

std::string url_of(const metrics::Endpoint& endpoint) {
  const std::string host = config::ip_text(endpoint.address);
  return "http://" + (endpoint.address.is_v4() ? host : '[' + host + ']') + ':' +
         std::to_string(endpoint.port) + "/metrics";
}

}  // namespace dialtone::daemon
