// SPDX-License-Identifier: Apache-2.0
//
// The dataplane's side of the offer protocol as messages (abi/offer_protocol.h): the check of what
// a control sends, and what it is answered. No state; housekeeper only.
#pragma once

#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unix_socket.h"
#include "dataplane/image/image_store.h"
#include "dataplane/image/service_desk.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace dialtone::image {

// With exactly one descriptor beside it; an order has none.
using ControlMessage = std::variant<abi::ObjectMessage, abi::OfferMessage, abi::ServiceMessage>;

// An Error says how `message` breaks the protocol.
Result<ControlMessage> read_control_message(const Message& message);

abi::HelloMessage make_hello(const ImageStore& store, const ServiceDesk& service,
                             std::uint32_t workers);

abi::ServiceStateMessage make_state(const ServiceDesk& service);

// A text that is too long is cut.
abi::OfferReply make_reply(abi::OfferType type, std::uint64_t generation,
                           std::uint64_t microseconds = 0, const std::string& text = {});

template <typename T>
std::span<const std::byte> bytes_of(const T& message) {
  return std::as_bytes(std::span<const T, 1>(&message, 1));
}

}  // namespace dialtone::image
