// SPDX-License-Identifier: Apache-2.0
#include "control/signing/signable.h"

#include "control/signing/signed_file.h"
#include "dataplane/abi/name_class.h"

namespace dialtone::signing {

bool is_signable(std::string_view name, const image_build::FileEntry& file) noexcept {
  const abi::FileRecord& record = file.record();
  if (name.ends_with(kSuffix) || name.ends_with(".tlv") || name.ends_with(".enc") ||
      name.size() + kSuffix.size() > abi::kMaxNameLength) {
    return false;
  }
  if (record.file_class == abi::FileClass::kLoad || record.file_class == abi::FileClass::kTrust ||
      abi::name_class(name) == abi::NameClass::kFirmware) {
    return false;
  }
  return record.length <= kMaxSignedBytes && !begins_as_signed(file.content());
}

std::string signed_name(std::string_view name) {
  return std::string(name) += kSuffix;
}

}  // namespace dialtone::signing
