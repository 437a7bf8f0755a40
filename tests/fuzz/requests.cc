// SPDX-License-Identifier: Apache-2.0
//
// One request behind sound headers, held against a slow reader of requests; and the first blocks of
// the transfer that it begins. An input:
//   1 byte   RequestFlag
//   the rest the TFTP packet
#include "dataplane/abi/canonical_name.h"
#include "tests/fuzz/appliance.h"
#include "tests/fuzz/client_frames.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/require.h"
#include "tests/support/plain_request.h"

#include <optional>

namespace dialtone::fuzz {
namespace {

using test::PlainGrant;
using test::PlainRequest;

enum RequestFlag : std::uint8_t {
  kIpv6 = 1,
  kTagged = 2,
  kRepeated = 4,  // it comes twice in its burst
};

constexpr std::uint16_t kClientPort = 49152;
constexpr std::size_t kBlocksFetched = 3;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Requests : public Appliance {
 public:
  Requests() : Appliance({}) {}

  void run(std::uint8_t flags, std::span<const std::byte> packet) {
    begin();
    flags_ = flags;
    request_ = packet.size() >= 4 ? text_of(packet) : std::string_view();
    fetched_ = 0;
    expected_ = nullptr;
    for (int copy = 0; copy < ((flags & kRepeated) != 0 ? 2 : 1); ++copy) {
      send(69, packet);
    }
    process();
    while (next_ack_) {
      const std::uint16_t number = *next_ack_;
      next_ack_.reset();
      const std::byte ack[] = {std::byte{0}, std::byte{kAck}, std::byte(number >> 8),
                               std::byte(number)};
      send(tid_, ack);
      process();
    }
    end();
  }

 private:
  void send(std::uint16_t port, std::span<const std::byte> packet) {
    add(write_packet(next_frame(), client(), port, packet));
  }
  const ClientEnd& client() const {
    static const ClientEnd clients[] = {
        make_client(false, false, kClientPort), make_client(true, false, kClientPort),
        make_client(false, true, kClientPort), make_client(true, true, kClientPort)};
    return clients[flags_ & 3];
  }

  void answered(const PacketView& asked, server::Verdict verdict,
                const PacketView* answer) override {
    if (asked.destination_port == 69) {
      return on_first(asked, answer);
    }
    if (answer == nullptr) {
      require(expected_ == nullptr || ended_, "an ACK of the block that was sent is answered");
      return;
    }
    on_data(*answer);
  }

  void on_first(const PacketView& asked, const PacketView* answer) {
    if (asked.opcode != kRrq && asked.opcode != kWrq) {
      require(answer == nullptr, "what is no request is not answered");
      return;
    }
    require(answer != nullptr, "a request is answered");
    tid_ = answer->source_port;
    if (asked.opcode == kWrq) {
      require(answer->opcode == kError && answer->number == 2, "a write: access violation");
      return;
    }
    const PlainRequest request = test::read_plainly(request_);
    if (request.fault == PlainRequest::Fault::kMalformed ||
        request.fault == PlainRequest::Fault::kMode) {
      require(answer->opcode == kError && answer->number == 4, "malformed: illegal operation");
      return;
    }
    on_read(request_with_name(request), *answer);
  }

  struct Named {
    const PlainRequest& request;
    const ServedFile* file;
    bool composed;
  };
  Named request_with_name(const PlainRequest& request) const {
    abi::CanonicalName name;
    const bool canonical = abi::canonicalize(request.name, name);
    return {request, canonical ? served_file(1, name.view()) : nullptr,
            canonical && name.view() == "composed"};
  }

  void on_read(const Named& read, const PacketView& answer) {
    if (read.composed) {
      require(answer.opcode == kError, "a composed file cannot be served");
      return;
    }
    if (read.file == nullptr) {
      require(answer.opcode == kError && answer.number == 1, "not there: file not found");
      return;
    }
    if (read.request.fault == PlainRequest::Fault::kTwice) {
      require(answer.opcode == kError && answer.number == 8, "an option twice: ERROR 8");
      return;
    }
    const PlainGrant grant = test::grant_plainly(read.request, {client().max_block(), 64, 65536},
                                                 read.file->content.size());
    expected_ = read.request.netascii ? &read.file->text : &read.file->content;
    block_size_ = grant.block_size;
    ended_ = false;
    if (grant.oack.empty()) {
      on_data(answer);
      return;
    }
    require(answer.opcode == kOack && text_of(answer.packet.subspan(2)) == grant.oack,
            "an OACK says what the plain reader grants");
    next_ack_ = std::uint16_t{0};
  }

  void on_data(const PacketView& answer) {
    if (expected_ == nullptr) {
      return;
    }
    require(answer.opcode == kData, "DATA is due");
    // The second of two copies of the request brings block 1 again.
    const std::uint64_t block = answer.number;
    require(block == fetched_ + 1 || block == 1, "block by block");
    const std::string_view due =
        std::string_view(*expected_)
            .substr(std::min<std::uint64_t>((block - 1) * block_size_, expected_->size()),
                    block_size_);
    require(text_of(answer.packet.subspan(4)) == due, "the bytes are the file's");
    fetched_ = block;
    ended_ = due.size() < block_size_;
    if (fetched_ < kBlocksFetched || ended_) {
      next_ack_ = answer.number;
    }
  }

  std::uint8_t flags_ = 0;
  std::string_view request_;
  std::uint16_t tid_ = 0;
  const std::string* expected_ = nullptr;
  std::uint64_t block_size_ = 512;
  std::uint64_t fetched_ = 0;
  bool ended_ = false;
  std::optional<std::uint16_t> next_ack_;
};

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dialtone::fuzz;
  static Requests requests;
  Input input(data, size);
  const std::uint8_t flags = input.byte();
  requests.run(flags, input.rest());
  return 0;
}
