// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/api_server.h"

#include "control/api/message.h"
#include "dataplane/program/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace dialtone::daemon {
namespace {

using publish::PublishState;

constexpr std::chrono::seconds kHold{5};
constexpr std::size_t kMostClients = 64;
// Taken in one step, so that a flood of them cannot keep us from the rest.
constexpr int kConnectionsPerStep = 64;

api::Json faults_json(const Diagnostics& faults) {
  api::Json list = api::Json::array();
  for (const Diagnostic& fault : faults) {
    list.push_back({{"file", fault.file},
                    {"line", fault.line},
                    {"column", fault.column},
                    {"code", fault.code},
                    {"text", fault.text}});
  }
  return list;
}

bool send(int socket, const api::Json& json, const std::vector<UniqueFd>& attachments) {
  std::vector<int> descriptors;
  for (const UniqueFd& each : attachments) {
    descriptors.push_back(each.get());
  }
  const auto sent = api::send_document(socket, json, descriptors);
  return sent.ok();
}

bool has_gone(int socket) {
  pollfd peer{socket, POLLRDHUP, 0};
  return ::poll(&peer, 1, 0) == 1 && (peer.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

Result<ApiServer> ApiServer::listen(const std::string& path, Service& service) {
  auto listener = UnixListener::open(path, SocketType::kSeqPacket);
  if (!listener) {
    return listener.error();
  }
  return ApiServer(*std::move(listener), service);
}

void ApiServer::add_poll_fds(std::vector<pollfd>& fds) const {
  fds.push_back({listener_.get(), POLLIN, 0});
  for (const Client& client : clients_) {
    if (!client.held) {
      fds.push_back({client.socket.get(), POLLIN, 0});
    } else if (client.held->work != nullptr) {
      fds.push_back({client.held->work->fd(), POLLIN, 0});
      if (!client.is_given_up) {
        fds.push_back({client.socket.get(), POLLRDHUP, 0});
      }
    }
  }
}

ApiServer::Clock::time_point ApiServer::due(Clock::time_point now) const {
  Clock::time_point due = now + std::chrono::hours(1);
  if (warnings_.holds_back()) {
    due = now + std::chrono::seconds(1);
  }
  for (const Client& client : clients_) {
    if (client.held && client.held->work == nullptr) {
      due = std::min(due, client.hold_until);
    }
  }
  return due;
}

void ApiServer::step(Clock::time_point now) {
  accept_waiting(now);
  for (auto client = clients_.begin(); client != clients_.end();) {
    const bool stays = client->held ? release(*client, now) : serve(*client, now);
    client = stays ? std::next(client) : clients_.erase(client);
  }
}

void ApiServer::accept_waiting(Clock::time_point now) {
  if (const std::uint64_t count = warnings_.take_left_out(now); count != 0) {
    spdlog::warn("control socket: {} more like these in the last seconds", count);
  }
  for (int i = 0; i < kConnectionsPerStep; ++i) {
    auto socket = listener_.accept();
    if (!socket) {
      warn(socket.error().text, now);
      return;
    }
    if (!*socket) {
      return;
    }
    accept(**std::move(socket), now);
  }
}

void ApiServer::accept(UniqueFd socket, Clock::time_point now) {
  // A client that does not read its replies must not hold up the others.
  ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
  const auto peer = peer_credentials(socket.get());
  if (!peer) {
    warn(peer.error().text, now);
  } else if (peer->uid != 0 && peer->uid != ::geteuid()) {
    turn_away(socket,
              {ErrorCode::kPermission,
               "only root and the user of dialtone-control may use its socket; run this as one"},
              peer->pid, now);
  } else if (clients_.size() >= kMostClients) {
    turn_away(socket, failed("too many clients are connected; try again when others have ended"),
              peer->pid, now);
  } else {
    clients_.push_back({std::move(socket), peer->pid, std::nullopt, {}, false});
  }
}

// With an answer, which waits for the client behind the end of the connection.
void ApiServer::turn_away(const UniqueFd& socket, const Error& why, pid_t pid,
                          Clock::time_point now) {
  warn("turned away pid " + std::to_string(pid) + ": " + why.text, now);
  (void)refuse(socket.get(), {why, {}});
}

void ApiServer::warn(const std::string& line, Clock::time_point now) {
  if (warnings_.admit(now)) {
    spdlog::warn("control socket: {}", line);
  }
}

bool ApiServer::serve(Client& client, Clock::time_point now) {
  auto document = api::receive_request(client.socket.get());
  if (!document) {
    switch (document.error().code) {
      case ErrorCode::kTimeout:
        return true;  // nothing waits
      case ErrorCode::kUnreachable:
        return false;  // it has gone
      default:
        warn("pid " + std::to_string(client.pid) + ": " + document.error().text, now);
        (void)refuse(client.socket.get(), {document.error(), {}});
        return false;
    }
  }
  const int socket = client.socket.get();
  Outcome outcome = run_command(service_, *document, [socket] { return has_gone(socket); });
  if (auto* refusal = std::get_if<Refusal>(&outcome)) {
    return refuse(client.socket.get(), *refusal);
  }
  return answer(client, std::move(std::get<Answer>(outcome)), now);
}

bool ApiServer::answer(Client& client, Answer answer, Clock::time_point now) {
  client.held = std::move(answer);
  const auto& publish = client.held->publish;
  // The command itself may have taken longer than that since `now`.
  client.hold_until = publish && publish->wait ? std::max(now, Clock::now()) + kHold : now;
  return release(client, now);
}

bool ApiServer::finish(Client& client, Clock::time_point now) {
  const Answer done = std::exchange(client.held, std::nullopt).value();
  Outcome outcome = Refusal{};
  try {
    outcome = done.finish();
  } catch (const std::exception& exception) {
    outcome = Refusal{failed(exception.what()), {}};  // as run_command() has it
  }
  if (auto* refusal = std::get_if<Refusal>(&outcome)) {
    return refuse(client.socket.get(), *refusal);
  }
  return answer(client, std::move(std::get<Answer>(outcome)), now);
}

bool ApiServer::release(Client& client, Clock::time_point now) {
  Answer& answer = *client.held;
  if (answer.work != nullptr) {
    const auto said = answer.work->take();
    if (!said) {
      if (!client.is_given_up && has_gone(client.socket.get())) {
        client.is_given_up = true;
        answer.work->give_up();
      }
      return true;
    }
    if (!*said) {
      client.held.reset();
      return refuse(client.socket.get(), {said->error(), {}});
    }
    if (answer.finish) {
      return finish(client, now);
    }
    answer.work.reset();
    answer.result["said"] = **said;
  }
  if (answer.publish) {
    const PublishState state = publish_state(service_, *answer.publish);
    // Without a dataplane there is nothing to wait for.
    const bool hopeless = service_.publisher().hello() == nullptr;
    if (state == PublishState::kPending && !hopeless && now < client.hold_until) {
      return true;
    }
    answer.result["publish"] = publish_json(service_, *answer.publish);
    if (!answer.publish->rollback) {
      answer.result["rebuilt"] = answer.publish->report.rebuilt;
    }
    if (answer.drained) {
      answer.result["broken_transfers"] = drained_transfers(service_) - *answer.drained;
    }
    if (answer.previous) {
      answer.result["prev"] = *answer.previous;
      answer.result["generation"] = service_.publisher().generation();
    }
    for (const Diagnostic& fault : answer.publish->report.faults) {
      answer.warnings.push_back(to_string(fault));
    }
    if (state == PublishState::kPending && !hopeless && answer.publish->wait) {
      answer.result["publish"]["waited_s"] = kHold.count();
    }
  }
  api::Json json;
  json["ok"] = true;
  json["result"] = std::move(answer.result);
  if (!answer.warnings.empty()) {
    json["warnings"] = answer.warnings;
  }
  const bool sent = send(client.socket.get(), json, answer.attachments);
  client.held.reset();
  return sent;
}

bool ApiServer::refuse(int socket, const Refusal& refusal) {
  api::Json json;
  json["ok"] = false;
  json["code"] = static_cast<int>(refusal.error.code);
  json["error"] = refusal.error.text;
  if (!refusal.faults.empty()) {
    json["faults"] = faults_json(refusal.faults);
  }
  return send(socket, json, {});
}

}  // namespace dialtone::daemon
