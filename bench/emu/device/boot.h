// SPDX-License-Identifier: Apache-2.0
//
// A device's way through the files of its boot order, one after the other. One thread.
#pragma once

#include "bench/emu/device/boot_order.h"
#include "bench/emu/device/download.h"
#include "bench/emu/device/timeline.h"

#include <memory>
#include <string>
#include <vector>

namespace dialtone::emu {

struct BootConfig {
  std::vector<BootFile> order{};
  std::vector<IpAddress> servers{};  // at least one
  DownloadConfig download{};
  std::uint16_t first_port = 49152;
  bool keeps_port = false;       // every file is asked for from first_port
  bool wants_signatures = true;  // with a trust list, which it then holds files against
};

struct BootedFile {
  FileRole role = FileRole::kOther;
  Downloaded got{};
};

enum class BootState : std::uint8_t {
  kBooting,
  kConfigured,    // it has its own configuration
  kDefault,       // it has none, and the default for those
  kUnconfigured,  // neither
  kNoServer,      // nobody answers
};
std::string_view boot_state_name(BootState state) noexcept;

class Boot {
 public:
  // `host` and `timeline` outlive this.
  Boot(Host& host, Timeline& timeline, BootConfig config, Micros now);

  void on_datagram(const Datagram& datagram, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept;

  BootState state() const noexcept { return state_; }
  const std::vector<BootedFile>& files() const noexcept { return files_; }
  // The file that is being fetched; null when the boot is over.
  const BootFile* current() const noexcept {
    return state_ == BootState::kBooting ? &config_.order[at_] : nullptr;
  }
  std::uint16_t next_port() const noexcept { return next_port_; }
  // Whole, and the last of its role; null: none is.
  const Downloaded* found(FileRole role) const noexcept;
  bool has_itl() const noexcept;  // the trust list of security by default

 private:
  void ask(Micros now);
  std::string name_to_ask() const;
  void move_on(Micros now);
  void settle();

  Host& host_;
  Timeline& timeline_;
  BootConfig config_;
  std::size_t at_ = 0;
  std::size_t server_ = 0;    // that answered last
  bool was_missing_ = false;  // the file before
  std::uint16_t next_port_;
  BootState state_ = BootState::kBooting;
  std::unique_ptr<Download> download_{};
  std::unique_ptr<Download> last_{};  // whose server may not have had the last ACK
  std::vector<BootedFile> files_{};
};

}  // namespace dialtone::emu
