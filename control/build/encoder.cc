// SPDX-License-Identifier: Apache-2.0
#include "control/build/encoder.h"

#include "control/build/child_process.h"
#include "dataplane/base/digest.h"

#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <system_error>

namespace dialtone::build {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words_of(std::string_view command) {
  std::vector<std::string> words;
  while (!command.empty()) {
    const std::size_t end = std::min(command.find(' '), command.size());
    if (end != 0) {
      words.emplace_back(command.substr(0, end));
    }
    command.remove_prefix(std::min(end + 1, command.size()));
  }
  return words;
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

Result<Encoder> Encoder::create(std::string_view command, std::string cache, EncoderLimits limits) {
  std::vector<std::string> words = words_of(command);
  if (words.empty() || words.front().front() != '/' || ::access(words.front().c_str(), X_OK) != 0) {
    return refused("encoder '" + std::string(command) +
                   "': its first word is not the full path of a program that can be run");
  }
  return Encoder(std::move(words), std::move(cache), limits);
}

// The program's own size and time are in it: another version has results of its own.
std::string Encoder::cache_path(std::string_view text) const {
  DigestStream digest;
  for (const std::string& word : words_) {
    digest.update(bytes_of(word));
    digest.update(bytes_of(std::string_view("\0", 1)));
  }
  struct stat status {};
  if (::stat(words_.front().c_str(), &status) == 0) {
    const std::string version = std::to_string(status.st_size) + "." +
                                std::to_string(status.st_mtim.tv_sec) + "." +
                                std::to_string(status.st_mtim.tv_nsec);
    digest.update(bytes_of(version));
  }
  digest.update(bytes_of(text));
  return cache_ + "/" + to_hex(digest.finish());
}

Result<std::string> Encoder::encode(std::string_view text) const {
  if (cache_.empty()) {
    return run(text);
  }
  const std::string path = cache_path(text);
  if (std::ifstream in(path, std::ios::binary); in) {
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!bytes.empty()) {
      return bytes;
    }
  }
  auto bytes = run(text);
  if (!bytes) {
    return bytes;
  }
  // A folder that cannot be written costs a run the next time, and nothing else.
  std::error_code ignored;
  fs::create_directories(cache_, ignored);
  fs::permissions(cache_, fs::perms::owner_all, ignored);  // there are secrets in profiles
  const std::string half = path + "." + std::to_string(::gettid()) + std::string(kHalfEncoded);
  std::ofstream out(half, std::ios::binary);
  if (out && out << *bytes && out.flush()) {
    fs::rename(half, path, ignored);
  } else {
    fs::remove(half, ignored);  // the disk is full
  }
  return bytes;
}

Result<std::string> Encoder::run(std::string_view text) const {
  auto output = run_filter(words_, text, {limits_.time, limits_.output});
  if (!output) {
    return Error{output.error().code, "encoder '" + words_.front() + "': " + output.error().text};
  }
  if (output->empty()) {
    return refused("encoder '" + words_.front() + "': it wrote nothing");
  }
  return output;
}

}  // namespace dialtone::build
