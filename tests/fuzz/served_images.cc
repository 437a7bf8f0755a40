// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/served_images.h"

#include "dataplane/abi/index_builder.h"
#include "tests/support/test_image.h"

#include <memory>

namespace dialtone::fuzz {
namespace {

std::string letters(std::size_t size, std::uint32_t state, bool text) {
  std::string out(size, ' ');
  for (char& letter : out) {
    state = state * 1664525 + 1013904223;
    letter = text ? "ab\r\n"[state >> 30] : static_cast<char>(state >> 24);
  }
  return out;
}

std::string netascii_of(std::string_view content) {
  std::string out;
  for (const char letter : content) {
    out += letter == '\n' ? '\r' : letter;
    if (letter == '\n' || letter == '\r') {
      out += letter == '\n' ? '\n' : '\0';
    }
  }
  return out;
}

std::vector<ServedFile> make_files(std::uint32_t seed) {
  std::vector<ServedFile> files = {{"a", "hello", {}},
                                   {"b", letters(511, seed, false), {}},
                                   {"empty", "", {}},
                                   {"two", letters(1024, seed, false), {}},
                                   {"text", letters(1500, seed, true), {}},
                                   {"dir/sep001122334455.cnf.xml", letters(9000, seed, false), {}}};
  for (ServedFile& file : files) {
    file.text = netascii_of(file.content);
  }
  return files;
}

std::vector<ServedFile> files_of(std::uint64_t generation) {
  const bool is_second = generation % 2 == 0;
  std::vector<ServedFile> files = make_files(is_second ? 2 : 1);
  if (generation > kFirstFound) {
    // As long in both: a repeated request may keep the size of the file before it.
    files.push_back({kLateName, is_second ? "later" : "found", {}});
    files.back().text = files.back().content;
  }
  return files;
}

std::unique_ptr<test::TestImage> make_image(std::uint64_t generation) {
  auto image = std::make_unique<test::TestImage>(1 << 17, generation);
  for (const ServedFile& file : served_files(generation)) {
    image->add(file.name, file.content);
  }
  image->add_kind("composed", "x", abi::Kind::kComposed).add_kind("gone", "", abi::Kind::kAbsent);
  if (generation > kFirstFound) {
    image->add_tombstone(kAbsentName, 5000);
  }
  image->build();
  return image;
}

// As TestImage writes it, and what a byte of the input says.
void set_rules(abi::Policy& policy, const ServedRules& rules) {
  policy.source_requests = rules.limits ? kSourceRequests : 0;
  policy.prefix_requests = rules.limits ? kPrefixRequests : 0;
  policy.first_packets = rules.limits ? kFirstPackets : 0;
  policy.unproven_bytes = rules.limits ? kUnprovenBytes : 0;
  policy.proven_s = 60;  // less than lies between two inputs
  policy.miss_rule = rules.asks ? abi::MissRule::kAsk : abi::MissRule::kAtOnce;
  policy.miss_park_ms = 3000;
  policy.answers_busy = rules.busy ? 1 : 0;
}

}  // namespace

const std::vector<ServedFile>& served_files(std::uint64_t generation) {
  static const std::vector<ServedFile> files[] = {files_of(1), files_of(2), files_of(3),
                                                  files_of(4)};
  return files[generation - 1];
}

const ServedFile* served_file(std::uint64_t generation, std::string_view canonical_name) {
  for (const ServedFile& file : served_files(generation)) {
    if (file.name == canonical_name) {
      return &file;
    }
  }
  return nullptr;
}

const abi::LiveImage* publish_image(std::uint64_t generation, const ServedRules& rules, Ticks now) {
  static const std::unique_ptr<test::TestImage> images[] = {make_image(1), make_image(2),
                                                            make_image(3), make_image(4)};
  static std::uint64_t published = 0;
  test::TestImage& image = *images[generation - 1];
  image.manifest().generation = ++published;  // the responder goes by it
  set_rules(image.manifest().policy, rules);
  return &image.publish_at(now).live();
}

}  // namespace dialtone::fuzz
