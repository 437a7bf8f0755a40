// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dns/message.h"

#include "bench/emu/device/lower_case.h"
#include "bench/emu/dns/name.h"
#include "dataplane/base/bytes.h"
#include "dataplane/wire/ipv6.h"

#include <cstring>

namespace dialtone::emu {
namespace {

constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kErrorMask = 0x000f;
constexpr std::uint16_t kNoSuchName = 3;
constexpr std::uint16_t kInternet = 1;
constexpr std::size_t kMaxName = 253;  // as text

struct Header {
  NetU16 id;
  NetU16 flags;
  NetU16 questions;
  NetU16 answers;
  NetU16 authorities;
  NetU16 others;
};
static_assert(sizeof(Header) == 12);

// What stands behind the name of a record.
struct Record {
  NetU16 type;
  NetU16 record_class;
  NetU32 seconds;
  NetU16 length;
};
static_assert(sizeof(Record) == 10);

template <typename Value>
void append(std::vector<std::byte>& out, const Value& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_number(std::vector<std::byte>& out, std::uint16_t number) {
  NetU16 net{};
  net.set(number);
  append(out, net);
}

class Reader {
 public:
  explicit Reader(std::span<const std::byte> packet) : packet_(packet) {}

  template <typename Value>
  bool read(Value& value) {
    if (packet_.size() - at_ < sizeof(value)) {
      return false;
    }
    std::memcpy(&value, packet_.data() + at_, sizeof(value));
    at_ += sizeof(value);
    return true;
  }
  bool skip(std::size_t count) {
    if (packet_.size() - at_ < count) {
      return false;
    }
    at_ += count;
    return true;
  }
  // Of a question: servers repeat it as it was.
  bool name(std::string& text) { return take(text) == NameEnd::kWhole; }
  // Of a record, whose name may end elsewhere.
  bool skip_name() {
    std::string text;
    const NameEnd end = take(text);
    return end == NameEnd::kWhole || (end == NameEnd::kPointer && skip(1));
  }

 private:
  NameEnd take(std::string& text) {
    std::string_view rest(reinterpret_cast<const char*>(packet_.data()), packet_.size());
    rest.remove_prefix(at_);
    const NameEnd end = take_name(rest, text);
    at_ = packet_.size() - rest.size();
    return end;
  }

  std::span<const std::byte> packet_;
  std::size_t at_ = 0;
};

bool read_record(Reader& reader, DnsAnswer& answer) {
  Record record;
  if (!reader.skip_name() || !reader.read(record)) {
    return false;
  }
  const std::uint16_t type = record.type.host();
  const std::uint16_t length = record.length.host();
  const bool is_wanted =
      type == static_cast<std::uint16_t>(answer.type) && record.record_class.host() == kInternet;
  if (is_wanted && answer.type == DnsType::kA && length == sizeof(NetU32)) {
    NetU32 address;
    if (!reader.read(address)) {
      return false;
    }
    answer.addresses.push_back(IpAddress::from_v4(address.host()));
    return true;
  }
  if (is_wanted && answer.type == DnsType::kAaaa && length == sizeof(wire::NetAddress6)) {
    wire::NetAddress6 address;
    if (!reader.read(address)) {
      return false;
    }
    answer.addresses.push_back(address.host());
    return true;
  }
  return reader.skip(length);
}

}  // namespace

std::vector<std::byte> write_dns_query(std::uint16_t id, std::string_view name, DnsType type) {
  if (name.ends_with('.')) {
    name.remove_suffix(1);
  }
  if (name.empty() || name.size() > kMaxName) {
    return {};
  }
  std::vector<std::byte> packet;
  Header header{};
  header.id.set(id);
  header.flags.set(kRecursionDesired);
  header.questions.set(1);
  append(packet, header);
  for (std::string_view rest = name;;) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    if (label.empty() || label.size() > kMaxLabel) {
      return {};
    }
    packet.push_back(static_cast<std::byte>(label.size()));
    const auto bytes = std::as_bytes(std::span(label));
    packet.insert(packet.end(), bytes.begin(), bytes.end());
    if (label.size() == rest.size()) {
      break;
    }
    rest.remove_prefix(label.size() + 1);
  }
  packet.push_back(std::byte{0});
  append_number(packet, static_cast<std::uint16_t>(type));
  append_number(packet, kInternet);
  return packet;
}

std::optional<DnsAnswer> parse_dns_answer(std::span<const std::byte> packet) {
  Reader reader(packet);
  Header header;
  DnsAnswer answer;
  NetU16 type{};
  NetU16 question_class{};
  if (!reader.read(header) || (header.flags.host() & kResponse) == 0 ||
      header.questions.host() != 1 || !reader.name(answer.name) || !reader.read(type) ||
      !reader.read(question_class)) {
    return std::nullopt;
  }
  answer.id = header.id.host();
  answer.name = lower_case(answer.name);
  answer.type = static_cast<DnsType>(type.host());
  const auto error = header.flags.host() & kErrorMask;
  answer.is_final = error == 0 || error == kNoSuchName;
  for (std::uint16_t i = 0; i < header.answers.host(); ++i) {
    if (!read_record(reader, answer)) {
      return std::nullopt;
    }
  }
  return answer;
}

}  // namespace dialtone::emu
