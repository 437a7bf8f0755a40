// SPDX-License-Identifier: Apache-2.0
//
// The three descriptors of the program. Borrowed, not owned. Blocks while the reader is slow.
#pragma once

#include "control/cli/invocation.h"
#include "control/cli/style.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialtone::cli {

struct Terminal {
  int in = 0;
  int out = 1;
  int err = 2;
};

// It is a terminal that can write over a line.
bool can_redraw(int fd);

// Colour on `fd`: as asked for; with kAuto on a terminal, unless NO_COLOR is set or TERM is "dumb".
Style style_of(int fd, ColourMode mode);

// A reader that has gone (`dialtone files ls | head`) is no error: it had what it wanted. SIGPIPE
// must be ignored.
Result<void> write_all(int fd, std::string_view text);

struct ByteRange {
  std::uint64_t offset;
  std::uint64_t length;
};
enum class Bytes { kRaw, kPrintable };  // kPrintable: as printable_lines of text.h

// A part of `file`, to `fd`. A file that ends before is kFailed.
Result<void> copy_range(int fd, int file, ByteRange range, Bytes bytes);

// Where two files begin to differ; nothing: they are the same. `range` of `file` against all of
// `local`, "-" being standard input.
struct Difference {
  std::uint64_t at;            // bytes that are the same
  std::uint64_t local_length;  // all of it, or at least `at` and one more
};
Result<std::optional<Difference>> compare_range(int file, ByteRange range, const std::string& local,
                                                int standard_input);

}  // namespace dialtone::cli
