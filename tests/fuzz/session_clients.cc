// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/session_clients.h"

#include "dataplane/abi/canonical_name.h"
#include "tests/fuzz/require.h"

#include <span>
#include <utility>

namespace dialtone::fuzz {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string ack_packet(std::uint16_t number) {
  return {'\0', '\4', static_cast<char>(number >> 8), static_cast<char>(number)};
}

}  // namespace

void SessionClients::begin(const ServedRules& rules, bool listens, bool one_by_one) {
  Appliance::begin(rules, listens);
  one_by_one_ = one_by_one;
  for (Client& client : clients_) {
    client.model.begin();
    client.last.clear();
    client.last_port = 0;
    client.awaited.clear();
    client.came = {};
  }
  links_.begin();
}

void SessionClients::send_request(std::size_t client, std::string packet) {
  send(clients_[client], 69, std::move(packet));
}

void SessionClients::send_to_transfer(std::size_t client, std::string packet) {
  send(clients_[client], clients_[client].model.port(), std::move(packet));
}

void SessionClients::send_again(std::size_t client) {
  send(clients_[client], clients_[client].last_port, clients_[client].last);
}

void SessionClients::send_ack(std::size_t client, std::int8_t behind) {
  const int number = clients_[client].model.last_seen() + behind;
  send_to_transfer(client, ack_packet(static_cast<std::uint16_t>(number)));
}

void SessionClients::send_stranger_ack(std::size_t client) {
  process();
  const ClientModel& model = clients_[client].model;
  push(
      {&clients_[client], Sender::kStranger, {}},
      write_packet(next_frame(), stranger_, model.port(), bytes_of(ack_packet(model.last_seen()))));
}

void SessionClients::send_unreachable(std::size_t client, std::uint8_t wrong) {
  process();
  const ClientEnd& end = clients_[client].end;
  push({&clients_[client], wrong == 0 ? Sender::kHost : Sender::kIcmp, {}},
       write_unreachable(next_frame(), end, clients_[client].model.port(),
                         static_cast<std::uint16_t>(end.port + wrong)));
}

void SessionClients::send(Client& client, std::uint16_t port, std::string packet) {
  client.last = packet;
  client.last_port = port;
  const bool is_alone = one_by_one_ && port == 69;
  if (is_alone) {
    process();
    before_ = outcomes();
  }
  push({&client, Sender::kClient, std::move(packet)},
       write_packet(next_frame(), client.end, port, bytes_of(client.last)));
  if (is_alone) {
    process();
  }
}

void SessionClients::came_to(Client& client, const PacketView& frame) {
  const auto packet = ip_packet(frame);
  client.came[0].swap(client.came[1]);
  client.came[0].assign(reinterpret_cast<const char*>(packet.data()), packet.size());
}

void SessionClients::push(Sent sent, std::size_t length) {
  add(length);
  sent_.push_back(std::move(sent));
  if (burst_is_full()) {
    process();
  }
}

void SessionClients::wait(Micros time) {
  process();
  pass(time);
  for (Client& client : clients_) {
    client.model.waits();
  }
}

SessionClients::Outcomes SessionClients::outcomes() const {
  std::uint64_t not_admitted = 0;
  for (const server::DropReason reason :
       {server::DropReason::kSourceRate, server::DropReason::kPrefixRate,
        server::DropReason::kFirstPackets, server::DropReason::kUnanswered,
        server::DropReason::kUnprovenBytes, server::DropReason::kLargeError}) {
    not_admitted += count(reason);
  }
  return {not_admitted, count(server::Counter::kRequestsParked),
          count(server::Counter::kParkedRepeated), count(server::Counter::kParkedReplaced)};
}

void SessionClients::answered(const PacketView& asked, server::Verdict verdict,
                              const PacketView* answer) {
  const Sent now = std::move(sent_[next_++]);
  if (next_ == sent_.size()) {
    sent_.clear();
    next_ = 0;
  }
  if (now.sender == Sender::kStranger) {
    require(answer == nullptr || answer->opcode == kError, "a stranger gets no DATA");
    return;
  }
  ClientModel& model = now.client->model;
  if (now.sender != Sender::kClient) {
    require(answer == nullptr, "ICMP is not answered");
    return now.sender == Sender::kHost ? model.aborts() : void();
  }
  if (answer != nullptr) {
    came_to(*now.client, *answer);
  }
  if (now.packet.size() < 4) {
    return;
  }
  const bool is_request = asked.opcode == kRrq || asked.opcode == kWrq;
  if (asked.destination_port == 69 && (is_request || ports() == Ports::kOfTransfers)) {
    on_request(asked, now, answer);
  } else if (asked.opcode == kAck) {
    if (asked.destination_port == model.port()) {
      model.acks(asked.number);
    }
    model.on_answer_to_ack(asked.number, answer);
  } else if (asked.opcode == kError && asked.destination_port == model.port()) {
    model.aborts();
  }
}

void SessionClients::on_request(const PacketView& asked, const Sent& sent,
                                const PacketView* answer) {
  if (published() == 0 || (asked.opcode != kRrq && asked.opcode != kWrq)) {
    require(answer == nullptr, "no answer to what is no request, nor without an image");
    return;
  }
  Client& client = *sent.client;
  if (one_by_one_) {
    const Outcomes now = outcomes();
    if (now.replaced != before_.replaced) {
      client.awaited.clear();
    }
    // What was before goes on: a transfer, or the waiting.
    if (now.not_admitted != before_.not_admitted || now.repeated != before_.repeated) {
      require(answer == nullptr, "who is not admitted, or waits, hears nothing now");
      return;
    }
    if (now.parked != before_.parked) {
      require(answer == nullptr, "who waits hears nothing now");
      client.awaited = sent.packet;
      return client.model.aborts();
    }
  }
  if (answer != nullptr) {
    client.awaited.clear();
  }
  hold(client, sent.packet, answer);
}

// Against what the client asked for, of what is published now.
void SessionClients::hold(Client& client, const std::string& packet, const PacketView* answer) {
  const test::PlainRequest request = test::read_plainly(packet);
  abi::CanonicalName name;
  const ServedFile* file = nullptr;
  if (packet[1] == kRrq && abi::canonicalize(request.name, name)) {
    file = served_file(published(), name.view());
  }
  const std::uint64_t block = links_.max_block(client.end.address(), client.end.max_block(), now());
  client.model.asks(file, request, {block, 64, 65536});
  client.model.on_answer_to_request(answer);
}

void SessionClients::sent(const PacketView& frame) {
  for (Client& client : clients_) {
    if (client.end.port != frame.destination_port) {
      continue;
    }
    came_to(client, frame);
    const bool is_first = frame.opcode != kData || frame.number == 1;
    if (!client.awaited.empty() && is_first) {
      return hold(client, std::exchange(client.awaited, {}), &frame);
    }
    return client.model.on_sent(frame);
  }
  broken("timers send to clients");
}

}  // namespace dialtone::fuzz
