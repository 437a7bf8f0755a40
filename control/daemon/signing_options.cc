// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/signing_options.h"

#include "control/signing/signing_cpus.h"

namespace dialtone::daemon {
namespace {

// Those of the dataplane that the same file configures; its own faults are its own to tell.
std::vector<int> worker_cpus(const config::TomlFile& file, const std::vector<int>& allowed) {
  Diagnostics ignored;
  config::TomlTable table = file.table("dataplane", ignored);
  if (!table.has("device")) {
    return {};  // it runs elsewhere, or with another file
  }
  std::vector<int> cpus;
  for (const std::int64_t cpu : table.integers("lcores", {0, 1023})) {
    cpus.push_back(static_cast<int>(cpu));
  }
  return cpus.empty() ? std::vector<int>{allowed.back()} : cpus;
}

}  // namespace

void read_signing(const config::TomlFile& file, Options& options, Diagnostics& faults) {
  config::TomlTable table = file.table("signing", faults);
  signing::SigningOptions read;
  read.key = table.text("key", "");
  read.certificate = table.text("certificate", "");
  read.digest = table.choice("digest", "sha1", {"sha1", "sha512"}) == "sha512"
                    ? signing::FileDigest::kSha512
                    : signing::FileDigest::kSha1;
  read.names = table.choice("names", "cucm", {"cucm", "comma"}) == "comma"
                   ? signing::NameStyle::kComma
                   : signing::NameStyle::kCucm;
  const std::vector<int> allowed = signing::allowed_cpus();
  options.signing_cpus = signing::cpus_to_sign_on(allowed, worker_cpus(file, allowed));
  if (read.key.empty() != read.certificate.empty()) {
    const char* missing = read.key.empty() ? "key" : "certificate";
    table.fault(missing, "missing-key",
                std::string("'") + missing +
                    "' is not set: files are signed with a key and its certificate; give both, or "
                    "neither");
  } else if (!read.key.empty()) {
    options.signing = read;
  }
  table.finish();
}

}  // namespace dialtone::daemon
