// SPDX-License-Identifier: Apache-2.0
//
// One line for each command that changes something: "WHAT; FATE".
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"

namespace dialtone::cli {
namespace {

using api::Json;

// "a", "a and b", "a, b and c".
std::string listed(const Json& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + line_of(words[i]);
  }
  return out;
}

std::string what_was_set(const std::string& name, const Json& result) {
  const Json& changed = list_at(result, "changed");
  return name + ": " + (changed.empty() ? "unchanged" : listed(changed) + " changed");
}

std::string what_was_removed(const Invocation& asked, const Json& result) {
  const Json& names = list_at(asked.arguments, "names");
  const auto removed = count_at(result, "removed");
  // Several names may be spellings of one.
  return removed == 1 && !names.empty()
             ? line_of(names.front()) + ": removed"
             : "removed " + counted(removed, asked.command == "files rm"     ? "file"
                                             : asked.command == "gateway rm" ? "gateway"
                                                                             : "device");
}

std::string what_was_put(const Json& result) {
  const Json& files = list_at(result, "files");
  const auto unchanged = count_at(result, "unchanged");
  if (files.empty()) {
    return counted(unchanged, "file") + " unchanged";
  }
  const std::string rest = unchanged == 0 ? "" : ", " + grouped(unchanged) + " unchanged";
  return files.size() == 1
             ? text_at(files.front(), "path") + ": " +
                   (count_at(result, "added") == 0 ? "updated" : "added") + ", version " +
                   text_at(files.front(), "version") + rest
             : counted(files.size(), "file") + ": " + grouped(count_at(result, "added")) +
                   " added, " + grouped(count_at(result, "updated")) + " updated" + rest;
}

std::string what_was_built(const Json& result) {
  if (const Json& files = list_at(result, "built"); !files.empty()) {
    return "built " + listed(files);
  }
  return "built " + counted(count_at(result, "devices"), "device") + ", " +
         counted(count_at(result, "files"), "file") + ", " + human_size(count_at(result, "bytes")) +
         " in " + human_us(count_at(result, "build_us"));
}

std::string what_was_imported(const Invocation& asked, const Json& result) {
  const std::string file = text_at(asked.arguments, "file");
  const bool is_folder = asked.command == "import dir";
  const std::string rows =
      counted(count_at(result, "rows"), is_folder ? "file" : "row") +
      (is_folder ? " under " + counted(count_at(result, "names"), "name") : "");
  const std::string added = grouped(count_at(result, "added"));
  const std::string updated = grouped(count_at(result, "updated"));
  const std::string unchanged = grouped(count_at(result, "unchanged"));
  if (flag_at(asked.arguments, "check")) {
    return file + " is in order: " + rows + "; would add " + added + ", update " + updated +
           " and leave " + unchanged + " unchanged";
  }
  return "imported " + rows + " from " + file + ": " + added + " added, " + updated + " updated, " +
         unchanged + " unchanged";
}

std::string shown(const std::string& value) {
  return value.empty() ? "empty" : value;
}

std::string what_was_decided(const Invocation& asked, const Json& result) {
  const std::string value = text_at(result, "value");
  const bool same = !flag_at(result, "changed");
  return text_at(result, "name") + (flag_at(asked.arguments, "dry_run") ? ": would be " : ": ") +
         shown(value) + (same ? ", as it was" : ", was " + shown(text_at(result, "was")));
}

std::string what_was_checked(const Json& result) {
  const auto differs = count_at(result, "differs");
  return "in order: " + counted(count_at(result, "devices"), "device") + ", " +
         counted(count_at(result, "files"), "file") + ", " + human_size(count_at(result, "bytes")) +
         " in " + human_us(count_at(result, "build_us")) + "; " +
         (differs == 0 ? "no file differs" : counted(differs, "file") + " would differ") +
         " from what is served";
}

std::string what_is_in_force(const Json& result) {
  const std::string differing = counted(count_at(result, "changed"), "file") + " changed";
  const auto number = number_at(result, "rollback");
  return number ? "rolled back to generation " + std::to_string(*number) +
                      " until 'dialtone "
                      "publish': " +
                      differing
                : "the newest files: " + differing;
}

std::string what_was_backed_up(const Invocation& asked, const Json& result) {
  return printable(*asked.new_archive) + ": " + counted(count_at(result, "rows"), "row") + ", " +
         counted(count_at(result, "assets"), "asset file") + ", " +
         human_size(count_at(result, "bytes"));
}

std::string what_was_restored(const Invocation& asked, const Json& result) {
  const std::string content = counted(count_at(result, "rows"), "row") + " and " +
                              counted(count_at(result, "assets"), "asset file") + " of " +
                              utc_time(count_at(result, "made_s"));
  if (flag_at(asked.arguments, "check")) {
    return text_at(asked.arguments, "file") + " is in order: " + content;
  }
  return "restored " + content + "; the state before is in " + printable(*asked.new_archive) +
         (flag_at(result, "same_files") ? "; the files are those of then"
                                        : "; the files differ from those of then");
}

std::string what(const Invocation& asked, const Json& result) {
  const std::string name = text_at(asked.arguments, "name");
  if (asked.command == "device set" || asked.command == "gateway set") {
    return what_was_set(name, result);
  }
  if (asked.command == "device add") {
    return name + ": added";
  }
  if (asked.command == "gateway add") {
    return text_at(result, "gateway") + ": added";
  }
  if (asked.command == "files put" || asked.command == "files restore") {
    return what_was_put(result);
  }
  if (asked.command == "device rm" || asked.command == "gateway rm" ||
      asked.command == "files rm") {
    return what_was_removed(asked, result);
  }
  if (is_of_phone_files(asked.command) || asked.command.starts_with("gatewaytemplate ")) {
    return name + ": " + (result.contains("removed") ? "removed" : text_at(result, "change"));
  }
  if (asked.command == "param set" || asked.command == "param unset") {
    return what_was_decided(asked, result);
  }
  if (asked.command == "backup") {
    return what_was_backed_up(asked, result);
  }
  if (asked.command == "restore") {
    return what_was_restored(asked, result);
  }
  if (asked.command == "em login") {
    return name + ": " + text_at(result, "profile") + " is logged in";
  }
  if (asked.command == "em logout") {
    return name + ": " +
           (flag_at(result, "changed") ? text_at(result, "profile") + " is logged out"
                                       : "nobody was logged in");
  }
  if (asked.command == "check") {
    return what_was_checked(result);
  }
  if (asked.command == "loads check") {
    return counted(count_at(result, "loads"), "load") + " in order";
  }
  if (asked.command == "publish" || asked.command == "rollback") {
    return what_is_in_force(result);
  }
  return asked.command == "build" ? what_was_built(result) : what_was_imported(asked, result);
}

// Is there anything that a phone could get differently?
bool changes_nothing(const Invocation& asked, const Json& result) {
  const bool sets_keys = asked.command == "device set" || asked.command == "gateway set";
  return (sets_keys && list_at(result, "changed").empty()) || flag_at(asked.arguments, "dry_run");
}

void add_fate(const Json& publish, Rendered& rendered) {
  const std::string state = text_at(publish, "state");
  const std::string why = text_at(publish, "why");
  if (state == "published") {
    const auto us = count_at(publish, "build_us") + count_at(publish, "publish_us");
    rendered.out +=
        "; served as generation " + text_at(publish, "generation") + " after " + human_us(us);
  } else if (state == "unchanged") {
    rendered.out +=
        "; the files are the same, generation " + text_at(publish, "generation") + " stays";
  } else if (state == "held") {
    rendered.out += "; saved and built, not published";
    rendered.warnings.push_back("not served: " + why);
  } else if (state == "pending" && publish.contains("waited_s")) {
    // A dataplane is there, and it was to be waited for.
    const std::string after = "not served after " + text_at(publish, "waited_s") + " s";
    rendered.out += "; saved, " + after;
    rendered.error = Error{ErrorCode::kTimeout, "saved, but " + after + ": " + why +
                                                    "; dialtone status says when it is served"};
  } else if (state == "pending") {
    rendered.out += "; saved, not served yet";
    if (!why.empty()) {
      rendered.warnings.push_back("not served yet: " + why);
    }
  } else if (state == "refused") {
    rendered.out += "; saved, but not served";
    rendered.error = refused("the dataplane refused the new files and serves the old ones: " + why);
  }
}

}  // namespace

Rendered render_output(const Invocation& asked, const Json& result) {
  if (*asked.output == "-") {
    return {};
  }
  return {printable(*asked.output) + ": " + counted(count_at(result, "rows"), "row") + ", " +
              human_size(count_at(result, "length")) + "\n",
          {},
          {}};
}

Rendered render_change(const Invocation& asked, const Json& result) {
  Rendered rendered;
  rendered.out = what(asked, result);
  if (!changes_nothing(asked, result) && asked.command != "check") {
    add_fate(at(result, "publish"), rendered);
  }
  rendered.out += '\n';
  return rendered;
}

}  // namespace dialtone::cli
