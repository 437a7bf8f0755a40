// SPDX-License-Identifier: Apache-2.0
#include "control/backup/backup_writer.h"

#include "control/backup/sha256.h"
#include "dataplane/base/unique_fd.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <sys/stat.h>

#include <array>
#include <cerrno>

namespace dialtone::backup {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kChunk = 256 * 1024;

}  // namespace

struct BackupWriter::State {
  ~State() {
    // Free alone would write the end of the archive, and fail on a full disk without a word.
    archive_write_free(archive);
  }

  Error error(const std::string& doing) const {
    const int number = archive_errno(archive);
    const char* text = archive_error_string(archive);
    const std::string what = "writing the backup: " + doing;
    return number > 0 ? errno_error(what, number)
                      : failed(what + ": " + (text == nullptr ? "it failed" : text));
  }

  Result<void> begin(std::string_view name, std::uint64_t size) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, std::string(name).c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(size));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    const int outcome = archive_write_header(archive, entry);
    archive_entry_free(entry);
    return outcome == ARCHIVE_OK ? Result<void>() : error(std::string(name));
  }

  Result<void> put(std::string_view part) {
    const la_ssize_t put = archive_write_data(archive, part.data(), part.size());
    return put == static_cast<la_ssize_t>(part.size()) ? Result<void>() : error("data");
  }

  void note(std::string_view name, std::uint64_t size, const std::string& digest) {
    entries.push_back({{"name", name}, {"bytes", size}, {"sha256", digest}});
    bytes += size;
  }

  int fd = -1;
  struct archive* archive = nullptr;
  Json entries = Json::array();
  std::uint64_t bytes = 0;
};

BackupWriter::BackupWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
BackupWriter::BackupWriter(BackupWriter&&) noexcept = default;
BackupWriter::~BackupWriter() = default;

Result<BackupWriter> BackupWriter::create(int fd) {
  auto state = std::make_unique<State>();
  state->fd = fd;
  state->archive = archive_write_new();
  if (archive_write_set_format_pax_restricted(state->archive) != ARCHIVE_OK ||
      archive_write_open_fd(state->archive, fd) != ARCHIVE_OK) {
    return state->error("opening it");
  }
  return BackupWriter(std::move(state));
}

Result<void> BackupWriter::add(std::string_view name, std::string_view content) {
  DIALTONE_TRY(state_->begin(name, content.size()));
  DIALTONE_TRY(state_->put(content));
  Sha256 digest;
  digest.add(content);
  state_->note(name, content.size(), digest.hex());
  return {};
}

Result<void> BackupWriter::add_file(std::string_view name, int file, const std::string& path) {
  struct stat status {};
  if (::fstat(file, &status) != 0) {
    return errno_error("reading " + path, errno);
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  DIALTONE_TRY(state_->begin(name, size));
  Sha256 digest;
  std::vector<char> chunk(kChunk);
  for (std::uint64_t done = 0; done < size;) {
    const std::size_t wanted = std::min<std::uint64_t>(chunk.size(), size - done);
    const ssize_t got = ::pread(file, chunk.data(), wanted, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return got == 0 ? failed(path + " became shorter while it was read; make the backup again")
                      : errno_error("reading " + path, errno);
    }
    const std::string_view part(chunk.data(), static_cast<std::size_t>(got));
    DIALTONE_TRY(state_->put(part));
    digest.add(part);
    done += part.size();
  }
  state_->note(name, size, digest.hex());
  return {};
}

Result<void> BackupWriter::finish(const About& about) {
  const Json manifest = {{"format", kFormat},
                         {"program", about.program},
                         {"schema", about.schema},
                         {"made_s", about.made_s},
                         {"content_digest", about.content_digest},
                         {"entries", state_->entries}};
  const std::string text = manifest.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  DIALTONE_TRY(state_->begin(kManifest, text.size()));
  DIALTONE_TRY(state_->put(text));
  if (archive_write_close(state_->archive) != ARCHIVE_OK) {
    return state_->error("its end");
  }
  return ::fsync(state_->fd) == 0 ? Result<void>() : errno_error("writing the backup", errno);
}

std::size_t BackupWriter::entries() const noexcept {
  return state_->entries.size();
}

std::uint64_t BackupWriter::bytes() const noexcept {
  return state_->bytes;
}

}  // namespace dialtone::backup
