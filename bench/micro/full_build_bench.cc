// SPDX-License-Identifier: Apache-2.0
//
// A full build from rows in a database to an offer that a dataplane would publish, with what each
// step takes, and beside them what the machine can do: the rows alone, and a copy of as many bytes.
// At the end a row that 30 in 100 phones share is changed, and everything is built anew over an
// image that is served, with the memory that this takes.
//
//   full_build_bench [--phones N] [--threads N] [--repetitions N] [--huge-pages]
//   DIALTONE_BENCH_DATABASE="host=... dbname=..." full_build_bench ...   an empty PostgreSQL
//   database
#include "bench/micro/cost_table.h"
#include "bench/micro/phone_database.h"
#include "bench/micro/resident_memory.h"
#include "control/build/builder.h"
#include "control/database/device_source.h"
#include "dataplane/abi/index_builder.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/image/generation_loader.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
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
  database::AllDeviceSource source(*snapshot, rows);
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

// Out of a cache into memory that is mapped, of which there is less than a million phones need.
void copy(std::vector<std::byte>& to, std::uint64_t bytes, int threads) {
  static const std::vector<std::byte> from(std::size_t{64} << 10, std::byte{1});
  std::atomic<std::uint64_t> next{0};
  in_threads(threads, [&] {
    for (std::uint64_t at = next.fetch_add(from.size()); at < bytes;
         at = next.fetch_add(from.size())) {
      std::memcpy(to.data() + at % to.size(), from.data(), from.size());
    }
  });
}

// As a dataplane takes an offer in, up to the exchange of one pointer. What it has mapped stays for
// as long as this does: a generation that is published is unmapped when the next one has drained
// it.
class Dataplane {
 public:
  // `before`: what it has already.
  void adopt(const image_build::Offer& offer, const image_build::Offer& before = {}) {
    for (const image_build::ObjectPtr& segment : offer.segments) {
      if (std::find(before.segments.begin(), before.segments.end(), segment) ==
          before.segments.end()) {
        stage(abi::ObjectKind::kSegment, segment);
      }
    }
    for (const image_build::ObjectPtr& index : {offer.base, offer.delta}) {
      if (index != nullptr && index != before.base) {
        stage(abi::ObjectKind::kIndex, index);
      }
    }
    const abi::OfferMessage message{abi::offer_header(abi::OfferType::kOffer), offer.generation,
                                    offer.manifest->size, offer.manifest->digest};
    generation_ = must(image::load_generation(objects_, message, offer.manifest->fd.get()));
  }

 private:
  void stage(abi::ObjectKind kind, const image_build::ObjectPtr& object) {
    const abi::ObjectMessage message{abi::offer_header(abi::OfferType::kObject),
                                     kind,
                                     0,
                                     object->id,
                                     object->size,
                                     object->digest};
    objects_.stage(message, object->fd.get());
  }

  image::ObjectTable objects_{image::supported_map_mode(), {.bytes = std::uint64_t{64} << 30}};
  std::unique_ptr<image::Generation> generation_;
};

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

constexpr const char* kShared = "branch";  // the pool of 30 in 100 phones, anywhere among them

// Of the rows, filled when there are none.
std::string filled_database(const test::TempFolder& folder, std::int64_t phones) {
  const char* given = std::getenv("DIALTONE_BENCH_DATABASE");
  const std::string location = given == nullptr ? folder.file("phones.db") : given;
  auto database = must(database::Database::open(location));
  auto there = must(database.integer("SELECT count(*) FROM devices")).value_or(0);
  if (there == 0) {
    add_phones(database, phones);
    must(database.run(
        "INSERT INTO device_pools (name, cm_group_id, date_time_group_id) SELECT ?1, cm_group_id, "
        "date_time_group_id FROM device_pools WHERE id = 1",
        kShared));
    must(
        database.run("UPDATE devices SET pool_id = (SELECT id FROM device_pools WHERE name = ?1) "
                     "WHERE id * 7919 % 1000 < 300",
                     kShared));
    there = phones;
  }
  if (there != phones) {
    give_up(usage("the database has " + std::to_string(there) + " phones; give --phones " +
                  std::to_string(there) + ", or a database without any"));
  }
  return location;
}

// From the row, committed, to the exchange of the pointer, and what is left to do behind it.
void change_shared_row(build::Builder& builder, database::Database& database, int repetitions) {
  const auto offer_of = [&](std::uint64_t generation) {
    return must(builder.image().offer(generation, {image_build::default_policy(), {}}));
  };
  CostTable table;
  Dataplane dataplane;
  image_build::Offer served = offer_of(1);
  dataplane.adopt(served);
  build::BuildReport report;
  std::uint64_t number = 2;  // of the next offer
  for (int i = 0; i < repetitions; ++i) {
    must(database.run(
        "UPDATE device_pools SET connection_monitor_s = connection_monitor_s + 1 WHERE name = ?1",
        kShared));
    image_build::Offer next;
    table.measure("row to PUBLISHED", [&] {
      table.measure("row to image", [&] { report = must(builder.follow_database()); });
      table.measure("offer", [&] { next = offer_of(number++); });
      table.measure("adopted", [&] { dataplane.adopt(next, served); });
    });
    served = std::move(next);
    table.measure("folded later", [&] { must(builder.fold()); });
    next = offer_of(number++);
    dataplane.adopt(next, served);
    served = std::move(next);
  }
  std::printf("\na row that some phones share: %s, %zu files differ\n\n",
              report.full ? "a full build" : "a change", report.files);
  table.print();
}

// Every file becomes another one while the image before it is served.
void rebuild(build::Builder& builder, database::Database& database) {
  must(database.execute("UPDATE devices SET owner = owner || '.'"));
  PeakMemory memory;
  const std::uint64_t image = builder.image().memory_bytes();
  const auto before = must(builder.image().offer(1, {image_build::default_policy(), {}}));
  const auto report = must(builder.build_all());
  const ResidentMemory peak = memory.end();
  std::printf(
      "\nrebuilt over an image that is served: %zu files differ; at the peak %.3f times the image "
      "(memfds %.1f MB, heap %.1f MB; image %.1f MB)\n",
      report.files, static_cast<double>(peak.all()) / static_cast<double>(image),
      static_cast<double>(peak.memfds) / 1e6, static_cast<double>(peak.heap) / 1e6,
      static_cast<double>(image) / 1e6);
}

void print(const Given& given, const CostTable& table, const image_build::Image& image) {
  const auto files = static_cast<double>(image.files().size());
  const auto bytes = static_cast<double>(image.files().content_bytes());
  std::printf("full_build_bench: %ld phones, %zu files of %.1f KB, %d threads, %s\n\n",
              static_cast<long>(given.phones), image.files().size(), bytes / files / 1e3,
              given.threads,
              image.huge_page_bytes() != 0 ? "huge pages"
              : given.huge_pages           ? "ordinary pages: not enough huge ones are free"
                                           : "ordinary pages");
  table.print();
  std::printf("\nindex: %.1f bytes and %.0f ns a name; image: %.3f bytes for each of its files'\n",
              static_cast<double>(abi::index_size(image.files().size())) / files,
              table.least("index alone", &Cost::cpu) * 1e9 / files,
              static_cast<double>(image.memory_bytes()) / bytes);
}

void run(const Given& given) {
  const test::TempFolder folder;
  const std::string location = filled_database(folder, given.phones);
  auto database = must(database::Database::open(location));
  CostTable table;
  for (int i = 0; i < given.repetitions; ++i) {
    const bool is_last = i + 1 == given.repetitions;
    table.measure("rows alone", [&] { read_rows(location, given.threads); });
    auto builder = must(build::Builder::create({.database = location,
                                                .assets = {},
                                                .threads = given.threads,
                                                .huge_pages = given.huge_pages},
                                               &database));
    {
      std::optional<image_build::Offer> offer;
      Dataplane dataplane;
      table.measure("rows to PUBLISHED", [&] {
        table.measure("rows to image", [&] { must(builder.build_all()); });
        table.measure("offer", [&] {
          offer = must(builder.image().offer(1, {image_build::default_policy(), {}}));
        });
        table.measure("adopted", [&] { dataplane.adopt(*offer); });
      });
    }
    {
      const std::size_t files = builder.image().files().size();
      std::vector<std::byte> room(abi::index_size(files) + kCacheLine);
      table.measure("index alone", [&] { make_index(builder.image().files(), room); });
    }
    if (is_last) {
      {
        std::vector<std::byte> to(std::size_t{512} << 20);
        const std::uint64_t bytes = builder.image().files().content_bytes();
        for (int copies = 0; copies < given.repetitions; ++copies) {
          table.measure("copy of as many bytes", [&] { copy(to, bytes, given.threads); });
        }
      }
      print(given, table, builder.image());
      change_shared_row(builder, database, given.repetitions);
      rebuild(builder, database);
    }
  }
}

}  // namespace
}  // namespace dialtone::bench

int main(int count, char** words) {
  dialtone::bench::run(dialtone::bench::parse(count, words));
}
