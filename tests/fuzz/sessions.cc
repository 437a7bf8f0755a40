// SPDX-License-Identifier: Apache-2.0
//
// Whole transfers: up to four clients, what they send, losses, time, publishes. Each client's view
// is held against a model. An input:
//   1 byte   SessionFlag
//   then steps: one byte, Step in its low half and the client above it; and what the step needs
#include "dataplane/abi/canonical_name.h"
#include "tests/fuzz/client_frames.h"
#include "tests/fuzz/client_model.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/require.h"
#include "tests/support/nul_text.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::fuzz {
namespace {

enum SessionFlag : std::uint8_t {
  kRunsOut = 1,  // at the end everybody falls silent, and the timers have to end all of it
  kSinglePort = 2,
  kSmall = 4,  // two sessions for four clients, and few places to wait
  kLimits = 8,
  kAsks = 16,  // control, for names that are not there
  kBusy = 32,
  kNobodyListens = 64,
};

enum class Step : std::uint8_t {
  kRead,         // 1 byte: which file; 1 byte: which options
  kAckLast,      // the block that came last
  kAck,          // 1 byte: so many behind it, or before
  kAgain,        // what the client sent last
  kError,        // ends the transfer
  kStrangerAck,  // from another port, to the client's transfer
  kUnreachable,  // 1 byte: 0 for the right port
  kWait,         // 1 byte: 2^n ms
  kTimers,       // 1 byte: so many frames at most
  kPublish,      // 1 byte: a generation, or none
  kProcess,      // the burst ends
  kRequest,      // 1 byte length, and a packet to port 69
  kPacket,       // the same to the transfer's port
  kCopies,       // a second and the timers
  kControl,      // takes what it is asked for; 1 byte: the generation that it publishes then
};
constexpr std::uint8_t kSteps = 15;
constexpr std::size_t kClients = 4;

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {
      "two",       "text",   "dir/sep001122334455.cnf.xml", "a", "b", "empty", "composed",
      kAbsentName, kLateName};
  return all;
}

const std::vector<std::string>& modes_and_options() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> texts;
    for (const char* text :
         {"octet|", "octet|blksize|100|windowsize|4|", "octet|blksize|8|windowsize|64|",
          "octet|windowsize|2|", "octet|blksize|300|", "octet|tsize|0|timeout|2|", "netascii|",
          "netascii|blksize|20|windowsize|4|", "octet|blksize|9|blksize|10|", "mail|",
          "octet|utimeout|20000|windowsize|8|", "octet|rollover|1|timeout|255|"}) {
      texts.push_back(test::nul(text));
    }
    return texts;
  }();
  return all;
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

class Sessions : public Appliance {
 public:
  explicit Sessions(std::uint8_t flags)
      : Appliance({.max_sessions = (flags & kSmall) != 0 ? 2U : 4U,
                   .single_port = (flags & kSinglePort) != 0,
                   .max_parked = (flags & kSmall) != 0 ? 4U : 16U,
                   .events = (flags & kSmall) != 0}) {}

  void run(std::uint8_t flags, Input input) {
    begin({.limits = (flags & kLimits) != 0,
           .asks = (flags & kAsks) != 0,
           .busy = (flags & kBusy) != 0},
          (flags & kNobodyListens) == 0);
    one_by_one_ = (flags & (kSmall | kLimits | kAsks)) != 0;
    for (Client& client : clients_) {
      client.model.begin();
      client.last.clear();
      client.last_port = 0;
      client.awaited.clear();
    }
    for (int steps = 0; !input.empty() && steps < 400; ++steps) {
      step(input);
    }
    process();
    if ((flags & kRunsOut) != 0) {
      run_out();
    }
    end();
  }

 private:
  struct Client {
    ClientEnd end;
    ClientModel model;
    std::string last;  // packet that it sent, and where
    std::uint16_t last_port = 0;
    std::string awaited;  // the request that waits for its answer
  };
  // Of a frame in the burst at hand.
  struct Sent {
    Client* client;
    bool is_stranger;
    bool is_end;  // ICMP about its own port
    std::string packet;
  };

  void step(Input& input) {
    const std::uint8_t code = input.byte();
    Client& client = clients_[code >> 4 & 3];
    switch (static_cast<Step>((code & 15) % kSteps)) {
      case Step::kRead: {
        const std::string& name = names()[input.byte() % names().size()];
        const std::size_t options = input.byte() % modes_and_options().size();
        send(client, 69, std::string("\0\1", 2) + name + '\0' + modes_and_options()[options]);
        break;
      }
      case Step::kAckLast:
        process();
        send_ack(client, client.model.last_seen());
        break;
      case Step::kAck:
        send_ack(client, static_cast<std::uint16_t>(client.model.last_seen() +
                                                    static_cast<std::int8_t>(input.byte())));
        break;
      case Step::kAgain:
        send(client, client.last_port, client.last);
        break;
      case Step::kError:
        send(client, client.model.port(), std::string("\0\5\0\0x\0", 6));
        break;
      case Step::kStrangerAck:
        process();
        push({&client, true, false, {}},
             write_packet(next_frame(), stranger_, client.model.port(),
                          bytes_of(ack_packet(client.model.last_seen()))));
        break;
      case Step::kUnreachable: {
        process();
        const std::uint8_t wrong = input.byte();
        push({&client, false, wrong == 0, {}},
             write_unreachable(next_frame(), client.end, client.model.port(),
                               static_cast<std::uint16_t>(client.end.port + wrong)));
        break;
      }
      case Step::kWait:
        wait(Micros{1000} << (input.byte() & 15));
        break;
      case Step::kTimers:
        run_timers(input.byte());
        break;
      case Step::kPublish:
        process();
        publish(input.byte() % (kGenerations + 1));
        break;
      case Step::kControl: {
        process();
        const bool is_asked = take_misses();
        const std::uint64_t found = 1 + input.byte() % kGenerations;
        if (is_asked) {
          publish(found);
        }
        break;
      }
      case Step::kProcess:
        process();
        break;
      case Step::kRequest:
        send(client, 69, text_of(input.bytes(input.byte())));
        break;
      case Step::kPacket:
        send(client, client.model.port(), text_of(input.bytes(input.byte())));
        break;
      case Step::kCopies:
        wait(1'100'000);
        run_timers(64);
        break;
    }
  }

  static std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  static std::string ack_packet(std::uint16_t number) {
    return {'\0', '\4', static_cast<char>(number >> 8), static_cast<char>(number)};
  }
  void send_ack(Client& client, std::uint16_t number) {
    send(client, client.model.port(), ack_packet(number));
  }

  void send(Client& client, std::uint16_t port, std::string packet) {
    client.last = packet;
    client.last_port = port;
    const bool is_alone = one_by_one_ && port == 69;
    if (is_alone) {
      process();
      before_ = outcomes();
    }
    push({&client, false, false, std::move(packet)},
         write_packet(next_frame(), client.end, port, bytes_of(client.last)));
    if (is_alone) {
      process();
    }
  }
  void push(Sent sent, std::size_t length) {
    add(length);
    sent_.push_back(std::move(sent));
    if (burst_is_full()) {
      process();
    }
  }

  void wait(Micros time) {
    process();
    pass(time);
    for (Client& client : clients_) {
      client.model.waits();
    }
  }

  // Nobody sends any more: each transfer has had its copies some time.
  void run_out() {
    for (int i = 0; sessions() != 0; ++i) {
      require(i < 64, "a transfer that nobody acknowledges ends");
      wait(300'000'000);
      run_timers(1024);
    }
  }

  void answered(const PacketView& asked, server::Verdict verdict,
                const PacketView* answer) override {
    const Sent now = std::move(sent_[next_++]);
    if (next_ == sent_.size()) {
      sent_.clear();
      next_ = 0;
    }
    if (now.is_stranger) {
      require(answer == nullptr || answer->opcode == kError, "a stranger gets no DATA");
      return;
    }
    ClientModel& model = now.client->model;
    if (now.is_end) {
      require(answer == nullptr, "ICMP is not answered");
      return model.aborts();
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

  void on_request(const PacketView& asked, const Sent& sent, const PacketView* answer) {
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
  void hold(Client& client, const std::string& packet, const PacketView* answer) {
    test::PlainRequest request = test::read_plainly(packet);
    abi::CanonicalName name;
    const ServedFile* file = nullptr;
    if (packet[1] == kRrq && abi::canonicalize(request.name, name)) {
      file = served_file(published(), name.view());
    }
    const std::uint64_t block_size = client.end.v6 ? 1448 : 1468;
    client.model.asks(file, request, {block_size, 64, 65536});
    client.model.on_answer_to_request(answer);
  }

  // Counters that say what became of a request that gets no answer.
  struct Outcomes {
    std::uint64_t not_admitted;
    std::uint64_t parked;
    std::uint64_t repeated;
    std::uint64_t replaced;
  };
  Outcomes outcomes() const {
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

  void sent(const PacketView& frame) override {
    for (Client& client : clients_) {
      if (client.end.port != frame.destination_port) {
        continue;
      }
      const bool is_first = frame.opcode != kData || frame.number == 1;
      if (!client.awaited.empty() && is_first) {
        return hold(client, std::exchange(client.awaited, {}), &frame);
      }
      return client.model.on_sent(frame);
    }
    broken("timers send to clients");
  }

  std::array<Client, kClients> clients_ = {{{make_client(false, false, 40001), {}, {}, {}, {}},
                                            {make_client(true, false, 40002), {}, {}, {}, {}},
                                            {make_client(false, true, 40003), {}, {}, {}, {}},
                                            {make_client(false, false, 40004), {}, {}, {}, {}}}};
  ClientEnd stranger_ = make_client(false, false, 50000);
  std::vector<Sent> sent_;
  std::size_t next_ = 0;
  bool one_by_one_ = false;  // a request is a burst, so that its counters say what became of it
  Outcomes before_{};
};

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dialtone::fuzz;
  static Sessions sessions[] = {Sessions(0), Sessions(kSinglePort), Sessions(kSmall),
                                Sessions(kSmall | kSinglePort)};
  Input input(data, size);
  const std::uint8_t flags = input.byte();
  sessions[(flags & (kSmall | kSinglePort)) >> 1].run(flags, input);
  return 0;
}
