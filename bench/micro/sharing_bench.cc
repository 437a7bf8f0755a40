// SPDX-License-Identifier: Apache-2.0
//
// What an image would save that stored equal content once: whole files, DATA blocks of 512 bytes,
// and lines that more than one file has, which is about what a composed file (docs/image-format.md)
// could leave to the program of its class.
//
//   sharing_bench [--phones N]
//   sharing_bench --database PATH [--assets FOLDER]
//
// It counts bytes, not time, so a busy machine changes nothing.
#include "bench/micro/phone_database.h"
#include "control/build/builder.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace dialtone::bench {
namespace {

constexpr std::size_t kBlock = 512;
// Where a piece that is stored once lies, and how long it is.
constexpr std::size_t kReference = 8;

struct HashDigest {
  std::size_t operator()(const Digest& digest) const noexcept { return digest.low; }
};

// Pieces of one kind, each counted where it is met first.
class Pieces {
 public:
  void add(std::span<const std::byte> piece) { add(piece.size(), digest_of(piece)); }
  void add(std::size_t size, const Digest& digest) {
    ++count_;
    if (seen_.insert(digest).second) {
      bytes_ += size;
    }
  }

  std::size_t count() const noexcept { return count_; }
  std::size_t different() const noexcept { return seen_.size(); }
  std::uint64_t stored() const noexcept { return bytes_ + count_ * kReference; }

 private:
  std::unordered_set<Digest, HashDigest> seen_;
  std::uint64_t bytes_ = 0;
  std::size_t count_ = 0;
};

void add_blocks(std::span<const std::byte> content, Pieces& blocks) {
  for (std::size_t at = 0; at < content.size(); at += kBlock) {
    blocks.add(content.subspan(at, std::min(kBlock, content.size() - at)));
  }
}

template <typename Each>
void for_each_line(std::span<const std::byte> content, const Each& each) {
  while (!content.empty()) {
    const void* end = std::memchr(content.data(), '\n', content.size());
    const std::size_t size =
        end == nullptr
            ? content.size()
            : static_cast<std::size_t>(static_cast<const std::byte*>(end) - content.data()) + 1;
    each(content.first(size));
    content = content.subspan(size);
  }
}

// Each file as its own lines, those that no other file has, in a program of all the others.
class Composed {
 public:
  explicit Composed(const image_build::FileTable& files) {
    for (const auto& [name, entry] : files) {
      for_each_line(entry.content(), [&](std::span<const std::byte> line) {
        const std::size_t times = ++times_[digest_of(line)];
        shared_bytes_ += times == 2 ? line.size() : 0;
      });
    }
    for (const auto& [name, entry] : files) {
      bool was_own = false;
      for_each_line(entry.content(), [&](std::span<const std::byte> line) {
        const bool is_own = times_[digest_of(line)] == 1;
        own_bytes_ += is_own ? line.size() : 0;
        slots_ += is_own && !was_own ? 1 : 0;
        was_own = is_own;
      });
    }
  }

  std::size_t slots() const noexcept { return slots_; }
  std::uint64_t stored() const noexcept { return shared_bytes_ + own_bytes_ + slots_ * kReference; }

 private:
  std::unordered_map<Digest, std::size_t, HashDigest> times_;
  std::uint64_t shared_bytes_ = 0;
  std::uint64_t own_bytes_ = 0;
  std::size_t slots_ = 0;
};

void print_row(const char* what, std::size_t count, std::size_t different, std::uint64_t stored,
               std::uint64_t served) {
  std::printf("| %s | %zu | %zu | %.1f MB | %.3f |\n", what, count, different,
              static_cast<double>(stored) / 1e6,
              static_cast<double>(stored) / static_cast<double>(served));
}

void print_row(const char* what, const Pieces& pieces, std::uint64_t served) {
  print_row(what, pieces.count(), pieces.different(), pieces.stored(), served);
}

void measure(const std::string& path, const std::string& assets, database::Database& database) {
  auto builder = must(build::Builder::create(
      {.database = path, .assets = assets, .threads = 2, .huge_pages = false}, &database));
  must(builder.build_all());
  const image_build::FileTable& files = builder.image().files();
  Pieces whole;
  Pieces blocks;
  for (const auto& [name, entry] : files) {
    whole.add(entry.place.length, entry.place.digest);
    add_blocks(entry.content(), blocks);
  }
  std::printf("sharing_bench: %zu files, %.1f MB\n\n", files.size(),
              static_cast<double>(files.content_bytes()) / 1e6);
  std::printf(
      "| stored once | pieces | different | with %zu bytes a reference | of the files |\n"
      "| --- | --- | --- | --- | --- |\n",
      kReference);
  print_row("files", whole, files.content_bytes());
  print_row("blocks of 512 bytes", blocks, files.content_bytes());
  const Composed composed(files);
  print_row("lines that files share", composed.slots(), composed.slots(), composed.stored(),
            files.content_bytes());
}

[[noreturn]] void explain_usage() {
  std::fprintf(stderr, "usage: sharing_bench [--phones N] | --database PATH [--assets FOLDER]\n");
  std::exit(2);
}

void run(int count, char** words) {
  std::int64_t phones = 10'000;
  std::string path;
  std::string assets;
  for (int i = 1; i < count; i += 2) {
    const std::string_view word = words[i];
    const char* value = i + 1 < count ? words[i + 1] : "";
    if (word == "--phones") {
      phones = std::atol(value);
    } else if (word == "--database" || word == "--assets") {
      (word == "--database" ? path : assets) = value;
    } else {
      explain_usage();
    }
  }
  if (phones < 1 || (path.empty() && !assets.empty())) {
    explain_usage();
  }
  const test::TempFolder folder;
  const bool is_ours = path.empty();
  if (is_ours) {
    path = folder.file("phones.db");
  }
  auto database = must(database::Database::open(path));
  if (is_ours) {
    add_phones(database, phones);
  }
  measure(path, assets, database);
}

}  // namespace
}  // namespace dialtone::bench

int main(int count, char** words) {
  dialtone::bench::run(count, words);
}
