// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/hold_command.h"

#include "bench/emu/app/client_addresses.h"
#include "bench/emu/app/command_end.h"
#include "bench/emu/app/device_run.h"
#include "bench/emu/app/finite.h"
#include "bench/emu/app/link.h"
#include "bench/emu/hold/held_client.h"
#include "bench/emu/host/numbered_mac.h"
#include "dataplane/base/printable.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr std::uint32_t kMost = 65'535;
// Begun in a turn, so that their answers find room in the port; and let go, for the server's port.
constexpr std::size_t kAtOnce = 64;
constexpr std::chrono::microseconds kBreath{50};

struct Given {
  std::string link{};
  std::string tftp{};
  std::string first = "10.77.128.1";
  std::uint32_t count = 30;
  std::string file = "RINGLIST.XML";
  std::string then_get{};
  std::string profile{};
  double seconds = 30;
  std::string expect{};
  bool json = false;
};

// Each with an address of its own: a server has limits for one address as well. The number in its
// MAC says which one a frame is for.
class Clients {
 public:
  Clients(const Given& given, const ClientAddresses& addresses) : addresses_(addresses) {
    for (std::uint32_t i = 0; i < given.count; ++i) {
      add(given.file);
    }
  }

  HeldClient& add(std::string_view file) {
    const auto number = static_cast<std::uint32_t>(clients_.size());
    // All of them are on the server's link: the default subnet holds every address.
    const HostConfig place{.mac = numbered_mac(MacGroup::kHeld, number),
                           .address = {addresses_.first.high, addresses_.first.low + number}};
    return *clients_.emplace_back(std::make_unique<HeldClient>(place, addresses_.server, file));
  }

  // Until none is asking any more, or the time is over.
  void run(Link& link, Micros until) {
    while (now_us() < until && !is_cancelled()) {
      for (std::size_t i = 0; i < kAtOnce && begun_ < clients_.size(); ++i, ++begun_) {
        clients_[begun_]->begin(now_us());
        asking_.push_back(clients_[begun_].get());
      }
      const bool came = turn(link);
      if (begun_ == clients_.size() && asking_.empty()) {
        return;
      }
      if (!came) {
        std::this_thread::sleep_for(kBreath);
      }
    }
  }

  void let_go(Link& link) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      clients_[i]->let_go(now_us());
      link.send(clients_[i]->host());
      if ((i + 1) % kAtOnce == 0) {
        std::this_thread::sleep_for(kBreath);
      }
    }
  }

  std::size_t count(HoldState state) const {
    std::size_t number = 0;
    for (const auto& client : clients_) {
      number += client->state() == state ? 1 : 0;
    }
    return number;
  }

 private:
  // Only those that ask have a clock; the others wait for frames.
  bool turn(Link& link) {
    const Micros now = now_us();
    for (HeldClient* client : asking_) {
      client->on_time(now);
      link.send(client->host());
    }
    const bool came =
        link.receive([&](std::span<const std::byte> frame) { take(link, frame); }) != 0;
    std::erase_if(asking_,
                  [](HeldClient* client) { return client->state() != HoldState::kAsking; });
    return came;
  }

  void take(Link& link, std::span<const std::byte> frame) {
    const auto received = parse_frame(frame);
    if (!received) {
      return;
    }
    if (const auto number = number_of(MacGroup::kHeld, received->to_mac)) {
      give(link, *number, frame);
    } else if (received->to_mac.is_group()) {
      take_talk(link, *received, frame);
    }
  }

  // A question is for whom it names, an announcement for all.
  void take_talk(Link& link, const Received& received, std::span<const std::byte> frame) {
    const auto talk = parse_neighbour(received);
    if (!talk) {
      return;
    }
    if (!talk->asked || *talk->asked == talk->teller) {
      for (std::size_t number = 0; number < begun_; ++number) {
        give(link, number, frame);
      }
    } else if (talk->asked->high == addresses_.first.high) {
      give(link, talk->asked->low - addresses_.first.low, frame);
    }
  }

  void give(Link& link, std::size_t number, std::span<const std::byte> frame) {
    if (number < begun_) {
      clients_[number]->on_frame(frame, now_us());
      link.send(clients_[number]->host());
    }
  }

  ClientAddresses addresses_;
  std::vector<std::unique_ptr<HeldClient>> clients_{};
  std::size_t begun_ = 0;
  std::vector<HeldClient*> asking_{};  // of those that have begun
};

nlohmann::json document_of(const Given& given, const Clients& clients, const HeldClient* next,
                           std::size_t held) {
  nlohmann::json document{{"asked", given.count}, {"held", held}, {"profile", given.profile}};
  for (const HoldState state : {HoldState::kBusy, HoldState::kNotFound, HoldState::kError,
                                HoldState::kSilent, HoldState::kAsking}) {
    document["others"][std::string(hold_state_name(state))] = clients.count(state);
  }
  if (next != nullptr) {
    document["answer"] = hold_state_name(next->state());
    document["text"] = std::string(next->error_text());
  }
  return document;
}

int run_command(const Given& given) {
  const auto claim = parse_claim(given.expect);
  if (!claim) {
    return fail(claim.error());
  }
  if (!can_be_asked_for(given.file) || !can_be_asked_for(given.then_get)) {
    return fail(usage("--file and --then-get: a name has at most " +
                      std::to_string(Fetch::kMaxName) + " bytes"));
  }
  const std::uint64_t all = std::uint64_t{given.count} + (given.then_get.empty() ? 0 : 1);
  const auto addresses = client_addresses(given.tftp, given.first, all);
  if (!addresses) {
    return fail(addresses.error());
  }
  if (given.link.empty()) {
    return fail(
        usage("--link: on which interface, or DPDK device, the clients are; or "
              "DIALTONE_EMU_LINK"));
  }
  let_signals_cancel();
  auto link = Link::open(given.link);
  if (!link) {
    return fail(link.error());
  }
  const Micros patience = static_cast<Micros>(given.seconds * 1e6);
  Clients clients(given, *addresses);
  clients.run(*link, now_us() + patience);
  const std::size_t held = clients.count(HoldState::kData);
  HeldClient* next = nullptr;
  if (!given.then_get.empty()) {
    next = &clients.add(given.then_get);
    clients.run(*link, now_us() + patience);
  }
  clients.let_go(*link);
  const nlohmann::json document = document_of(given, clients, next, held);
  if (given.json) {
    print_json(document);
  } else {
    std::printf("%zu of %u transfers are open\n", held, given.count);
    if (next != nullptr) {
      std::printf("%s: %s%s%s\n", given.then_get.c_str(), hold_state_name(next->state()).data(),
                  next->error_text().empty() ? "" : ", ", printable(next->error_text()).c_str());
    }
  }
  return judge(*claim, document);
}

}  // namespace

void add_hold_command(CLI::App& app, std::function<int()>& run) {
  const auto given = std::make_shared<Given>();
  CLI::App* hold = app.add_subcommand("hold", "transfers that are begun and not ended");
  hold->add_option("--link", given->link, "interface, or DPDK device string")
      ->envname("DIALTONE_EMU_LINK");
  hold->add_option("--tftp", given->tftp, "the server, on their link")
      ->envname("DIALTONE_EMU_TFTP")
      ->required();
  hold->add_option("--first", given->first, "address of the first client; the others follow it")
      ->capture_default_str();
  hold->add_option("--count", given->count, "how many transfers")
      ->check(CLI::Range(1u, kMost))
      ->capture_default_str();
  hold->add_option("--file", given->file, "what they ask for")->capture_default_str();
  hold->add_option("--then-get", given->then_get,
                   "what one more client asks for while they are open: `answer` says what it got");
  hold->add_option("--profile", given->profile, "of the server; stands in --json");
  hold->add_option("--for", given->seconds, "seconds to wait for answers")
      ->check(finite(86400))
      ->capture_default_str();
  hold->add_option("--expect", given->expect, "a claim about --json; exit code 4 when it is wrong");
  hold->add_flag("--json", given->json, "one object instead of two lines");
  hold->callback([given, &run] { run = [given] { return run_command(*given); }; });
}

}  // namespace dialtone::emu
