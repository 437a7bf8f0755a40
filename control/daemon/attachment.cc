// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/attachment.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

namespace dialtone::daemon {
namespace {

Result<std::uint64_t> size_of_attachment(const Request& request) {
  struct stat status {};
  // Anything else could keep this thread, and so everybody, waiting, or change while it is read.
  if (request.attachments.size() != 1 || !api::is_sealed(request.attachments.front().get()) ||
      ::fstat(request.attachments.front().get(), &status) != 0) {
    return usage(
        "a file comes as one attachment, a sealed memfd with its content; is the client of the "
        "same version?");
  }
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

Result<std::string> read_attachment(const Request& request, const std::string& file) {
  const auto size = size_of_attachment(request);
  if (!size) {
    return size.error();
  }
  // For as long as it takes, all other clients wait.
  if (*size > api::kMaxImport) {
    return api::import_too_large(file);
  }
  return api::read_all(request.attachments.front().get(), api::kMaxImport);
}

Result<Mapping> map_attachment(const Request& request) {
  const auto size = size_of_attachment(request);
  if (!size) {
    return size.error();
  }
  if (*size > api::kMaxUpload) {
    return api::upload_too_large();
  }
  if (*size == 0) {
    return Mapping();
  }
  // Private: older kernels refuse a shared map of a sealed memfd.
  void* at = ::mmap(nullptr, *size, PROT_READ, MAP_PRIVATE, request.attachments.front().get(), 0);
  if (at == MAP_FAILED) {
    return errno_error("mapping what is to be put", errno);
  }
  return Mapping(at, *size);
}

}  // namespace dialtone::daemon
