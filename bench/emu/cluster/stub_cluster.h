// SPDX-License-Identifier: Apache-2.0
//
// A remote cluster as a proxy TFTP meets it over HTTP (cisco-tftp 8): one that has files, has none,
// is busy, is slow, says nothing, or sends in a circle. Files come from a folder, bytes as they
// lie. One thread for each connection, of libmicrohttpd; told() is called by any of them.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/base/result.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct MHD_Daemon;

namespace dialtone::emu {

struct StubRule {
  enum class Kind : std::uint8_t { kFiles, kNotFound, kBusy, kSilent, kSlow, kLoop };
  std::string name{};  // of the cluster
  Kind kind = Kind::kFiles;
  std::chrono::milliseconds delay{0};  // of kSlow
};

// "b=404,c=200,d=503,e=blackhole,f=slow:1500,g=loop". All that is wrong.
Result<std::vector<StubRule>> parse_stubs(const std::string& text);

class StubCluster {
 public:
  using Tell = std::function<void(const std::string& line)>;

  // `port` 0: any. `folder`: what 200 and slow have.
  static Result<std::unique_ptr<StubCluster>> start(const StubRule& rule, const IpAddress& address,
                                                    std::uint16_t port, std::string folder,
                                                    Tell tell);
  // Ends all connections.
  ~StubCluster();
  StubCluster(const StubCluster&) = delete;
  StubCluster& operator=(const StubCluster&) = delete;

  std::uint16_t port() const noexcept;

 private:
  friend struct StubHandler;
  StubCluster(StubRule rule, std::string folder, Tell tell)
      : rule_(std::move(rule)), folder_(std::move(folder)), tell_(std::move(tell)) {}

  StubRule rule_;
  std::string folder_;
  Tell tell_;
  std::atomic<bool> stopping_{false};
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace dialtone::emu
