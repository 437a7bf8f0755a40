// SPDX-License-Identifier: Apache-2.0
#include "control/metrics/scrape_server.h"

#include "control/metrics/request_deadlines.h"
#include "dataplane/base/socket_address.h"
#include "dataplane/base/unique_fd.h"

#include <microhttpd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace dialtone::metrics {
namespace {

constexpr std::string_view kPath = "/metrics";
constexpr std::size_t kConnectionMemory = 16 * 1024;  // of headers
constexpr int kBacklog = 16;

Result<UniqueFd> listen_at(const Endpoint& endpoint) {
  const SocketAddress address = socket_address(endpoint.address, endpoint.port);
  UniqueFd socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!socket.valid() ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
      ::bind(socket.get(), address.get(), address.length) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    return errno_error("listening for scrapers", errno);
  }
  return socket;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage bytes{};
  socklen_t length = sizeof(bytes);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&bytes), &length);
  // The port is at one place in both families.
  sockaddr_in address{};
  std::memcpy(&address, &bytes, sizeof(address));
  return ntohs(address.sin_port);
}

MHD_Result answer(MHD_Connection* connection, unsigned code, std::string_view type,
                  std::string_view body) {
  MHD_Response* response = MHD_create_response_from_buffer(
      body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) {
    return MHD_NO;  // no memory: the connection ends
  }
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, std::string(type).c_str());
  if (code == MHD_HTTP_METHOD_NOT_ALLOWED) {
    MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  }
  const MHD_Result queued = MHD_queue_response(connection, code, response);
  MHD_destroy_response(response);
  return queued;
}

MHD_Result answer_text(MHD_Connection* connection, unsigned code, std::string_view text) {
  return answer(connection, code, "text/plain; charset=utf-8", text);
}

}  // namespace

// What the thread of libmicrohttpd and the owner's share, under the lock.
class ScrapeServer::Http {
 public:
  static Result<std::unique_ptr<Http>> start(const Endpoint& endpoint,
                                             std::chrono::milliseconds request_time) {
    std::unique_ptr<Http> http(new Http(request_time));
    http->asked_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!http->asked_.valid() || !http->deadlines_.valid()) {
      return errno_error("making a descriptor for scrapers", errno);
    }
    auto socket = listen_at(endpoint);
    if (!socket) {
      return socket.error();
    }
    http->port_ = port_of(socket->get());
    http->daemon_ = MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr,
        nullptr, &Http::handle, http.get(), MHD_OPTION_LISTEN_SOCKET, socket->get(),
        MHD_OPTION_CONNECTION_LIMIT, kMostConnections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        kMostOfAnAddress, MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory, MHD_OPTION_NOTIFY_COMPLETED,
        &Http::complete, http.get(), MHD_OPTION_NOTIFY_CONNECTION, &Http::come_or_go, http.get(),
        MHD_OPTION_END);
    if (http->daemon_ == nullptr) {
      return failed("the HTTP server for scrapers does not start");
    }
    (void)socket->release();  // it closes it
    return http;
  }

  ~Http() {
    if (daemon_ == nullptr) {
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      for (Scrape* scrape : waiting_) {
        MHD_resume_connection(scrape->connection);
      }
      waiting_.clear();
    }
    MHD_stop_daemon(daemon_);
  }
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  void add_poll_fds(std::vector<pollfd>& fds) const {
    fds.push_back({asked_.get(), POLLIN, 0});
    fds.push_back({deadlines_.fd(), POLLIN, 0});
  }
  void enforce_deadlines(Clock::time_point now) { deadlines_.enforce(now); }

  // True when somebody has asked since the last call.
  bool take_asked() const noexcept {
    eventfd_t count = 0;
    return ::eventfd_read(asked_.get(), &count) == 0;
  }

  void answer_waiting(const Render& render) {
    std::optional<std::string> texts[2];
    const std::lock_guard lock(mutex_);
    for (Scrape* scrape : waiting_) {
      auto& text = texts[static_cast<std::size_t>(scrape->format)];
      if (!text) {
        text = render(scrape->format);
      }
      scrape->text = *text;
      deadlines_.begin(socket_of(scrape->connection), Clock::now());
      MHD_resume_connection(scrape->connection);
    }
    waiting_.clear();
  }

 private:
  struct Scrape {
    MHD_Connection* connection = nullptr;
    Format format = Format::kPrometheus;
    std::optional<std::string> text{};
  };

  explicit Http(std::chrono::milliseconds request_time) : deadlines_(request_time) {}

  static int socket_of(MHD_Connection* connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  }

  static void come_or_go(void* self, MHD_Connection* connection, void** /*context*/,
                         MHD_ConnectionNotificationCode what) {
    RequestDeadlines& deadlines = static_cast<Http*>(self)->deadlines_;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
      deadlines.begin(socket_of(connection), Clock::now());
    } else {
      deadlines.end(socket_of(connection));
    }
  }

  static MHD_Result handle(void* self, MHD_Connection* connection, const char* url,
                           const char* method, const char* /*version*/, const char* /*upload*/,
                           std::size_t* upload_size, void** state) {
    auto& http = *static_cast<Http*>(self);
    const bool is_begin = *state == nullptr;
    if (is_begin) {
      *state = new Scrape{.connection = connection};
    }
    if (*upload_size != 0) {
      *upload_size = 0;  // nobody reads a body here
      return MHD_YES;
    }
    // Behind the headers already: the body, which may never end, is not read, and the connection
    // is closed instead.
    if (std::string_view(method) != MHD_HTTP_METHOD_GET &&
        std::string_view(method) != MHD_HTTP_METHOD_HEAD) {
      return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                         "metrics are only read here: GET /metrics\n");
    }
    if (std::string_view(url) != kPath) {
      return answer_text(connection, MHD_HTTP_NOT_FOUND, "the metrics are at /metrics\n");
    }
    return is_begin ? MHD_YES : http.answer_or_wait(*static_cast<Scrape*>(*state));
  }

  MHD_Result answer_or_wait(Scrape& scrape) {
    const std::lock_guard lock(mutex_);
    if (scrape.text) {
      return answer(scrape.connection, MHD_HTTP_OK, content_type(scrape.format), *scrape.text);
    }
    if (closing_) {
      return answer_text(scrape.connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                         "dialtone-control stops\n");
    }
    const char* accept =
        MHD_lookup_connection_value(scrape.connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
    scrape.format = format_for(accept == nullptr ? std::string_view() : accept);
    deadlines_.end(socket_of(scrape.connection));  // what the owner takes is not the client's
    MHD_suspend_connection(scrape.connection);
    waiting_.push_back(&scrape);
    ::eventfd_write(asked_.get(), 1);
    return MHD_YES;
  }

  // A connection that waits is not completed before it is resumed.
  static void complete(void* self, MHD_Connection* connection, void** state,
                       MHD_RequestTerminationCode /*why*/) {
    delete static_cast<Scrape*>(*state);
    *state = nullptr;
    static_cast<Http*>(self)->deadlines_.begin(socket_of(connection), Clock::now());
  }

  UniqueFd asked_;
  RequestDeadlines deadlines_;
  std::uint16_t port_ = 0;
  MHD_Daemon* daemon_ = nullptr;
  std::mutex mutex_;
  std::vector<Scrape*> waiting_;  // suspended connections
  bool closing_ = false;
};

ScrapeServer::ScrapeServer(std::unique_ptr<Http> http) : http_(std::move(http)) {}
ScrapeServer::~ScrapeServer() = default;

Result<std::unique_ptr<ScrapeServer>> ScrapeServer::listen(const Endpoint& endpoint,
                                                           std::chrono::milliseconds request_time) {
  auto http = Http::start(endpoint, request_time);
  if (!http) {
    return http.error();
  }
  return std::unique_ptr<ScrapeServer>(new ScrapeServer(*std::move(http)));
}

std::uint16_t ScrapeServer::port() const noexcept {
  return http_->port();
}

void ScrapeServer::add_poll_fds(std::vector<pollfd>& fds) const {
  http_->add_poll_fds(fds);
}

void ScrapeServer::step(Clock::time_point now, const Render& render) {
  http_->enforce_deadlines(now);
  if (http_->take_asked()) {
    due_ = std::min(due_, std::max(now, rested_));
  }
  if (now >= due_) {
    http_->answer_waiting(render);
    due_ = Clock::time_point::max();
    rested_ = now + kBetween;
  }
}

}  // namespace dialtone::metrics
