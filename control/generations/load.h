// SPDX-License-Identifier: Apache-2.0
//
// Objects of a generation from disk into sealed memory. What is in memory already is shared, by id
// and digest, so that a rollback over a few changes reads those alone. Blocks on the disk.
#pragma once

#include "control/generations/folder.h"
#include "control/generations/generation_file.h"
#include "control/image/image.h"

#include <unordered_map>
#include <vector>

namespace dialtone::generations {

class KnownObjects {
 public:
  void add(const std::vector<image_build::ObjectPtr>& objects);
  // Null: it is not there.
  image_build::ObjectPtr find(const ObjectRef& ref) const;

 private:
  std::unordered_map<std::uint64_t, image_build::ObjectPtr> by_id_;
};

struct LoadOptions {
  bool huge_pages = false;  // for large segments, when some are free
  KnownObjects known;
};

// The name of an object's file.
std::string object_name(const ObjectRef& ref);

// Refused, with the name of the file: one is missing, cut or changed. Such a file is set aside, so
// that the object is written anew when another generation has it.
Result<image_build::ImageParts> load_parts(Folder& objects, const Generation& generation,
                                           const LoadOptions& options);

}  // namespace dialtone::generations
