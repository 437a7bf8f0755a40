// SPDX-License-Identifier: Apache-2.0
#include "control/cli/complain.h"

#include "control/cli/json_line.h"
#include "control/cli/render.h"

namespace dialtone::cli {

int exit_code(const Error& error) {
  return static_cast<int>(error.code);
}

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

std::string warning_lines(const std::vector<std::string>& warnings, const Style& style) {
  std::string lines;
  for (const std::string& warning : warnings) {
    lines += warning_line(warning, style);
  }
  return lines;
}

}  // namespace dialtone::cli
