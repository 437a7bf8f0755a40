// SPDX-License-Identifier: Apache-2.0
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {
namespace {

using api::Json;

std::string us_at(const Json& object, const char* key) {
  const auto value = number_at(object, key);
  return value ? human_us(*value) : "an unknown time";
}

std::string head(const Json& status) {
  std::string text = "pid " + text_at(status, "pid");
  if (const auto uptime = number_at(status, "uptime_s")) {
    text += ", up " + human_uptime(*uptime);
  }
  return text_at(status, "version") + ", " + text;
}

std::string path_or(const Json& status, const char* key, const char* none) {
  const std::string path = text_at(status, key);
  return path.empty() ? none : path;
}

std::string dataplane(const Json& status, const Style& style) {
  const Json& plane = at(status, "dataplane");
  const std::string socket = text_at(plane, "socket");
  if (!flag_at(plane, "connected")) {
    return style.warning("not connected") + " (" + socket + ')';
  }
  std::string text =
      "pid " + text_at(plane, "pid") + ", " + counted(count_at(plane, "workers"), "worker") + ", ";
  const auto served = number_at(plane, "generation");
  const bool newest = text_at(plane, "content_digest") == text_at(status, "content_digest");
  const std::string what = served && *served == 0
                               ? std::string("serves nothing yet")
                               : "serves generation " + text_at(plane, "generation");
  text += newest ? style.good(what) : style.warning(what);
  if (!newest && served && *served != 0) {
    text += ", not the newest files";
  }
  if (flag_at(plane, "private_map")) {
    text += ", maps privately";
  }
  return text + " (" + socket + ')';
}

std::string last_build(const Json& build) {
  if (!build.is_object()) {
    return "none yet";
  }
  return text_at(build, "kind") + ": " + counted(count_at(build, "devices"), "device") + ", " +
         counted(count_at(build, "files"), "file") + " in " + us_at(build, "build_us");
}

std::string last_publish(const Json& publish, const Style& style) {
  const std::string state = text_at(publish, "state");
  const std::string why = text_at(publish, "why");
  if (state == "published") {
    return "generation " + text_at(publish, "generation") + ", " +
           counted(count_at(publish, "files"), "file") + " changed, in " +
           us_at(publish, "publish_us");
  }
  if (state == "unchanged") {
    return "generation " + text_at(publish, "generation") + ", nothing to change";
  }
  if (state.empty()) {
    return "none yet";
  }
  return style.warning(state) + (why.empty() ? std::string() : ": " + why);
}

std::string policy(const Json& policy, const Style& style) {
  const std::string state = text_at(policy, "state");
  const std::string why = text_at(policy, "why");
  const std::string profile = "profile " + text_at(policy, "profile");
  if (state == "published") {
    return profile + ", served";
  }
  return profile + ", " + style.warning(state) + (why.empty() ? std::string() : ": " + why);
}

std::string generations(const Json& kept, const Style& style) {
  if (!kept.is_object()) {
    return "none are kept";
  }
  const auto rollback = number_at(kept, "rollback");
  const auto pending = count_at(kept, "pending");
  std::string text = "the last " + text_at(kept, "most") + " in " + text_at(kept, "folder");
  if (const auto us = count_at(kept, "write_us"); us != 0) {
    text += ", the newest " + human_size(count_at(kept, "written_bytes")) + " in " + human_us(us);
  }
  if (pending != 0) {
    text += ", " + grouped(pending) + " to be written";
  }
  return rollback
             ? style.warning("rolled back to generation " + std::to_string(*rollback)) + ", " + text
             : text;
}

std::string signing(const Json& signing, const Style& style) {
  if (!flag_at(signing, "usable")) {
    return style.warning("the key cannot be used");
  }
  const auto pending = count_at(signing, "pending");
  const auto rate = count_at(signing, "per_second");
  std::string text = grouped(count_at(signing, "signed")) + " signed";
  if (pending != 0) {
    text += ", " + grouped(pending) + " to do";
    text += rate == 0 ? std::string() : ", some " + grouped(pending / rate + 1) + " s";
  }
  return text + ", as " + text_at(signing, "subject");
}

std::string gateways(const Json& counts) {
  const auto unverified = count_at(counts, "unverified");
  return grouped(count_at(counts, "count")) + ", " + counted(count_at(counts, "files"), "file") +
         (unverified == 0 ? std::string()
                          : ", " + grouped(unverified) + " of an unverified tree of ours");
}

std::string memory(const Json& status) {
  const auto huge = count_at(status, "hugepage_bytes");
  const Json& pool = at(status, "hugepages");
  return human_size(count_at(status, "memory_bytes")) + " in " +
         counted(count_at(status, "segments"), "segment") +
         (huge == 0 ? ", on ordinary pages" : ", " + human_size(huge) + " on huge pages") +
         (count_at(pool, "total_bytes") == 0
              ? std::string()
              : " (" + human_size(count_at(pool, "free_bytes")) + " free)");
}

// How many rows there are is known once the text has been read.
std::string import_text(const Json& import) {
  const auto rows = count_at(import, "rows");
  return text_at(import, "file") + (at(import, "check") == true ? ", a check" : "") +
         (rows == 0 ? std::string()
                    : ", " + grouped(count_at(import, "done")) + " of " + grouped(rows) + " rows");
}

}  // namespace

std::string render_status(const Json& result, const Style& style) {
  KeyValues lines;
  lines.add("dialtone-control", head(result));
  lines.add("database", path_or(result, "database", "none"));
  lines.add("assets", path_or(result, "assets", "none"));
  lines.add("devices", grouped(count_at(result, "devices")));
  if (const Json& import = at(result, "import"); import.is_object()) {
    lines.add("import", import_text(import));
  }
  if (count_at(at(result, "gateways"), "count") != 0) {
    lines.add("gateways", gateways(at(result, "gateways")));
  }
  lines.add("files",
            grouped(count_at(result, "files")) + ", " + human_size(count_at(result, "bytes")));
  lines.add("generation",
            text_at(result, "generation") + ", digest " + text_at(result, "content_digest"));
  lines.add("dataplane", dataplane(result, style));
  if (at(result, "service").is_object()) {
    lines.add("service", service_text(at(result, "service"), style));
  }
  lines.add("last build", last_build(at(result, "last_build")));
  lines.add("last publish", last_publish(at(result, "publish"), style));
  lines.add("policy", policy(at(result, "policy"), style));
  lines.add("generations", generations(at(result, "generations"), style));
  if (at(result, "signing").is_object()) {
    lines.add("signing", signing(at(result, "signing"), style));
  }
  lines.add("memory", memory(result));
  return lines.render(style);
}

}  // namespace dialtone::cli
