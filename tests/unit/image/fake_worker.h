// SPDX-License-Identifier: Apache-2.0
//
// A worker as the store sees one: a thread that loads the image once a turn, reports quiescent, and
// pins a segment while a transfer of it runs.
#pragma once

#include "dataplane/image/image_store.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace dialtone::test {

class FakeWorker {
 public:
  explicit FakeWorker(image::ImageStore& store, std::uint32_t number = 0)
      : store_(store), number_(number), pins_(store.pins(number)), thread_([this] { run(); }) {}
  ~FakeWorker() {
    stop_.store(true, std::memory_order_release);
    thread_.join();
  }

  // Begins a transfer of `name` in what is served now; false when there is none.
  bool begin(const std::string& name) {
    name_ = name;
    return ask(Order::kBegin);
  }
  // Reads what the transfer still can read: all bytes of its file.
  std::string content() {
    ask(Order::kRead);
    return content_;
  }
  void end() { ask(Order::kEnd); }
  // Stays in one turn, without a quiescent state, until resume().
  void hang() { ask(Order::kHang); }
  void resume() { hung_.store(false, std::memory_order_release); }

 private:
  enum class Order { kNone, kBegin, kRead, kEnd, kHang };

  bool ask(Order order) {
    order_.store(order, std::memory_order_release);
    while (order_.load(std::memory_order_acquire) != Order::kNone) {
      std::this_thread::yield();
    }
    return found_;
  }

  void run() {
    store_.grace().online(number_);
    while (!stop_.load(std::memory_order_acquire)) {
      turn(store_.current());
      store_.grace().quiescent(number_);
      std::this_thread::yield();
    }
    store_.grace().offline(number_);
  }

  void turn(const abi::LiveImage* image) {
    const Order order = order_.load(std::memory_order_acquire);
    if (order == Order::kBegin) {
      const auto file = image == nullptr ? std::nullopt : image->view.find(name_);
      found_ = file.has_value();
      if (found_) {
        slot_ = image->slots[file->segment];
        bytes_ = file->bytes();
        pins_.pin(slot_);
      }
    } else if (order == Order::kRead) {
      content_.assign(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
    } else if (order == Order::kEnd) {
      pins_.unpin(slot_);
    } else if (order == Order::kHang) {
      hung_.store(true, std::memory_order_release);
    }
    if (order != Order::kNone) {
      order_.store(Order::kNone, std::memory_order_release);
    }
    while (hung_.load(std::memory_order_acquire)) {
      std::this_thread::yield();
    }
  }

  image::ImageStore& store_;
  std::uint32_t number_;
  abi::Pins pins_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> hung_{false};
  std::atomic<Order> order_{Order::kNone};
  std::string name_;
  bool found_ = false;
  std::uint16_t slot_ = 0;
  std::span<const std::byte> bytes_;
  std::string content_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace dialtone::test
