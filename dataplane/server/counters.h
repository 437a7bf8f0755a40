// SPDX-License-Identifier: Apache-2.0
//
// Everything a worker counts, once: enum word, name, help. The counters page, `dialtone counters`,
// metrics and docs/reference.md go by these lists; a test compares the page of docs with them. To
// add one, add a line here and a line there.
#pragma once

#include "dataplane/abi/counters_page.h"
#include "dataplane/abi/image_format.h"
#include "dataplane/abi/name_class.h"

#include <cstddef>
#include <cstdint>
#include <span>

// clang-format off
#define DIALTONE_SERVER_COUNTERS(X)                                                                       \
  X(kFramesReceived,      "frames_received",      "Frames taken from the port, or from another worker.")  \
  X(kRepliesSent,         "replies_sent",         "Frames answered in place; copies and the rest of a window are not among them.") \
  X(kFramesHandedOff,     "frames_handed_off",    "Frames given to the worker whose transfer they belong to.") \
  X(kHandoffsDropped,     "handoffs_dropped",     "Frames among frames_handed_off that the other worker had no room for.") \
  X(kFramesPunted,        "frames_punted",        "Frames that are not ours, given to the kernel.")       \
  X(kPuntsDropped,        "punts_dropped",        "Frames among frames_punted that the ring to the kernel had no room for.") \
  X(kPuntsRefused,        "punts_refused",        "Frames among frames_punted that the exception TAP did not take, as when it is down.") \
  X(kKernelFrames,        "kernel_frames",        "Frames that the kernel sent to the exception TAP, given to the port.") \
  X(kFragments,           "fragments",            "Fragments of datagrams for us, given to reassembly.")  \
  X(kDatagramsJoined,     "datagrams_joined",     "Datagrams joined from fragments; they count as received again.") \
  X(kFragmentsDropped,    "fragments_dropped",    "Fragments given up: no room, overlapping, too many or too long.") \
  X(kFragmentsTimedOut,   "fragments_timed_out",  "Fragments whose datagram was not complete within a second.") \
  X(kArpReplies,          "arp_replies",          "ARP requests for our address answered.")               \
  X(kNeighbourReplies,    "neighbour_replies",    "Neighbour solicitations for our IPv6 addresses answered (RFC 4861).") \
  X(kAddressConflicts,    "address_conflicts",    "Frames of another host that claims an address of ours (RFC 5227, RFC 4862).") \
  X(kAddressesLost,       "addresses_lost",       "IPv6 addresses of ours that are not served now, since another host has them (RFC 4862).") \
  X(kPacketsTooBig,       "packets_too_big",      "ICMP of routers on the way: a packet of a transfer is too big for the next link (RFC 1191, RFC 8201).") \
  X(kEchoReplies,         "echo_replies",         "ICMP and ICMPv6 echo requests to our addresses answered.") \
  X(kRequests,            "requests",             "Read and write requests received, malformed ones included.") \
  X(kRequestsProcessed,   "requests_processed",   "Read requests answered with DATA 1 or an OACK.")                  \
  X(kRequestsRepeated,    "requests_repeated",    "Read requests repeated from the same port for the same file: the session went on or began again.") \
  X(kRequestsNotFound,    "requests_not_found",   "Read requests for a name that is not served.")         \
  X(kRequestsMalformed,   "requests_malformed",   "Requests without a complete name and mode, or above 512 bytes.") \
  X(kRequestsMode,        "requests_mode",        "Read requests in a mode other than octet and netascii.") \
  X(kRequestsNetascii,    "requests_netascii",    "Read requests processed in mode netascii.")            \
  X(kRequestsOptions,     "requests_options",     "Read requests that give an option twice (RFC 2347).")  \
  X(kRequestsWrite,       "requests_write",       "Write requests; all are refused.")                     \
  X(kRequestsName,        "requests_name",        "Read requests whose name has no canonical form, among requests_not_found.") \
  X(kRequestsComposed,    "requests_composed",    "Read requests for a composed file, which this version does not serve.") \
  X(kRequestsParked,      "requests_parked",      "Read requests that wait for their answer, each repeat of them included.") \
  X(kParkedNow,           "parked_now",           "Requests that wait now.")                              \
  X(kParkedRepeated,      "parked_repeated",      "Repeats among requests_parked: the client had its place already.") \
  X(kParkedReplaced,      "parked_replaced",      "Waiting requests given up for another one from the same port, or for a repeat that may be answered (requests_held).") \
  X(kParkedServed,        "parked_served",        "Waiting requests answered with DATA 1 or an OACK, among requests_processed.") \
  X(kParkedRefused,       "parked_refused",       "Waiting requests answered with an ERROR.")             \
  X(kParkedExpired,       "parked_expired",       "Waiting requests given up since their client had said nothing for long, or the process stops.") \
  X(kMissesAsked,         "misses_asked",         "Names that control was asked for, each once for many that wait for it.") \
  X(kMissesFound,         "misses_found",         "Waiting requests whose file was published.")           \
  X(kMissesAbsent,        "misses_absent",        "Waiting requests whose file control says is absent.")  \
  X(kMissesTimedOut,      "misses_timed_out",     "Waiting requests of whose file control said nothing in time.") \
  X(kMissesKnown,         "misses_known",         "Requests answered at once: control said not long ago that the file is absent.") \
  X(kMissesNotAsked,      "misses_not_asked",     "Requests answered at once: no control to ask, or no room to wait.") \
  X(kSessionsActive,      "sessions_active",      "Transfers in flight now.")                             \
  X(kTransfersStarted,    "transfers_started",    "Sessions begun.")                                      \
  X(kTransfersCompleted,  "transfers_completed",  "Transfers whose last block was acknowledged.")         \
  X(kTransfersAborted,    "transfers_aborted",    "Transfers that the client ended with an ERROR.")       \
  X(kTransfersReplaced,   "transfers_replaced",   "Transfers given up for another request from the same port.") \
  X(kTransfersDisplaced,  "transfers_displaced",  "Unanswered transfers given up for a repeated request, while five eighths of the sessions were unanswered.") \
  X(kTransfersTimedOut,   "transfers_timed_out",  "Transfers freed after the last copy went unanswered.") \
  X(kTransfersUnreachable, "transfers_unreachable", "Transfers ended since ICMP says that nobody listens at the client's port.") \
  X(kTransfersTooBig,     "transfers_too_big",    "Transfers over IPv6 ended with an ERROR, since a link on the way carries less than their blocks (packets_too_big).") \
  X(kTransfersDrained,    "transfers_drained",    "Transfers ended with an ERROR since a newer generation waited for their old one (drain_deadline_s).") \
  X(kTransfersStopped,    "transfers_stopped",    "Transfers given up since the worker stops.")           \
  X(kServingLimit,        "serving_limit",        "Transfers that may be in flight now; with when_full = busy up to half as many above it, of proven clients.") \
  X(kOacksSent,           "oacks_sent",           "OACK packets sent, copies included (RFC 2347).")       \
  X(kDataSent,            "data_sent",            "DATA packets sent, copies included.")                  \
  X(kDataRetransmitted,   "data_retransmitted",   "Copies among data_sent.")                              \
  X(kBytesSent,           "bytes_sent",           "Bytes of file content in data_sent.")                  \
  X(kAcks,                "acks",                 "ACKs that moved a transfer on, those of an OACK included.")                       \
  X(kAcksDuplicate,       "acks_duplicate",       "ACKs of an earlier block, ignored (RFC 1123 4.2.3.1).") \
  X(kAcksSilent,          "acks_silent",          "ACKs among acks that allowed nothing new: too many within one window.") \
  X(kAcksFuture,          "acks_future",          "ACKs of a block that was not sent, ignored.")          \
  X(kBlocksAcknowledged,  "blocks_acknowledged",  "DATA blocks that the ACKs among acks acknowledged.")   \
  X(kErrors0,             "errors_sent_0",        "ERROR 0 (not defined) sent.")                          \
  X(kErrors1,             "errors_sent_1",        "ERROR 1 (file not found) sent.")                       \
  X(kErrors2,             "errors_sent_2",        "ERROR 2 (access violation) sent.")                     \
  X(kErrors3,             "errors_sent_3",        "ERROR 3 (disk full) sent.")                            \
  X(kErrors4,             "errors_sent_4",        "ERROR 4 (illegal operation) sent.")                    \
  X(kErrors5,             "errors_sent_5",        "ERROR 5 (unknown transfer ID) sent.")                  \
  X(kErrors6,             "errors_sent_6",        "ERROR 6 (file exists) sent.")                          \
  X(kErrors7,             "errors_sent_7",        "ERROR 7 (no such user) sent.")                         \
  X(kErrorsOther,         "errors_sent_other",    "ERROR of any other code sent.")                        \
  X(kHitsOther,           "hits_other",           "Requests processed for files of no special class.")    \
  X(kHitsDeviceConfig,    "hits_device_config",   "Requests processed for device configurations.")        \
  X(kHitsDefaultConfig,   "hits_default_config",  "Requests processed for default configurations.")       \
  X(kHitsLoad,            "hits_load",            "Requests processed for firmware loads.")               \
  X(kHitsRing,            "hits_ring",            "Requests processed for ring lists and ringers.")       \
  X(kHitsLocale,          "hits_locale",          "Requests processed for locale files.")                 \
  X(kHitsBackground,      "hits_background",      "Requests processed for background images and their lists.") \
  X(kHitsTrust,           "hits_trust",           "Requests processed for trust lists (CTL, ITL).")       \
  X(kHitsDialPlan,        "hits_dial_plan",       "Requests processed for dial plans and dial rules.")    \
  X(kHitsSoftkey,         "hits_softkey",         "Requests processed for softkey templates and feature policies.") \
  X(kHitsGateway,         "hits_gateway",         "Requests processed for files of gateways and their ports.") \
  X(kFoundOther, "found_other", "Read requests for names of no special class, served.") \
  X(kFoundTrust, "found_trust", "Read requests for names of trust lists (CTL, ITL), served.") \
  X(kFoundPhone, "found_phone", "Read requests for names of phone configurations (.cnf.xml), served.") \
  X(kFoundPhoneLegacy, "found_phone_legacy", "Read requests for names of legacy phone configurations (.cnf), served.") \
  X(kFoundSip, "found_sip", "Read requests for names of 7940 and 7960 SIP configurations, served.") \
  X(kFoundLd, "found_ld", "Read requests for names of 7905 configurations (ld), served.") \
  X(kFoundGk, "found_gk", "Read requests for names of 7912 configurations (gk), served.") \
  X(kFoundAta, "found_ata", "Read requests for names of ATA 186 and 188 configurations, served.") \
  X(kFoundDefault, "found_default", "Read requests for names of XMLDefault.cnf.xml and OS79XX.TXT, served.") \
  X(kFoundGateway, "found_gateway", "Read requests for names of gateway configurations, served.") \
  X(kFoundDial, "found_dial", "Read requests for names of dial rules, served.") \
  X(kFoundSoftkey, "found_softkey", "Read requests for names of softkey templates and feature policies, served.") \
  X(kFoundList, "found_list", "Read requests for names of lists: ringers, desktops, dial rules, WLAN, served.") \
  X(kFoundLocale, "found_locale", "Read requests for names of locale files, served.") \
  X(kFoundFirmware, "found_firmware", "Read requests for names of firmware, served.") \
  X(kFoundMedia, "found_media", "Read requests for names of ringers and pictures, served.") \
  X(kFoundInventory, "found_inventory", "Read requests for names of inventories of the server, served.") \
  X(kNotFoundOther, "not_found_other", "Read requests for names of no special class, not served.") \
  X(kNotFoundTrust, "not_found_trust", "Read requests for names of trust lists (CTL, ITL), not served.") \
  X(kNotFoundPhone, "not_found_phone", "Read requests for names of phone configurations (.cnf.xml), not served.") \
  X(kNotFoundPhoneLegacy, "not_found_phone_legacy", "Read requests for names of legacy phone configurations (.cnf), not served.") \
  X(kNotFoundSip, "not_found_sip", "Read requests for names of 7940 and 7960 SIP configurations, not served.") \
  X(kNotFoundLd, "not_found_ld", "Read requests for names of 7905 configurations (ld), not served.") \
  X(kNotFoundGk, "not_found_gk", "Read requests for names of 7912 configurations (gk), not served.") \
  X(kNotFoundAta, "not_found_ata", "Read requests for names of ATA 186 and 188 configurations, not served.") \
  X(kNotFoundDefault, "not_found_default", "Read requests for names of XMLDefault.cnf.xml and OS79XX.TXT, not served.") \
  X(kNotFoundGateway, "not_found_gateway", "Read requests for names of gateway configurations, not served.") \
  X(kNotFoundDial, "not_found_dial", "Read requests for names of dial rules, not served.") \
  X(kNotFoundSoftkey, "not_found_softkey", "Read requests for names of softkey templates and feature policies, not served.") \
  X(kNotFoundList, "not_found_list", "Read requests for names of lists: ringers, desktops, dial rules, WLAN, not served.") \
  X(kNotFoundLocale, "not_found_locale", "Read requests for names of locale files, not served.") \
  X(kNotFoundFirmware, "not_found_firmware", "Read requests for names of firmware, not served.") \
  X(kNotFoundMedia, "not_found_media", "Read requests for names of ringers and pictures, not served.") \
  X(kNotFoundInventory, "not_found_inventory", "Read requests for names of inventories of the server, not served.") \
  X(kHeartbeat,           "heartbeat",            "Turns of the workers' loops: it stands still when they do.") \
  X(kBusyUs,              "busy_us",              "Microseconds of the workers' turns that found something to do; in all others they only looked.") \
  X(kRequestsBusy,        "requests_busy",        "Read requests answered as busy, since all sessions were in use (busy_text).") \
  X(kRequestsRebuilding,  "requests_rebuilding",  "Read requests answered as rebuilding (answer_while_rebuilding).") \
  X(kRequestsDenied,      "requests_denied",      "Requests of clients that the lists of [policy] deny.") \
  X(kSessionsUnanswered,  "sessions_unanswered",  "Transfers among sessions_active whose client has acknowledged nothing yet.") \
  X(kSourcesProven,       "sources_proven",       "Times that an address that was unproven acknowledged something.") \
  X(kCopiesWithheld,      "copies_withheld",      "Copies of a first packet that were not sent to an unproven source.") \
  X(kParkedDropped,       "parked_dropped",       "Waiting requests that were not admitted when their turn came (docs/admission.md).") \
  X(kPartialChecksums,    "partial_checksums",    "Datagrams accepted with an unfinished UDP checksum (accept_partial_checksum).") \
  X(kFramesNotSent,       "frames_not_sent",      "Frames given up since the port took no more of them.") \
  X(kBuffersExhausted,    "buffers_exhausted",    "Turns in which no packet buffer was free for what was ready; it was tried again.") \
  X(kRequestsHeld,        "requests_held",        "Requests among requests_parked that wait until their source has acknowledged something.") \
  X(kPortMissed,          "port_missed",          "Frames that the port lost since its receive queues were full (DPDK: imissed).") \
  X(kPortBroken,          "port_broken",          "Frames that the port received broken (DPDK: ierrors).") \
  X(kPortNoBuffer,        "port_no_buffer",       "Frames that the port lost since no packet buffer was free (DPDK: rx_nombuf).") \
  X(kPortNotSent,         "port_not_sent",        "Frames that the port took and did not send (DPDK: oerrors).") \
  X(kRequestsUnderAttack, "requests_under_attack", "Read requests of unproven sources that came under attack: while such ask for more than unproven_kb.") \
  X(kLinkUp,              "link_up",              "1: the link of the port is up; 0: it is down.") \
  X(kStoppingNow,         "stopping_now",         "Workers that end the transfers they have, and begin none: the service is stopped, or the process stops.")

// A frame that got no reply and moved nothing counts under one of these.
#define DIALTONE_DROP_REASONS(X)                                                                          \
  X(kTruncated,           "drop_truncated",       "Shorter than its headers, or a malformed IPv4 or IPv6 header.") \
  X(kNotOurMac,           "drop_not_our_mac",     "Ethernet destination is another host.")                \
  X(kBroadcast,           "drop_broadcast",       "IP in a broadcast or multicast frame, or to such an address (RFC 1123 4.2.3.5).") \
  X(kEtherType,           "drop_ether_type",      "Neither IPv4 nor IPv6 nor ARP.") \
  X(kArp,                 "drop_arp",             "ARP that is not a request for our address.")           \
  X(kNeighbour,           "drop_neighbour",       "Neighbour discovery that is not a sound solicitation for our address (RFC 4861 7.1).") \
  X(kExtension,           "drop_extension",       "IPv6 extension header that must not be skipped, or too many of them (RFC 8200 4.2).") \
  X(kIpChecksum,          "drop_ip_checksum",     "Wrong IPv4 header checksum.")                          \
  X(kFragment,            "drop_fragment",        "Fragment of IPv6 behind another extension header: such are not joined, as no sender of a request makes them.") \
  X(kNotOurAddress,       "drop_not_our_address", "IP destination is another host.")                    \
  X(kBadSource,           "drop_bad_source",      "Source address is ours, no host's (0/8, 127/8, ::1, multicast, broadcast), or the source MAC is a group.") \
  X(kBadSourcePort,       "drop_bad_source_port", "Source port 0, 7, 19 or 69: the other end of a loop (CVE-2024-2169).") \
  X(kIcmp,                "drop_icmp",            "ICMP that is neither a correct echo request nor about a transfer of ours.")              \
  X(kProtocol,            "drop_protocol",        "Neither UDP nor ICMP.")                                \
  X(kUdpMalformed,        "drop_udp_malformed",   "UDP header truncated, or its length does not fit.")    \
  X(kUdpChecksum,         "drop_udp_checksum",    "Wrong UDP checksum, or none over IPv6; on veth see accept_partial_checksum.") \
  X(kPort,                "drop_port",            "UDP port that we do not serve.")                       \
  X(kTftpShort,           "drop_tftp_short",      "TFTP packet of less than 4 bytes.")                    \
  X(kOpcode,              "drop_opcode",          "TFTP opcode that has no place where it came in.")      \
  X(kErrorIgnored,        "drop_error_ignored",   "ERROR that belongs to no transfer; it is never answered.") \
  X(kNoImage,             "drop_no_image",        "Request before the first generation was published.")   \
  X(kNoSession,           "drop_no_session",      "Packet to a transfer port whose transfer has ended.")  \
  X(kWrongWorker,         "drop_wrong_worker",    "Packet to a transfer port of a worker that is not there.") \
  X(kSessionsExhausted,   "drop_sessions_exhausted", "Read request dropped: no session was free, and no place to wait for one.") \
  X(kClientDenied,        "drop_client_denied",   "Request of a client that the lists of [policy] deny.") \
  X(kSourceRate,          "drop_source_rate",     "Request of an unproven source above source_requests_per_second.") \
  X(kPrefixRate,          "drop_prefix_rate",     "Request of an unproven source in a prefix above prefix_requests_per_second.") \
  X(kFirstPackets,        "drop_first_packets",   "Read request of a source that leaves first packets unacknowledged.") \
  X(kUnanswered,          "drop_unanswered",      "Read request of an unproven source while half of the sessions are unanswered, or five eighths that are new, when it repeats.") \
  X(kUnprovenBytes,       "drop_unproven_bytes",  "Request of an unproven source whose answer would be too long for it: 4 times under attack, 33 times else.") \
  X(kLargeError,          "drop_large_error",     "Request whose ERROR is more than 4 times as long, above 1,000 a second to unproven sources.") \
  X(kStopping,            "drop_stopping",        "Request that would begin a transfer, while the service is stopped or the process stops.")
// clang-format on

namespace dialtone::server {

enum class DropReason : std::uint8_t {
#define DIALTONE_WORD(word, name, help) word,
  DIALTONE_DROP_REASONS(DIALTONE_WORD)
#undef DIALTONE_WORD
      kCount,
};

enum class Counter : std::uint8_t {
#define DIALTONE_WORD(word, name, help) word,
  DIALTONE_SERVER_COUNTERS(DIALTONE_WORD)
#undef DIALTONE_WORD
      kFirstDrop,  // the drop reasons follow, in their order
};

inline constexpr std::size_t kDropReasonCount = static_cast<std::size_t>(DropReason::kCount);
inline constexpr std::size_t kCounterCount =
    static_cast<std::size_t>(Counter::kFirstDrop) + kDropReasonCount;

// In the order of a worker's block: counters, then drop reasons.
std::span<const abi::CounterInfo> counter_table() noexcept;

constexpr std::size_t index_of(Counter counter) noexcept {
  return static_cast<std::size_t>(counter);
}
constexpr std::size_t index_of(DropReason reason) noexcept {
  return index_of(Counter::kFirstDrop) + static_cast<std::size_t>(reason);
}

constexpr Counter errors_sent(std::uint16_t code) noexcept {
  constexpr auto kFirst = static_cast<std::uint8_t>(Counter::kErrors0);
  static_assert(static_cast<std::uint8_t>(Counter::kErrors7) == kFirst + 7);
  return code <= 7 ? static_cast<Counter>(kFirst + code) : Counter::kErrorsOther;
}
constexpr Counter hits(abi::FileClass file_class) noexcept {
  constexpr auto kFirst = static_cast<std::uint8_t>(Counter::kHitsOther);
  static_assert(static_cast<std::uint8_t>(Counter::kHitsGateway) + 1 ==
                kFirst + abi::kFileClassCount);
  const auto number = static_cast<std::uint8_t>(file_class);
  return number < abi::kFileClassCount ? static_cast<Counter>(kFirst + number)
                                       : Counter::kHitsOther;
}
constexpr Counter found(abi::NameClass name_class) noexcept {
  return static_cast<Counter>(index_of(Counter::kFoundOther) +
                              static_cast<std::size_t>(name_class));
}
constexpr Counter not_found(abi::NameClass name_class) noexcept {
  return static_cast<Counter>(index_of(Counter::kNotFoundOther) +
                              static_cast<std::size_t>(name_class));
}
static_assert(found(abi::NameClass::kInventory) == Counter::kFoundInventory &&
              not_found(abi::NameClass::kInventory) == Counter::kNotFoundInventory &&
              static_cast<std::size_t>(abi::NameClass::kInventory) + 1 == abi::kNameClassCount);

// One worker's block of the page. Each value has one writer, the worker or, of port_..., the
// housekeeper: an increment is a load, an add and a store; readers load with relaxed order.
class CounterBlock {
 public:
  explicit CounterBlock(std::span<std::uint64_t> values) noexcept;

  void add(Counter counter, std::uint64_t amount = 1) noexcept {
    set(index_of(counter), values_[index_of(counter)] + amount);
  }
  void add(DropReason reason) noexcept { set(index_of(reason), values_[index_of(reason)] + 1); }
  void set(Counter counter, std::uint64_t value) noexcept { set(index_of(counter), value); }
  // Any thread.
  std::uint64_t value(Counter counter) const noexcept { return value(index_of(counter)); }
  std::uint64_t value(DropReason reason) const noexcept { return value(index_of(reason)); }

 private:
  std::uint64_t value(std::size_t index) const noexcept {
    return __atomic_load_n(&values_[index], __ATOMIC_RELAXED);
  }
  void set(std::size_t index, std::uint64_t value) noexcept {
    __atomic_store_n(&values_[index], value, __ATOMIC_RELAXED);
  }

  std::uint64_t* values_;
};

}  // namespace dialtone::server
