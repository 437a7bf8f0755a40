// SPDX-License-Identifier: Apache-2.0
//
// The part of the service that is about signed files: the key, what is signed behind the builds,
// and which generations are kept meanwhile (docs/signing.md).
#include "control/daemon/service.h"
#include "dataplane/program/log.h"

namespace dialtone::daemon {
namespace {

constexpr const char* kKeyStays = "; the key of before is used on";
constexpr const char* kSignedStays =
    "; what is signed is served on, nothing else is signed; 'dialtone build' reads it again";
// Signed files are carried over from the image of before, which a start has of a kept generation.
constexpr const char* kNoneSigned =
    "; no file is served under a signed name (.sgn), those of before this start neither, since no "
    "generation with them is kept; 'dialtone build' reads it again";

const char* what_becomes(const build::Builder& builder) {
  if (builder.signed_files().key() != nullptr) {
    return kKeyStays;
  }
  for (const auto& [name, entry] : builder.image().files()) {
    if (name.ends_with(".sgn")) {
      return kSignedStays;
    }
  }
  return kNoneSigned;
}

}  // namespace

// Again before each full build: who puts a new one there says 'dialtone build', or SIGHUP. One that
// cannot be used leaves that of before in use.
void Service::load_signing_key() {
  if (!options_.signing) {
    return;
  }
  signing_faults_.clear();
  auto key = signing::SigningKey::load(*options_.signing, signing_faults_);
  for (const Diagnostic& fault : signing_faults_) {
    spdlog::error("{}{}", to_string(fault), what_becomes(*builder_));
  }
  if (key == nullptr) {
    return;
  }
  const auto& before = builder_->signed_files().key();
  if (before == nullptr || !before->is_same(*key)) {
    spdlog::info("files are signed as {}, RSA of {} bits", key->names().subject, key->bits());
    for (const std::string& warning : key->warnings()) {
      spdlog::warn("{}", warning);
    }
  }
  builder_->use_signing_key(std::move(key));
}

void Service::sign_more(Clock::time_point now) {
  const auto files = builder_->continue_signing(now);
  // Tried every few seconds, for as long as memory is short.
  if (!files && files.error().text != signing_error_) {
    spdlog::error("signed files: {}; those of before are served on", files.error().text);
  } else if (files && *files != 0) {
    history_.note_change("signatures", *files);
    signed_version_ = builder_->image().version();
    publisher_->step(now);
  }
  const build::SigningProgress progress = builder_->signed_files().progress();
  signing_error_ = progress.trouble;
  const bool is_signing = progress.pending != 0 && builder_->signed_files().key() != nullptr;
  if (was_signing_ && !is_signing) {
    spdlog::info("signed: {} files, {} signatures made since the start, {} found right",
                 progress.current, progress.made, progress.kept);
    keep_when_signed();
  }
  was_signing_ = is_signing;
}

bool Service::awaits_signatures() const {
  const build::SigningProgress progress = builder_->signed_files().progress();
  return builder_->signed_files().key() != nullptr && progress.pending != 0 &&
         progress.trouble.empty();
}

// A full build is one change: the generations on its way to all signatures would push out those
// that somebody may want to go back to, and none of them is one to go back to.
void Service::keep(const publish::SentOffer& sent) {
  unkept_.reset();
  // Those that have come since it was offered are in the next one.
  const bool lacks_some = awaits_signatures() || sent.state.image < signed_version_;
  if (sent.state.rollback == 0 && lacks_some) {
    history_.passed(sent);
    unkept_ = sent;
    return;
  }
  history_.published(sent);
}

// The last batch may have changed nothing, and then no further generation comes.
void Service::keep_when_signed() {
  if (unkept_ && unkept_->offer.content_digest == builder_->image().files().content_digest()) {
    history_.published(*unkept_);
    unkept_.reset();
  }
}

void Service::add_signing_warnings(std::vector<std::string>& texts) const {
  const build::SignedFiles& files = builder_->signed_files();
  for (const Diagnostic& fault : signing_faults_) {
    texts.push_back(to_string(fault) + what_becomes(*builder_));
  }
  if (files.key() != nullptr) {
    const auto warnings = files.key()->warnings();
    texts.insert(texts.end(), warnings.begin(), warnings.end());
  }
  if (const std::string trouble = files.progress().trouble; !trouble.empty()) {
    texts.push_back("files cannot be signed: " + trouble +
                    "; those of before are served on, and it is tried again");
  }
}

}  // namespace dialtone::daemon
