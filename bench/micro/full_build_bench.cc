// SPDX-License-Identifier: Apache-2.0
//
// A full build from rows in SQLite to an offer that a dataplane would publish, with what each step
// takes, and beside them what the machine can do: the rows alone, and a copy of as many bytes.
//
//   full_build_bench [--phones N] [--threads N] [--repetitions N] [--huge-pages]
//
// Wall and CPU time are of the whole process; a busy machine falsifies the first, less the second.
#include "bench/micro/phone_database.h"
#include "control/build/builder.h"
#include "control/database/device_source.h"
#include "dataplane/abi/index_builder.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/image/generation_loader.h"
#include "tests/support/temp_folder.h"

#include <time.h>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace dialtone::bench {
namespace {

struct Given {
  std::int64_t phones = 100'000;
  int threads = 2;
  int repetitions = 5;
  bool huge_pages = false;
};

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double kernel_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_stime.tv_usec) * 1e-6;
}

struct Cost {
  double wall = 0;
  double cpu = 0;
  double kernel = 0;
};

// The costs of a step in all repetitions.
class Table {
 public:
  void measure(const std::string& step, const std::function<void()>& run) {
    const double wall = seconds_of(CLOCK_MONOTONIC);
    const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    const double kernel = kernel_seconds();
    run();
    if (!costs_.contains(step)) {
      order_.push_back(step);
    }
    costs_[step].push_back({seconds_of(CLOCK_MONOTONIC) - wall,
                            seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu, kernel_seconds() - kernel});
  }

  void print() const {
    std::printf(
        "| step | wall, least | wall, median | CPU, least | CPU, median | of it kernel |\n"
        "| --- | --- | --- | --- | --- | --- |\n");
    for (const std::string& step : order_) {
      std::printf("| %s | %.1f ms | %.1f | %.1f | %.1f | %.1f |\n", step.c_str(),
                  least(step, &Cost::wall) * 1e3, median(step, &Cost::wall) * 1e3,
                  least(step, &Cost::cpu) * 1e3, median(step, &Cost::cpu) * 1e3,
                  median(step, &Cost::kernel) * 1e3);
    }
  }

  double least(const std::string& step, double Cost::*what) const {
    return sorted(step, what).front();
  }
  double median(const std::string& step, double Cost::*what) const {
    const std::vector<double> all = sorted(step, what);
    return all[all.size() / 2];
  }

 private:
  std::vector<double> sorted(const std::string& step, double Cost::*what) const {
    std::vector<double> all;
    for (const Cost& cost : costs_.at(step)) {
      all.push_back(cost.*what);
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  std::map<std::string, std::vector<Cost>> costs_;
  std::vector<std::string> order_;
};

void in_threads(int threads, const std::function<void()>& run) {
  std::vector<std::thread> pool;
  for (int i = 0; i < threads; ++i) {
    pool.emplace_back(run);
  }
  for (std::thread& thread : pool) {
    thread.join();
  }
}

void read_rows(const std::string& path, int threads) {
  const auto snapshot = must(database::Snapshot::take(path, threads));
  const auto rows = must(database::load_campus(snapshot->database()));
  database::SqliteDeviceSource source(*snapshot, rows);
  const auto ranges = must(source.ranges(128));
  std::atomic<std::size_t> next{0};
  in_threads(threads, [&] {
    generator::DeviceBatch batch;
    for (std::size_t at = next++; at < ranges.size(); at = next++) {
      batch.clear();
      must(source.read(ranges[at], batch));
    }
  });
}

// Of as many bytes as are served, out of a cache into memory that is mapped.
void copy(std::vector<std::byte>& to, int threads) {
  static const std::vector<std::byte> from(std::size_t{64} << 10, std::byte{1});
  std::atomic<std::size_t> next{0};
  in_threads(threads, [&] {
    for (std::size_t at = next.fetch_add(from.size()); at + from.size() <= to.size();
         at = next.fetch_add(from.size())) {
      std::memcpy(to.data() + at, from.data(), from.size());
    }
  });
}

// As a dataplane takes an offer in, up to the exchange of one pointer.
void adopt(const image_build::Offer& offer) {
  image::ObjectTable objects(image::supported_map_mode(), {.bytes = std::uint64_t{64} << 30});
  const auto send = [&](abi::ObjectKind kind, const image_build::ObjectPtr& object) {
    const abi::ObjectMessage message{abi::offer_header(abi::OfferType::kObject),
                                     kind,
                                     0,
                                     object->id,
                                     object->size,
                                     object->digest};
    objects.stage(message, object->fd.get());
  };
  for (const image_build::ObjectPtr& segment : offer.segments) {
    send(abi::ObjectKind::kSegment, segment);
  }
  send(abi::ObjectKind::kIndex, offer.base);
  const abi::OfferMessage message{abi::offer_header(abi::OfferType::kOffer), offer.generation,
                                  offer.manifest->size, offer.manifest->digest};
  must(image::load_generation(objects, message, offer.manifest->fd.get()));
}

// Of the names that are served, into memory that is mapped.
void make_index(const image_build::FileTable& files, std::vector<std::byte>& room) {
  std::vector<abi::IndexItem> items;
  items.reserve(files.size());
  for (const auto& [name, entry] : files) {
    items.push_back({name, abi::Kind::kFlat, 0, entry.place.offset});
  }
  std::fill(room.begin(), room.end(), std::byte{0});
  const auto begin = reinterpret_cast<std::uintptr_t>(room.data());
  must(abi::build_index(items, 1, 1, 1,
                        std::span(room).subspan(align_up(begin, kCacheLine) - begin)));
}

Given parse(int count, char** words) {
  Given given;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--huge-pages") {
      given.huge_pages = true;
      continue;
    }
    const long value = i + 1 < count ? std::atol(words[++i]) : 0;
    if (value < 1 || (word != "--phones" && word != "--threads" && word != "--repetitions")) {
      std::fprintf(stderr,
                   "usage: full_build_bench [--phones N] [--threads N] [--repetitions N] "
                   "[--huge-pages]\n");
      std::exit(2);
    }
    if (word == "--phones") {
      given.phones = value;
    } else {
      (word == "--threads" ? given.threads : given.repetitions) = static_cast<int>(value);
    }
  }
  return given;
}

void run(const Given& given) {
  const test::TempFolder folder;
  const std::string path = folder.file("phones.db");
  auto database = must(database::Database::open(path));
  add_phones(database, given.phones);
  Table table;
  std::uint64_t bytes = 0;
  std::uint64_t resident = 0;
  std::uint64_t index = 0;
  std::size_t files = 0;
  for (int i = 0; i < given.repetitions; ++i) {
    table.measure("rows alone", [&] { read_rows(path, given.threads); });
    auto builder = must(build::Builder::create(
        {.database = path, .assets = {}, .threads = given.threads, .huge_pages = given.huge_pages},
        &database));
    std::optional<image_build::Offer> offer;
    table.measure("rows to PUBLISHED", [&] {
      table.measure("rows to image", [&] { must(builder.build_all()); });
      table.measure("offer", [&] {
        offer = must(builder.image().offer(1, {image_build::default_policy(), {}}));
      });
      table.measure("adopted", [&] { adopt(*offer); });
    });
    bytes = builder.image().files().content_bytes();
    files = builder.image().files().size();
    resident = builder.image().memory_bytes();
    std::vector<std::byte> room(abi::index_size(files) + kCacheLine);
    table.measure("index alone", [&] { make_index(builder.image().files(), room); });
    index = offer->base->size;
  }
  std::vector<std::byte> to(bytes);
  for (int i = 0; i < given.repetitions; ++i) {
    table.measure("copy of as many bytes", [&] { copy(to, given.threads); });
  }
  std::printf("full_build_bench: %ld phones, %zu files of %.1f KB, %d threads, %s pages\n\n",
              static_cast<long>(given.phones), files,
              static_cast<double>(bytes) / static_cast<double>(files) / 1e3, given.threads,
              given.huge_pages ? "huge" : "ordinary");
  table.print();
  const auto per_file = [&](double seconds) { return seconds * 1e9 / static_cast<double>(files); };
  std::printf("\nindex: %.1f bytes and %.0f ns a name; image: %.3f bytes for each of its files'\n",
              static_cast<double>(index) / static_cast<double>(files),
              per_file(table.least("index alone", &Cost::cpu)),
              static_cast<double>(resident) / static_cast<double>(bytes));
}

}  // namespace
}  // namespace dialtone::bench

int main(int count, char** words) {
  dialtone::bench::run(dialtone::bench::parse(count, words));
}
