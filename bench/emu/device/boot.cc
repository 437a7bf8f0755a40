// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/boot.h"

#include "bench/emu/device/reaction.h"
#include "dataplane/base/check.h"
#include "dataplane/config/address_text.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace dialtone::emu {
namespace {

std::string told(const Downloaded& got, const IpAddress& server) {
  std::string text = got.name + ": " + std::string(download_end_name(got.end));
  switch (got.end) {
    case DownloadEnd::kWhole:
      text += ", " + std::to_string(got.content.size()) + " bytes";
      break;
    case DownloadEnd::kRefused: {
      const std::string_view status = status_message(got.error_code);
      text += ", \"" + got.error_text + "\" (" + std::string(status) + ")";
      break;
    }
    default:
      break;
  }
  text += " from " + config::ip_text(server);
  if (got.come_backs != 0) {
    text += " after " + std::to_string(got.come_backs) + " times \"" + got.error_text + "\"";
  }
  return text;
}

}  // namespace

std::string_view boot_state_name(BootState state) noexcept {
  switch (state) {
    case BootState::kBooting:
      return "booting";
    case BootState::kConfigured:
      return "configured";
    case BootState::kDefault:
      return "default";
    case BootState::kUnconfigured:
      return "unconfigured";
    case BootState::kNoServer:
      return "no-server";
  }
  return "";
}

Boot::Boot(Host& host, Timeline& timeline, BootConfig config, Micros now)
    : host_(host), timeline_(timeline), config_(std::move(config)), next_port_(config_.first_port) {
  DIALTONE_CHECK(!config_.order.empty() && !config_.servers.empty());
  ask(now);
}

// With a trust list every later name but those of firmware is that of a signed file (cisco-tftp
// 9.2); no document says that the plain one is asked for when it is missing.
std::string Boot::name_to_ask() const {
  const BootFile& file = config_.order[at_];
  const bool can_be_signed =
      file.role != FileRole::kTrust && file.role != FileRole::kLoad && file.name.ends_with(".xml");
  const bool is_secure = config_.wants_signatures && found(FileRole::kTrust) != nullptr;
  return is_secure && can_be_signed ? file.name + ".sgn" : file.name;
}

void Boot::ask(Micros now) {
  last_ = config_.keeps_port ? nullptr : std::move(download_);  // which could not be told apart
  download_ = std::make_unique<Download>(host_, config_.servers, server_, name_to_ask(),
                                         config_.download, next_port_, now);
}

Micros Boot::deadline() const noexcept {
  return download_ && !download_->is_done() ? download_->deadline()
                                            : std::numeric_limits<Micros>::max();
}

void Boot::on_datagram(const Datagram& datagram, Micros now) {
  if (last_ && last_->is_of(datagram)) {
    last_->on_datagram(datagram, now);  // RFC 1350 section 6: it acknowledges the last block again
  } else if (download_) {
    download_->on_datagram(datagram, now);
    move_on(now);
  }
}

void Boot::on_time(Micros now) {
  if (download_) {
    download_->on_time(now);
    move_on(now);
  }
}

void Boot::move_on(Micros now) {
  if (state_ != BootState::kBooting || !download_->is_done()) {
    return;
  }
  const Downloaded& got = download_->result();
  timeline_.note(now, told(got, config_.servers[got.server]));
  next_port_ = config_.keeps_port ? config_.first_port : download_->next_port();
  server_ = got.server;
  was_missing_ = got.end == DownloadEnd::kNotFound;
  files_.push_back({config_.order[at_].role, got});
  if (got.end == DownloadEnd::kSilent) {
    state_ = BootState::kNoServer;
    timeline_.note(now, "no TFTP server answers");
    return;
  }
  for (++at_; at_ < config_.order.size(); ++at_) {
    if (!config_.order[at_].if_missing || was_missing_) {
      ask(now);
      return;
    }
  }
  settle();
}

const Downloaded* Boot::found(FileRole role) const noexcept {
  const auto last = std::find_if(files_.rbegin(), files_.rend(), [&](const BootedFile& file) {
    return file.role == role && file.got.end == DownloadEnd::kWhole;
  });
  return last == files_.rend() ? nullptr : &last->got;
}

bool Boot::has_itl() const noexcept {
  return std::any_of(files_.begin(), files_.end(), [](const BootedFile& file) {
    return file.role == FileRole::kTrust && file.got.name.starts_with("ITL") &&
           file.got.end == DownloadEnd::kWhole;
  });
}

void Boot::settle() {
  state_ = found(FileRole::kConfig) != nullptr    ? BootState::kConfigured
           : found(FileRole::kDefault) != nullptr ? BootState::kDefault
                                                  : BootState::kUnconfigured;
}

}  // namespace dialtone::emu
