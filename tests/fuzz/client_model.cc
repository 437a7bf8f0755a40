// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/client_model.h"

#include "tests/fuzz/require.h"
#include "tests/fuzz/rules.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace dialtone::fuzz {
namespace {

// Of the policy that is served (test::unlimited_policy).
constexpr std::uint64_t kFirstCopies = 5;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void ClientModel::asks(const ServedFile* file, const test::PlainRequest& request,
                       const test::PlainLimits& limits) {
  const bool refused = file == nullptr || request.fault != test::PlainRequest::Fault::kNone;
  if (refused) {
    live_ = false;
    return;
  }
  const std::string* content = request.netascii ? &file->text : &file->content;
  Agreement now{
      {}, file->name, request.netascii, test::grant_plainly(request, limits, file->content.size())};
  const bool again = live_ && now.name == agreed_.name && now.netascii == agreed_.netascii;
  if (again) {
    now.contents = std::move(agreed_.contents);
  }
  if (std::find(now.contents.begin(), now.contents.end(), content) == now.contents.end()) {
    now.contents.push_back(content);
  }
  // Another file, its other form, or numbers that mean other bytes.
  if (!again || now.grant.block_size != agreed_.grant.block_size) {
    highest_ = 0;
  }
  live_ = true;
  again_ = again;
  agreed_ = std::move(now);
  has_answered_ = is_too_big_ = false;
  acked_ = acks_ = waits_ = frames_ = copies_ = windows_again_ = 0;
  answered_.fill(0);
}

void ClientModel::acks(std::uint16_t number) {
  ++acks_;
  if (number <= highest_) {
    acked_ = std::max<std::uint64_t>(acked_, number);
  }
}

void ClientModel::is_too_big() {
  require(live_, "a router is believed of a transfer only");
  // Its window, once; or over IPv6 an ERROR.
  if (has_answered_ && !is_too_big_) {
    windows_again_ = 1;
  }
  is_too_big_ = true;
}

void ClientModel::on_answer_to_request(const PacketView* answer) {
  if (!live_) {
    require(answer == nullptr || answer->opcode == kError, "what is not there is refused");
    return;
  }
  if (answer == nullptr || (answer->opcode == kError && answer->number == 3)) {
    live_ = false;  // no session is free
    return;
  }
  require(answer->opcode == (agreed_.grant.oack.empty() ? kData : kOack),
          "a request is answered with DATA 1, or with an OACK where an option was granted");
  on_first(*answer);
}

void ClientModel::on_first(const PacketView& answer) {
  port_ = answer.source_port;
  ++frames_;
  if (answer.opcode == kOack) {
    require(text_of(answer.packet.subspan(2)) == agreed_.grant.oack, "the OACK that was due");
    last_seen_ = 0;
    return;
  }
  require(answer.number == 1, "a transfer begins with block 1");
  on_data(answer);
}

void ClientModel::on_answer_to_ack(std::uint16_t ack, const PacketView* answer) {
  if (answer == nullptr) {
    return;
  }
  if (answer->opcode == kError) {
    require(!live_ || answer->source_port != port_, "a client in its transfer is no stranger");
    return;
  }
  require(live_, "DATA comes in a transfer only");
  ++frames_;
  on_data(*answer);
  // RFC 1123 4.2.3.1, in any window.
  std::uint8_t& times = answered_[ack % answered_.size()];
  times = static_cast<std::uint8_t>(times + 1);
  require(times <= 1, "an ACK brings one DATA, however often it comes");
  require(agreed_.grant.window > 1 || answer->number == static_cast<std::uint16_t>(ack + 1),
          "in lock step an ACK brings the block behind it");
}

void ClientModel::on_end(const PacketView& error) {
  require(is_too_big_ && error.v6 && error.number == 0,
          "a transfer ends unasked when nobody may cut its packets (RFC 8201)");
  live_ = false;
}

void ClientModel::on_sent(const PacketView& frame) {
  require(live_ && frame.source_port == port_, "timers send to clients in a transfer");
  if (frame.opcode == kError) {
    return on_end(frame);
  }
  require(!is_too_big_ || !frame.v6, "what is too big for a link is not sent there again");
  ++frames_;
  ++copies_;
  if (frame.opcode == kOack) {
    require(text_of(frame.packet.subspan(2)) == agreed_.grant.oack, "a copy is the same OACK");
  } else {
    on_data(frame);
  }
  check_amount();
}

bool ClientModel::is_block(std::string_view content, std::uint64_t block,
                           const PacketView& frame) const {
  const std::uint64_t size = agreed_.grant.block_size;
  return (block - 1) * size <= content.size() &&
         text_of(frame.packet.subspan(4)) == content.substr((block - 1) * size, size);
}

void ClientModel::on_data(const PacketView& frame) {
  const std::uint64_t block = frame.number;  // no file here has 65,536
  require(block >= 1, "blocks begin with 1");
  require(frame.v6 || frame.may_be_cut == is_too_big_,
          "routers may cut packets once one was too big (RFC 1191)");
  has_answered_ |= block > 1 || !agreed_.grant.oack.empty();
  std::erase_if(agreed_.contents,
                [&](const std::string* content) { return !is_block(*content, block, frame); });
  require(!agreed_.contents.empty(),
          "the bytes are those of one file of one generation, at their place");
  require(block <= acked_ + agreed_.grant.window, "no block behind the window (RFC 7440)");
  highest_ = std::max(highest_, block);
  last_seen_ = frame.number;
  check_amount();
}

void ClientModel::check_amount() const {
  require(acks_ != 0 || copies_ <= kFirstCopies, "who never answers gets so many copies");
  require(frames_ <= agreed_.grant.window * (1 + acks_ + waits_ + windows_again_),
          "no more than a window for each packet of the client, for each copy, and for a router");
}

}  // namespace dialtone::fuzz
