// SPDX-License-Identifier: Apache-2.0
#include "control/publish/dataplane_connection.h"

#include "dataplane/abi/image_format.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>

namespace dialtone::publish {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetry{100};
// Another control holds the dataplane: look less often, it may stay for long.
constexpr milliseconds kRetryRefused{1000};
// A dataplane with a full queue is stopped, and must not stop us.
constexpr milliseconds kConnectPatience{10};
constexpr timeval kSendTimeout{5, 0};

template <typename T>
bool read_as(const Message& message, T& out) {
  if (message.bytes.size() != sizeof(T)) {
    return false;
  }
  std::memcpy(&out, message.bytes.data(), sizeof(T));
  return true;
}

}  // namespace

std::string text_of(const abi::OfferReply& reply) {
  return std::string(reply.text, ::strnlen(reply.text, sizeof(reply.text)));
}

void DataplaneConnection::add_poll_fds(std::vector<pollfd>& fds) const {
  if (is_open()) {
    fds.push_back({connection_.get(), POLLIN, 0});
  }
}

void DataplaneConnection::connect_when_due(Clock::time_point now) {
  if (is_open() || now < next_connect_) {
    return;
  }
  auto connection = connect_unix(socket_, SocketType::kSeqPacket, kConnectPatience);
  if (!connection) {
    end("no dataplane: " + connection.error().text, now);
    return;
  }
  // Reads must not block, while a send may wait for the dataplane's housekeeper.
  if (::setsockopt(connection->get(), SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout,
                   sizeof(kSendTimeout)) != 0) {
    end(errno_error("limiting sends", errno).text, now);
    return;
  }
  connection_ = *std::move(connection);
}

std::optional<DataplaneConnection::Incoming> DataplaneConnection::receive(Clock::time_point now) {
  pollfd waiting{connection_.get(), POLLIN, 0};
  if (!is_open() || ::poll(&waiting, 1, 0) <= 0) {
    return std::nullopt;
  }
  auto message = receive_message(connection_.get(), abi::kMaxOfferMessage);
  if (!message) {
    end("the dataplane's connection broke: " + message.error().text, now);
    return std::nullopt;
  }
  if (message->bytes.empty()) {
    end("the dataplane closed the connection", now);
    return std::nullopt;
  }
  auto incoming = read(*message);
  if (!incoming) {
    end(incoming.error().text, now, kRetryRefused);
    return std::nullopt;
  }
  return *std::move(incoming);
}

Result<DataplaneConnection::Incoming> DataplaneConnection::read(Message& message) {
  abi::OfferHeader header{};
  if (message.bytes.size() < sizeof(header)) {
    return refused("what listens on " + socket_ + " is no dataplane of ours");
  }
  std::memcpy(&header, message.bytes.data(), sizeof(header));
  if (header.magic != abi::kOfferMagic || header.version != abi::kOfferVersion) {
    return refused("what listens on " + socket_ + " speaks another version of the offer protocol");
  }
  abi::HelloMessage hello{};
  if (header.type == abi::OfferType::kHello && read_as(message, hello)) {
    DIALTONE_TRY(take_hello(hello, message));
    return Incoming(hello);
  }
  abi::ServiceStateMessage service{};
  if (header.type == abi::OfferType::kServiceState && read_as(message, service)) {
    if (hello_) {
      hello_->service = service.state;
      hello_->service_since_us = service.since_us;
      answered_order_ = service.number;
    }
    return Incoming(service);
  }
  abi::OfferReply reply{};
  if (!read_as(message, reply)) {
    return refused("the dataplane sent a message of the wrong size");
  }
  if (header.type == abi::OfferType::kRejected && reply.generation == 0) {
    return refused("the dataplane turned us away: " + text_of(reply));
  }
  return Incoming(reply);
}

Result<void> DataplaneConnection::take_hello(const abi::HelloMessage& hello, Message& message) {
  if (hello.image_version != abi::kImageVersion) {
    return refused("the dataplane reads images of version " + std::to_string(hello.image_version) +
                   ", this control writes version " + std::to_string(abi::kImageVersion) +
                   "; install both from one release");
  }
  auto pages = HelloPages::take(std::move(message.descriptors));
  if (!pages) {
    return pages.error();
  }
  pages_ = *std::move(pages);
  hello_ = hello;
  answered_order_ = 0;
  trouble_.clear();
  return {};
}

void DataplaneConnection::end(const std::string& why, Clock::time_point now) {
  end(why, now, kRetry);
}

void DataplaneConnection::end(const std::string& why, Clock::time_point now,
                              Clock::duration retry) {
  if (why != trouble_) {
    log_(Severity::kWarning, why);
    trouble_ = why;
  }
  connection_.reset();
  hello_.reset();
  pages_ = {};
  next_connect_ = now + retry;
}

}  // namespace dialtone::publish
