// SPDX-License-Identifier: Apache-2.0
#include "control/api/client.h"

#include "dataplane/base/unix_socket.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <limits>

namespace dialtone::api {
namespace {

// As long as the answer to a command may take: a control that is busy takes no connections either.
constexpr std::chrono::seconds kConnectPatience{30};

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint32_t position_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned() ||
      found->get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
    return 0;
  }
  return found->get<std::uint32_t>();
}

ErrorCode code_at(const Json& object) {
  const std::uint32_t code = position_at(object, "code");
  const bool known = code >= static_cast<std::uint32_t>(ErrorCode::kFailed) &&
                     code <= static_cast<std::uint32_t>(ErrorCode::kPermission);
  return known ? static_cast<ErrorCode>(code) : ErrorCode::kFailed;
}

Diagnostics faults_at(const Json& object) {
  Diagnostics faults;
  const auto list = object.find("faults");
  if (list == object.end() || !list->is_array()) {
    return faults;
  }
  for (const Json& fault : *list) {
    if (fault.is_object()) {
      faults.push_back({text_at(fault, "file"), position_at(fault, "line"),
                        position_at(fault, "column"), text_at(fault, "code"),
                        text_at(fault, "text")});
    }
  }
  return faults;
}

Result<void> set_patience(int socket, std::chrono::milliseconds patience) {
  const timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
  for (const int option : {SO_SNDTIMEO, SO_RCVTIMEO}) {
    if (::setsockopt(socket, SOL_SOCKET, option, &limit, sizeof(limit)) != 0) {
      return errno_error("setting how long to wait for dialtone-control", errno);
    }
  }
  return {};
}

// What a person can do about an error of the socket.
Error explain(Error error, std::chrono::milliseconds patience) {
  switch (error.code) {
    case ErrorCode::kTimeout:
      error.text = "dialtone-control did not answer within " +
                   std::to_string(std::chrono::ceil<std::chrono::seconds>(patience).count()) +
                   " s; its log says what it is doing";
      break;
    case ErrorCode::kUnreachable:
      error.text = "dialtone-control closed the connection before it answered; its log says why";
      break;
    case ErrorCode::kRefused:
      error = failed("dialtone-control sent a reply that cannot be read (" + error.text +
                     "); is it of the same version?");
      break;
    default:
      break;
  }
  return error;
}

}  // namespace

const Json& Reply::result() const {
  static const Json kNone = Json::object();
  const auto found = document.find("result");
  return found != document.end() && found->is_object() ? *found : kNone;
}

Result<Reply> read_reply(Document document) {
  const Json& json = document.json;
  const auto ok = json.is_object() ? json.find("ok") : json.end();
  if (ok == json.end() || !ok->is_boolean()) {
    return failed("dialtone-control sent what is no reply; is it of the same version?");
  }
  Reply reply;
  reply.ok = ok->get<bool>();
  if (const auto list = json.find("warnings"); list != json.end() && list->is_array()) {
    for (const Json& warning : *list) {
      if (warning.is_string()) {
        reply.warnings.push_back(warning.get<std::string>());
      }
    }
  }
  if (!reply.ok) {
    reply.error = {code_at(json), text_at(json, "error")};
    reply.faults = faults_at(json);
  }
  reply.document = std::move(document.json);
  reply.attachments = std::move(document.attachments);
  return reply;
}

Result<Client> Client::connect(const std::string& path) {
  auto socket = connect_unix(path, SocketType::kSeqPacket, kConnectPatience);
  if (socket) {
    return Client(std::move(*socket));
  }
  Error error = socket.error();
  if (error.code == ErrorCode::kUnreachable) {
    error.text =
        "nothing listens on " + path + "; start dialtone-control, or name its socket with --socket";
  } else if (error.code == ErrorCode::kPermission) {
    error.text =
        "no permission to use " + path + "; run this as root or as the user of dialtone-control";
  }
  return error;
}

Result<Reply> Client::call(const std::string& command, Json arguments,
                           std::span<const int> attachments, std::chrono::milliseconds patience) {
  DIALTONE_TRY(set_patience(socket_.get(), patience));
  Json request = Json::object();
  request["command"] = command;
  request["arguments"] = std::move(arguments);
  const auto sent = send_document(socket_.get(), request, attachments);
  if (!sent && sent.error().code != ErrorCode::kUnreachable) {
    return explain(sent.error(), patience);
  }
  auto document = receive_document(socket_.get());
  if (!document && document.error().code == ErrorCode::kUnreachable) {
    // Who turns us away closes without reading what we ask: that is an error of the socket, and his
    // answer waits behind it.
    document = receive_document(socket_.get());
  }
  if (!document) {
    return explain(document.error(), patience);
  }
  return read_reply(std::move(*document));
}

}  // namespace dialtone::api
