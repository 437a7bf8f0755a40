// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/cluster/stub_cluster.h"

#include "dataplane/base/printable.h"
#include "dataplane/base/socket_address.h"
#include "dataplane/base/whole_number.h"
#include "dataplane/config/address_text.h"

#include <fcntl.h>
#include <microhttpd.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>

namespace dialtone::emu {
namespace {

using Kind = StubRule::Kind;
using std::chrono::milliseconds;

constexpr unsigned kMostConnections = 256;
constexpr milliseconds kLook{20};  // whether it is to end

Result<StubRule> parse_stub(const std::string& part) {
  constexpr std::pair<std::string_view, Kind> kWords[] = {{"200", Kind::kFiles},
                                                          {"404", Kind::kNotFound},
                                                          {"503", Kind::kBusy},
                                                          {"blackhole", Kind::kSilent},
                                                          {"loop", Kind::kLoop}};
  constexpr std::string_view kSlow = "slow:";
  const std::size_t equal = part.find('=');
  StubRule rule{.name = part.substr(0, equal)};
  if (equal != std::string::npos && equal != 0) {
    const std::string_view word = std::string_view(part).substr(equal + 1);
    for (const auto& [known, kind] : kWords) {
      if (word == known) {
        rule.kind = kind;
        return rule;
      }
    }
    const auto ms =
        word.starts_with(kSlow) ? whole_number<unsigned>(word.substr(kSlow.size())) : std::nullopt;
    if (ms && *ms <= 3'600'000) {
      rule.kind = Kind::kSlow;
      rule.delay = milliseconds(*ms);
      return rule;
    }
  }
  return usage("'" + part +
               "' is no NAME=WHAT; WHAT is 200, 404, 503, blackhole, slow:MILLISECONDS or loop");
}

MHD_Result answer(MHD_Connection* connection, unsigned code, std::string_view text,
                  const char* header = nullptr, const std::string& value = {}) {
  MHD_Response* response = MHD_create_response_from_buffer(
      text.size(), const_cast<char*>(text.data()), MHD_RESPMEM_MUST_COPY);
  if (header != nullptr) {
    MHD_add_response_header(response, header, value.c_str());
  }
  const MHD_Result queued = MHD_queue_response(connection, code, response);
  MHD_destroy_response(response);
  return queued;
}

// A file of the folder, by a path that does not leave it.
MHD_Result answer_file(MHD_Connection* connection, const std::string& folder, std::string_view path,
                       unsigned& code) {
  code = MHD_HTTP_NOT_FOUND;
  if (folder.empty() || path.find("..") != std::string_view::npos) {
    return answer(connection, code, "");
  }
  const int file = ::open((folder + std::string(path)).c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || ::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    if (file >= 0) {
      ::close(file);
    }
    return answer(connection, code, "");
  }
  code = MHD_HTTP_OK;
  MHD_Response* response =  // which closes it
      MHD_create_response_from_fd64(static_cast<std::uint64_t>(status.st_size), file);
  const MHD_Result queued = MHD_queue_response(connection, code, response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

struct StubHandler {
  static void wait(const StubCluster& stub, milliseconds time) {
    for (milliseconds left = time; left.count() > 0 && !stub.stopping_; left -= kLook) {
      std::this_thread::sleep_for(std::min(left, kLook));
    }
  }

  static MHD_Result handle(void* self, MHD_Connection* connection, const char* url, const char*,
                           const char*, const char*, size_t*, void** state) {
    if (*state == nullptr) {  // the head alone has come
      *state = self;
      return MHD_YES;
    }
    const StubCluster& stub = *static_cast<const StubCluster*>(self);
    unsigned code = 0;
    MHD_Result result = MHD_NO;
    switch (stub.rule_.kind) {
      case Kind::kSlow:
        wait(stub, stub.rule_.delay);
        [[fallthrough]];
      case Kind::kFiles:
        result = answer_file(connection, stub.folder_, url, code);
        break;
      case Kind::kNotFound:
        code = MHD_HTTP_NOT_FOUND;
        result = answer(connection, code, "");
        break;
      case Kind::kBusy:
        code = MHD_HTTP_SERVICE_UNAVAILABLE;
        result = answer(connection, code, "", MHD_HTTP_HEADER_RETRY_AFTER, "4");
        break;
      case Kind::kLoop:
        code = MHD_HTTP_FOUND;
        result = answer(connection, code, "", MHD_HTTP_HEADER_LOCATION, url);
        break;
      case Kind::kSilent:
        stub.tell_(stub.rule_.name + ": " + printable(url) + " is not answered");
        wait(stub, milliseconds::max());
        return MHD_NO;
    }
    stub.tell_(stub.rule_.name + ": " + printable(url) + " " + std::to_string(code));
    return result;
  }
};

Result<std::vector<StubRule>> parse_stubs(const std::string& text) {
  std::vector<StubRule> rules;
  std::string faults;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) {
    auto rule = parse_stub(part);
    if (!rule) {
      faults += (faults.empty() ? "" : "\n") + rule.error().text;
    } else {
      rules.push_back(*std::move(rule));
    }
  }
  if (!faults.empty()) {
    return usage("--stub: " + faults);
  }
  return rules.empty() ? Result<std::vector<StubRule>>(usage("--stub: no cluster is named"))
                       : Result<std::vector<StubRule>>(std::move(rules));
}

Result<std::unique_ptr<StubCluster>> StubCluster::start(const StubRule& rule,
                                                        const IpAddress& address,
                                                        std::uint16_t port, std::string folder,
                                                        Tell tell) {
  std::unique_ptr<StubCluster> stub(new StubCluster(rule, std::move(folder), std::move(tell)));
  const SocketAddress at = socket_address(address, port);
  unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD;
  flags |= address.is_v4() ? 0 : MHD_USE_IPv6;
  stub->daemon_ = MHD_start_daemon(flags, port, nullptr, nullptr, &StubHandler::handle, stub.get(),
                                   MHD_OPTION_SOCK_ADDR, at.get(), MHD_OPTION_CONNECTION_LIMIT,
                                   kMostConnections, MHD_OPTION_END);
  if (stub->daemon_ == nullptr) {
    return errno_error("listening on " + config::ip_text(address) + " port " +
                           std::to_string(port) + " for cluster " + rule.name,
                       errno);
  }
  return stub;
}

StubCluster::~StubCluster() {
  stopping_ = true;
  if (daemon_ != nullptr) {
    MHD_stop_daemon(daemon_);
  }
}

std::uint16_t StubCluster::port() const noexcept {
  return MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT)->port;
}

}  // namespace dialtone::emu
