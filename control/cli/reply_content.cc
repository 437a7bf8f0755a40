// SPDX-License-Identifier: Apache-2.0
#include "control/cli/reply_content.h"

#include "control/cli/amounts.h"
#include "control/cli/configuration_fields.h"
#include "control/cli/fields.h"
#include "control/cli/output_file.h"
#include "control/cli/text.h"

#include <unistd.h>

namespace dialtone::cli {
namespace {

using api::Reply;

// Of a configuration; what is larger is none.
constexpr std::uint64_t kMaxConfiguration = 16 << 20;

Result<ByteRange> range_of(const Reply& reply) {
  if (reply.attachments.empty()) {
    return failed("dialtone-control sent no content; is it of the same version?");
  }
  const auto offset = number_at(reply.result(), "offset");
  const auto length = number_at(reply.result(), "length");
  if (!offset || !length) {
    return failed("dialtone-control does not say where the content is; is it of the same version?");
  }
  return ByteRange{*offset, *length};
}

Result<void> write_content(int fd, const Reply& reply) {
  const auto range = range_of(reply);
  if (!range) {
    return range.error();
  }
  const Bytes bytes = ::isatty(fd) == 1 ? Bytes::kPrintable : Bytes::kRaw;
  return copy_range(fd, reply.attachments.front().get(), *range, bytes);
}

}  // namespace

Result<void> write_output(const Invocation& asked, const Reply& reply, const Terminal& terminal) {
  if (*asked.output == "-") {
    return asked.json ? Result<void>() : write_content(terminal.out, reply);
  }
  auto file = OutputFile::create(*asked.output);
  if (!file) {
    return file.error();
  }
  DIALTONE_TRY(write_content(file->fd(), reply));
  return file->keep();
}

Result<std::optional<Difference>> difference_of(const Invocation& asked, const Reply& reply,
                                                int standard_input) {
  const auto range = range_of(reply);
  if (!range) {
    return range.error();
  }
  return compare_range(reply.attachments.front().get(), *range, asked.verify_with, standard_input);
}

std::string verdict_text(const Invocation& asked, const Reply& reply,
                         const std::optional<Difference>& difference) {
  const std::string name = text_at(reply.result(), "name");
  const std::uint64_t length = count_at(reply.result(), "length");
  if (!difference) {
    return name + ": the same " + counted(length, "byte");
  }
  const std::string local =
      asked.verify_with == "-" ? "standard input" : printable(asked.verify_with);
  return name + " and " + local + " differ " +
         (difference->at == length ? "behind its " + counted(length, "byte")
          : difference->at == difference->local_length
              ? "behind the " + counted(difference->at, "byte") + " of the local file"
              : "at byte " + std::to_string(difference->at + 1));
}

void add_configuration(Reply& reply) {
  const auto range = range_of(reply);
  if (!range || range->length > kMaxConfiguration ||
      !text_at(reply.result(), "name").ends_with(".cnf.xml")) {
    return;
  }
  std::string content(range->length, '\0');
  const auto got = ::pread(reply.attachments.front().get(), content.data(), content.size(),
                           static_cast<off_t>(range->offset));
  if (got != static_cast<ssize_t>(content.size())) {
    return;
  }
  if (const auto fields = configuration_fields(content)) {
    reply.document["result"].update(*fields);
  }
}

}  // namespace dialtone::cli
