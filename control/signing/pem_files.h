// SPDX-License-Identifier: Apache-2.0
//
// The two PEM files of a signer, read once. An Error says what is wrong with the file and how to
// put it right; the caller adds which file it is. Internal to control/signing.
#pragma once

#include "control/signing/openssl_handles.h"
#include "dataplane/base/result.h"

#include <string>

namespace dialtone::signing {

struct KeyFile {
  KeyPtr key;
  unsigned mode = 0;  // of the file, as in stat
};

// The text never leaves memory that is wiped.
Result<KeyFile> read_key_file(const std::string& path);
Result<CertificatePtr> read_certificate_file(const std::string& path);

}  // namespace dialtone::signing
