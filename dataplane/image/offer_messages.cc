// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/offer_messages.h"

#include "dataplane/abi/client_prefixes.h"
#include "dataplane/abi/policy_check.h"

#include <unistd.h>

#include <cstring>

namespace dialtone::image {
namespace {

std::string type_text(abi::OfferType type) {
  return "a message of type " + std::to_string(static_cast<int>(type));
}

template <typename T>
Result<ControlMessage> read_as(const Message& message, abi::OfferType type) {
  T read{};
  if (message.bytes.size() != sizeof(read) || message.descriptors.size() != 1) {
    return refused(type_text(type) + " has the wrong size or not one descriptor");
  }
  std::memcpy(&read, message.bytes.data(), sizeof(read));
  return ControlMessage(read);
}

Result<ControlMessage> read_order(const Message& message) {
  abi::ServiceMessage read{};
  if (message.bytes.size() != sizeof(read) || !message.descriptors.empty()) {
    return refused(type_text(abi::OfferType::kService) + " has the wrong size, or a descriptor");
  }
  std::memcpy(&read, message.bytes.data(), sizeof(read));
  switch (read.order) {
    case abi::ServiceOrder::kStart:
    case abi::ServiceOrder::kStop:
    case abi::ServiceOrder::kDrain:
      return ControlMessage(read);
  }
  return refused("an unknown order of the service");
}

}  // namespace

Result<ControlMessage> read_control_message(const Message& message) {
  abi::OfferHeader header{};
  if (message.bytes.size() < sizeof(header)) {
    return refused("a message of " + std::to_string(message.bytes.size()) +
                   " bytes is no offer message");
  }
  std::memcpy(&header, message.bytes.data(), sizeof(header));
  if (header.magic != abi::kOfferMagic || header.version != abi::kOfferVersion) {
    return refused("it does not speak version " + std::to_string(abi::kOfferVersion) +
                   " of the offer protocol");
  }
  if (header.type == abi::OfferType::kOffer) {
    return read_as<abi::OfferMessage>(message, header.type);
  }
  if (header.type == abi::OfferType::kService) {
    return read_order(message);
  }
  if (header.type != abi::OfferType::kObject) {
    return refused(type_text(header.type) + " does not come from a control");
  }
  auto read = read_as<abi::ObjectMessage>(message, header.type);
  if (read) {
    const auto& object = std::get<abi::ObjectMessage>(*read);
    if (object.kind != abi::ObjectKind::kSegment && object.kind != abi::ObjectKind::kIndex) {
      return refused("object " + id_text(object.id) + " has an unknown kind");
    }
  }
  return read;
}

abi::HelloMessage make_hello(const ImageStore& store, const ServiceDesk& service,
                             std::uint32_t workers) {
  abi::HelloMessage hello{};
  hello.header = abi::offer_header(abi::OfferType::kHello);
  hello.image_version = abi::kImageVersion;
  hello.worker_count = workers;
  hello.pid = static_cast<std::uint64_t>(::getpid());
  if (const abi::Manifest* manifest = store.manifest(); manifest != nullptr) {
    hello.generation = manifest->generation;
    hello.content_digest = manifest->content_digest;
    hello.policy_check = abi::policy_check(manifest->policy, abi::client_ranges(*manifest));
  }
  hello.private_map = store.objects().mode() == MapMode::kPrivate ? 1 : 0;
  hello.service = service.state();
  hello.service_since_us = service.since_us();
  return hello;
}

abi::ServiceStateMessage make_state(const ServiceDesk& service) {
  return {abi::offer_header(abi::OfferType::kServiceState), service.state(), service.answered(),
          service.since_us()};
}

abi::OfferReply make_reply(abi::OfferType type, std::uint64_t generation,
                           std::uint64_t microseconds, const std::string& text) {
  abi::OfferReply reply{};
  reply.header = abi::offer_header(type);
  reply.generation = generation;
  reply.microseconds = microseconds;
  std::strncpy(reply.text, text.c_str(), sizeof(reply.text) - 1);
  return reply;
}

}  // namespace dialtone::image
