// SPDX-License-Identifier: Apache-2.0
//
// What one client may see of its transfer, said without windows and offsets: which blocks may come,
// how often an ACK may be answered, how much may come before it has sent anything.
#pragma once

#include "tests/fuzz/appliance.h"
#include "tests/fuzz/packet_view.h"
#include "tests/support/plain_request.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::fuzz {

class ClientModel {
 public:
  void begin() { *this = ClientModel(); }

  // It asks for `file` of the generation that is published; null: for what is not there.
  void asks(const ServedFile* file, const test::PlainRequest& request,
            const test::PlainLimits& limits);
  void acks(std::uint16_t number);
  void waits() { ++waits_; }        // some time: long enough, perhaps, for a copy
  void aborts() { live_ = false; }  // its ERROR, or the ICMP message of its host
  // A router was believed, who says that a packet to it is too big for a link.
  void is_too_big();

  // The answer to a packet of its own; null: none. `ack` is the number of the ACK it answers.
  void on_answer_to_request(const PacketView* answer);
  void on_answer_to_ack(std::uint16_t ack, const PacketView* answer);
  void on_sent(const PacketView& frame);

  std::uint16_t port() const { return port_; }  // of the server; 0: it knows none
  std::uint16_t last_seen() const { return last_seen_; }
  // It has sent something behind its request, so nobody else has asked in its name.
  bool has_answered() const { return has_answered_; }
  // A block that came: whether it was acknowledged. Neither is sure after a repeated request, nor
  // the first once the transfer may have ended.
  bool is_surely_on_its_way(std::uint16_t block) const {
    return live_ && waits_ == 0 && block > acked_;
  }
  bool is_surely_acknowledged(std::uint16_t block) const { return !again_ && block <= acked_; }

 private:
  // As it was agreed on with one request. A repeated request may change it.
  struct Agreement {
    // Of the file in each generation that the client has asked in: a request that comes again keeps
    // the bytes of the first as long as the session is there, which the client cannot know. DATA
    // shows which it is.
    std::vector<const std::string*> contents;
    std::string_view name;
    bool netascii = false;
    test::PlainGrant grant;
  };

  bool is_block(std::string_view content, std::uint64_t block, const PacketView& frame) const;
  void on_data(const PacketView& frame);
  void on_first(const PacketView& answer);
  void on_end(const PacketView& error);
  void check_amount() const;

  bool live_ = false;
  bool again_ = false;  // the request came more than once
  Agreement agreed_;
  std::uint16_t port_ = 0;
  std::uint16_t last_seen_ = 0;
  std::uint64_t highest_ = 0;  // block that came
  // Since the request came last.
  bool has_answered_ = false;
  bool is_too_big_ = false;
  std::uint64_t windows_again_ = 0;  // that a router has brought
  std::uint64_t acked_ = 0;          // block
  std::uint64_t acks_ = 0;
  std::uint64_t waits_ = 0;
  std::uint64_t frames_ = 0;  // DATA and OACKs that came
  std::uint64_t copies_ = 0;  // those among them that no packet of the client brought
  std::array<std::uint8_t, 2048> answered_{};  // how often an ACK of this number was answered
};

}  // namespace dialtone::fuzz
