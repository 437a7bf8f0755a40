// SPDX-License-Identifier: Apache-2.0
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"

namespace dialtone::cli {
namespace {

std::string in_short(const Invocation& asked, const api::Reply& reply) {
  if (!reply.faults.empty() && asked.command.rfind("import ", 0) == 0) {
    const char* again = flag_at(asked.arguments, "check") ? "check" : "import";
    const bool is_part = reply.faults.back().code == "too-many-faults";  // not one itself
    const std::size_t count = reply.faults.size() - (is_part ? 1 : 0);
    return std::string("nothing was imported: ") + (is_part ? "at least " : "") +
           counted(count, "fault") + " in " + text_at(asked.arguments, "file") + "; correct " +
           (count == 1 ? "it" : "them") + " and " + again + " again";
  }
  return reply.error.text.empty() ? "dialtone-control refused, and does not say why"
                                  : reply.error.text;
}

// One line, also of a text that has several.
std::string one_line(std::string_view text) {
  std::string out(text.substr(0, text.find_last_not_of('\n') + 1));
  for (std::size_t end = out.find('\n'); end != std::string::npos; end = out.find('\n', end)) {
    out.replace(end, 1, "; ");
  }
  return printable(out);
}

}  // namespace

std::string render_refusal(const Invocation& asked, const api::Reply& reply, const Style& style) {
  std::string out;
  const std::string summary = in_short(asked, reply);
  // The one fault of a device, say, is the error itself.
  const bool is_said = reply.faults.size() == 1 && summary == reply.error.text &&
                       summary.ends_with(reply.faults.front().text);
  if (!is_said) {
    for (const Diagnostic& fault : reply.faults) {
      out += to_string(fault) + '\n';
    }
  }
  return out + error_line(summary, style);
}

std::string error_line(const std::string& text, const Style& style) {
  return style.error("error:") + ' ' + one_line(text) + '\n';
}

std::string warning_line(const std::string& text, const Style& style) {
  return style.warning("warning:") + ' ' + one_line(text) + '\n';
}

}  // namespace dialtone::cli
