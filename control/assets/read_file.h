// SPDX-License-Identifier: Apache-2.0
//
// One file of a disk into a segment. Blocks; one thread.
#pragma once

#include "control/image/segment_stack.h"
#include "dataplane/base/unique_fd.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::assets {

// For reading: a regular file, which lies in `folder` (a real path), also where a symlink leads to
// it. kRefused: it does not.
Result<UniqueFd> open_within(const std::string& folder, const std::string& path);

// Reads the file as it is at one moment. One of more than `most` bytes, whatever it had when the
// folder was listed, is an Error, and nothing of it is read. One that another process has open for
// writing, or that changes meanwhile, is an Error: its writer's close brings the next scan. Where
// the kernel does not tell who writes (NFS; another user's file, without CAP_LEASE), one that a
// slow writer leaves alone for that moment is taken half-written. One that open_within() refuses is
// an Error as well: who may write there must not have /etc/shadow served.
Result<void> read_file(const std::string& path, const std::string& folder,
                       std::string_view canonical_name, abi::FileClass file_class,
                       std::uint64_t most, image_build::SegmentStack& stack);

}  // namespace dialtone::assets
