// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dhcp6/message.h"
#include "bench/emu/dns/message.h"
#include "bench/emu/host/segment.h"
#include "bench/emu/registration/sccp.h"
#include "bench/emu/registration/sip.h"
#include "dataplane/wire/ethernet.h"
#include "tests/fuzz/seeds.h"
#include "tests/support/packet_builder.h"

#include <initializer_list>

namespace dialtone::fuzz {
namespace {

using namespace std::string_literals;

// As devices.cc numbers them.
enum Reader : char { kFrame, kRegistration, kDns, kDhcp, kDhcp6, kRecording, kConfiguration };

std::string seed(Reader reader, const std::string& bytes) {
  return std::string(1, reader) + bytes;
}

std::string packets(std::initializer_list<std::string> all) {
  std::string text;
  for (const std::string& packet : all) {
    text += static_cast<char>(packet.size() >> 8);
    text += static_cast<char>(packet.size()) + packet;
  }
  return text;
}

std::string segment_frame(const IpAddress& from, const IpAddress& to, std::string_view payload) {
  std::string frame(wire::kMaxFrame, '\0');
  frame.resize(emu::write_tcp({.from_mac = test::kServerMac, .to_mac = test::kPhoneMac},
                              {.from = from,
                               .to = to,
                               .from_port = 2000,
                               .to_port = 49152,
                               .flags = emu::kAck,
                               .payload = std::as_bytes(std::span(payload))},
                              std::as_writable_bytes(std::span(frame))));
  return frame;
}

test::Packet datagram(const IpAddress& from, const IpAddress& to) {
  return test::Packet()
      .from(from, 3000)
      .from_mac(test::kServerMac)
      .to_mac(test::kPhoneMac)
      .to_address(to)
      .to_port(49152)
      .payload("data");
}

// RFC 2131 figure 1, with a server and what is behind it.
std::string dhcp(char type, const std::string& more) {
  std::string packet(240, '\0');
  packet[0] = 2;
  packet.replace(4, 4, "\0\1\2\3"s);
  packet.replace(16, 4, "\x0a\x4d\0\x09"s);
  packet.replace(28, 6, "\0\x11\x22\x33\x44\x55"s);
  packet.replace(236, 4, "\x63\x82\x53\x63"s);
  return packet + "\x35\1"s + type + "\x36\4\x0a\x4d\0\1"s + more + "\xff"s;
}

std::string option6(char code, const std::string& value) {
  return "\0"s + code + "\0"s + static_cast<char>(value.size()) + value;
}

std::string dhcp6(char type, char transaction, const std::string& more) {
  const std::string own = "\xfd\0\0\x77"s + std::string(11, '\0') + "\x09"s;
  return std::string(1, type) + "\1\2"s + transaction +
         option6(1, emu::dhcp6_identity(test::kPhoneMac)) + option6(2, "server") +
         option6(3, "\0\0\0\1"s + std::string(8, '\0') +
                        option6(5, own + "\0\0\x0e\x10\0\0\x0e\x10"s)) +
         more;
}

std::string dns_answer() {
  const auto query = emu::write_dns_query(7, "tftp.example", emu::DnsType::kA);
  std::string packet(reinterpret_cast<const char*>(query.data()), query.size());
  packet[2] = '\x81';
  packet[3] = '\x80';
  packet[7] = 2;
  return packet + "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\1a\xc0\x11"s +
         "\1a\xc0\x11\0\1\0\1\0\0\0\x3c\0\4\x0a\x4d\0\1"s;
}

// A capture of one frame.
std::string capture(const std::string& frame) {
  const std::string length{static_cast<char>(frame.size()), 0, 0, 0};
  return "\xd4\xc3\xb2\xa1\2\0\4\0"s + std::string(8, '\0') + "\xff\xff\0\0\1\0\0\0"s +
         "\1\0\0\0\0\0\0\0"s + length + length + frame;
}

}  // namespace

// As devices.cc reads them.
std::vector<std::string> device_seeds() {
  const IpAddress server = IpAddress::from_v4(test::kServerAddress);
  const IpAddress phone = IpAddress::from_v4(test::kPhoneAddress);
  const std::string member =
      "<member priority=\"0\"><callManager><processNodeName>cm-a</processNodeName>"
      "<ports><ethernetPhonePort>2000</ethernetPhonePort></ports></callManager></member>";
  return {
      seed(kFrame, datagram(server, phone).bytes()),
      seed(kFrame, datagram(test::kServerAddress6, test::kPhoneAddress6).bytes()),
      seed(kFrame, segment_frame(server, phone, "hello")),
      seed(kFrame, segment_frame(test::kServerAddress6, test::kPhoneAddress6, "hello")),
      seed(kRegistration,
           emu::write_register({.name = "SEP001122334455", .address = 1, .device_type = 115}) +
               emu::write_sccp(emu::SccpType::kKeepAlive) +
               emu::write_sccp(emu::SccpType::kVersionRequest) +
               emu::write_sccp(emu::SccpType::kUnregister)),
      seed(kRegistration,
           emu::write_register_ack(30) +
               emu::write_sccp(emu::SccpType::kVersion, emu::sccp_text("P003", emu::kSccpVersion))),
      seed(kRegistration, emu::write_sccp(emu::SccpType::kVersion, std::string(300, 'x'))),
      seed(kRegistration,
           emu::write_sccp(emu::SccpType::kRegisterReject, emu::sccp_text("no", emu::kSccpReason))),
      seed(kRegistration, emu::write_sip_register({.line = "4711",
                                                   .device = "SEP001122334455",
                                                   .model = 115,
                                                   .from = "10.77.1.2",
                                                   .to = "10.77.0.1"})),
      seed(kRegistration,
           "SIP/2.0 100 Trying\r\nContent-Length: 3\r\n\r\nabcSIP/2.0 200 OK\r\n\r\n"
           "SIP/2.0 403 Forbidden\r\n\r\n"),
      seed(kDns, dns_answer()),
      seed(kDhcp, packets({dhcp(2, ""), dhcp(5, "\1\4\xff\xff\0\0\3\4\x0a\x4d\0\xfe"s)})),
      seed(kDhcp, packets({dhcp(2, "\x34\1\3\x96\4\x0a\x4d\0\1"s), dhcp(6, "")})),
      seed(kDhcp6, packets({dhcp6(2, 3, ""), dhcp6(7, 4, option6(24, "\6campus\7example\0"s))})),
      seed(kDhcp6, packets({dhcp6(2, 3, option6(17, "\0\0\0\x09"s + option6(2, "tftp")))})),
      seed(kRecording, capture(test::Packet().from(phone, 1024).to_port(69).rrq("a.xml").bytes())),
      seed(kRecording, R"([{"event":"request","time_us":1,"client":"10.0.0.1","port":1,)"
                       R"("name":"a","name_length":1}])"),
      seed(kConfiguration,
           "<device><deviceProtocol>SIP</deviceProtocol><devicePool>"
           "<callManagerGroup><members>" +
               member +
               "</members></callManagerGroup></devicePool><loadInformation>P003"
               "</loadInformation></device>"),
      seed(kConfiguration, "image_version: P0S3-08-12-00\nline1_name: \"4711\"\n"),
      seed(kConfiguration, "\1\0\2\1\0\2\0\2\0\x0cxya.sbn\nb.sbn\n"s),
  };
}

}  // namespace dialtone::fuzz
