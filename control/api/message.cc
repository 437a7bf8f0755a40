// SPDX-License-Identifier: Apache-2.0
#include "control/api/message.h"

#include "control/api/message_bounds.h"
#include "dataplane/base/json_depth.h"
#include "dataplane/base/seals.h"
#include "dataplane/base/unix_socket.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace dialtone::api {
namespace {

constexpr std::string_view kInMemory = "@";
constexpr std::size_t kChunk = 64 * 1024;

Result<Json> parse(std::string_view text, bool is_bounded) {
  if (find_deep_json(text)) {
    return refused("a message is nested too deeply");
  }
  if (is_bounded) {
    DIALTONE_TRY(check_bounds(text));
  }
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return refused("a message is no JSON");
  }
  return json;
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

Error too_large(std::size_t limit) {
  return refused("more than " + std::to_string(limit) + " bytes are not taken; send less at once");
}

Result<Document> receive(int socket, bool is_bounded) {
  auto message = receive_message(socket, kInline);
  if (!message) {
    return message.error();
  }
  if (message->bytes.empty()) {
    return Error{ErrorCode::kUnreachable, "the other end has closed the connection"};
  }
  Document document{{}, std::move(message->descriptors)};
  std::string text(reinterpret_cast<const char*>(message->bytes.data()), message->bytes.size());
  if (text == kInMemory) {
    if (document.attachments.empty() || !is_sealed(document.attachments.front().get())) {
      return refused("a message announces a sealed memfd that did not come");
    }
    auto read = read_all(document.attachments.front().get());
    if (!read) {
      return read.error();
    }
    text = std::move(*read);
    document.attachments.erase(document.attachments.begin());
  }
  auto json = parse(text, is_bounded);
  if (!json) {
    return json.error();
  }
  document.json = std::move(*json);
  return document;
}

}  // namespace

Result<void> send_document(int socket, const Json& json, std::span<const int> attachments) {
  // Text that is not UTF-8 must not throw: it is sent with U+FFFD in place of the broken bytes.
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kMaxDocument) {
    return too_large(kMaxDocument);
  }
  std::vector<int> descriptors(attachments.begin(), attachments.end());
  UniqueFd memory;
  if (text.size() > kInline) {
    auto made = text_memfd(text);
    if (!made) {
      return made.error();
    }
    memory = std::move(*made);
    descriptors.insert(descriptors.begin(), memory.get());
  }
  if (descriptors.size() > kMaxDescriptors) {
    return failed("a message has more than " + std::to_string(kMaxDescriptors) + " descriptors");
  }
  return send_message(socket, bytes_of(memory.valid() ? kInMemory : text), descriptors);
}

Result<Document> receive_document(int socket) {
  return receive(socket, /*is_bounded=*/false);
}

Result<Document> receive_request(int socket) {
  return receive(socket, /*is_bounded=*/true);
}

Result<std::string> read_all(int fd, std::size_t limit) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return errno_error("it cannot be read", errno);
  }
  // A file is read from its begin, wherever the giver's position in it is. Its size is only a
  // first check: it may be changed while we read.
  const bool is_file = S_ISREG(status.st_mode);
  if (is_file && static_cast<std::uint64_t>(status.st_size) > limit) {
    return too_large(limit);
  }
  std::string text;
  std::size_t used = 0;
  while (true) {
    text.resize(std::max(used + kChunk, text.size()));
    const ssize_t got =
        is_file ? ::pread(fd, text.data() + used, text.size() - used, static_cast<off_t>(used))
                : ::read(fd, text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return errno_error("it cannot be read", errno);
    }
    used += static_cast<std::size_t>(got);
    if (used > limit) {
      return too_large(limit);
    }
    if (got == 0) {
      text.resize(used);
      return text;
    }
  }
}

Error import_too_large(const std::string& file) {
  return refused(file + " has more than " + std::to_string(kMaxImport >> 20) +
                 " MiB; split it, and import the parts one by one");
}

Error upload_too_large() {
  return refused("more than " + std::to_string(kMaxUpload >> 20) +
                 " MiB are not taken at once; put the files in several parts");
}

Result<UniqueFd> open_memfd() {
  UniqueFd fd(::memfd_create("dialtone-document", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  return fd.valid() ? Result<UniqueFd>(std::move(fd)) : errno_error("making a memfd", errno);
}

Result<void> append(const UniqueFd& memfd, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    // pwrite leaves the position, which the descriptor's receiver shares, at the begin.
    const ssize_t put = ::pwrite(memfd.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      return errno_error("writing a memfd", put == 0 ? ENOSPC : errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
    at += static_cast<std::uint64_t>(put);
  }
  return {};
}

Result<void> seal(const UniqueFd& memfd) {
  return add_seals(memfd.get(), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
}

Result<UniqueFd> text_memfd(const std::string& text) {
  auto fd = open_memfd();
  if (!fd) {
    return fd.error();
  }
  DIALTONE_TRY(append(*fd, text, 0));
  DIALTONE_TRY(seal(*fd));
  return fd;
}

bool is_sealed(int fd) noexcept {
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  const int seals = ::fcntl(fd, F_GET_SEALS);  // -1: no memfd
  return seals >= 0 && (seals & kSeals) == kSeals;
}

}  // namespace dialtone::api
