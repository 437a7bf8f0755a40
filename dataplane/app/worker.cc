// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/worker.h"

#include "dataplane/io/checksum.h"

#include <time.h>

#include <algorithm>

namespace dialtone::app {
namespace {

static_assert(io::kBurst <= server::kMaxBurst);

// Polls that find nothing before an idle worker sleeps: between two packets of one transfer on a
// fast network it must not.
constexpr std::uint32_t kPollsBeforeRest = 256;

}  // namespace

Worker::Worker(const WorkerConfig& config, const io::Port& port, io::HandoffMesh& mesh,
               io::Reassembly reassembly, image::ImageStore& store,
               std::span<std::uint64_t> counters)
    : number_(config.responder.worker),
      idle_sleep_us_(config.idle_sleep_us),
      rate_(config.responder.rate),
      pair_{port.id(), static_cast<std::uint16_t>(number_)},
      pool_(port.pool()),
      port_sums_(port.computes_checksums()),
      mesh_(mesh),
      reassembly_(std::move(reassembly)),
      store_(store),
      counters_(counters),
      exceptions_(config.exceptions),
      responder_(config.responder, counters, store.pins(number_)) {}

int Worker::run(void* worker) noexcept {
  static_cast<Worker*>(worker)->loop();
  return 0;
}

void Worker::loop() noexcept {
  store_.grace().online(number_);
  turn_began_ = read_tsc();
  for (;;) {
    if (const Order order = order_.load(std::memory_order_acquire); order != taken_ || !serves_)
        [[unlikely]] {
      if (static_cast<Task>(order % kTasks) == Task::kStop) {
        break;
      }
      follow(order);
    }
    const Ticks now = read_tsc();
    note_turn(now);
    expire_fragments(now);
    bool busy = answer_port(now);
    busy |= answer_handed_over(now);
    responder_.drain(store_.drained_slot());
    busy |= send_of_kernel();
    busy |= send_ready(now);
    store_.grace().quiescent(number_);
    counters_.add(server::Counter::kHeartbeat);
    empty_polls_ = busy ? 0 : empty_polls_ + 1;
    if (idle_sleep_us_ != 0 && empty_polls_ > kPollsBeforeRest) {
      rest();
    }
  }
  rte_pktmbuf_free_bulk(unsent_, unsent_count_);
  responder_.end_all_sessions();
  store_.grace().offline(number_);
}

// A turn ends where the next one begins. Ticks are summed up, since a turn may take less than a
// microsecond.
void Worker::note_turn(Ticks now) noexcept {
  if (empty_polls_ == 0) {
    busy_ticks_ += now - turn_began_;
    counters_.set(server::Counter::kBusyUs, rate_.to_us(busy_ticks_));
  }
  turn_began_ = now;
}

void Worker::follow(Order order) noexcept {
  const auto task = static_cast<Task>(order % kTasks);
  taken_ = order;
  serves_ = task == Task::kServe;
  if (serves_) {
    responder_.take_again();
  } else {
    responder_.take_no_more();
  }
  if (task == Task::kGiveUp) {
    responder_.end_all_sessions();
  }
  const bool finished = !serves_ && responder_.sessions() == 0;
  answer_.store(order * 2 + (finished ? 1U : 0U), std::memory_order_release);
}

bool Worker::answer_port(Ticks now) noexcept {
  rte_mbuf* buffers[io::kBurst];
  const std::uint16_t count = io::receive_burst(pair_, buffers);
  answer(buffers, count, From::kWire, now);
  return count != 0;
}

bool Worker::answer_handed_over(Ticks now) noexcept {
  rte_mbuf* buffers[io::kBurst];
  const std::uint16_t count = mesh_.take(number_, buffers);
  answer(buffers, count, From::kWire, now);
  return count != 0;
}

void Worker::answer(rte_mbuf** buffers, std::uint16_t count, From from, Ticks now) noexcept {
  if (count == 0) {
    return;
  }
  server::Frame frames[io::kBurst];
  server::Verdict verdicts[io::kBurst];
  for (std::uint16_t i = 0; i < count; ++i) {
    frames[i] = {io::frame_data(buffers[i]), rte_pktmbuf_data_len(buffers[i]),
                 io::frame_capacity(buffers[i]), io::udp_checksum_good(buffers[i])};
  }
  // The image is loaded once a burst, and not kept: the quiescent state of this turn ends its use.
  responder_.process({frames, count}, {verdicts, count}, store_.current(), now);
  std::uint16_t replies = 0;
  std::uint16_t joined = 0;
  rte_mbuf* datagrams[io::kBurst];
  for (std::uint16_t i = 0; i < count; ++i) {
    switch (verdicts[i]) {
      case server::Verdict::kReply:
        complete(buffers[i], frames[i]);
        buffers[replies++] = buffers[i];
        break;
      case server::Verdict::kHandOff:
        hand_over(buffers[i], frames[i].owner);
        break;
      case server::Verdict::kReassemble:
        if (from == From::kReassembly) {  // fragments of fragments: nobody sends that
          counters_.add(server::Counter::kFragmentsDropped);
          rte_pktmbuf_free(buffers[i]);
        } else if (rte_mbuf* datagram = join(buffers[i], frames[i], now)) {
          datagrams[joined++] = datagram;
        }
        break;
      case server::Verdict::kPunt:
        punt(buffers[i]);
        break;
      case server::Verdict::kDrop:
        rte_pktmbuf_free(buffers[i]);
        break;
    }
  }
  send(buffers, replies);
  answer(datagrams, joined, From::kReassembly, now);
}

rte_mbuf* Worker::join(rte_mbuf* piece, const server::Frame& frame, Ticks now) noexcept {
  const auto [datagram, dropped] = reassembly_.add(piece, frame.l2_length, frame.l3_length, now);
  counters_.add(server::Counter::kDatagramsJoined, datagram != nullptr);
  counters_.add(server::Counter::kFragmentsDropped, dropped);
  return datagram;
}

void Worker::expire_fragments(Ticks now) noexcept {
  if (const std::uint32_t count = reassembly_.expire(now); count != 0) [[unlikely]] {
    counters_.add(server::Counter::kFragmentsTimedOut, count);
  }
}

// A full ring: the owner stands still, or is behind. The client sends again.
void Worker::hand_over(rte_mbuf* buffer, std::uint32_t owner) noexcept {
  if (!mesh_.give(number_, owner, buffer)) {
    counters_.add(server::Counter::kHandoffsDropped);
    rte_pktmbuf_free(buffer);
  }
}

void Worker::punt(rte_mbuf* buffer) noexcept {
  if (exceptions_ == nullptr ||
      !exceptions_->give(number_, {io::frame_data(buffer), rte_pktmbuf_data_len(buffer)})) {
    counters_.add(server::Counter::kPuntsDropped);
  }
  rte_pktmbuf_free(buffer);
}

// Worker 0 has it to do: a transmit queue belongs to one thread.
bool Worker::send_of_kernel() noexcept {
  if (exceptions_ == nullptr || number_ != 0) {
    return false;
  }
  counters_.set(server::Counter::kPuntsRefused, exceptions_->refused());
  io::FrameRing& ring = exceptions_->from_kernel();
  rte_mbuf* buffers[io::kBurst];
  std::uint16_t count = 0;
  for (; count < io::kBurst; ++count) {
    const std::span<const std::byte> frame = ring.front();
    if (frame.empty()) {
      break;
    }
    buffers[count] = rte_pktmbuf_alloc(pool_);
    if (buffers[count] == nullptr) [[unlikely]] {
      counters_.add(server::Counter::kBuffersExhausted);
      break;  // it stays in the ring
    }
    io::write_frame(buffers[count], frame);
    ring.pop();
  }
  counters_.add(server::Counter::kKernelFrames, count);
  send(buffers, count);
  return count != 0;
}

bool Worker::send_ready(Ticks now) noexcept {
  const abi::LiveImage* image = store_.current();  // as above: not kept
  const std::size_t due = responder_.frames_ready(now, image);
  if (unsent_count_ != 0) {
    send_unsent();
    return true;
  }
  if (due == 0) {
    return false;
  }
  if (rte_pktmbuf_alloc_bulk(pool_, unsent_, static_cast<unsigned>(due)) != 0) {
    counters_.add(server::Counter::kBuffersExhausted);
    return true;  // it stays ready: the next turn tries again
  }
  server::Frame frames[server::kMaxBurst];
  for (std::size_t i = 0; i < due; ++i) {
    frames[i] = {io::frame_data(unsent_[i]), 0, io::frame_capacity(unsent_[i])};
  }
  const std::size_t used = responder_.send_ready(now, {frames, due}, image);
  for (std::size_t i = 0; i < used; ++i) {
    complete(unsent_[i], frames[i]);
  }
  rte_pktmbuf_free_bulk(unsent_ + used, static_cast<unsigned>(due - used));
  unsent_count_ = prepare(unsent_, static_cast<std::uint16_t>(used));
  send_unsent();
  return true;
}

void Worker::complete(rte_mbuf* buffer, const server::Frame& frame) const noexcept {
  io::set_frame_length(buffer, frame.length);
  if (port_sums_) {
    io::ask_checksums(buffer, frame.l2_length, frame.l3_length);
  }
}

std::uint16_t Worker::prepare(rte_mbuf** buffers, std::uint16_t count) noexcept {
  if (!port_sums_ || count == 0) {
    return count;
  }
  const std::uint16_t ready = io::prepare_burst(pair_, buffers, count);
  if (ready < count) [[unlikely]] {
    counters_.add(server::Counter::kFramesNotSent, count - ready);
  }
  return ready;
}

void Worker::send_unsent() noexcept {
  const std::uint16_t sent = io::try_send_burst(pair_, unsent_, unsent_count_);
  std::copy(unsent_ + sent, unsent_ + unsent_count_, unsent_);
  unsent_count_ = static_cast<std::uint16_t>(unsent_count_ - sent);
}

void Worker::send(rte_mbuf** buffers, std::uint16_t count) noexcept {
  count = prepare(buffers, count);
  if (count == 0) {
    return;
  }
  const std::uint16_t sent = io::send_burst(pair_, buffers, count);
  if (sent < count) [[unlikely]] {
    counters_.add(server::Counter::kFramesNotSent, count - sent);
  }
}

// Offline, so that a publish need not wait for the end of the sleep.
void Worker::rest() noexcept {
  store_.grace().offline(number_);
  const timespec time{0, static_cast<long>(idle_sleep_us_) * 1000};
  ::nanosleep(&time, nullptr);
  store_.grace().online(number_);
}

}  // namespace dialtone::app
