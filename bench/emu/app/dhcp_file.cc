// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/dhcp_file.h"

#include "bench/emu/host/host_address.h"
#include "bench/emu/storm/text_file.h"
#include "dataplane/config/address_text.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace dialtone::emu {
namespace {

using nlohmann::json;

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  DhcpReply read(const json& said) {
    DhcpReply lease{.type = DhcpType::kAck};
    for (const auto& [key, value] : said.items()) {
      read_key(key, value, lease);
    }
    if (!said.contains("address")) {
      wrong("it has no address");
    }
    return lease;
  }
  const std::string& faults() const noexcept { return faults_; }

 private:
  void wrong(const std::string& what) {
    faults_ += (faults_.empty() ? "" : "\n") + path_ + ": " + what;
  }

  void read_key(const std::string& key, const json& value, DhcpReply& lease) {
    if (key == "address") {
      lease.address = address(key, value).value_or(IpAddress{});
    } else if (key == "prefix") {
      if (value.is_number_unsigned() && value <= 32) {
        lease.prefix_bits = value.get<std::uint8_t>();
      } else {
        wrong("prefix: a number of bits from 0 to 32");
      }
    } else if (key == "router") {
      lease.router = address(key, value);
    } else if (key == "dns") {
      lease.dns = addresses(key, value);
    } else if (key == "tftp") {
      const bool is_name = value.is_string() && !config::parse_ip(value.get<std::string>());
      if (is_name) {
        lease.offer.option66 = value.get<std::string>();
      } else {
        lease.offer.option150 = addresses(key, value);
      }
    } else {
      wrong("'" + key + "' is none of address, prefix, router, dns and tftp");
    }
  }

  std::optional<IpAddress> address(const std::string& key, const json& value) {
    const auto parsed =
        value.is_string() ? config::parse_ip(value.get<std::string>()) : std::optional<IpAddress>();
    if (!parsed || !parsed->is_v4() || !is_of_a_host(*parsed)) {
      wrong(key + ": " + value.dump(-1, ' ', false, json::error_handler_t::replace) +
            " is no address of a host, like \"10.0.0.1\"");
      return std::nullopt;
    }
    return parsed;
  }
  std::vector<IpAddress> addresses(const std::string& key, const json& value) {
    std::vector<IpAddress> all;
    for (const json& each : value.is_array() ? value : json::array({value})) {
      if (const auto parsed = address(key, each)) {
        all.push_back(*parsed);
      }
    }
    return all;
  }

  const std::string& path_;
  std::string faults_{};
};

}  // namespace

Result<DhcpReply> read_dhcp_file(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) {
    return text.error();
  }
  const json document = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  const json& said =
      document.is_object() && document.contains("dhcp") ? document["dhcp"] : document;
  if (!said.is_object()) {
    return usage(path +
                 R"(: no object of JSON like {"address": "10.0.0.9", "prefix": 24, "router": )"
                 R"("10.0.0.1", "dns": "10.0.0.2", "tftp": "10.0.0.3"})");
  }
  Reader reader(path);
  DhcpReply lease = reader.read(said);
  return reader.faults().empty() ? Result<DhcpReply>(std::move(lease)) : usage(reader.faults());
}

}  // namespace dialtone::emu
