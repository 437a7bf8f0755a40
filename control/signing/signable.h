// SPDX-License-Identifier: Apache-2.0
//
// Which files have a signed form, and how it is called (docs/signing.md). Pure; any thread.
#pragma once

#include "control/image/file_table.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::signing {

inline constexpr std::string_view kSuffix = ".sgn";

// Above this no phone fetches a signed file; the largest known limit of one is 2 MiB.
inline constexpr std::uint64_t kMaxSignedBytes = std::uint64_t{16} << 20;

// Loads have their maker's signature, trust lists one of their own, and what looks like either is
// never signed. `name` is canonical.
bool is_signable(std::string_view name, const image_build::FileEntry& file) noexcept;

std::string signed_name(std::string_view name);

}  // namespace dialtone::signing
