// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace dialtone {

void open_standard_streams() noexcept {
  for (;;) {
    const int fd = ::open("/dev/null", O_RDWR);  // the lowest that is free
    if (fd > STDERR_FILENO) {
      ::close(fd);
    }
    if (fd < 0 || fd > STDERR_FILENO) {
      return;
    }
  }
}

}  // namespace dialtone
