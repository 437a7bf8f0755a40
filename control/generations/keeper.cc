// SPDX-License-Identifier: Apache-2.0
#include "control/generations/keeper.h"

#include <sched.h>
#include <unistd.h>

#include <sys/resource.h>

#include <iterator>
#include <utility>

namespace dialtone::generations {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{5};
// Changes come faster than a slow disk syncs; each one that waits holds memory.
constexpr std::size_t kMostPending = 64;
// Numbers reserved at a time, and how few may be left: a write for so many publishes.
constexpr std::uint64_t kReserve = 64;
constexpr std::uint64_t kFewLeft = 16;
// Whoever publishes and serves goes first.
constexpr int kNice = 10;

// A batch thread takes the CPU from nobody when its disk has answered, which is some ten times for
// each change; it waits for the end of their slice.
void yield_to_others() {
  const sched_param none{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &none);
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

ObjectRef ref_of(const image_build::ObjectPtr& object) {
  return object == nullptr ? ObjectRef{} : ObjectRef{object->id, object->size, object->digest};
}

}  // namespace

Keeper::Keeper(Store& store, std::chrono::milliseconds retry)
    : store_(store), retry_(retry), reserved_(store.reserved()) {
  thread_ = std::jthread([this] { run(); });
}

Keeper::~Keeper() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  store_.end_by(steady_clock::now() + kPatience);
  changed_.notify_all();
  thread_.join();
  if (number_ != 0 && number_ < reserved_) {
    (void)store_.reserve(number_);  // the next process goes on from here
  }
}

void Keeper::keep(Generation generation, const image_build::Offer& offer) {
  Job job{std::move(generation), offer.segments};
  job.generation.base = ref_of(offer.base);
  job.generation.delta = ref_of(offer.delta);
  for (const image_build::ObjectPtr& segment : offer.segments) {
    job.generation.segments.push_back(ref_of(segment));
  }
  job.objects.push_back(offer.base);
  if (offer.delta != nullptr) {
    job.objects.push_back(offer.delta);
  }
  std::list<Job> dropped;  // goes without the lock
  {
    const std::scoped_lock lock(mutex_);
    const auto first = writing_ ? std::next(jobs_.begin()) : jobs_.begin();
    const bool other_base = !jobs_.empty() && jobs_.back().generation.base.id != offer.base->id;
    const bool stuck = !state_.trouble.empty();
    if (other_base || stuck || jobs_.size() >= kMostPending) {
      state_.skipped += static_cast<std::uint64_t>(std::distance(first, jobs_.end()));
      dropped.splice(dropped.begin(), jobs_, first, jobs_.end());
    }
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

void Keeper::note_number(std::uint64_t number) {
  {
    const std::scoped_lock lock(mutex_);
    number_ = number;
    if (number + kFewLeft <= reserved_) {
      return;
    }
    wanted_number_ = number + kReserve;
  }
  changed_.notify_all();
}

KeeperState Keeper::state() const {
  const std::scoped_lock lock(mutex_);
  KeeperState state = state_;
  state.pending = jobs_.size();
  if (state.trouble.empty()) {
    state.trouble = reserve_trouble_;
  }
  return state;
}

Keeper::Pending Keeper::pending() const {
  const std::scoped_lock lock(mutex_);
  Pending pending;
  for (const Job& job : jobs_) {
    pending.generations.push_back(job.generation);
    pending.objects.insert(pending.objects.end(), job.objects.begin(), job.objects.end());
  }
  return pending;
}

bool Keeper::wait_idle(std::chrono::milliseconds most) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, most, [this] { return jobs_.empty() || !state_.trouble.empty(); });
  return jobs_.empty();
}

void Keeper::run() {
  yield_to_others();
  std::unique_lock lock(mutex_);
  steady_clock::time_point rest;
  while (true) {
    const auto has_work = [&] { return !jobs_.empty() || wanted_number_ > reserved_; };
    const bool resting = steady_clock::now() < rest;
    if (stopping_ && (!has_work() || resting)) {
      return;
    }
    if (!has_work()) {
      changed_.wait(lock);
      continue;
    }
    if (resting) {
      changed_.wait_until(lock, rest);
      continue;
    }
    reserve_next(lock);
    write_next(lock);
    const bool failed = !state_.trouble.empty() || !reserve_trouble_.empty();
    rest = failed ? steady_clock::now() + retry_ : steady_clock::time_point();
    changed_.notify_all();
  }
}

void Keeper::reserve_next(std::unique_lock<std::mutex>& lock) {
  const std::uint64_t number = wanted_number_;
  if (number <= reserved_) {
    return;
  }
  lock.unlock();
  const auto done = store_.reserve(number);
  lock.lock();
  reserve_trouble_ = done ? std::string() : done.error().text;
  if (done) {
    reserved_ = number;
  }
}

void Keeper::write_next(std::unique_lock<std::mutex>& lock) {
  if (jobs_.empty()) {
    return;
  }
  writing_ = true;
  const Job& job = jobs_.front();  // nobody else takes it away
  lock.unlock();
  const auto begin = steady_clock::now();
  const auto written = store_.keep(job.generation, job.objects);
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin);
  lock.lock();
  writing_ = false;
  if (!written) {
    state_.trouble = written.error().text;
    return;
  }
  state_.trouble.clear();
  state_.kept = job.generation.number;
  state_.last_us = static_cast<std::uint64_t>(us.count());
  state_.last_bytes = *written;
  state_.total_bytes += *written;
  std::list<Job> done;
  done.splice(done.begin(), jobs_, jobs_.begin());
  lock.unlock();
  done.clear();  // it may be gigabytes: nobody waits for that
  lock.lock();
}

}  // namespace dialtone::generations
