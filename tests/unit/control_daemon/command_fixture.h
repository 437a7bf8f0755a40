// SPDX-License-Identifier: Apache-2.0
//
// Commands, against a dataplane whose state the test sets.
#pragma once

#include "tests/unit/control_daemon/status_fixture.h"

#include <string>
#include <variant>

namespace dialtone::daemon {

class CommandTest : public StatusTest {
 protected:
  Outcome command(const std::string& name, const api::Json& arguments = api::Json::object()) {
    api::Document document;
    document.json = {{"command", name}, {"arguments", arguments}};
    return run_command(*service_, document);
  }
  api::Json result(const std::string& name, const api::Json& arguments = api::Json::object()) {
    Outcome outcome = command(name, arguments);
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      ADD_FAILURE() << refusal->error.text;
      return {};
    }
    return std::get<Answer>(outcome).result;
  }
};

}  // namespace dialtone::daemon
