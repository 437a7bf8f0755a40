// SPDX-License-Identifier: Apache-2.0
#include "control/cli/show.h"

#include "control/cli/ask.h"
#include "control/cli/check_metrics.h"
#include "control/cli/check_scrape.h"
#include "control/cli/complain.h"
#include "control/cli/fields.h"
#include "control/cli/http_get.h"
#include "control/cli/json_line.h"
#include "control/cli/render_reply.h"
#include "control/cli/reply_content.h"
#include "control/cli/verdict.h"

#include <utility>

namespace dialtone::cli {
namespace {

using api::Json;
using api::Reply;

// Also the exit code. Where they differ is said, and with --json it is the field "same".
Result<int> show_verified(const Invocation& asked, Reply& reply, const Terminal& terminal) {
  const auto found = difference_of(asked, reply, terminal.in);
  if (!found) {
    return found.error();
  }
  reply.document["result"]["same"] = !found->has_value();
  const std::string text = verdict_text(asked, reply, *found);
  if (*found) {
    complain(terminal, error_line(text, style_of(terminal.err, asked.colour)));
  }
  if (asked.json || !*found) {
    DIALTONE_TRY(write_all(terminal.out, asked.json ? json_line(reply.document) : text + '\n'));
  }
  return *found ? kMissed : 0;
}

// False: there is no endpoint. The scrape lies between two readings, the first of which is `reply`.
Result<bool> check_endpoint(const Invocation& asked, const Reply& reply, const Terminal& terminal,
                            MetricsCheck& check) {
  const std::string url = text_at(reply.result(), "metrics");
  if (url.empty()) {
    return false;
  }
  const auto scraped = http_get(url);
  if (!scraped) {
    return scraped.error();
  }
  const auto behind = ask(asked, terminal);
  if (!behind || !behind->ok) {
    return behind ? behind->error : behind.error();
  }
  check_scrape(*scraped, reply.result(), behind->result(), check);
  return true;
}

int show_check(const Invocation& asked, const Reply& reply, const Terminal& terminal) {
  auto check = check_metrics(asked.metrics_file, terminal.in, reply.result());
  if (!check) {
    return fail(terminal, check.error(), asked.json, asked.colour);
  }
  const auto scraped = check_endpoint(asked, reply, terminal, *check);
  if (!scraped) {
    return fail(terminal, scraped.error(), asked.json, asked.colour);
  }
  const Style style = style_of(terminal.err, asked.colour);
  if (!*scraped) {
    complain(terminal,
             warning_line("no scrape was compared: 'metrics' of [control] is not set", style));
  }
  for (const std::string& line : check->disagreements) {
    complain(terminal, error_line(line, style));
  }
  const Json result = {{"counters", check->counters},
                       {"metrics", check->metrics},
                       {"disagreements", check->disagreements}};
  const auto written =
      write_all(terminal.out,
                asked.json ? json_line({{"ok", true}, {"result", result}})
                           : std::to_string(check->counters) + " counters, " +
                                 std::to_string(check->metrics) + " metrics of a scrape, " +
                                 std::to_string(check->disagreements.size()) + " disagreements\n");
  return !written ? exit_code(written.error()) : check->disagreements.empty() ? 0 : kMissed;
}

}  // namespace

int show(const Invocation& asked, Reply reply, const Terminal& terminal) {
  if (!asked.metrics_file.empty()) {
    return show_check(asked, reply, terminal);
  }
  if (!asked.verify_with.empty()) {
    const auto verified = show_verified(asked, reply, terminal);
    complain(terminal, warning_lines(reply.warnings, style_of(terminal.err, asked.colour)));
    if (!verified) {
      return fail(terminal, verified.error(), asked.json, asked.colour);
    }
    const auto missed = missed_assertion(asked, reply);
    if (missed) {
      complain(terminal, error_line(*missed, style_of(terminal.err, asked.colour)));
    }
    return missed ? kMissed : *verified;
  }
  if (asked.json || asked.assertion) {
    add_configuration(reply);
  }
  if (asked.command == "counters") {
    choose_counters(reply.document["result"], asked.counter_pattern, asked.zero_counters);
  }
  const Rendered rendered =
      render_reply(asked, reply.result(), style_of(terminal.out, asked.colour));
  auto written = asked.output ? write_output(asked, reply, terminal) : Result<void>();
  if (written) {
    written = write_all(terminal.out, asked.json ? json_line(reply.document) : rendered.out);
  }
  const Style style = style_of(terminal.err, asked.colour);
  complain(terminal,
           warning_lines(reply.warnings, style) + warning_lines(rendered.warnings, style));
  if (!written) {
    complain(terminal, error_line(written.error().text, style));
    return exit_code(written.error());
  }
  if (rendered.error) {
    complain(terminal, error_line(rendered.error->text, style));
    return exit_code(*rendered.error);
  }
  if (const auto missed = missed_assertion(asked, reply)) {
    complain(terminal, error_line(*missed, style));
    return kMissed;
  }
  // Who claims something asks for that alone.
  const bool is_look = asked.command == "doctor" || asked.command == "dhcp lint";
  const bool is_ill = is_look && count_at(reply.result(), "count") != 0;
  return is_ill && !asked.assertion ? kMissed : 0;
}

int show_refusal(const Invocation& asked, const Reply& reply, const Terminal& terminal) {
  const Style style = style_of(terminal.err, asked.colour);
  complain(terminal, warning_lines(reply.warnings, style) + render_refusal(asked, reply, style));
  if (asked.json) {
    (void)write_all(terminal.out, json_line(reply.document));
  }
  if (asked.expected_error.empty()) {
    return exit_code(reply.error);
  }
  if (is_expected_error(asked, reply)) {
    return 0;
  }
  complain(terminal, error_line("it was refused, but not with " + asked.expected_error, style));
  return kMissed;
}

}  // namespace dialtone::cli
