// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/cisco_counters.h"

#include <array>

namespace dialtone::abi {
namespace {

constexpr auto kCounters = std::to_array<CiscoCounter>({
    {"GKFoundCount", "found_gk", "Requests for configurations of 7912 (gk) that are served."},
    {"GKNotFoundCount", "not_found_gk",
     "Requests for configurations of 7912 (gk) that are not served."},
    {"HeartBeat", "heartbeat", "Goes up while a worker moves."},
    {"LDFoundCount", "found_ld", "Requests for configurations of 7905 (ld) that are served."},
    {"LDNotFoundCount", "not_found_ld",
     "Requests for configurations of 7905 (ld) that are not served."},
    {"MaxServingCount", "serving_limit", "Transfers that may be in flight at one time."},
    {"Requests", "requests", "Requests received."},
    {"RequestsAborted",
     "transfers_aborted transfers_replaced transfers_displaced transfers_timed_out "
     "transfers_unreachable transfers_too_big transfers_drained transfers_stopped "
     "requests_repeated requests_malformed "
     "requests_mode "
     "requests_options requests_write requests_composed requests_denied parked_repeated "
     "parked_replaced parked_expired",
     "Requests refused for what they are, and transfers that did not come to their end."},
    {"RequestsInProgress", "sessions_active parked_now",
     "Requests whose transfer goes on, or that wait for it."},
    {"RequestsNotFound", "requests_not_found",
     "Requests for files that are not served; trust lists of non-secure clusters are normal."},
    {"RequestsNotFoundTrustList", "not_found_trust",
     "Those among RequestsNotFound that are for trust lists: normal in a non-secure cluster."},
    {"RequestsOverflow",
     "requests_busy requests_rebuilding drop_sessions_exhausted drop_no_image drop_source_rate "
     "drop_prefix_rate drop_first_packets drop_unanswered drop_unproven_bytes drop_stopping "
     "parked_dropped",
     "Requests refused since too many were being served, or came from one place, or the files were "
     "not there yet, or the server stops."},
    {"RequestsProcessed", "transfers_completed", "Requests whose file arrived whole."},
    {"SegmentsAcknowledged", "blocks_acknowledged", "DATA blocks acknowledged."},
    {"SegmentsFromDisk", "", "DATA blocks read from disk: none, all files lie in memory."},
    {"SegmentsSent", "data_sent", "DATA blocks sent, copies included."},
    {"SEPFoundCount", "found_phone found_phone_legacy",
     "Requests for configurations of phones that are served."},
    {"SEPNotFoundCount", "not_found_phone not_found_phone_legacy",
     "Requests for configurations of phones that are not served."},
    {"SIPFoundCount", "found_sip",
     "Requests for configurations of 7940 and 7960 with SIP that are served."},
    {"SIPNotFoundCount", "not_found_sip",
     "Requests for configurations of 7940 and 7960 with SIP that are not served."},
});

}  // namespace

std::span<const CiscoCounter> cisco_counters() noexcept {
  return kCounters;
}

}  // namespace dialtone::abi
