// SPDX-License-Identifier: Apache-2.0
#include "control/cli/http_get.h"

#include "control/cli/text.h"
#include "dataplane/base/unique_fd.h"

#include <netdb.h>

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <memory>
#include <string_view>

namespace dialtone::cli {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kMost = std::size_t{16} << 20;

struct Url {
  std::string host;
  std::string port;
  std::string path;
};

Result<Url> split(const std::string& url) {
  const std::size_t slash = url.find('/', kScheme.size());
  const std::size_t colon = url.rfind(':', slash);
  if (url.rfind(kScheme, 0) != 0 || slash == std::string::npos || colon < kScheme.size()) {
    return failed("'" + printable(url) +
                  "' is no address of metrics; is dialtone-control of the "
                  "same version?");
  }
  std::string host = url.substr(kScheme.size(), colon - kScheme.size());
  if (host.size() > 2 && host.front() == '[') {
    host = host.substr(1, host.size() - 2);
  }
  return Url{host, url.substr(colon + 1, slash - colon - 1), url.substr(slash)};
}

Error trouble(const std::string& url, const char* doing) {
  const int why = errno == EAGAIN ? ETIMEDOUT : errno;
  return {ErrorCode::kUnreachable,
          errno_error(std::string(doing) + ' ' + printable(url), why).text +
              "; is 'metrics' of [control] what dialtone-control was started with?"};
}

Result<UniqueFd> connect_to(const Url& url, const std::string& whole) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found) != 0) {
    return failed("'" + printable(whole) + "' has no address in numbers");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> address(found, ::freeaddrinfo);
  UniqueFd socket(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{kHttpPatience.count(), 0};
  if (!socket.valid() ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) != 0 ||
      ::connect(socket.get(), address->ai_addr, address->ai_addrlen) != 0) {
    return trouble(whole, "connecting to");
  }
  return socket;
}

Result<std::string> receive_all(const UniqueFd& socket, const std::string& url) {
  std::string text;
  char bytes[16384];
  for (;;) {
    const ssize_t got = ::recv(socket.get(), bytes, sizeof(bytes), 0);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return trouble(url, "reading");
    }
    if (got == 0) {
      return text;
    }
    text.append(bytes, static_cast<std::size_t>(got));
    if (text.size() > kMost) {
      return failed(printable(url) + " does not end; it is not dialtone-control");
    }
  }
}

}  // namespace

Result<std::string> http_get(const std::string& url) {
  const auto parts = split(url);
  if (!parts) {
    return parts.error();
  }
  const auto socket = connect_to(*parts, url);
  if (!socket) {
    return socket.error();
  }
  // Of version 1.0, so that the answer ends with the connection.
  const std::string request = "GET " + parts->path + " HTTP/1.0\r\n\r\n";
  if (::send(socket->get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return trouble(url, "asking");
  }
  auto reply = receive_all(*socket, url);
  if (!reply) {
    return reply.error();
  }
  const std::size_t status = reply->find(' ');
  const std::size_t body = reply->find("\r\n\r\n");
  if (reply->rfind("HTTP/1.", 0) != 0 || body == std::string::npos ||
      reply->compare(status, 5, " 200 ") != 0) {
    return failed(printable(url) + " answers '" + printable(reply->substr(0, reply->find('\r'))) +
                  "', not with metrics");
  }
  return reply->substr(body + 4);
}

}  // namespace dialtone::cli
