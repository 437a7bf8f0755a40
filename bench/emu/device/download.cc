// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/download.h"

#include "bench/emu/device/reaction.h"
#include "dataplane/base/check.h"
#include "dataplane/tftp/message.h"

#include <utility>

namespace dialtone::emu {
namespace {

// More than any load's file (cisco-tftp 8.4), less than what a machine is short of.
constexpr std::size_t kMaxContent = std::size_t{256} << 20;

}  // namespace

std::string_view download_end_name(DownloadEnd end) noexcept {
  switch (end) {
    case DownloadEnd::kNone:
      return "";
    case DownloadEnd::kWhole:
      return "whole";
    case DownloadEnd::kNotFound:
      return "not found";
    case DownloadEnd::kRefused:
      return "refused";
    case DownloadEnd::kSilent:
      return "no answer";
    case DownloadEnd::kBroken:
      return "protocol broken";
  }
  return "";
}

Download::Download(Host& host, std::span<const IpAddress> servers, std::size_t first_server,
                   std::string name, const DownloadConfig& config, std::uint16_t port, Micros now)
    : host_(host), servers_(servers), config_(config), port_(port) {
  DIALTONE_CHECK(first_server < servers.size());
  result_.name = std::move(name);
  result_.server = first_server;
  result_.began = now;
  begin(now);
}

void Download::begin(Micros now) {
  begin_again_.reset();
  result_.content.clear();
  ++result_.attempts;
  fetch_.emplace(result_.name, config_.asked, config_.clock, port_);
  const FetchStep request = fetch_->begin(now, out_);
  if (result_.server == 0 && config_.first_server && now < config_.first_server_until) {
    play(*config_.first_server, now);
  } else {
    send(request, now);
  }
}

void Download::play(const PlayedError& error, Micros now) {
  std::vector<std::byte> packet(tftp::error_size(error.text));
  tftp::write_error(packet.data(), error.code, error.text);
  send(fetch_->on_packet(Fetch::kServerPort, fetch_->port(), packet, now, out_), now);
  on_end(now);
}

void Download::send(const FetchStep& step, Micros now) {
  if (step.restarted) {
    result_.content.clear();
  }
  if (result_.content.size() < kMaxContent) {
    result_.content.insert(result_.content.end(), step.content.begin(), step.content.end());
  }
  if (step.length != 0) {
    host_.send(server(), fetch_->port(), step.to_port, std::span(out_).first(step.length), now);
  }
}

std::uint16_t Download::next_port() const noexcept {
  return static_cast<std::uint16_t>((fetch_ ? fetch_->port() : port_) + 1);
}

Micros Download::deadline() const noexcept {
  return begin_again_ ? *begin_again_ : fetch_->deadline();
}

bool Download::is_of(const Datagram& datagram) const noexcept {
  return fetch_ && datagram.from == server() && datagram.to_port == fetch_->port() &&
         fetch_->has_answer() && datagram.from_port == fetch_->server_port();
}

void Download::on_datagram(const Datagram& datagram, Micros now) {
  if (!fetch_ || datagram.from != server()) {
    return;
  }
  // After the end too: the server may not have had the last ACK.
  const bool was_open = fetch_->end() == FetchEnd::kNone;
  send(fetch_->on_packet(datagram.from_port, datagram.to_port, datagram.payload, now, out_), now);
  if (was_open && result_.content.size() >= kMaxContent) {
    finish(DownloadEnd::kBroken, now);  // it has no end
  } else if (was_open) {
    on_end(now);
  }
}

void Download::on_time(Micros now) {
  if (is_done() || now < deadline()) {
    return;
  }
  if (begin_again_) {
    begin(now);
    return;
  }
  send(fetch_->on_time(now, out_), now);
  on_end(now);
}

void Download::on_end(Micros now) {
  if (fetch_->end() == FetchEnd::kNone) {
    return;
  }
  const FetchCounts& counts = fetch_->counts();
  result_.counts.sent += counts.sent;
  result_.counts.requests += counts.requests;
  result_.counts.repeated_acks += counts.repeated_acks;
  result_.counts.doubled += counts.doubled;
  result_.counts.strays += counts.strays;
  switch (fetch_->end()) {
    case FetchEnd::kNone:
      break;
    case FetchEnd::kWhole:
      finish(DownloadEnd::kWhole, now);
      break;
    case FetchEnd::kError:
      on_error(now);
      break;
    case FetchEnd::kSilent:
      use_next_server(now, DownloadEnd::kSilent);
      break;
    case FetchEnd::kBroken:
      finish(DownloadEnd::kBroken, now);
      break;
  }
}

void Download::on_error(Micros now) {
  result_.error_code = fetch_->error_code();
  result_.error_text = fetch_->error_text();
  switch (react(result_.error_code, result_.error_text)) {
    case Reaction::kNextFile:
      finish(DownloadEnd::kNotFound, now);
      break;
    case Reaction::kNextServer:
      if (tried_ < servers_.size()) {
        use_next_server(now, DownloadEnd::kRefused);
        break;
      }
      [[fallthrough]];  // all are full: it comes back
    case Reaction::kComeBack:
      if (result_.come_backs == config_.come_backs) {
        finish(DownloadEnd::kRefused, now);
        break;
      }
      ++result_.come_backs;
      port_ = next_port();
      fetch_.reset();
      begin_again_ = now + config_.come_back;
      break;
    case Reaction::kGiveUpFile:
      finish(DownloadEnd::kRefused, now);
      break;
  }
}

void Download::use_next_server(Micros now, DownloadEnd without) {
  if (tried_ == servers_.size()) {
    finish(without, now);
    return;
  }
  ++tried_;
  port_ = next_port();
  result_.server = (result_.server + 1) % servers_.size();
  begin(now);
}

void Download::finish(DownloadEnd end, Micros now) {
  result_.end = end;
  result_.ended = now;
}

}  // namespace dialtone::emu
