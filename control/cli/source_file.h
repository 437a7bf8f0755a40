// SPDX-License-Identifier: Apache-2.0
//
// The files that a person names for a command to read. Each is bounded: what is no file may have
// no end, and opening it may wait for ever or set something off. The main thread; blocks on the
// disk, or on whoever writes into standard input, where Ctrl-C ends it.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstddef>
#include <span>
#include <string>

namespace dialtone::cli {

// A regular file, the pipe that a shell puts in the place of `<(command)`, or for "-" a copy of
// standard input, whatever that is. A folder, a device, a named pipe or a socket is an Error, and
// is not opened.
Result<UniqueFd> open_source(const std::string& file, int standard_input);

// A regular file: for the daemon, which must not wait for a pipe, and looks for the size.
Result<UniqueFd> open_regular(const std::string& file);

// 0: the end. `name` is for the Error.
Result<std::size_t> read_some(int fd, std::span<char> room, const std::string& name);

// All of a source. More than `most` bytes are kRefused; the Error names the file.
Result<std::string> read_source(const std::string& file, int standard_input, std::size_t most);

// What an import sends: a copy of the source, sealed. It is read to its end here; the daemon must
// not wait for whoever writes into it. kRefused: it has more than api::kMaxImport bytes.
Result<UniqueFd> copy_attachment(const std::string& file, int standard_input);

}  // namespace dialtone::cli
