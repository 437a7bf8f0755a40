// SPDX-License-Identifier: Apache-2.0
//
// Four clients of an appliance: what each sends goes into the burst at hand, and what it gets is
// held against its model.
#pragma once

#include "tests/fuzz/appliance.h"
#include "tests/fuzz/client_frames.h"
#include "tests/fuzz/client_model.h"
#include "tests/fuzz/narrow_link.h"
#include "tests/fuzz/session_input.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::fuzz {

class SessionClients : public Appliance {
 public:
  explicit SessionClients(const Setup& setup) : Appliance(setup) {}

  // `one_by_one`: a request is a burst, so that its counters say what became of it. Where a request
  // may be left without an answer, it has to be.
  void begin(const ServedRules& rules, bool listens, bool one_by_one);

  // Each of these adds a frame; those about a transfer that the client has to know of end the burst
  // first.
  void send_request(std::size_t client, std::string packet);
  void send_to_transfer(std::size_t client, std::string packet);
  void send_again(std::size_t client);
  // `behind` the block that came last.
  void send_ack(std::size_t client, std::int8_t behind);
  void send_stranger_ack(std::size_t client);
  // Its host says that nobody listens on the port `wrong` behind its own.
  void send_unreachable(std::size_t client, std::uint8_t wrong);
  // A router says it of the last packet that came to the client, or of the one before.
  void send_too_big(std::size_t client, const TooBigSaid& said, bool of_last);

  // Ends the burst, and lets time pass.
  void wait(Micros time);

 private:
  struct Client {
    ClientEnd end;
    ClientModel model = {};
    std::string last = {};  // packet that it sent, and where
    std::uint16_t last_port = 0;
    std::string awaited = {};  // the request that waits for its answer
    // The last packets that came, the newest first, from their IP headers on.
    std::array<std::string, 2> came = {};
  };
  enum class Sender : std::uint8_t {
    kClient,
    kStranger,
    kHost,  // says that nobody listens at the client's port
    kIcmp,  // says something else
  };
  // Of a frame in the burst at hand.
  struct Sent {
    Client* client;
    Sender sender;
    std::string packet;
  };
  // Counters that say what became of a request that gets no answer.
  struct Outcomes {
    std::uint64_t not_admitted;
    std::uint64_t parked;
    std::uint64_t repeated;
    std::uint64_t replaced;
  };

  void send(Client& client, std::uint16_t port, std::string packet);
  void push(Sent sent, std::size_t length);
  Outcomes outcomes() const;

  void answered(const PacketView& asked, server::Verdict verdict,
                const PacketView* answer) override;
  void sent(const PacketView& frame) override;
  void on_request(const PacketView& asked, const Sent& sent, const PacketView* answer);
  void hold(Client& client, const std::string& packet, const PacketView* answer);
  void came_to(Client& client, const PacketView& frame);

  std::array<Client, kClients> clients_ = {{{.end = make_client(false, false, 40001)},
                                            {.end = make_client(true, false, 40002)},
                                            {.end = make_client(false, true, 40003)},
                                            {.end = make_client(false, false, 40004)}}};
  ClientEnd stranger_ = make_client(false, false, 50000);
  KnownLinks links_;
  std::vector<Sent> sent_;
  std::size_t next_ = 0;
  bool one_by_one_ = false;
  Outcomes before_{};
};

}  // namespace dialtone::fuzz
