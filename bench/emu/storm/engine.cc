// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/engine.h"

#include "dataplane/base/check.h"

#include <algorithm>
#include <cstring>

namespace dialtone::emu {
namespace {

constexpr Micros kAskEvery = 200'000;
constexpr int kAsk = 15;
constexpr Micros kLatePoll = 1000;
constexpr wire::MacAddress kRouterMac{{0x02, 0x5f, 0, 0, 0, 1}};

void free_all(const std::vector<rte_mbuf*>& buffers) {
  for (rte_mbuf* buffer : buffers) {
    rte_pktmbuf_free(buffer);
  }
}

std::span<const std::byte> frame_of(rte_mbuf* buffer) noexcept {
  return {io::frame_data(buffer), rte_pktmbuf_data_len(buffer)};
}

}  // namespace

Engine::Engine(const StormConfig& config, io::QueuePair pair, rte_mempool* pool,
               std::vector<StormPhone>& phones)
    : config_(config),
      pair_(pair),
      pool_(pool),
      phones_(phones),
      wheel_(phones.size(), config.ticks.to_us(read_tsc())),
      out_(config.impairment, config.seed),
      in_(config.impairment, ~config.seed) {
  config_.rules.packets = this;
  config_.rules.fates = &fates_;
}

std::uint32_t Engine::number_of(const IpAddress& address) const noexcept {
  const std::uint64_t at = address.low - config_.first.low;
  return address.high == config_.first.high && at < phones_.size()
             ? static_cast<std::uint32_t>(at)
             : static_cast<std::uint32_t>(phones_.size());
}

IpAddress Engine::address_of(std::uint32_t number) const noexcept {
  return {config_.first.high, config_.first.low + number};
}

const wire::MacAddress& Engine::mac_of(const StormPhone& phone) const noexcept {
  return config_.router ? kRouterMac : phone.mac();
}

const wire::MacAddress* Engine::owner_of(const IpAddress& address) const noexcept {
  if (config_.router) {
    return address == *config_.router ? &kRouterMac : nullptr;
  }
  const std::uint32_t number = number_of(address);
  return number == phones_.size() ? nullptr : &phones_[number].mac();
}

// ---- out

void Engine::put(rte_mbuf* buffer) {
  burst_[waiting_++] = buffer;
  if (waiting_ == io::kBurst) {
    flush();
  }
}

void Engine::flush() {
  if (waiting_ == 0) {
    return;
  }
  const std::uint16_t sent = io::send_burst(pair_, burst_.data(), waiting_);
  counts_.sent += sent;
  counts_.not_sent += waiting_ - sent;
  waiting_ = 0;
}

void Engine::send(const StormPhone& phone, std::uint16_t to_port, std::uint16_t from_port,
                  std::span<const std::byte> payload) {
  const auto number = static_cast<std::uint32_t>(&phone - phones_.data());
  const Path path{mac_of(phone),  *server_mac_, config_.vlan, address_of(number),
                  config_.server, from_port,    to_port};
  const bool twice = out_.wants_copy();
  counts_.doubled += twice ? 1 : 0;
  for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
    rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
    if (buffer == nullptr) {
      ++counts_.no_buffer;
      return;
    }
    io::set_frame_length(buffer,
                         static_cast<std::uint16_t>(write_udp(
                             path, payload, {io::frame_data(buffer), io::frame_capacity(buffer)})));
    switch (config_.impairment.any() ? out_.decide(buffer, now_us()) : ImpairedLink::Fate::kPass) {
      case ImpairedLink::Fate::kPass:
        put(buffer);
        break;
      case ImpairedLink::Fate::kLose:
        ++counts_.dropped;
        rte_pktmbuf_free(buffer);
        break;
      case ImpairedLink::Fate::kWait:
        break;
    }
  }
}

// ---- in

// In the buffer in which the question came.
void Engine::take_neighbour(const Received& frame, const NeighbourTalk& talk, rte_mbuf* buffer) {
  if (talk.teller == config_.server) {
    server_mac_ = talk.mac;
  }
  const wire::MacAddress* mac = talk.asked ? owner_of(*talk.asked) : nullptr;
  if (mac == nullptr) {
    rte_pktmbuf_free(buffer);
    return;
  }
  std::array<std::byte, kNeighbourFrame> answer{};
  const std::size_t length = write_answer(frame, talk, *mac, answer);
  io::write_frame(buffer, std::span(answer).first(length));
  put(buffer);
}

void Engine::take(rte_mbuf* buffer, Micros now) {
  const auto frame = parse_frame(frame_of(buffer));
  if (!frame || frame->vlan != config_.vlan) {
    ++counts_.strays;
    rte_pktmbuf_free(buffer);
    return;
  }
  const auto ip = parse_ip(*frame);
  if (const auto talk = parse_neighbour(*frame, ip)) {
    take_neighbour(*frame, *talk, buffer);
    return;
  }
  const auto datagram = ip ? parse_udp(*ip) : std::nullopt;
  const std::uint32_t number =
      datagram ? number_of(datagram->to) : static_cast<std::uint32_t>(phones_.size());
  if (number == phones_.size() || datagram->from != config_.server) {
    ++counts_.strays;
  } else {
    StormPhone& phone = phones_[number];
    if (frame->to_mac != mac_of(phone)) {
      ++counts_.strays;
      rte_pktmbuf_free(buffer);
      return;
    }
    const bool was_over = phone.is_over();
    phone.on_packet(config_.rules, datagram->from_port, datagram->to_port, datagram->payload, now);
    note_end(phone, was_over);
  }
  rte_pktmbuf_free(buffer);
}

void Engine::note_end(const StormPhone& phone, bool was_over) noexcept {
  if (was_over || !phone.is_over()) {
    return;
  }
  progress_.over.fetch_add(1, std::memory_order_relaxed);
  if (phone.outcome() == Outcome::kReady) {
    progress_.ready.fetch_add(1, std::memory_order_relaxed);
  }
}

// ---- time

bool Engine::is_due(Micros now) const noexcept {
  if (started_ == phones_.size()) {
    return false;
  }
  return config_.at_a_time == 0
             ? began_ + phones_[started_].planned() <= now
             : started_ - progress_.over.load(std::memory_order_relaxed) < config_.at_a_time;
}

// A few at a time, so that answers are read between: their delay must not be the server's.
void Engine::start_due(Micros now) {
  for (int i = 0; i < io::kBurst && is_due(now); ++i, now = now_us()) {
    StormPhone& phone = phones_[started_];
    if (config_.at_a_time != 0) {
      phone.plan(now - began_);
    }
    counts_.late_starts.add(now - began_ - phone.planned());
    phone.power_on(config_.rules, began_, now);
    wheel_.add(static_cast<std::uint32_t>(started_), phone.deadline());
    ++started_;
    progress_.started.store(static_cast<std::uint32_t>(started_), std::memory_order_relaxed);
  }
}

void Engine::look_at(std::uint32_t number, Micros now) {
  StormPhone& phone = phones_[number];
  if (phone.is_over()) {
    return;
  }
  if (phone.on_time(config_.rules, now)) {
    progress_.timeouts.fetch_add(1, std::memory_order_relaxed);
  }
  note_end(phone, false);
  if (!phone.is_over()) {
    wheel_.add(number, phone.deadline());
  }
}

void Engine::release_delayed(Micros now) {
  out_.release(now, [this](rte_mbuf* buffer) { put(buffer); });
  in_.release(now, [this, now](rte_mbuf* buffer) { take(buffer, now); });
}

std::uint16_t Engine::turn(Micros now) {
  rte_mbuf* buffers[io::kBurst];
  const std::uint16_t count = io::receive_burst(pair_, buffers);
  counts_.received += count;
  const bool impaired = config_.impairment.any() && server_mac_.has_value();
  for (std::uint16_t i = 0; i < count; ++i) {
    switch (impaired ? in_.decide(buffers[i], now) : ImpairedLink::Fate::kPass) {
      case ImpairedLink::Fate::kPass:
        take(buffers[i], now);
        break;
      case ImpairedLink::Fate::kLose:
        ++counts_.dropped;
        rte_pktmbuf_free(buffers[i]);
        break;
      case ImpairedLink::Fate::kWait:
        break;
    }
  }
  if (impaired) {
    release_delayed(now);
  }
  return count;
}

void Engine::ask_for_server() {
  rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
  if (buffer == nullptr) {
    return;
  }
  std::array<std::byte, kNeighbourFrame> question{};
  const std::size_t length = write_question({.from_mac = mac_of(phones_.front()),
                                             .vlan = config_.vlan,
                                             .from = config_.router.value_or(address_of(0)),
                                             .to = config_.server},
                                            question);
  io::write_frame(buffer, std::span(question).first(length));
  put(buffer);
  flush();
}

bool Engine::find_server() {
  for (int i = 0; i < kAsk && !server_mac_ && !progress_.stop; ++i) {
    ask_for_server();
    const Micros until = now_us() + kAskEvery;
    for (Micros now = now_us(); now < until && !server_mac_; now = now_us()) {
      turn(now);
      flush();
    }
  }
  return server_mac_.has_value();
}

bool Engine::run() {
  if (!find_server()) {
    return false;
  }
  began_ = now_us();
  Micros before = began_;
  for (Micros now = began_; progress_.over.load(std::memory_order_relaxed) < phones_.size() &&
                            now - began_ < config_.patience &&
                            !progress_.stop.load(std::memory_order_relaxed);) {
    const Micros gap = now - before;
    counts_.late_polls += gap > kLatePoll ? 1 : 0;
    counts_.longest_poll = std::max(counts_.longest_poll, gap);
    before = now;
    const std::uint64_t sent = counts_.sent;
    start_due(now);
    // Many phones may have been switched on since: their answers must not seem to be older.
    now = now_us();
    const std::uint16_t came = turn(now);
    wheel_.turn(now, [this, now](std::uint32_t number) { look_at(number, now); });
    flush();
    const Micros after = now_us();
    counts_.busy += came != 0 || counts_.sent != sent ? after - before : 0;
    progress_.received.store(counts_.received, std::memory_order_relaxed);
    now = after;
  }
  counts_.total = now_us() - began_;
  if (progress_.over.load(std::memory_order_relaxed) < phones_.size()) {
    ended_ = progress_.stop.load(std::memory_order_relaxed) ? StormEnd::kInterrupted
                                                            : StormEnd::kTimeOver;
  }
  for (StormPhone& phone : phones_) {
    phone.end_run(config_.rules);
  }
  free_all(out_.take_all());
  free_all(in_.take_all());
  return true;
}

}  // namespace dialtone::emu
