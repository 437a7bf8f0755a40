// SPDX-License-Identifier: Apache-2.0
#include "control/cli/run.h"

#include "control/api/client.h"
#include "control/cli/amounts.h"
#include "control/cli/await_service.h"
#include "control/cli/check_metrics.h"
#include "control/cli/command_line.h"
#include "control/cli/fields.h"
#include "control/cli/follow.h"
#include "control/cli/http_get.h"
#include "control/cli/json_line.h"
#include "control/cli/output_file.h"
#include "control/cli/render.h"
#include "control/cli/reply_content.h"
#include "control/cli/sources.h"
#include "control/cli/text.h"
#include "control/cli/verdict.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

namespace dialtone::cli {
namespace {

using api::Json;
using api::Reply;

int exit_code(const Error& error) {
  return static_cast<int>(error.code);
}

// When standard error cannot be written there is nobody left to tell.
void complain(const Terminal& terminal, const std::string& lines) {
  (void)write_all(terminal.err, lines);
}

int fail(const Terminal& terminal, const Error& error, bool json, ColourMode colour) {
  complain(terminal, error_line(error.text, style_of(terminal.err, colour)));
  if (json) {
    (void)write_all(terminal.out, json_line(failure_document(error)));
  }
  return exit_code(error);
}

// The command line was not understood, so nobody knows whether --json was one of its options.
bool wants_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    if (std::string_view(argv[i]) == "--json") {
      return true;
    }
  }
  return false;
}

// What goes along with the request, and what the daemon writes into.
struct Files {
  std::vector<UniqueFd> read;
  std::optional<OutputFile> written;
};

Result<Files> open_files(const Invocation& invocation, const Terminal& terminal) {
  Files files;
  if (invocation.file) {
    auto copy = copy_attachment(*invocation.file, terminal.in);
    if (!copy) {
      return copy.error();
    }
    files.read.push_back(*std::move(copy));
  }
  if (invocation.archive) {
    UniqueFd archive(::open(invocation.archive->c_str(), O_RDONLY | O_CLOEXEC));
    if (!archive.valid()) {
      return errno_error("opening " + printable(*invocation.archive), errno);
    }
    files.read.push_back(std::move(archive));
  }
  if (invocation.new_archive) {
    auto file = OutputFile::create(*invocation.new_archive);
    if (!file) {
      return file.error();
    }
    files.written.emplace(*std::move(file));
  }
  return files;
}

// Text goes as JSON, which is UTF-8: comments in other encodings are of no matter to the rules. Who
// cannot read them would import under other names: that is refused.
Result<std::string> read_rules(const std::string& path, int standard_input) {
  const auto fd = open_source(path, standard_input);
  auto text = fd ? api::read_all(fd->get(), api::kMaxImport) : fd.error();
  return text ? text
              : refused("the rules cannot be read, so nothing was imported: " +
                        (fd ? printable(path) + ": " : "") + text.error().text);
}

Result<Reply> ask(const Invocation& invocation, const Terminal& terminal) {
  auto client = api::Client::connect(invocation.socket);
  if (!client) {
    return client.error();
  }
  auto files = open_files(invocation, terminal);
  if (!files) {
    return files.error();
  }
  std::vector<int> attachments;
  Json arguments = invocation.arguments;
  if (invocation.sources) {
    auto read = read_sources(*invocation.sources, terminal.in);
    if (!read) {
      return read.error();
    }
    for (const std::string& hidden : read->hidden) {
      complain(terminal, warning_line(hidden + " begins with a dot, and is left out",
                                      style_of(terminal.err, invocation.colour)));
    }
    if (!read->faults.empty()) {
      arguments["faults"] = std::move(read->faults);
    }
    if (!invocation.sources->remap.empty()) {
      auto rules = read_rules(invocation.sources->remap, terminal.in);
      if (!rules) {
        return rules.error();
      }
      arguments["remap"] = *std::move(rules);
    }
    arguments["files"] = std::move(read->files);
    files->read.push_back(std::move(read->bytes));
  }
  for (const UniqueFd& file : files->read) {
    attachments.push_back(file.get());
  }
  if (files->written) {
    attachments.push_back(files->written->fd());
  }
  auto reply =
      client->call(invocation.command, std::move(arguments), attachments, invocation.patience);
  // Who knows what was done when no reply came? Of a refusal nothing is left.
  const bool is_backup = invocation.command == "backup";
  if (files->written && (reply ? reply->ok : !is_backup)) {
    DIALTONE_TRY(files->written->keep());
  }
  return reply;
}

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

Rendered render_of_phone_files(const Invocation& asked, const Json& result, const Style& style) {
  if (asked.command.ends_with(" ls")) {
    return render_phone_files(result, style);
  }
  if (asked.command.ends_with(" show")) {
    return {render_phone_file(result), {}, {}};
  }
  return flag_at(asked.arguments, "dry_run") ? render_preview(asked, result)
                                             : render_change(asked, result);
}

Rendered render(const Invocation& asked, const Json& result, const Style& style) {
  if (asked.command == "status") {
    return {render_status(result, style), {}, {}};
  }
  if (asked.command.starts_with("service ")) {
    return {render_service(result, style), {}, {}};
  }
  if (asked.command == "setup") {
    return {render_setup(result, style), {}, {}};
  }
  if (asked.command == "doctor") {
    return {render_doctor(result, style), {}, {}};
  }
  if (asked.command == "device ls") {
    return render_devices(result, style);
  }
  if (asked.command == "device show") {
    return {render_device(result, style), {}, {}};
  }
  if (is_of_phone_files(asked.command)) {
    return render_of_phone_files(asked, result, style);
  }
  if (asked.command == "gateway ls") {
    return render_gateways(result, style);
  }
  if (asked.command == "gateway show") {
    return {render_device(result, style), {}, {}};
  }
  if (asked.command == "gatewaytemplate ls") {
    return render_gateway_templates(result, style);
  }
  if (asked.command == "gatewaytemplate show") {
    return {at(result, "body").is_string() ? at(result, "body").get<std::string>() : "", {}, {}};
  }
  if (asked.command == "em ls") {
    return render_logins(result, style);
  }
  if (asked.command == "param ls") {
    return render_parameters(result, style);
  }
  if (asked.command == "files ls") {
    return render_files(result, style);
  }
  if (asked.command == "loads ls") {
    return render_loads(result, style);
  }
  if (asked.command == "files versions") {
    return render_versions(result, style);
  }
  if (asked.command == "generations") {
    return render_generations(result, style);
  }
  if (asked.command == "diff") {
    return {render_diff(result, style), {}, {}};
  }
  if (asked.command == "change trace") {
    return render_trace(result, style);
  }
  if (asked.command == "change ls") {
    return render_changes(result, style);
  }
  if (asked.command == "served") {
    return render_served(result, style);
  }
  if (asked.command == "explain") {
    return render_explain(result, style);
  }
  if (asked.output) {
    return render_output(asked, result);
  }
  if (asked.command == "counters") {
    return render_counters(result, style);
  }
  if (asked.command == "events") {
    return render_events(result, style, Heading::kYes);
  }
  return render_change(asked, result);
}

std::string warning_lines(const std::vector<std::string>& warnings, const Style& style) {
  std::string lines;
  for (const std::string& warning : warnings) {
    lines += warning_line(warning, style);
  }
  return lines;
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

// A mark of this process's own, that goes with the reading behind the time.
Result<void> wait_for_delta(Invocation& asked, const Terminal& terminal) {
  const std::string name = "delta of process " + std::to_string(::getpid());
  Invocation first = asked;
  first.arguments = {{"mark", name}};
  const auto reply = ask(first, terminal);
  if (!reply || !reply->ok) {
    return reply ? reply->error : reply.error();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(asked.delta_ms));
  asked.arguments["since"] = name;
  asked.arguments["forget"] = true;
  return {};
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
  auto check = check_metrics(asked.metrics_file, reply.result());
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
  const Rendered rendered = render(asked, reply.result(), style_of(terminal.out, asked.colour));
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
  const bool is_ill = asked.command == "doctor" && count_at(reply.result(), "count") != 0;
  return is_ill && !asked.assertion ? kMissed : 0;
}

}  // namespace

int run(int argc, const char* const* argv, const Terminal& terminal,
        std::optional<std::chrono::milliseconds> patience) {
  auto parsed = parse_command_line(argc, argv);
  if (const auto* error = std::get_if<Error>(&parsed)) {
    return fail(terminal, *error, wants_json(argc, argv), ColourMode::kAuto);
  }
  if (const auto* help = std::get_if<Help>(&parsed)) {
    const auto written = write_all(terminal.out, help->text);
    return written ? 0 : fail(terminal, written.error(), false, ColourMode::kAuto);
  }
  auto& invocation = std::get<Invocation>(parsed);
  invocation.patience = patience.value_or(invocation.patience);
  if (invocation.delta_ms != 0) {
    if (const auto waited = wait_for_delta(invocation, terminal); !waited) {
      return fail(terminal, waited.error(), invocation.json, invocation.colour);
    }
  }
  auto reply = ask(invocation, terminal);
  if (!reply) {
    return fail(terminal, reply.error(), invocation.json, invocation.colour);
  }
  if (reply->ok && invocation.awaited) {
    reply = await_service(invocation, *std::move(reply),
                          [&](const Invocation& look) { return ask(look, terminal); });
    if (!reply) {
      return fail(terminal, reply.error(), invocation.json, invocation.colour);
    }
  }
  if (!reply->ok) {
    return show_refusal(invocation, *reply, terminal);
  }
  const Json next = at(reply->result(), "next");
  const int shown = show(invocation, *std::move(reply), terminal);
  if (!invocation.follow || shown != 0) {
    return shown;
  }
  const auto followed = follow(invocation, next, terminal);
  return followed ? 0 : fail(terminal, followed.error(), invocation.json, invocation.colour);
}

}  // namespace dialtone::cli
