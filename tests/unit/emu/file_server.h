// SPDX-License-Identifier: Apache-2.0
//
// The other end of an emulated device's link: answers ARP, and TFTP in lock step with the files it
// is given. Knows nothing of the code under test but its frames.
#pragma once

#include "bench/emu/host/host.h"
#include "dataplane/wire/arp.h"
#include "tests/support/packet_builder.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace dialtone::test {

class FileServer {
 public:
  explicit FileServer(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  std::vector<std::string> asked;  // names, each request
  bool is_silent = false;
  int acks = 0;

  // Frames in answer to one.
  std::vector<std::string> on_frame(const emu::Host::Frame& frame) {
    const auto received = emu::parse_frame(frame);
    if (!received || is_silent) {
      return {};
    }
    if (const wire::ArpPacket* arp = wire::parse_arp(received->payload)) {
      return {arp_reply(*arp, received->from_mac)};
    }
    const auto datagram = emu::parse_udp(*received);
    return datagram ? answers(*received, *datagram) : std::vector<std::string>();
  }

 private:
  struct Transfer {
    std::string content;
    std::size_t block = 1;
  };

  static std::string arp_reply(const wire::ArpPacket& request, const wire::MacAddress& asker) {
    wire::ArpPacket reply = request;
    wire::make_arp_reply(reply, kServerMac);
    const wire::EthernetHeader ethernet{asker, kServerMac, {{0x08, 0x06}}};
    std::string frame(reinterpret_cast<const char*>(&ethernet), sizeof(ethernet));
    frame.append(reinterpret_cast<const char*>(&reply), sizeof(reply));
    return frame;
  }

  std::vector<std::string> answers(const emu::Received& frame, const emu::Datagram& datagram) {
    const std::string payload(reinterpret_cast<const char*>(datagram.payload.data()),
                              datagram.payload.size());
    Packet reply;
    reply.from(datagram.to, 3000)
        .from_mac(kServerMac)
        .to_mac(frame.from_mac)
        .to_address(datagram.from)
        .to_port(datagram.from_port);
    Transfer& transfer = transfers_[datagram.from_port];
    if (payload[1] == 1) {
      const std::string name = payload.c_str() + 2;
      asked.push_back(name);
      const auto file = files_.find(name);
      if (file == files_.end()) {
        return {reply.error(1, "File not found").bytes()};
      }
      transfer = {file->second};
    } else if (payload[1] == 4) {
      ++acks;
      const std::size_t end = transfer.block * 512;
      if (end > transfer.content.size()) {
        return {};
      }
      ++transfer.block;
    } else {
      return {};
    }
    const std::string data = transfer.content.substr((transfer.block - 1) * 512, 512);
    return {reply.opcode(3, std::string{0, static_cast<char>(transfer.block)} + data).bytes()};
  }

  std::map<std::string, std::string> files_;
  std::map<std::uint16_t, Transfer> transfers_;
};

}  // namespace dialtone::test
