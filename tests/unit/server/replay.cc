// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/replay.h"

#include "dataplane/wire/icmp.h"

#include <cmath>
#include <sstream>

namespace dialtone::test {
namespace {

constexpr std::uint16_t kClientPort = 49152;
constexpr std::uint16_t kOtherPort = 49153;
constexpr Ticks kTurn = kTicksPerSecond / 100;

Ticks ticks_of(const std::string& seconds) {
  return static_cast<Ticks>(std::llround(std::stod(seconds) * kTicksPerSecond));
}

// "blksize=100" for each option, in the order of the packet.
std::string options_of(const std::string& body) {
  std::string text;
  bool is_name = true;
  for (std::size_t at = 0; at < body.size();) {
    const std::string field = body.c_str() + at;
    text += (is_name ? " " : "=") + field;
    is_name = !is_name;
    at += field.size() + 1;
  }
  return text;
}

}  // namespace

Replay::Replay() : images_{TestImage(1 << 21, 1), TestImage(1 << 21, 2)} {
  for (std::uint64_t generation = 1; generation <= 2; ++generation) {
    TestImage& image = images_[generation - 1];
    for (const char* name : {"f", "long"}) {
      image.add(name, content_of(name, generation));
    }
    image.build();
  }
  begin_ = server_.now;
  published_ = 1;
  server_.publish(&images_[0].live());
}

std::string Replay::content_of(std::string_view name, std::uint64_t generation) {
  std::string content = pattern(name == "f" ? 5000 : std::size_t{65700} * 8 - 3);
  if (generation == 2) {
    for (char& byte : content) {
      byte = static_cast<char>(byte ^ 0x55);
    }
  }
  return content;
}

void Replay::play(std::string_view timeline) {
  std::istringstream lines{std::string(timeline)};
  for (std::string text; std::getline(lines, text);) {
    if (text.find_first_not_of(' ') != std::string::npos) {
      SCOPED_TRACE(text);
      line(text);
    }
  }
  for (const Seen& left : seen_) {
    ADD_FAILURE() << "no line expects " << describe(left.frame);
  }
}

void Replay::line(const std::string& text) {
  std::istringstream words(text);
  std::string time;
  std::string verb;
  words >> time >> verb;
  const std::size_t dots = time.find("..");
  const Ticks from = begin_ + ticks_of(time.substr(0, dots));
  if (verb == "<") {
    const Ticks to = dots == std::string::npos ? from : begin_ + ticks_of(time.substr(dots + 2));
    return server_sends(words, from, to);
  }
  advance_to(from);
  for (const Seen& early : seen_) {
    ADD_FAILURE() << "before this line nobody expects " << describe(early.frame);
  }
  seen_.clear();
  std::uint64_t number = 0;
  if (verb == ">" || verb == ">>") {
    client_sends(words, verb == ">" ? kClientPort : kOtherPort);
  } else if (verb == "publish" && words >> number) {
    published_ = number;
    server_.publish(&images_[number - 1].live());
  } else if (verb == "reads" && words >> number) {
    read_up_to(number);
  } else if (verb == "sessions" && words >> number) {
    EXPECT_EQ(server_.sessions(), number);
  } else {
    ADD_FAILURE() << "not a line of a timeline";
  }
}

void Replay::advance_to(Ticks at) {
  while (server_.now < at) {
    server_.now = std::min(at, server_.now + kTurn);
    collect();
  }
}

void Replay::collect() {
  for (const std::string& frame : server_.run_timers()) {
    seen_.push_back({server_.now, frame});
  }
}

void Replay::send(const std::string& frame) {
  if (const auto reply = server_.send(frame)) {
    seen_.push_back({server_.now, *reply});
  }
  collect();
}

std::string Replay::request(std::istream& words) {
  std::string name;
  std::string mode = "octet";
  std::string options;
  words >> name;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      mode = word;
    } else {
      options += word.substr(0, equals) + '\0' + word.substr(equals + 1) + '\0';
    }
  }
  if (server_.sessions() == 0 || name != name_) {  // else the session keeps its bytes
    content_ = content_of(name, published_);
  }
  name_ = name;
  block_size_ = 512;
  window_ = 1;
  block_ = 0;
  return Packet().from(kPhoneAddress, kClientPort).rrq(name, mode, options).bytes();
}

void Replay::client_sends(std::istream& words, std::uint16_t port) {
  std::string what;
  std::uint16_t number = 0;
  words >> what;
  if (what == "RRQ") {
    return send(request(words));
  }
  if (what == "UNREACHABLE") {
    const std::string quoted = Packet()
                                   .from(kServerAddress, tid_)
                                   .to_address(kPhoneAddress)
                                   .to_port(kClientPort)
                                   .payload("....")
                                   .bytes()
                                   .substr(14, 28);
    std::string message = std::string("\3\3\0\0\0\0\0\0", 8) + quoted;
    const auto sum = static_cast<std::uint16_t>(~plain_sum(message));
    message[2] = static_cast<char>(sum >> 8);
    message[3] = static_cast<char>(sum);
    return send(ip_frame(wire::kProtocolIcmp, message));
  }
  words >> number;
  Packet packet;
  packet.from(kPhoneAddress, port).to_port(tid_);
  if (what != "ACK" && what != "ERROR") {
    ADD_FAILURE() << "clients send RRQ, ACK and ERROR";
  }
  send((what == "ACK" ? packet.ack(number) : packet.error(number, "x")).bytes());
}

void Replay::server_sends(std::istream& words, Ticks from, Ticks to) {
  std::string what;
  std::string which;
  words >> what;
  std::getline(words >> std::ws, which);
  const std::size_t dash = which.find('-');
  if (what != "DATA" || dash == std::string::npos) {
    return expect_one(which.empty() ? what : what + " " + which, from, to);
  }
  const auto first = static_cast<std::uint16_t>(std::stoul(which.substr(0, dash)));
  const auto last = static_cast<std::uint16_t>(std::stoul(which.substr(dash + 1)));
  for (std::uint16_t number = first;; ++number) {
    expect_one("DATA " + std::to_string(number), from, to);
    from = to = server_.now;
    if (number == last) {
      return;
    }
  }
}

void Replay::expect_one(const std::string& what, Ticks from, Ticks to) {
  while (seen_.empty() && server_.now < to) {
    advance_to(std::min(to, server_.now + kTurn));
  }
  if (seen_.empty()) {
    ADD_FAILURE() << "the server sends nothing, not " << what;
    return;
  }
  const Seen first = std::move(seen_.front());
  seen_.pop_front();
  EXPECT_EQ(describe(first.frame), what);
  EXPECT_GE(first.at, from) << "too early";
  EXPECT_LE(first.at, to) << "too late";
}

std::string Replay::describe(const std::string& frame) {
  const ReplyView view = parse_reply(frame);
  EXPECT_EQ(view.fault, "");
  const std::string number = std::to_string(view.number);
  if (view.opcode == 5) {
    return "ERROR " + number;
  }
  tid_ = view.source_port;
  if (view.opcode == 6) {
    const std::string options = options_of(view.packet.substr(2));
    const auto value = [&](const std::string& name, std::uint64_t otherwise) {
      const std::size_t at = options.find(" " + name + "=");
      return at == std::string::npos ? otherwise
                                     : std::stoull(options.substr(at + name.size() + 2));
    };
    block_size_ = value("blksize", 512);
    window_ = value("windowsize", 1);
    return "OACK" + options;
  }
  // The block of this number that is nearest to the last one.
  const auto step = static_cast<std::int16_t>(view.number - static_cast<std::uint16_t>(block_));
  block_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(block_) + step);
  const std::size_t at = (block_ - 1) * block_size_;
  EXPECT_TRUE(at <= content_.size() && view.body == content_.substr(at, block_size_))
      << "the bytes of block " << block_;
  return "DATA " + number;
}

void Replay::read_up_to(std::uint64_t block) {
  while (block_ < block && !HasFailure()) {
    send(Packet()
             .from(kPhoneAddress, kClientPort)
             .to_port(tid_)
             .ack(static_cast<std::uint16_t>(block_))
             .bytes());
    for (; !seen_.empty(); seen_.pop_front()) {
      describe(seen_.front().frame);
    }
  }
}

}  // namespace dialtone::test
