// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/event_json.h"

#include "dataplane/config/address_text.h"

namespace dialtone::daemon {
namespace {

std::string hex(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = out.size(); i-- > 0; value >>= 4) {
    out[i] = kDigits[value & 15];
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

api::Json event_json(const FoundEvent& found, const MappedEvents& shared) {
  const abi::Event& event = found.event;
  api::Json json;
  json["time_us"] = shared.events().wall_us(event);
  json["worker"] = found.worker;
  json["event"] = event.kind == abi::EventKind::kEnd ? "end" : "request";
  json["outcome"] = shared.counters().name(event.outcome);
  json["client"] = config::ip_text(event.address());
  json["port"] = event.port;
  json["vlan"] = event.outer_vlan;
  json["inner_vlan"] = event.inner_vlan;
  json["address"] = event.our_address;
  json["name"] = escaped(event.name_view());
  json["name_length"] = event.name_length;
  json["class"] = abi::class_word(event.name_class);
  json["name_hash"] = hex(event.name_hash);
  json["generation"] = event.generation;
  json["bytes"] = event.bytes;
  if (event.kind == abi::EventKind::kEnd) {
    json["blocks"] = event.blocks;
    json["copies"] = event.copies;
    json["duration_us"] = event.duration_us;
  }
  return json;
}

}  // namespace dialtone::daemon
