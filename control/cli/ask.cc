// SPDX-License-Identifier: Apache-2.0
#include "control/cli/ask.h"

#include "control/cli/amounts.h"
#include "control/cli/complain.h"
#include "control/cli/output_file.h"
#include "control/cli/progress.h"
#include "control/cli/render.h"
#include "control/cli/source_file.h"
#include "control/cli/sources.h"

#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

namespace dialtone::cli {
namespace {

using api::Json;
using api::Reply;

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
    auto archive = open_regular(*invocation.archive);
    if (!archive) {
      return archive.error();
    }
    files.read.push_back(*std::move(archive));
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
  auto text = read_source(path, standard_input, api::kMaxImport);
  return text ? std::move(text)
              : refused("the rules cannot be read, so nothing was imported: " + text.error().text);
}

// What the daemon has done with a file that it shares with us: nothing else is heard of it before
// its reply. It reads an archive through our descriptor, so the place where it is moves here too.
std::string how_far(const Files& files, const Invocation& invocation) {
  const int fd = invocation.archive ? files.read.back().get()
                 : files.written    ? files.written->fd()
                                    : -1;
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0 || status.st_size <= 0) {
    return {};
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!invocation.archive) {
    return human_size(size) + " written";
  }
  const off_t at = ::lseek(fd, 0, SEEK_CUR);
  return std::to_string(static_cast<std::uint64_t>(at < 0 ? 0 : at) * 100 / size) + " % read";
}

Result<ReadSources> read_visibly(const Sources& sources, const Terminal& terminal) {
  ReadSoFar so_far;
  const Progress progress(terminal.err, "reading", [&so_far] {
    const std::uint64_t all = so_far.all_files;
    return all == 0 ? std::string()
                    : grouped(so_far.files) + " of " + counted(all, "file") + ", " +
                          human_size(so_far.bytes);
  });
  return read_sources(sources, terminal.in, so_far);
}

}  // namespace

Result<Reply> ask(const Invocation& invocation, const Terminal& terminal, Line line) {
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
    auto read = read_visibly(*invocation.sources, terminal);
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
  auto reply = [&] {
    std::optional<Progress> progress;
    if (line == Line::kDrawn) {
      progress.emplace(terminal.err, invocation.command,
                       [&] { return how_far(*files, invocation); });
    }
    return client->call(invocation.command, std::move(arguments), attachments, invocation.patience);
  }();
  // Who knows what was done when no reply came? Of a refusal nothing is left.
  const bool is_backup = invocation.command == "backup";
  if (files->written && (reply ? reply->ok : !is_backup)) {
    DIALTONE_TRY(files->written->keep());
  }
  return reply;
}

}  // namespace dialtone::cli
