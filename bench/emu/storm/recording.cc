// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/recording.h"

#include "bench/emu/host/frame.h"
#include "bench/emu/host/numbered_mac.h"
#include "bench/emu/storm/text_file.h"
#include "dataplane/config/address_text.h"
#include "dataplane/tftp/message.h"

#include <nlohmann/json.hpp>
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace dialtone::emu {
namespace {

using nlohmann::json;

constexpr std::uint16_t kTftpPort = 69;
constexpr Micros kSilence = 60'000'000;

void add(Recording& recording, RecordedRequest request) {
  if (request.name.empty() || request.name.size() > FileName::kMost) {
    ++recording.left_out;
  } else {
    recording.requests.push_back(std::move(request));
  }
}

// ---- a capture

// The name of a read request (RFC 1350 section 5).
std::optional<std::string> name_of(std::span<const std::byte> payload) {
  const std::string text(reinterpret_cast<const char*>(payload.data()), payload.size());
  const std::size_t end = text.size() < 3 ? std::string::npos : text.find('\0', 2);
  constexpr auto kRead = static_cast<char>(tftp::Opcode::kReadRequest);
  return end == std::string::npos || text[0] != 0 || text[1] != kRead
             ? std::nullopt
             : std::optional(text.substr(2, end - 2));
}

void add_frame(const pcap_pkthdr& header, const unsigned char* bytes, Recording& recording) {
  const auto frame = parse_frame({reinterpret_cast<const std::byte*>(bytes), header.caplen});
  const auto datagram = frame ? parse_udp(*frame) : std::nullopt;
  if (!datagram || datagram->to_port != kTftpPort) {
    return;
  }
  if (auto name = name_of(datagram->payload)) {
    const auto at =
        static_cast<Micros>(header.ts.tv_sec) * 1'000'000 + static_cast<Micros>(header.ts.tv_usec);
    add(recording, {at, config::ip_text(datagram->from), datagram->from_port, *std::move(name)});
  }
}

Result<Recording> read_capture(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> fault{};
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> capture(
      pcap_open_offline(path.c_str(), fault.data()), pcap_close);
  if (!capture) {
    return usage(path + " is no capture, and no list of events: " + fault.data());
  }
  if (pcap_datalink(capture.get()) != DLT_EN10MB) {
    return usage(path + ": frames of Ethernet are wanted; capture on an interface, not on 'any'");
  }
  Recording recording;
  pcap_pkthdr* header = nullptr;
  const unsigned char* bytes = nullptr;
  int more = 0;
  while ((more = pcap_next_ex(capture.get(), &header, &bytes)) == 1) {
    add_frame(*header, bytes, recording);
  }
  if (more == PCAP_ERROR) {
    return usage(path + ": " + pcap_geterr(capture.get()));
  }
  return recording;
}

// ---- events

void add_event(const json& event, Recording& recording) {
  if (event.value("event", "") != "request") {
    return;
  }
  RecordedRequest request{event.at("time_us").get<Micros>(), event.at("client").get<std::string>(),
                          event.at("port").get<std::uint16_t>(),
                          event.at("name").get<std::string>()};
  // Of a long name an event has the beginning; what is no printable text is escaped.
  if (event.value("name_length", request.name.size()) != request.name.size()) {
    request.name.clear();
  }
  add(recording, std::move(request));
}

// One document, or one in each line, as `dialtone --json events --follow` prints them.
std::vector<json> documents_of(const std::string& text) {
  std::vector<json> documents{json::parse(text, nullptr, /*allow_exceptions=*/false)};
  if (documents.front().is_discarded()) {
    documents.clear();
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      documents.push_back(json::parse(line, nullptr, /*allow_exceptions=*/false));
    }
  }
  return documents;
}

Result<Recording> read_events(const std::string& path, const std::string& text) {
  Recording recording;
  try {
    for (const json& document : documents_of(text)) {
      const json& events = document.is_object() ? document.at("result").at("events") : document;
      if (!events.is_array()) {
        return usage(path + " is no list of events; `dialtone --json events` prints one");
      }
      for (const json& event : events) {
        add_event(event, recording);
      }
    }
  } catch (const json::exception&) {
    return usage(path + ": it is no list of events, or one lacks time_us, client, port or name");
  }
  return recording;
}

// ---- phones

struct Client {
  std::vector<std::string> names{};
  Micros first = 0;
  Micros last = 0;
  std::uint16_t port = 0;
};

bool is_repeated(const Client& client, const RecordedRequest& request) {
  return !client.names.empty() && client.port == request.port &&
         client.names.back() == request.name;
}

}  // namespace

Result<Recording> read_recording(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) {
    return text.error();
  }
  const std::size_t first = text->find_first_not_of(" \t\r\n");
  const bool is_json =
      first != std::string::npos && ((*text)[first] == '{' || (*text)[first] == '[');
  return is_json ? read_events(path, *text) : read_capture(path);
}

Result<CampusPlan> plan_replay(Recording recording, double speed) {
  std::stable_sort(
      recording.requests.begin(), recording.requests.end(),
      [](const RecordedRequest& one, const RecordedRequest& other) { return one.at < other.at; });
  std::vector<Client> phones;
  std::unordered_map<std::string, std::size_t> known;
  for (RecordedRequest& request : recording.requests) {
    const auto [place, is_new] = known.try_emplace(request.client, phones.size());
    if (!is_new && (request.at - phones[place->second].last > kSilence ||
                    phones[place->second].names.size() == BootScript::kMostFiles)) {
      place->second = phones.size();
    }
    if (place->second == phones.size()) {
      phones.push_back({.first = request.at});
    }
    Client& phone = phones[place->second];
    phone.last = request.at;
    if (!is_repeated(phone, request)) {
      phone.port = request.port;
      phone.names.push_back(std::move(request.name));
    }
  }
  if (phones.empty()) {
    return usage("the recording has no read request");
  }
  CampusPlan plan;
  plan.phones.reserve(phones.size());
  for (const Client& phone : phones) {
    plan.scripts.push_back(std::make_unique<BootScript>(BootScript::of_names(phone.names)));
    const auto number = static_cast<std::uint32_t>(plan.phones.size());
    const double since = static_cast<double>(phone.first - phones.front().first);
    plan.phones.emplace_back(*plan.scripts.back(), numbered_mac(MacGroup::kReplayed, number),
                             static_cast<Micros>(since / speed));
    plan.models.emplace_back("replayed");
  }
  return plan;
}

}  // namespace dialtone::emu
