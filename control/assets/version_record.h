// SPDX-License-Identifier: Apache-2.0
//
// What is known of the versions of one name: a JSON text beside their bytes. Pure; any thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::assets {

struct AssetVersion {
  std::uint32_t number = 0;  // from 1; never given twice for a name, until all is forgotten
  std::uint64_t bytes = 0;
  std::string digest;       // XXH3-128 in hexadecimal; empty: too large to be read
  std::uint64_t put_s = 0;  // Unix time; of one that was found in the folder, its modification
  std::string note;
  std::string set;     // files that belong together; empty: none
  bool found = false;  // somebody had laid it there by other means
  bool link = false;   // it was a symlink, which is kept as it is, and not what it leads to
};

struct VersionRecord {
  std::string name;                    // canonical
  std::uint32_t last = 0;              // the highest number that was given
  std::uint32_t current = 0;           // what lies in the folder, as far as we know; 0: nothing
  std::vector<AssetVersion> versions;  // by number; the current one among them

  const AssetVersion* find(std::uint32_t number) const noexcept;
};

std::string to_text(const VersionRecord& record);
// kRefused: it is none, or one that the store cannot have written: anybody who may write to the
// asset folder may have.
Result<VersionRecord> read_record(std::string_view text);

}  // namespace dialtone::assets
