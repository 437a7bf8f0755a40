// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/origin.h"

#include "bench/emu/device/lower_case.h"
#include "bench/emu/storm/text_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace dialtone::emu {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string folded(std::string_view name) {
  std::string text = lower_case(name);
  std::replace(text.begin(), text.end(), '\\', '/');
  text.erase(0, text.find_first_not_of('/'));
  return text;
}

// Of the trust list of a device; of any other name what is no file's.
std::string cluster_list_of(const std::string& folded_name) {
  const std::string_view name = folded_name;
  const bool is_list =
      name.ends_with(".tlv") && (name.starts_with("ctl") || name.starts_with("itl"));
  return is_list ? std::string(name.substr(0, 3)) + "file.tlv" : std::string();
}

std::optional<Digest> digest_of_hex(const std::string& text) {
  constexpr std::size_t kHalf = 16;
  Digest digest;
  const char* begin = text.data();
  const bool is_right =
      text.size() == 2 * kHalf &&
      std::from_chars(begin, begin + kHalf, digest.high, 16).ptr == begin + kHalf &&
      std::from_chars(begin + kHalf, begin + 2 * kHalf, digest.low, 16).ptr == begin + 2 * kHalf;
  return is_right ? std::optional(digest) : std::nullopt;
}

Result<void> add_listed(const json& file, const std::string& path, Origin& origin) {
  const auto digest = digest_of_hex(file.value("digest", ""));
  if (!digest || !file.contains("name") || !file.contains("length")) {
    return usage(path + ": an entry lacks name, length or digest: " + file.dump());
  }
  origin.add(file["name"].get<std::string>(),
             {.bytes = file["length"].get<std::uint64_t>(), .digest = *digest});
  return {};
}

}  // namespace

void Origin::add(std::string_view name, OriginFile file) {
  files_[folded(name)].push_back(std::move(file));
}

Expected Origin::find(std::string_view name) const {
  const std::string wanted = folded(name);
  if (const auto found = files_.find(wanted); found != files_.end()) {
    return {found->second, found->second.size() < states_};
  }
  // A call manager's server answers its own devices, and no others, from the list of the cluster.
  const auto cluster = files_.find(cluster_list_of(wanted));
  return cluster == files_.end() ? Expected{} : Expected{cluster->second, true};
}

Result<void> read_origin_folder(const std::string& folder, Origin& origin) {
  origin.begin_state();
  std::error_code fault;
  for (fs::recursive_directory_iterator at(folder, fault), end; !fault && at != end;
       at.increment(fault)) {
    if (!at->is_regular_file()) {
      continue;
    }
    std::ifstream in(at->path(), std::ios::binary);
    if (!in) {
      return errno_error("opening " + at->path().string(), errno);
    }
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto bytes = std::as_bytes(std::span(text));
    origin.add(fs::relative(at->path(), folder).string(),
               {bytes.size(), digest_of(bytes), {bytes.begin(), bytes.end()}});
  }
  if (fault) {
    return failed("reading the folder " + folder + ": " + fault.message());
  }
  return {};
}

Result<void> read_origin_list(const std::string& path, Origin& origin) {
  const auto text = read_text_file(path);
  if (!text) {
    return text.error();
  }
  const json document = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  const json* files = &document;
  if (document.is_object() && document.contains("result") && document["result"].contains("files")) {
    files = &document["result"]["files"];
  }
  if (!files->is_array()) {
    return usage(path + " is no list of files; `dialtone --json files ls` prints one");
  }
  origin.begin_state();
  try {
    for (const json& file : *files) {
      DIALTONE_TRY(add_listed(file, path, origin));
    }
  } catch (const json::exception&) {
    return usage(path + ": an entry is no object with name, length and digest");
  }
  return {};
}

}  // namespace dialtone::emu
