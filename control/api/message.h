// SPDX-License-Identifier: Apache-2.0
//
// What `dialtone` and other clients say to dialtone-control, and back: JSON documents over a Unix
// SOCK_SEQPACKET socket, one reply for each request, in order. A document of more than kInline
// bytes travels in a memfd, and the datagram is the one byte '@'. Files that belong to a request or
// a reply (a CSV to import, a segment to read from) are descriptors behind it.
//
//   request  {"command": "device show", "arguments": {"name": "SEP001122334455"}}
//   reply    {"ok": true, "result": {...}, "warnings": ["..."]}
//            {"ok": false, "code": 3, "error": "...", "faults": [{"file": ..., "line": ...}]}
//
// docs/control-api.md lists the commands. Cold; may block unless the socket is non-blocking.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::api {

using Json = nlohmann::ordered_json;  // keys stay in the order in which they were put

inline constexpr std::size_t kInline = 64 * 1024;  // fits a socket's default buffer
inline constexpr std::size_t kMaxDocument = std::size_t{256} << 20;
inline constexpr std::size_t kMaxImport = std::size_t{64}
                                          << 20;  // a file: 100,000 phones are 10 MB

// All files of one put, one behind the other. The machine holds them twice until they are served.
inline constexpr std::size_t kMaxUpload = std::size_t{1} << 30;

struct Document {
  Json json;
  std::vector<UniqueFd> attachments;
};

// The errors of all three are those of the socket; a peer that has closed is kUnreachable.
Result<void> send_document(int socket, const Json& json, std::span<const int> attachments = {});
// What is no JSON, or too large, is kRefused.
Result<Document> receive_document(int socket);
// The same of what control is sent, within the bounds of message_bounds.h. A reply has none:
// control is trusted, and lists as much as there is.
Result<Document> receive_request(int socket);

// The whole of a descriptor that somebody handed over: a file, a memfd or a pipe, at most `limit`
// bytes.
Result<std::string> read_all(int fd, std::size_t limit = kMaxDocument);

// Of a file to import of more than kMaxImport bytes, with the cure.
Error import_too_large(const std::string& file);

// Of files to put of more than kMaxUpload bytes in all, with the cure.
Error upload_too_large();

// A memfd that can be sealed, and its seals: a writer of more than one text fills it piece by
// piece. `at`: where the next piece goes.
Result<UniqueFd> open_memfd();
Result<void> append(const UniqueFd& memfd, std::string_view bytes, std::uint64_t at);
Result<void> seal(const UniqueFd& memfd);

// A sealed memfd that holds `text`, at its begin.
Result<UniqueFd> text_memfd(const std::string& text);

// True of a memfd that nobody can write or resize any more. Only such a one is read for somebody
// else: reading a pipe, a device or a file of /proc may never end.
bool is_sealed(int fd) noexcept;

}  // namespace dialtone::api
