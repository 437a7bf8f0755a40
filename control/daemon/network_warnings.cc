// SPDX-License-Identifier: Apache-2.0
//
// The words for what is remembered of the port, of the network and of who asks too
// often.
#include "control/daemon/health_warnings.h"
#include "dataplane/base/counted.h"

namespace dialtone::daemon {

using enum HealthCount;

void warn_of_link(const HealthMemory& memory, Texts& texts) {
  if (memory.link_down_since() && memory.seen() - *memory.link_down_since() >= kLinkSettles) {
    texts.push_back("the link of the dataplane's port is down, for " +
                    ago(memory, *memory.link_down_since()) +
                    ": no client is reached; see to the cable and its other end, and to the "
                    "interface (ip link set IF up)");
  }
}

void warn_of_losses(const HealthMemory& memory, Texts& texts) {
  struct Loss {
    HealthCount count;
    const char* what;
    const char* cure;
  };
  static constexpr Loss kLosses[] = {
      {kMissed, "its receive queues were full (port_missed)",
       "more workers (lcores in [dataplane]) empty them sooner, and so do workers that never sleep "
       "(idle_sleep_us = 0)"},
      {kNoBuffer, "no packet buffer was free (port_no_buffer)",
       "a higher memory_mb in [dataplane] makes more of them"},
      {kBroken, "they came in broken (port_broken)",
       "see to the cable, the transceivers and the port of the switch"},
      {kNotTransmitted, "it did not send what it had taken (port_not_sent)",
       "see to the link, and to what the driver counts (dpdk-telemetry.py)"},
      {kNotTaken, "it took no more of them (frames_not_sent)",
       "it or its link is slower than what clients ask for: a faster one, or a lower "
       "max_serving_count or max_window in [policy]"},
  };
  const std::uint64_t received = memory.recent(kReceived);
  for (const Loss& loss : kLosses) {
    const std::uint64_t lost = memory.recent(loss.count);
    if (lost >= HealthMemory::kFewest && lost * kFrames >= received) {
      texts.push_back("the dataplane's port has lost " + counted(lost, "frame") +
                      " in the last minute, beside " + std::to_string(received) +
                      " that were received, since " + loss.what + ": each makes a client wait; " +
                      loss.cure);
    }
  }
}

// Not under attack: then they are a part of it, and higher limits would be the wrong cure.
void warn_of_rates(const HealthMemory& memory, Texts& texts) {
  const std::uint64_t source = memory.recent(kSourceRate);
  const std::uint64_t prefix = memory.recent(kPrefixRate);
  const std::uint64_t first = memory.recent(kFirstPackets);
  const std::uint64_t dropped = source + prefix + first;
  if (memory.attacked_since() || dropped < HealthMemory::kFewest) {
    return;
  }
  std::string text =
      counted(dropped, "request") + " of unproven addresses dropped in the last minute";
  const char* comma = ": ";
  const auto add = [&](std::uint64_t count, const char* why) {
    if (count != 0) {
      text += comma + std::to_string(count) + why;
      comma = ", ";
    }
  };
  add(source, " above source_requests_per_second (drop_source_rate)");
  add(prefix, " above prefix_requests_per_second (drop_prefix_rate)");
  add(first, " whose sender had left first_packets unacknowledged (drop_first_packets)");
  text +=
      "; `dialtone events` shows whose: for many phones behind one address, raise these in "
      "[policy]";
  texts.push_back(text + "; else see to that device, or deny it (docs/admission.md)");
}

void warn_of_narrow_links(const HealthMemory& memory, Texts& texts) {
  if (const std::uint64_t times = memory.recent(kTooBig, HealthMemory::kNarrowRemembered);
      times != 0) {
    texts.push_back("a link to clients carries less than mtu: routers have said so of " +
                    counted(times, "packet") +
                    " in the last 10 min (packets_too_big), and a transfer over it goes on in "
                    "fragments or begins anew (IPv6); set mtu in [dataplane] to what the narrowest "
                    "link carries");
  }
}

void warn_of_addresses(const HealthMemory& memory, Texts& texts) {
  if (memory.lost_since()) {
    const bool one = memory.now().addresses_lost == 1;
    texts.push_back(
        (one ? "an IPv6 address of the dataplane is"
             : std::to_string(memory.now().addresses_lost) +
                   " IPv6 addresses of the dataplane are") +
        std::string(" not served, for ") + ago(memory, *memory.lost_since()) +
        ": another host has " + (one ? "it" : "them") +
        " (addresses_lost; the log of dialtone-dataplane has the MAC); give each an "
        "address of its own: once that host has gone, it is served within 5 min, without a "
        "restart");
  }
  if (const std::uint64_t claims = memory.recent(kConflicts); claims != 0) {
    texts.push_back("another host has an address of the dataplane: it has said so " +
                    counted(claims, "time") +
                    " in the last minute (address_conflicts), and clients may reach it instead; "
                    "give each an address of its own");
  }
}

}  // namespace dialtone::daemon
