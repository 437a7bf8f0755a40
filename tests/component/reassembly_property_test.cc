// SPDX-License-Identifier: Apache-2.0
//
// Joining of fragments, whatever way a datagram is cut and in whatever order its pieces come; and
// with pieces of somebody else among them that overlap or leave holes.
#include "dataplane/io/burst.h"
#include "dataplane/io/reassembly.h"
#include "tests/component/dataplane_fixture.h"

#include <rte_ip.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <random>
#include <vector>

namespace dialtone::test {
namespace {

constexpr std::uint8_t kEthernet = 14;
constexpr Ticks kSecond = 1'000'000'000;

struct Piece {
  std::uint16_t offset;
  std::uint16_t length;
  bool more;
};

// Each byte once, in pieces of a multiple of 8 but the last.
std::vector<Piece> cut(std::mt19937& random, std::size_t size, std::size_t most) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < size;) {
    std::size_t length = 8 * (1 + random() % (size / 8 / 2 + 1));
    if (pieces.size() + 1 == most || at + length > size) {
      length = size - at;
    }
    pieces.push_back(
        {static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(length), at + length < size});
    at += length;
  }
  return pieces;
}

bool covers_once(std::vector<Piece> pieces, std::size_t size) {
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.offset < b.offset; });
  std::size_t at = 0;
  for (const Piece& piece : pieces) {
    if (piece.offset != at) {
      return false;
    }
    at += piece.length;
  }
  return at == size;
}

// What came before may have been given up.
bool ends_with_a_cover(std::vector<Piece> pieces, std::size_t size) {
  while (!pieces.empty() && !covers_once(pieces, size)) {
    pieces.erase(pieces.begin());
  }
  return !pieces.empty();
}

std::string text_of(const std::vector<Piece>& pieces) {
  std::string text;
  for (const Piece& piece : pieces) {
    text += " " + std::to_string(piece.offset) + "+" + std::to_string(piece.length) +
            (piece.more ? "" : ".");
  }
  return text;
}

class ReassemblyProperty : public testing::TestWithParam<bool> {
 protected:
  ReassemblyProperty()
      : pool_(rte_pktmbuf_pool_create("pieces", 1023, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
                                      SOCKET_ID_ANY)),
        table_(std::move(*io::Reassembly::make(TickRate(kSecond)))) {}
  ~ReassemblyProperty() override {
    table_.reset();
    EXPECT_EQ(rte_mempool_in_use_count(pool_), 0u);
    rte_mempool_free(pool_);
  }

  bool v6() const { return GetParam(); }
  std::uint8_t headers() const {
    return v6() ? sizeof(rte_ipv6_hdr) + sizeof(rte_ipv6_fragment_ext) : sizeof(rte_ipv4_hdr);
  }

  // The bytes of the datagram when this piece completes it.
  std::optional<std::string> add(std::uint16_t id, const Piece& piece, const std::string& content) {
    rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
    char* data = rte_pktmbuf_append(
        buffer, static_cast<std::uint16_t>(kEthernet + headers() + piece.length));
    std::memset(data, 0, kEthernet + headers());
    v6() ? write_v6(data + kEthernet, id, piece) : write_v4(data + kEthernet, id, piece);
    std::memcpy(data + kEthernet + headers(), content.data() + piece.offset, piece.length);
    rte_mbuf* whole = table_->add(buffer, kEthernet, headers(), now_).datagram;
    EXPECT_LE(table_->held(), io::Reassembly::kMostHeld);
    if (whole == nullptr) {
      return std::nullopt;
    }
    const std::size_t begin = kEthernet + (v6() ? sizeof(rte_ipv6_hdr) : sizeof(rte_ipv4_hdr));
    std::string bytes(rte_pktmbuf_mtod(whole, const char*) + begin,
                      rte_pktmbuf_data_len(whole) - begin);
    rte_pktmbuf_free(whole);
    return bytes;
  }

  void forget() {
    now_ += 2 * kSecond;
    table_->expire(now_);
    ASSERT_EQ(table_->held(), 0u);
  }

  std::string random_content() {
    std::string content(17 + random_() % 1400, '\0');
    for (char& byte : content) {
      byte = static_cast<char>(random_());
    }
    return content;
  }

  std::mt19937 random_{815};

 private:
  void write_v4(char* at, std::uint16_t id, const Piece& piece) const {
    auto* ip = reinterpret_cast<rte_ipv4_hdr*>(at);
    ip->version_ihl = RTE_IPV4_VHL_DEF;
    ip->total_length = rte_cpu_to_be_16(static_cast<std::uint16_t>(sizeof(*ip) + piece.length));
    ip->packet_id = rte_cpu_to_be_16(id);
    ip->fragment_offset = rte_cpu_to_be_16(
        static_cast<std::uint16_t>(piece.offset / 8 | (piece.more ? RTE_IPV4_HDR_MF_FLAG : 0)));
    ip->next_proto_id = IPPROTO_UDP;
    ip->src_addr = 1;
    ip->dst_addr = 2;
  }
  void write_v6(char* at, std::uint16_t id, const Piece& piece) const {
    auto* ip = reinterpret_cast<rte_ipv6_hdr*>(at);
    ip->vtc_flow = RTE_BE32(0x60000000);
    ip->payload_len =
        rte_cpu_to_be_16(static_cast<std::uint16_t>(piece.length + sizeof(rte_ipv6_fragment_ext)));
    ip->proto = IPPROTO_FRAGMENT;
    ip->src_addr[15] = 1;
    ip->dst_addr[15] = 2;
    auto* header = reinterpret_cast<rte_ipv6_fragment_ext*>(ip + 1);
    header->next_header = IPPROTO_UDP;
    header->frag_data =
        rte_cpu_to_be_16(static_cast<std::uint16_t>(piece.offset | (piece.more ? 1 : 0)));
    header->id = rte_cpu_to_be_32(id);
  }

  rte_mempool* pool_;
  std::optional<io::Reassembly> table_;
  Ticks now_ = 1;
};

TEST_P(ReassemblyProperty, EachCutInEachOrderIsJoined) {
  for (std::uint16_t id = 0; id < 2000; ++id) {
    const std::string content = random_content();
    std::vector<Piece> pieces = cut(random_, content.size(), 8);
    std::shuffle(pieces.begin(), pieces.end(), random_);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const auto joined = add(id, pieces[i], content);
      ASSERT_EQ(joined.has_value(), i + 1 == pieces.size()) << "datagram " << id;
      ASSERT_TRUE(!joined || *joined == content) << "datagram " << id;
    }
  }
}

TEST_P(ReassemblyProperty, DatagramsAmongEachOther) {
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> contents;
    std::vector<std::pair<std::uint16_t, Piece>> pieces;
    for (std::uint16_t id = 0; id < 16; ++id) {
      contents.push_back(random_content());
      for (const Piece& piece : cut(random_, contents.back().size(), 8)) {
        pieces.emplace_back(id, piece);
      }
    }
    std::shuffle(pieces.begin(), pieces.end(), random_);
    std::size_t joined = 0;
    for (const auto& [id, piece] : pieces) {
      if (const auto whole = add(id, piece, contents[id])) {
        ASSERT_EQ(*whole, contents[id]);
        ++joined;
      }
    }
    ASSERT_EQ(joined, contents.size());
  }
}

// Overlaps, holes, doubled pieces, two ends: what is joined is whole, from pieces that fit.
TEST_P(ReassemblyProperty, NothingIsJoinedThatDoesNotFit) {
  std::size_t joined = 0;
  for (std::uint16_t id = 0; id < 3000; ++id) {
    const std::string content = random_content();
    std::vector<Piece> pieces = cut(random_, content.size(), 6);
    for (auto faults = random_() % 3; faults > 0; --faults) {
      Piece& piece = pieces[random_() % pieces.size()];
      const auto shift = static_cast<std::uint16_t>(8 * (random_() % 4));
      switch (random_() % 3) {
        case 0:
          pieces.push_back(piece);
          break;
        case 1:
          piece.offset = static_cast<std::uint16_t>(piece.offset - std::min(piece.offset, shift));
          break;
        default:
          piece.length = static_cast<std::uint16_t>(
              piece.more && piece.length > shift ? piece.length - shift : piece.length);
      }
    }
    std::shuffle(pieces.begin(), pieces.end(), random_);
    std::vector<Piece> came;
    for (const Piece& piece : pieces) {
      came.push_back(piece);
      if (const auto whole = add(id, piece, content)) {
        ++joined;
        ASSERT_EQ(*whole, content.substr(0, whole->size()));
        ASSERT_TRUE(ends_with_a_cover(came, whole->size()))
            << "datagram " << id << " of " << text_of(came);
        came.clear();
      }
    }
    forget();
    ASSERT_FALSE(HasFatalFailure()) << "datagram " << id << " of " << text_of(pieces);
  }
  EXPECT_GT(joined, 300u) << "some had no fault";
}

INSTANTIATE_TEST_SUITE_P(Ip, ReassemblyProperty, testing::Bool(),
                         [](const auto& version) { return version.param ? "v6" : "v4"; });

}  // namespace
}  // namespace dialtone::test
