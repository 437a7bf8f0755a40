// SPDX-License-Identifier: Apache-2.0
//
// One client's connection to dialtone-control: sends a command, waits for its reply. Cold; one
// thread at a time; blocks, but never longer than the patience of the call, if it has one. Owns the
// socket. Errors are ready for a person: kUnreachable (nothing listens, or it went away),
// kPermission, kTimeout, and kFailed for a reply that is none.
//
//   auto client = api::Client::connect("run/control.sock");
//   auto reply = client->call("device show", {{"name", "SEP001122334455"}}, {}, 30s);
//   if (reply && reply->ok) { use(reply->result()); }
#pragma once

#include "control/api/message.h"
#include "dataplane/base/diagnostic.h"

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace dialtone::api {

struct Reply {
  bool ok = false;
  Json document;                      // as it came: an object with "ok"
  std::vector<std::string> warnings;  // of both kinds
  std::vector<UniqueFd> attachments;
  Error error;         // of a refusal: its code and text
  Diagnostics faults;  // of a refusal; often none

  // An object, also when the reply has none.
  const Json& result() const;
};

// Takes a reply apart. Never fails on a field of a wrong type: that reads as if it were absent.
// What is no object with "ok" is kFailed.
Result<Reply> read_reply(Document document);

class Client {
 public:
  static Result<Client> connect(const std::string& path);

  // A timeout leaves the connection useless: the late reply would answer the next command. No
  // patience (0) waits for as long as it takes.
  Result<Reply> call(const std::string& command, Json arguments, std::span<const int> attachments,
                     std::chrono::milliseconds patience);

 private:
  explicit Client(UniqueFd socket) : socket_(std::move(socket)) {}

  UniqueFd socket_;
};

}  // namespace dialtone::api
