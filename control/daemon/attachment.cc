// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/attachment.h"

#include <sys/stat.h>

namespace dialtone::daemon {

Result<std::string> read_attachment(const Request& request, const std::string& file) {
  struct stat status {};
  // Anything else could keep this thread, and so everybody, waiting, or change while it is read.
  if (request.attachments.size() != 1 || !api::is_sealed(request.attachments.front().get()) ||
      ::fstat(request.attachments.front().get(), &status) != 0) {
    return usage(
        "a file comes as one attachment, a sealed memfd with its content; is the client of the "
        "same version?");
  }
  // For as long as it takes, all other clients wait.
  if (static_cast<std::uint64_t>(status.st_size) > api::kMaxImport) {
    return api::import_too_large(file);
  }
  return api::read_all(request.attachments.front().get(), api::kMaxImport);
}

}  // namespace dialtone::daemon
