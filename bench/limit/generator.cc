// SPDX-License-Identifier: Apache-2.0
#include "bench/limit/generator.h"

#include <time.h>

#include <algorithm>
#include <bit>

namespace dialtone::limit {
namespace {

// An answer later than this is lost: a phone asks anew.
constexpr std::uint64_t kPatienceUs = 100'000;
constexpr std::size_t kFlights = 1 << 16;

void set_length(rte_mbuf* buffer, std::uint16_t length) noexcept {
  io::set_frame_length(buffer, length);
}

// Between two turns of an open loop: the CPU is another's meanwhile.
void rest() noexcept {
  const timespec time{0, 10'000};
  ::nanosleep(&time, nullptr);
}

}  // namespace

Generator::Generator(const GeneratorConfig& config, io::QueuePair pair, rte_mempool* pool,
                     std::vector<Phone>& phones)
    : config_(config),
      pair_(pair),
      pool_(pool),
      phones_(phones),
      idle_(std::bit_ceil(phones.size())),
      ready_(std::bit_ceil(phones.size() + io::kBurst)),
      flights_(kFlights) {
  for (std::uint32_t number = 0; number < phones.size(); ++number) {
    idle_.push(number);
  }
}

// A file from its request on.
void Generator::start(std::uint32_t number) noexcept {
  phones_[number].begins = true;
  begin(number);
}

// Also of a phone that asks anew for what it did not get.
void Generator::begin(std::uint32_t number) noexcept {
  rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
  if (buffer == nullptr) {
    idle_.push(number);
    return;
  }
  if (config_.bounce) {
    phones_[number].write_probe(io::frame_data(buffer), config_.probe);
    set_length(buffer, config_.probe);
  } else {
    set_length(buffer, phones_[number].write_request(io::frame_data(buffer)));
  }
  ready_.push({buffer, number});
}

void Generator::run() noexcept {
  for (std::uint32_t i = 0; i < config_.open && !idle_.empty(); ++i) {
    const std::uint32_t number = idle_.front();
    idle_.pop();
    start(number);
  }
  const Ticks begun = read_tsc();
  rate_since_ = begun;
  const Ticks from = begun + config_.ticks.from_us(config_.warmup_us);
  measure(begun, from);
  counts_ = {};
  latency_ = {};
  fetches_ = {};
  measure(from, from + config_.ticks.from_us(config_.run_us));
  if (config_.rate != 0) {
    // The last answers, or that they do not come.
    const Counts all = counts_;
    stopped_ = true;
    const double seconds = seconds_;
    const double cpu = cpu_share_;
    const double busy = busy_share_;
    const Ticks now = read_tsc();
    measure(now, now + config_.ticks.from_us(2 * kPatienceUs));
    counts_.sent = all.sent;
    seconds_ = seconds;
    cpu_share_ = cpu;
    busy_share_ = busy;
  }
}

void Generator::measure(Ticks from, Ticks until) noexcept {
  const std::uint64_t ran = thread_run_ns();
  const Ticks busy_before = counts_.busy;
  Ticks now = read_tsc();
  while (now < until) {
    const bool busy = turn(now);
    const Ticks after = read_tsc();
    counts_.busy += busy ? after - now : 0;
    now = after;
    if (!busy && config_.rate != 0) {
      rest();
      now = read_tsc();
    }
  }
  const double ticks = static_cast<double>(now - from);
  seconds_ = ticks / static_cast<double>(config_.ticks.per_second());
  cpu_share_ = static_cast<double>(thread_run_ns() - ran) * 1e-9 / seconds_;
  busy_share_ = static_cast<double>(counts_.busy - busy_before) / ticks;
}

bool Generator::turn(Ticks now) noexcept {
  const std::uint16_t received = receive(now);
  const bool sent = send(now);
  give_up_late(now);
  return received != 0 || sent;
}

std::uint16_t Generator::receive(Ticks now) noexcept {
  rte_mbuf* buffers[io::kBurst];
  std::uint32_t numbers[io::kBurst];
  const std::uint16_t count = io::receive_burst(pair_, buffers);
  const auto phones = static_cast<std::uint32_t>(phones_.size());
  for (std::uint16_t i = 0; i < count; ++i) {
    numbers[i] = phone_of(io::frame_data(buffers[i]), rte_pktmbuf_data_len(buffers[i]), phones);
    if (numbers[i] != phones) {
      phones_[numbers[i]].prefetch();
    }
  }
  for (std::uint16_t i = 0; i < count; ++i) {
    if (numbers[i] == phones) {
      rte_pktmbuf_free(buffers[i]);  // an announcement of the server's
    } else {
      handle(numbers[i], buffers[i], now);
    }
  }
  return count;
}

void Generator::handle(std::uint32_t number, rte_mbuf* buffer, Ticks now) noexcept {
  Phone& phone = phones_[number];
  Step step = Step::kStray;
  if (phone.waits) {
    step = config_.bounce ? (phone.renew_probe(io::frame_data(buffer), config_.probe) ? Step::kNext
                                                                                      : Step::kBad)
                          : phone.on_frame(io::frame_data(buffer), rte_pktmbuf_data_len(buffer));
  }
  if (step == Step::kStray) {
    ++counts_.stray;
    rte_pktmbuf_free(buffer);
    return;
  }
  phone.waits = false;
  if (step == Step::kBad || step == Step::kError) {
    ++(step == Step::kBad ? counts_.bad : counts_.errors);
    rte_pktmbuf_free(buffer);
    start(number);
    return;
  }
  ++counts_.answers;
  if (config_.rate != 0) {
    latency_.add(config_.ticks.to_us(now) - config_.ticks.to_us(phone.sent_at));
  }
  if (step == Step::kNext) {
    set_length(buffer, config_.bounce ? config_.probe : std::uint16_t{kAckFrame});
    ready_.push({buffer, number});
  } else {
    finish(number, buffer, now);
  }
}

// The last ACK goes out at once, since nothing comes of it; another phone takes the turn.
void Generator::finish(std::uint32_t number, rte_mbuf* buffer, Ticks now) noexcept {
  ++counts_.transfers;
  if (!config_.bounce) {
    fetches_.add(config_.ticks.to_us(now) - config_.ticks.to_us(phones_[number].began_at));
  }
  set_length(buffer, kAckFrame);
  counts_.unsent += 1u - io::send_burst(pair_, &buffer, 1);
  idle_.push(number);
  const std::uint32_t next = idle_.front();
  idle_.pop();
  start(next);
}

std::uint64_t Generator::allowed(Ticks now) const noexcept {
  if (stopped_) {
    return 0;
  }
  if (config_.rate == 0) {
    return UINT64_MAX;
  }
  const std::uint64_t due =
      (config_.ticks.to_us(now) - config_.ticks.to_us(rate_since_)) * config_.rate / 1'000'000;
  return due - std::min(due, rate_sent_);
}

bool Generator::send(Ticks now) noexcept {
  rte_mbuf* buffers[io::kBurst];
  std::uint64_t left = allowed(now);
  bool any = false;
  while (left != 0 && !ready_.empty() && !flights_.full()) {
    std::uint16_t count = 0;
    for (; count < io::kBurst && left != 0 && !ready_.empty() && !flights_.full(); --left) {
      const auto [buffer, number] = ready_.front();
      ready_.pop();
      Phone& phone = phones_[number];
      phone.sent_at = now;
      phone.began_at = phone.begins ? now : phone.began_at;
      phone.begins = false;
      phone.waits = true;
      flights_.push({number, ++phone.serial});
      buffers[count++] = buffer;
    }
    counts_.sent += count;
    rate_sent_ += count;
    counts_.unsent += count - io::send_burst(pair_, buffers, count);
    any = true;
  }
  return any;
}

void Generator::give_up_late(Ticks now) noexcept {
  while (!flights_.empty()) {
    const auto [number, serial] = flights_.front();
    Phone& phone = phones_[number];
    if (phone.waits && phone.serial == serial) {
      if (now - phone.sent_at < config_.ticks.from_us(kPatienceUs)) {
        return;
      }
      ++counts_.lost;
      phone.waits = false;
      begin(number);
    }
    flights_.pop();
  }
}

}  // namespace dialtone::limit
