// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/file_rules.h"

#include <utility>

namespace dialtone::generator {

Error not_among(std::string_view what, std::string_view word,
                const std::vector<std::string_view>& known) {
  std::string text = "'" + std::string(word) + "' is no " + std::string(what);
  if (const std::string near = nearest_word(word, known); !near.empty()) {
    return refused(text + "; did you mean '" + near + "'?");
  }
  text += "; there are ";
  for (const std::string_view each : known) {
    text += (each == known.front() ? "'" : ", '") + std::string(each) + "'";
  }
  return refused(text);
}

void add_phone_file(SharedFiles& all, SharedFile file, const std::string& row) {
  if (file.content.size() <= kMaxPhoneFile) {
    all.files.push_back(std::move(file));
    return;
  }
  all.faults.push_back({file.name, row + ": " + file.name + " would have " +
                                       std::to_string(file.content.size()) +
                                       " bytes, and a phone refuses more than " +
                                       std::to_string(kMaxPhoneFile) + "; split it"});
}

bool check_file_stem(SharedFiles& all, const std::string& file, const std::string& row,
                     std::string_view name) {
  const auto checked = check_stem(name);
  if (!checked) {
    all.faults.push_back({file, row + ": " + checked.error().text});
  }
  return checked.ok();
}

Result<void> check_stem(std::string_view name) {
  return is_file_stem(name) ? Result<void>()
                            : refused(
                                  "it names a file, so its name is letters, digits, '-' and '_', "
                                  "at most 64; rename it");
}

}  // namespace dialtone::generator
