// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/storm.h"

#include <algorithm>

namespace dialtone::test {
namespace {

constexpr Nanos kWay = 100'000;                   // one way, besides the line's own time
constexpr Nanos kPatience = 4 * kSecond;          // of a phone
constexpr Nanos kServerTurn = 10 * kMillisecond;  // while nothing comes in
constexpr Nanos kBurstSpan = 16'000;              // what comes within it is one burst
constexpr std::uint32_t kFiles = 4;
constexpr std::uint16_t kFirstPort = 10'000;

// 10 Gb/s, with preamble, gap and check sum.
Nanos time_on_line(std::size_t bytes) {
  return (bytes + 24) * 8 / 10;
}

std::string content_of(std::uint64_t version, std::uint32_t file, std::size_t size) {
  std::string text = pattern(size);
  for (std::size_t at = 0; at < size; at += 64) {  // so that each block tells its version
    text[at] = static_cast<char>(version);
    text[at + 1] = static_cast<char>(file);
  }
  return text;
}

// As long as names of phones are: the first answer to a shorter one is not always given.
std::string name_of_file(std::uint32_t file) {
  return "file" + std::to_string(file) + ".cnf.xml";
}

}  // namespace

Storm::Storm(const StormConfig& config)
    : server({.max_sessions = std::min<std::uint32_t>(config.phones * 2, 1u << 17),
              .max_parked = server::kDefaultParked}),
      config_(config),
      phones_(config.phones),
      began_with_(config.phones) {
  publish(1);
  running_ = config.phones;
  for (std::uint32_t i = 0; i < config.phones; ++i) {
    const bool is_late = i >= config.phones - config.late_phones;
    post({.at = is_late ? config.power_up / 2 : random_() % config.power_up,
          .kind = Kind::kPhoneTimer,
          .subject = i});
  }
  post({.at = kServerTurn, .kind = Kind::kServerTimer});
}

void Storm::publish(std::uint64_t version) {
  auto image =
      std::make_unique<TestImage>(kFiles * (config_.file_size * 2 + 4096) + 65536, version);
  image->policy() = config_.policy;
  for (std::uint32_t file = 0; file < kFiles; ++file) {
    contents_.push_back(content_of(version, file, config_.file_size));
    image->add(name_of_file(file), contents_.back());
  }
  image->build();
  server.publish(&image->live());
  images_.push_back(std::move(image));
  version_ = version;
}

void Storm::every(Nanos period, std::function<void()> act) {
  calls_.emplace_back(period, std::move(act));
  post({.at = period,
        .kind = Kind::kCall,
        .subject = static_cast<std::uint32_t>(calls_.size() - 1)});
}

void Storm::post(Event event) {
  event.order = order_++;
  in_flight_ += event.kind == Kind::kToServer || event.kind == Kind::kToPhone ? 1 : 0;
  events_.push(std::move(event));
}

std::vector<Nanos> Storm::transmit(Nanos& link_free, std::uint32_t phone, std::size_t size,
                                   bool to_phone) {
  const Nanos line = time_on_line(size);
  link_free = std::max(now_, link_free) + line;
  if (chance(config_.loss) ||
      (now_ >= config_.outage_at && now_ < config_.outage_at + config_.outage)) {
    return {};
  }
  Nanos arrives = link_free + kWay;
  if (to_phone && config_.late_answers != 0 && phone >= config_.phones / 2) {
    arrives = std::max(arrives, phones_[phone].begun + config_.late_answers);
  }
  std::vector<Nanos> copies;
  for (int i = chance(config_.doubled) ? 2 : 1; i > 0; --i) {
    copies.push_back(arrives +
                     (config_.reorder == 0 ? 0 : random_() % (config_.reorder + 1) * line));
  }
  return copies;
}

void Storm::send(std::uint32_t phone, const Packet& packet) {
  const std::string frame = packet.bytes();
  for (const Nanos at : transmit(to_server_free_, phone, frame.size(), false)) {
    post({.at = at, .kind = Kind::kToServer, .subject = phone, .bytes = frame});
  }
}

void Storm::run(Nanos most) {
  while ((running_ != 0 || in_flight_ != 0) && !events_.empty() && events_.top().at < most) {
    Event event = events_.top();
    events_.pop();
    now_ = event.at;
    server.now = 1000 + now_ / 1000;
    dispatch(event);
  }
}

void Storm::dispatch(Event& event) {
  switch (event.kind) {
    case Kind::kToServer:
      return serve(event);
    case Kind::kToPhone:
      --in_flight_;
      return receive(event.subject, *event.view);
    case Kind::kPhoneTimer:
      if (event.turn == phones_[event.subject].turn) {
        phones_[event.subject].begun == 0 ? ask(event.subject) : ask_again(event.subject);
      }
      return;
    case Kind::kServerTimer:
      send_replies(server.run_timers());
      return post({.at = now_ + kServerTurn, .kind = Kind::kServerTimer});
    case Kind::kCall:
      calls_[event.subject].second();
      return post({.at = now_ + calls_[event.subject].first,
                   .kind = Kind::kCall,
                   .subject = event.subject});
  }
}

void Storm::serve(Event& first) {
  std::vector<std::string> burst{std::move(first.bytes)};
  while (burst.size() < server::kMaxBurst && !events_.empty() &&
         events_.top().kind == Kind::kToServer && events_.top().at <= now_ + kBurstSpan) {
    burst.push_back(events_.top().bytes);
    events_.pop();
  }
  in_flight_ -= burst.size();
  std::vector<std::string> out;
  for (const auto& reply : server.send_burst(burst)) {
    if (reply) {
      out.push_back(*reply);
    }
  }
  most_sessions_ = std::max(most_sessions_, server.sessions());
  send_replies(out);
  send_replies(server.run_timers());  // what an ACK has made ready, in its own turn
}

void Storm::send_replies(const std::vector<std::string>& frames) {
  for (const std::string& frame : frames) {
    const auto view = std::make_shared<const ReplyView>(parse_reply(frame));
    ASSERT_EQ(view->fault, "");
    const std::uint32_t phone = phone_at(*view);
    for (const Nanos at : transmit(to_phones_free_, phone, frame.size(), true)) {
      post({.at = at, .kind = Kind::kToPhone, .subject = phone, .view = view});
    }
  }
}

std::uint32_t Storm::address_of(std::uint32_t phone) const {
  return config_.one_address ? kPhoneAddress : 0x0b000000 + phone;
}

// Each file from a port of its own, which is where a phone takes its next one from.
std::uint16_t Storm::port_of(std::uint32_t phone) const {
  const std::uint32_t file = phones_[phone].name;
  return static_cast<std::uint16_t>(kFirstPort +
                                    (config_.one_address ? phone * kNames + file : file));
}

std::uint32_t Storm::phone_at(const ReplyView& view) const {
  return config_.one_address ? (view.destination_port - kFirstPort) / kNames
                             : view.destination.v4() - 0x0b000000;
}

// Missing ones first, as phones ask for their trust lists before all else.
std::string Storm::name_of(std::uint32_t name, std::uint32_t phone) const {
  const bool is_missing = (name < kNames - kFilesEach) != config_.files_first;
  return is_missing ? "ctl" + std::to_string(name) + "-" + std::to_string(phone) + ".tlv"
                    : name_of_file((phone + name) % kFiles);
}

void Storm::arm(std::uint32_t phone) {
  post({.at = now_ + kPatience,
        .kind = Kind::kPhoneTimer,
        .subject = phone,
        .turn = ++phones_[phone].turn});
}

void Storm::ask(std::uint32_t phone) {
  Phone& one = phones_[phone];
  if (one.begun == 0) {
    one.begun = now_ + 1;
  }
  one.next = 1;
  one.tid = 0;
  one.content.clear();
  began_with_[phone] = version_;
  arm(phone);
  send(phone, Packet().from(address_of(phone), port_of(phone)).rrq(name_of(one.name, phone)));
}

// Four seconds without anything: the last ACK once more, then the file from its begin.
void Storm::ask_again(std::uint32_t phone) {
  Phone& one = phones_[phone];
  if (one.is_gone) {
    return;
  }
  if (one.next > 1 && one.waits++ == 0) {
    arm(phone);
    acknowledge(phone, static_cast<std::uint16_t>(one.next - 1));
    return;
  }
  ++one.repeats;
  ask(phone);
}

void Storm::acknowledge(std::uint32_t phone, std::uint16_t block) {
  send(phone,
       Packet().from(address_of(phone), port_of(phone)).to_port(phones_[phone].tid).ack(block));
}

void Storm::next_name(std::uint32_t phone) {
  Phone& one = phones_[phone];
  ++one.turn;
  if (++one.name == kNames) {
    one.ended = now_;
    one.is_gone = true;
    --running_;
    return;
  }
  ask(phone);
}

void Storm::receive(std::uint32_t phone, const ReplyView& view) {
  Phone& one = phones_[phone];
  if (one.is_gone || view.destination_port != port_of(phone)) {
    return;  // a late copy for a file before this one
  }
  if (one.first_answer == 0) {
    one.first_answer = now_;
  }
  if (view.opcode == 5) {
    one.is_wrong |= view.number != 1 || name_of(one.name, phone).starts_with("file");
    return next_name(phone);
  }
  if (view.opcode != 3 || (one.tid != 0 && view.source_port != one.tid)) {
    one.is_wrong = true;
    return;
  }
  one.tid = view.source_port;
  if (view.number == one.next) {
    take_block(phone, view.body);
  } else if (view.number < one.next) {
    acknowledge(phone, view.number);  // a copy: RFC 1350 has it acknowledged again
  }
}

void Storm::take_block(std::uint32_t phone, const std::string& body) {
  Phone& one = phones_[phone];
  one.content += body;
  one.waits = 0;
  const std::uint32_t block = one.next++;
  arm(phone);
  if (block == 4 && chance(config_.vanish)) {
    one.is_gone = true;
    --running_;
    return;
  }
  acknowledge(phone, static_cast<std::uint16_t>(block));
  if (body.size() == 512) {
    return;
  }
  const std::uint32_t file = (phone + one.name) % kFiles;
  bool is_right = false;  // all of one version that was served since it asked
  for (std::uint64_t version = began_with_[phone]; version <= version_ && !is_right; ++version) {
    is_right = one.content == contents_[(version - 1) * kFiles + file];
  }
  one.is_wrong |= !is_right;
  next_name(phone);
}

}  // namespace dialtone::test
