// SPDX-License-Identifier: Apache-2.0
//
// Tags as the renderer reads them. Cold; the texts are those of `tags`.
#pragma once

#include "generator/records.h"
#include "generator/shared_rows.h"

#include <algorithm>
#include <vector>

namespace dialtone::generator {

// One tag for each name, at its first place, with its last value.
inline std::vector<TagOverride> tag_views(const TagMap& tags) {
  std::vector<TagOverride> views;
  for (const Tag& tag : tags) {
    const auto same = std::find_if(views.begin(), views.end(),
                                   [&](const TagOverride& view) { return view.name == tag.name; });
    if (same != views.end()) {
      same->value = tag.value;
    } else if (is_tag_name(tag.name)) {
      views.push_back({tag.name, tag.value});
    }
  }
  return views;
}

}  // namespace dialtone::generator
