// SPDX-License-Identifier: Apache-2.0
#include "control/cli/verdict.h"

#include "control/cli/fields.h"
#include "dataplane/base/printable.h"

#include <algorithm>

namespace dialtone::cli {
namespace {

// One spelling of a code: lower case, '-' between words, no E_ in front.
std::string plain_code(std::string_view code) {
  code.remove_prefix(code.starts_with("E_") ? 2 : 0);
  std::string plain(code);
  std::transform(plain.begin(), plain.end(), plain.begin(), [](char c) {
    return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return plain;
}

}  // namespace

std::optional<std::string> missed_assertion(const Invocation& asked, const api::Reply& reply) {
  if (!asked.expected_error.empty()) {
    return "it was not refused; " + excerpt(asked.expected_error) + " was expected";
  }
  if (!asked.assertion) {
    return std::nullopt;
  }
  api::Json document = reply.result();
  if (document.is_object()) {
    document.emplace("warnings", reply.warnings);
  }
  // Claims name a counter as it is called.
  if (const api::Json& values = at(document, "values");
      asked.command == "counters" && values.is_object()) {
    const api::Json named = values;
    for (const auto& [name, value] : named.items()) {
      document.emplace(name, api::Json(value));
    }
  }
  assertion::Verdict verdict = asked.assertion->check(document);
  return verdict.holds ? std::nullopt
                       : std::optional("the assertion does not hold: " + verdict.why);
}

bool is_expected_error(const Invocation& asked, const api::Reply& reply) {
  const std::string wanted = plain_code(asked.expected_error);
  return std::any_of(reply.faults.begin(), reply.faults.end(),
                     [&](const Diagnostic& fault) { return plain_code(fault.code) == wanted; });
}

}  // namespace dialtone::cli
