// SPDX-License-Identifier: Apache-2.0
#include "control/generations/generation_file.h"

#include "dataplane/abi/image_format.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace dialtone::generations {
namespace {

constexpr std::uint64_t kMagic = 0x4e45474c41494401;  // "\1DIALGEN"
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kSuffix = ".generation";
constexpr std::size_t kDigits = 10;

// Little-endian, followed by the segments' ObjectRefs and the text.
struct Header {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t image_version;  // of the objects: abi::kImageVersion
  std::uint64_t number;
  std::uint64_t time_s;
  Digest content;
  std::uint64_t files;
  std::uint64_t bytes;
  std::uint64_t changed;
  ObjectRef base;
  ObjectRef delta;
  std::uint32_t segment_count;
  std::uint32_t why_length;
  Digest check;  // of the whole file, with zeros in this place
};
static_assert(sizeof(ObjectRef) == 32 && sizeof(Header) == 160);
static_assert(sizeof(Header) + abi::kMaxSegments * sizeof(ObjectRef) + kMaxWhy <=
              kMaxGenerationFile);

bool is_possible(const ObjectRef& object) noexcept {
  return object.id != 0 && object.size >= sizeof(abi::SegmentHeader) &&
         object.size <= abi::kMaxSegmentBytes;
}

Digest check_of(Header header, std::span<const std::byte> rest) {
  header.check = {};
  DigestStream stream;
  stream.update(std::as_bytes(std::span(&header, 1)));
  stream.update(rest);
  return stream.finish();
}

}  // namespace

std::vector<std::byte> encode(const Generation& generation) {
  const std::string_view why = std::string_view(generation.why).substr(0, kMaxWhy);
  const auto segments = std::as_bytes(std::span(generation.segments));
  Header header{};
  header.magic = kMagic;
  header.version = kVersion;
  header.image_version = abi::kImageVersion;
  header.number = generation.number;
  header.time_s = generation.time_s;
  header.content = generation.content;
  header.files = generation.files;
  header.bytes = generation.bytes;
  header.changed = generation.changed;
  header.base = generation.base;
  header.delta = generation.delta;
  header.segment_count = static_cast<std::uint32_t>(generation.segments.size());
  header.why_length = static_cast<std::uint32_t>(why.size());
  std::vector<std::byte> bytes(sizeof(header) + segments.size() + why.size());
  const std::span rest = std::span(bytes).subspan(sizeof(header));
  std::ranges::copy(segments, rest.begin());
  std::ranges::copy(std::as_bytes(std::span(why)), rest.begin() + std::ssize(segments));
  header.check = check_of(header, rest);
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

Result<Generation> decode(std::span<const std::byte> bytes) {
  Header header{};
  if (bytes.size() < sizeof(header) || bytes.size() > kMaxGenerationFile) {
    return refused("its " + std::to_string(bytes.size()) + " bytes are no generation");
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != kMagic) {
    return refused("it is no generation");
  }
  if (header.version != kVersion || header.image_version != abi::kImageVersion) {
    return refused("another release of dialtone-control wrote it");
  }
  const std::span rest = bytes.subspan(sizeof(header));
  if (header.segment_count > abi::kMaxSegments || header.why_length > kMaxWhy ||
      rest.size() != header.segment_count * sizeof(ObjectRef) + header.why_length) {
    return refused("it is cut, or longer than it says");
  }
  if (check_of(header, rest) != header.check) {
    return refused("its bytes have changed");
  }
  Generation generation{.number = header.number,
                        .time_s = header.time_s,
                        .content = header.content,
                        .files = header.files,
                        .bytes = header.bytes,
                        .changed = header.changed,
                        .why = std::string(header.why_length, '\0'),
                        .base = header.base,
                        .delta = header.delta,
                        .segments = std::vector<ObjectRef>(header.segment_count)};
  const std::size_t table = header.segment_count * sizeof(ObjectRef);
  if (table != 0) {
    std::memcpy(generation.segments.data(), rest.data(), table);
  }
  if (header.why_length != 0) {
    std::memcpy(generation.why.data(), rest.data() + table, header.why_length);
    generation.why = printable(generation.why);
  }
  const bool sound = generation.number != 0 && is_possible(generation.base) &&
                     (generation.delta.id == 0 || is_possible(generation.delta)) &&
                     std::ranges::all_of(generation.segments, is_possible);
  return sound ? Result<Generation>(std::move(generation))
               : refused("it names an object that cannot be");
}

std::string file_name(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits +
         std::string(kSuffix);
}

std::uint64_t number_of(const std::string& name) noexcept {
  const std::size_t digits = name.size() - std::min(name.size(), kSuffix.size());
  if (digits < kDigits || digits > 19 || !std::string_view(name).ends_with(kSuffix)) {
    return 0;
  }
  std::uint64_t number = 0;
  for (const char digit : std::string_view(name).substr(0, digits)) {
    if (digit < '0' || digit > '9') {
      return 0;
    }
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

}  // namespace dialtone::generations
