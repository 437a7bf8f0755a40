// SPDX-License-Identifier: Apache-2.0
//
// The names of a certificate as a signed file spells them. A phone compares them byte for byte with
// those in its trust lists, or has TVS do so (facts: trust-formats 1.3). Internal to
// control/signing.
#pragma once

#include "control/signing/openssl_handles.h"
#include "control/signing/signed_file.h"
#include "control/signing/signing_key.h"

namespace dialtone::signing {

// Refused: a name that cannot be spelled.
Result<SignerNames> signer_names(const X509& certificate, NameStyle style);

}  // namespace dialtone::signing
