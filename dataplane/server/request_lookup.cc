// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/request_lookup.h"

#include "dataplane/abi/served_file.h"
#include "dataplane/server/prefetch.h"
#include "dataplane/tftp/message.h"

#include <cstring>

namespace dialtone::server {

RequestKind read_request(Packet& packet, abi::CanonicalName& name) noexcept {
  const tftp::Request request = tftp::parse_request(packet.payload);
  packet.spelling = request.name;
  if (request.fault == tftp::RequestFault::kMalformed) {
    return RequestKind::kMalformed;
  }
  if (request.fault == tftp::RequestFault::kMode) {
    return RequestKind::kBadMode;
  }
  packet.options = request.options;
  packet.netascii = request.netascii;
  if (!abi::canonicalize(request.name, name)) {
    return RequestKind::kBadName;
  }
  packet.name = &name;
  packet.key = {};
  return RequestKind::kRead;
}

void set_key(Packet& packet, const abi::LiveImage& image) noexcept {
  packet.key = abi::name_key(packet.name->view(), image.view.seed());
}

void parse_request(const abi::LiveImage* image, Packet& packet, abi::CanonicalName& name) noexcept {
  NetU16 field;
  std::memcpy(&field, packet.payload.data(), sizeof(field));
  switch (static_cast<tftp::Opcode>(field.host())) {
    case tftp::Opcode::kReadRequest:
      packet.request = read_request(packet, name);
      break;
    case tftp::Opcode::kWriteRequest:
      packet.spelling = tftp::parse_request(packet.payload).name;
      packet.request = RequestKind::kWrite;
      break;
    case tftp::Opcode::kError:
      packet.kind = PacketKind::kDropped;
      packet.reason = DropReason::kErrorIgnored;
      return;
    default:
      // Never an answer to what is no request: it would serve as a reflector (CVE-2024-2169).
      packet.kind = PacketKind::kDropped;
      packet.reason = DropReason::kOpcode;
      return;
  }
  if (image != nullptr && packet.request == RequestKind::kRead) {
    set_key(packet, *image);
    image->view.prefetch(packet.key);
  }
}

void find_entry(const abi::LiveImage* image, Packet& packet) noexcept {
  packet.entry = image != nullptr && packet.request == RequestKind::kRead
                     ? abi::locate_served(image->view, packet.name->view(), packet.key)
                     : nullptr;
}

void find_file(const abi::LiveImage* image, Packet& packet) noexcept {
  if (packet.entry == nullptr) {
    packet.file.reset();
    return;
  }
  packet.file = image->view.file_at(*packet.entry);
  prefetch_block(packet.file->content, packet.file->record->length, packet.file->sums);
}

}  // namespace dialtone::server
