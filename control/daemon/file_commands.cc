// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_formats.h"
#include "control/daemon/commands.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/name_class.h"
#include "dataplane/abi/served_file.h"
#include "dataplane/base/printable.h"

#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

namespace dialtone::daemon {
namespace {

std::string_view class_text(abi::FileClass file_class) noexcept {
  switch (file_class) {
    case abi::FileClass::kOther:
      break;
    case abi::FileClass::kDeviceConfig:
      return "device config";
    case abi::FileClass::kDefaultConfig:
      return "default config";
    case abi::FileClass::kLoad:
      return "load";
    case abi::FileClass::kRing:
      return "ring";
    case abi::FileClass::kLocale:
      return "locale";
    case abi::FileClass::kBackground:
      return "background";
    case abi::FileClass::kTrust:
      return "trust";
    case abi::FileClass::kDialPlan:
      return "dial plan";
    case abi::FileClass::kSoftkey:
      return "softkey";
    case abi::FileClass::kGateway:
      return "gateway";
  }
  return "other";
}

std::string_view origin_text(abi::Origin origin) noexcept {
  switch (origin) {
    case abi::Origin::kBuilt:
      return "built";
    case abi::Origin::kAsset:
      return "asset";
    case abi::Origin::kProxied:
      break;
  }
  return "proxied";
}

api::Json file_json(std::string_view name, const abi::FileRecord& record) {
  api::Json json;
  json["name"] = name;
  json["length"] = record.length;
  json["digest"] = to_hex(record.digest);
  json["class"] = class_text(record.file_class);
  json["origin"] = origin_text(record.origin);
  json["modified"] = record.modified_s;
  return json;
}

// Made of a tree of ours that was never held against what reads it (docs/gateways.md).
bool is_unverified(const Service& service, std::string_view name, const abi::FileRecord& record) {
  const build::GatewayBuilder* gateways = service.builder().gateways();
  const build::GatewayState::File* file =
      gateways == nullptr || record.origin != abi::Origin::kBuilt
          ? nullptr
          : gateways->find(std::string(name));
  return file != nullptr && file->unverified;
}

// Each is held against each file.
constexpr std::size_t kMostPatterns = 64;

// "pattern" is one, or a list of them.
Result<std::vector<std::string>> read_patterns(const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"pattern", "patterns", "group_by", "models"}));
  if (arguments.has("patterns")) {
    auto patterns = arguments.texts("patterns");
    if (patterns && patterns->size() > kMostPatterns) {
      return refused("more than " + std::to_string(kMostPatterns) +
                     " patterns are not taken; quote a pattern with *, so that the shell does not "
                     "put names of files in its place");
    }
    return patterns;
  }
  auto one = arguments.name_or("pattern", "*");
  return one ? Result<std::vector<std::string>>({*one}) : one.error();
}

// FNM_CASEFOLD: canonical names are in lower case, people's patterns are not.
bool matches_one(const std::string& name, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) == 0;
  });
}

using Found = std::vector<std::pair<std::string_view, const image_build::FileEntry*>>;

// What a name says of what is in the file.
std::string_view format_of(std::string_view name) noexcept {
  constexpr std::pair<std::string_view, std::string_view> kSuffixes[] = {
      {".cnf.xml", "cnf_xml"}, {".cnf", "cnf"}, {".xml", "xml"},    {".cfg", "cfg"},
      {".tlv", "tlv"},         {".sgn", "sgn"}, {".loads", "loads"}};
  for (const auto& [suffix, format] : kSuffixes) {
    if (name.ends_with(suffix)) {
      return format;
    }
  }
  const abi::NameClass kind = abi::name_class(name);
  return kind == abi::NameClass::kLd || kind == abi::NameClass::kGk || kind == abi::NameClass::kAta
             ? "profile"
             : "other";
}

// {"groups": [{"format", "files", "bytes"}], "cnf_xml": 3, ...}: each format under its own name
// too, for claims.
api::Json groups_json(const Found& found) {
  struct Group {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
  };
  std::map<std::string_view, Group> groups;
  for (const auto& [name, entry] : found) {
    Group& group = groups[format_of(name)];
    ++group.files;
    group.bytes += entry->record().length;
  }
  api::Json json;
  json["count"] = found.size();
  json["groups"] = api::Json::array();
  for (const auto& [format, group] : groups) {
    json[std::string(format)] = group.files;
    json["groups"].push_back({{"format", format}, {"files", group.files}, {"bytes", group.bytes}});
  }
  return json;
}

// Leaves the files of devices of these models, and says whether all have the names that they
// should.
Result<void> keep_models(Service& service, const Arguments& arguments, Found& found,
                         Answer& answer) {
  const auto models = arguments.texts("models");
  if (!models) {
    return models.error();
  }
  const auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  const image_build::FileTable& files = service.builder().image().files();
  const auto names = build::files_of_models(**database, files, *models);
  const auto formats =
      build::count_formats(**database, files, service.builder().build_cnf(), *models);
  if (!names || !formats) {
    return names ? formats.error() : names.error();
  }
  const std::set<std::string, std::less<>> kept(names->begin(), names->end());
  std::erase_if(found, [&](const auto& file) { return !kept.contains(file.first); });
  answer.result["devices"] = formats->devices;
  answer.result["names_ok"] = formats->wrong_names == 0;
  return {};
}

// The files are those of the newest build; clients may still get those before.
void warn_when_not_served(const Service& service, Answer& answer) {
  if (const std::string why = service.not_served(); !why.empty()) {
    answer.warnings.push_back("clients do not get these files yet: " + why);
  }
}

// As workers answer the name.
const image_build::FileEntry* find_answer(const Service& service, std::string_view name) {
  const image_build::FileTable& files = service.builder().image().files();
  const image_build::FileEntry* own = files.find(name);
  return own != nullptr ? own
                        : files.find(abi::cluster_trust_list(name, [&](std::string_view other) {
                            return files.find(other) != nullptr;
                          }));
}

}  // namespace

Outcome list_files(Service& service, const Request& request) {
  const auto patterns = read_patterns(request.arguments);
  if (!patterns) {
    return Refusal{patterns.error(), {}};
  }
  const auto group_by = request.arguments.name_or("group_by", "");
  if (!group_by || (!group_by->empty() && *group_by != "format")) {
    return Refusal{group_by ? usage("'group_by' is format") : group_by.error(), {}};
  }
  Found found;
  for (const auto& [name, entry] : service.builder().image().files()) {
    if (matches_one(name, *patterns)) {
      found.emplace_back(name, &entry);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  Answer answer;
  if (const auto store = service.asset_store(); store) {
    answer.result["partial"] = (*store)->partial();
  }
  if (request.arguments.has("models")) {
    auto kept = keep_models(service, request.arguments, found, answer);
    if (!kept) {
      return Refusal{kept.error(), {}};
    }
  }
  warn_when_not_served(service, answer);
  if (!group_by->empty()) {
    answer.result.update(groups_json(found));
    return answer;
  }
  api::Json list = api::Json::array();
  for (const auto& [name, entry] : found) {
    api::Json file = file_json(name, entry->record());
    if (is_unverified(service, name, entry->record())) {
      file["unverified"] = true;
    }
    list.push_back(std::move(file));
  }
  answer.result["count"] = list.size();
  answer.result["files"] = std::move(list);
  return answer;
}

Outcome show_file(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"name"}); !only) {
    return Refusal{only.error(), {}};
  }
  const auto asked = request.arguments.text("name");
  if (!asked) {
    return Refusal{asked.error(), {}};
  }
  abi::CanonicalName name;
  const image_build::FileEntry* file =
      abi::canonicalize(*asked, name) ? find_answer(service, name.view()) : nullptr;
  if (file == nullptr) {
    return Refusal{
        refused("no file '" + excerpt(*asked) + "' is served; dialtone files ls lists them"), {}};
  }
  // Its own descriptor, since the segment may leave the image before the client has read it.
  UniqueFd segment(::fcntl(file->segment->fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!segment.valid()) {
    return Refusal{errno_error("handing over the file", errno), {}};
  }
  const abi::FileRecord& record = file->record();
  Answer answer;
  warn_when_not_served(service, answer);
  answer.result["name"] = name.view();
  answer.result["length"] = record.length;
  answer.result["offset"] = record.content_offset;
  answer.result["digest"] = to_hex(record.digest);
  answer.attachments.push_back(std::move(segment));
  return answer;
}

}  // namespace dialtone::daemon
