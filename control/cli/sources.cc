// SPDX-License-Identifier: Apache-2.0
#include "control/cli/sources.h"

#include "control/cli/folder_listing.h"
#include "control/cli/source_file.h"
#include "control/cli/text.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace dialtone::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 256 * 1024;

// What is to be sent, before it is read.
Result<std::vector<ListedFile>> list_sources(const Sources& sources,
                                             std::vector<std::string>& hidden,
                                             Diagnostics& faults) {
  std::vector<ListedFile> files;
  const bool one = sources.paths.size() == 1;
  const Readers readers = sources.is_server ? Readers::kEverybody : Readers::kWeAlone;
  for (const std::string& path : sources.paths) {
    std::error_code error;
    if (path != "-" && fs::is_directory(path, error)) {
      for (ListedFile& file : list_source_folder(path, readers, faults, hidden)) {
        file.name = sources.name.empty() ? file.name : sources.name + '/' + file.name;
        files.push_back(std::move(file));
      }
      continue;
    }
    if (sources.is_server) {
      return refused(printable(path) + " is no folder; give the one that the other server serves");
    }
    const std::string base = fs::path(path).filename().string();
    if (path == "-" && (sources.name.empty() || !one)) {
      return usage("standard input has no name; give it alone, with --as NAME");
    }
    files.push_back({path, sources.name.empty() ? base
                           : one                ? sources.name
                                                : sources.name + '/' + base});
  }
  if (!faults.empty() && (!sources.is_server || files.empty())) {
    return to_error(ErrorCode::kRefused, faults);
  }
  if (files.empty()) {
    return refused("there is no file in " + printable(sources.paths.front()));
  }
  return files;
}

// The bytes of one file, behind those that are there.
Result<std::uint64_t> copy_in(const ListedFile& file, int standard_input, const UniqueFd& memfd,
                              std::uint64_t at, ReadSoFar& so_far) {
  const auto fd = open_source(file.path, standard_input);
  if (!fd) {
    return fd.error();
  }
  std::array<char, kChunk> chunk;
  std::uint64_t length = 0;
  for (;;) {
    const auto got = read_some(fd->get(), chunk, file.path);
    if (!got || *got == 0) {
      return got ? Result<std::uint64_t>(length) : got.error();
    }
    if (at + length + *got > api::kMaxUpload) {
      return api::upload_too_large();
    }
    DIALTONE_TRY(api::append(memfd, {chunk.data(), *got}, at + length));
    length += *got;
    so_far.bytes += *got;
  }
}

}  // namespace

Result<ReadSources> read_sources(const Sources& sources, int standard_input, ReadSoFar& so_far) {
  ReadSources read{{}, api::Json::array(), api::Json::array(), {}};
  Diagnostics faults;
  const auto files = list_sources(sources, read.hidden, faults);
  if (!files) {
    return files.error();
  }
  auto memfd = api::open_memfd();
  if (!memfd) {
    return memfd.error();
  }
  std::uint64_t at = 0;
  so_far.all_files = files->size();
  for (const ListedFile& file : *files) {
    const auto length = copy_in(file, standard_input, *memfd, at, so_far);
    ++so_far.files;
    if (length) {
      read.files.push_back({{"name", file.name}, {"length", *length}});
      at += *length;
      continue;
    }
    const bool is_full = length.error().code == ErrorCode::kRefused;
    if (faults.empty() && (is_full || files->size() == 1)) {
      return length.error();
    }
    faults.push_back(
        {printable(file.path), 0, 0, is_full ? "too-large" : "unreadable", length.error().text});
    if (is_full) {
      break;
    }
  }
  if (!faults.empty() && (!sources.is_server || read.files.empty())) {
    return to_error(ErrorCode::kRefused, faults);
  }
  for (const Diagnostic& fault : faults) {
    read.faults.push_back({{"file", fault.file}, {"code", fault.code}, {"text", fault.text}});
  }
  // The daemon sees that the rest is missing.
  const std::uint64_t sent = at * sources.stop_percent / 100;
  // Part of a file that could not be read to its end may lie behind.
  if ((sent < at || !faults.empty()) && ::ftruncate(memfd->get(), static_cast<off_t>(sent)) != 0) {
    return errno_error("cutting what is sent", errno);
  }
  DIALTONE_TRY(api::seal(*memfd));
  read.bytes = *std::move(memfd);
  return read;
}

}  // namespace dialtone::cli
