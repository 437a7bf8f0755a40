// SPDX-License-Identifier: Apache-2.0
//
// Signed files beside the plain ones: which there are after each kind of change, how many
// signatures it took, and that the key is in none of them.
#include "control/build/builder.h"
#include "tests/support/test_signer.h"
#include "tests/unit/control_database/temp_database.h"
#include "tests/unit/control_image/fake_memory.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>
#include <optional>

namespace dialtone::build {
namespace {

using test::must;
using Clock = SignedFiles::Clock;

constexpr const char* kFirst = "sep0000000000ab.cnf.xml";

class SignedBuilds : public test::TempDatabase {
 protected:
  SignedBuilds() {
    std::filesystem::create_directory(assets_);
    write(device("SEP0000000000AB", {{"description", "first"}}));
    write(device("SEP000000000002", {{"description", "second"}}));
    asset("RingList.xml", "<rings/>");
    asset("New_Zealand/g3-tones.xml", "<tones/>");
    asset("term41.default.loads", "parts");
    start();
  }
  void start() {
    builder_.emplace(must(Builder::create({path_, assets_, 2, /*huge_pages=*/false}, &db_)));
    EXPECT_TRUE(builder_->enable_signing({0}).ok());
    use(rsa_);
  }
  void use(const test::OwnedKey& rsa) {
    const signing::SigningOptions options{folder_.file("key.pem"), folder_.file("certificate.pem"),
                                          signing::FileDigest::kSha1, signing::NameStyle::kCucm};
    test::write_key(options.key, rsa);
    test::write_certificate(options.certificate, test::certificate_of(rsa));
    Diagnostics faults;
    builder_->use_signing_key(signing::SigningKey::load(options, faults));
    EXPECT_NE(builder_->signed_files().key(), nullptr);
  }
  void asset(const std::string& name, const std::string& text) {
    const std::filesystem::path path = assets_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::string content(const std::string& name) const {
    const image_build::FileEntry* file = builder_->image().files().find(name);
    if (file == nullptr) {
      return "(absent)";
    }
    const auto bytes = file->content();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string judge(const std::string& name, const std::string& spelled) const {
    return test::judge(content(name + ".sgn"), spelled + ".sgn", content(name), rsa_);
  }
  // All that is pending; false: not in time.
  bool finish() {
    const Clock::time_point end = Clock::now() + std::chrono::seconds(20);
    must(builder_->continue_signing(Clock::now()));
    while (builder_->signed_files().progress().pending != 0 && Clock::now() < end) {
      pollfd fd{builder_->signed_files().fd(), POLLIN, 0};
      ::poll(&fd, 1, 1000);
      must(builder_->continue_signing(Clock::now()));
    }
    return builder_->signed_files().progress().pending == 0;
  }
  std::uint64_t made() const { return builder_->signed_files().progress().made; }

  std::string assets_ = folder_.file("assets");
  test::OwnedKey rsa_ = test::rsa_key(1024);
  std::optional<Builder> builder_;
};

TEST_F(SignedBuilds, ThePlainFilesAreThereFirstAndTheSignedOnesFollow) {
  must(builder_->build_all());
  EXPECT_NE(content(kFirst), "(absent)");
  EXPECT_EQ(content(std::string(kFirst) + ".sgn"), "(absent)");
  EXPECT_EQ(builder_->signed_files().progress().pending, 5u);
  ASSERT_TRUE(finish());
  EXPECT_EQ(judge(kFirst, "SEP0000000000AB.cnf.xml"), "valid");
  EXPECT_EQ(judge("xmldefault.cnf.xml", "XMLDefault.cnf.xml"), "valid");
  EXPECT_EQ(judge("ringlist.xml", "RingList.xml"), "valid");
  EXPECT_EQ(judge("new_zealand/g3-tones.xml", "New_Zealand/g3-tones.xml"), "valid");
  EXPECT_EQ(content("term41.default.loads.sgn"), "(absent)");
  EXPECT_EQ(made(), 5u);
}

TEST_F(SignedBuilds, AChangeSignsWhatItChangesAndAtOnce) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  run("UPDATE lines SET label = 'Lobby' WHERE device_id = 1");
  EXPECT_EQ(must(builder_->follow_database()).files, 2u);
  EXPECT_EQ(judge(kFirst, "SEP0000000000AB.cnf.xml"), "valid");
  EXPECT_EQ(made(), 6u);
  asset("RingList.xml", "<other/>");
  EXPECT_EQ(must(builder_->follow_assets()).files, 2u);
  EXPECT_EQ(judge("ringlist.xml", "RingList.xml"), "valid");
  EXPECT_EQ(made(), 7u);
}

TEST_F(SignedBuilds, AnotherFullBuildSignsNothing) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  const std::uint64_t version = builder_->image().version();
  EXPECT_EQ(must(builder_->build_all()).files, 0u);
  ASSERT_TRUE(finish());
  EXPECT_EQ(made(), 5u);
  EXPECT_EQ(builder_->image().version(), version);
  // Nor does a process that finds them served already: it verifies them.
  builder_->use_signing_key(nullptr);
  use(rsa_);
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  EXPECT_EQ(made(), 5u);
  EXPECT_EQ(builder_->signed_files().progress().kept, 5u);
}

TEST_F(SignedBuilds, UntilItIsSignedTheLastSignedFileIsServed) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  const std::string before = content("ringlist.xml.sgn");
  asset("RingList.xml", "<other/>");
  must(builder_->build_all());
  EXPECT_EQ(content("ringlist.xml"), "<other/>");
  EXPECT_EQ(content("ringlist.xml.sgn"), before);
  ASSERT_TRUE(finish());
  EXPECT_EQ(judge("ringlist.xml", "RingList.xml"), "valid");
  EXPECT_EQ(made(), 6u);
}

TEST_F(SignedBuilds, WithoutAUsableKeyWhatIsSignedStays) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  const std::string before = content(std::string(kFirst) + ".sgn");
  builder_->use_signing_key(nullptr);
  run("UPDATE lines SET label = 'Lobby' WHERE device_id = 1");
  must(builder_->follow_database());
  must(builder_->build_all());
  EXPECT_NE(content(kFirst).find("Lobby"), std::string::npos);
  EXPECT_EQ(content(std::string(kFirst) + ".sgn"), before);
  EXPECT_EQ(made(), 5u);
}

// Wherever memory runs short; where it does so for the signature alone, that one follows.
TEST_F(SignedBuilds, AChangeThatFailsLeavesNothingUnsignedAndNeedsNoFullBuild) {
  int failures = 0;
  for (int point = 0; point < 6; ++point) {
    start();
    must(builder_->build_all());
    ASSERT_TRUE(finish());
    const std::string name = "SEP00000000010" + std::to_string(point);
    run("UPDATE devices SET name = '" + name + "' WHERE id = 1");
    {
      test::FakeMemory memory;
      memory.fail_once_after(point);
      auto report = builder_->follow_database();
      if (!report) {
        ++failures;
        EXPECT_EQ(builder_->signed_files().progress().current, 5u) << point;
        EXPECT_EQ(builder_->signed_files().progress().pending, 0u) << point;
        memory.fail_once_after(-1);
        report = builder_->follow_database();
      }
      EXPECT_FALSE(must(std::move(report)).full) << point;
    }
    ASSERT_TRUE(finish());
    EXPECT_EQ(judge("sep00000000010" + std::to_string(point) + ".cnf.xml", name + ".cnf.xml"),
              "valid");
    EXPECT_EQ(builder_->signed_files().progress().current, 5u) << point;
  }
  EXPECT_GT(failures, 1);
}

TEST_F(SignedBuilds, WhatCouldNotBeTakenInIsGivenAgainAndNotSignedAnew) {
  must(builder_->build_all());
  const image_build::FileTable& files = builder_->image().files();
  SignedFiles own;
  must(own.enable(
      {0}, /*huge_pages=*/false, [](const std::string& name, abi::Origin) { return name; },
      [](const std::string&) { return false; }));
  own.use(builder_->signed_files().key());
  own.plan(files);
  const auto sign = [&](Clock::time_point now) {
    EXPECT_EQ(own.advance(files, now).put.size(), 0u);  // begins
    pollfd fd{own.fd(), POLLIN, 0};
    ::poll(&fd, 1, 20'000);
    return own.advance(files, now).put.size();
  };
  Clock::time_point now = Clock::now();
  ASSERT_EQ(sign(now), 5u);
  own.put_off("no room", now);
  EXPECT_EQ(own.progress().current, 0u);
  EXPECT_EQ(own.progress().pending, 5u);
  EXPECT_EQ(own.progress().trouble, "no room");
  EXPECT_EQ(own.advance(files, now).put.size(), 0u) << "not at once";
  const auto give = [&] {
    EXPECT_GT(own.due(), now);
    now = own.due();
    return own.advance(files, now).put.size();
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(give(), 5u);
    own.put_off("no room", now);
  }
  EXPECT_EQ(own.progress().trouble, "no room");
  EXPECT_EQ(give(), 5u);
  EXPECT_EQ(own.progress().made, 5u);
  EXPECT_EQ(own.progress().current, 5u);
  EXPECT_EQ(own.progress().trouble, "");
  // What has changed meanwhile is not given, and without the key nothing is.
  own.put_off("no room", now);
  image_build::ImageChange change;
  change.gone.push_back("ringlist.xml");
  own.amend(files, change);
  EXPECT_EQ(own.progress().pending, 4u);
  EXPECT_EQ(give(), 4u);
  own.put_off("no room", now);
  own.use(nullptr);
  EXPECT_EQ(own.advance(files, now + std::chrono::hours(1)).put.size(), 0u);
}

// Else `status` would warn for ever, and generations would be kept without their signatures.
TEST_F(SignedBuilds, ATroubleEndsWithWhatItWasOf) {
  must(builder_->build_all());
  const image_build::FileTable& files = builder_->image().files();
  const auto put_off = [&](SignedFiles& own) {
    must(own.enable(
        {0}, /*huge_pages=*/false, [](const std::string& name, abi::Origin) { return name; },
        [](const std::string&) { return false; }));
    own.use(builder_->signed_files().key());
    own.plan(files);
    own.put_off("no room", Clock::now());
    EXPECT_EQ(own.progress().trouble, "no room");
  };
  image_build::ImageChange all_gone;
  image_build::ImageChange many;
  for (const auto& [name, entry] : files) {
    all_gone.gone.push_back(name);
    for (int i = 0; i < 20; ++i) {
      many.put.emplace_back(std::to_string(i) + name, entry);
    }
  }
  SignedFiles gone;
  put_off(gone);
  gone.amend(files, all_gone);
  EXPECT_EQ(gone.progress().pending, 0u);
  EXPECT_EQ(gone.progress().trouble, "");
  gone.revert();
  EXPECT_EQ(gone.progress().trouble, "no room") << "that change came to nothing";
  gone.amend(files, all_gone);
  gone.amend(files, many);
  EXPECT_GT(gone.progress().pending, 16u);
  EXPECT_EQ(gone.progress().trouble, "") << "these wait for their turn";
  SignedFiles planned;
  put_off(planned);
  planned.plan(files);
  EXPECT_EQ(planned.progress().pending, 5u);
  EXPECT_EQ(planned.progress().trouble, "");
}

TEST_F(SignedBuilds, AFileThatIsGoneTakesItsSignedOneAlong) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  run("DELETE FROM devices WHERE id = 1");
  must(builder_->follow_database());
  EXPECT_EQ(content(std::string(kFirst) + ".sgn"), "(absent)");
  std::filesystem::remove(assets_ + "/RingList.xml");
  must(builder_->follow_assets());
  EXPECT_EQ(content("ringlist.xml.sgn"), "(absent)");
}

TEST_F(SignedBuilds, AnAssetMayHaveASignedFormOfItsOwn) {
  asset("RingList.xml.sgn", "theirs");
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  EXPECT_EQ(content("ringlist.xml.sgn"), "theirs");
  EXPECT_EQ(made(), 4u);
  std::filesystem::remove(assets_ + "/RingList.xml.sgn");
  must(builder_->follow_assets());
  EXPECT_EQ(judge("ringlist.xml", "RingList.xml"), "valid");
  asset("RingList.xml.sgn", "theirs again");
  must(builder_->follow_assets());
  EXPECT_EQ(content("ringlist.xml.sgn"), "theirs again");
  // That of a device's file is ours to make: what lies in the folder is of other content.
  asset("SEP0000000000AB.cnf.xml.sgn", "old");
  must(builder_->follow_assets());
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  EXPECT_EQ(judge(kFirst, "SEP0000000000AB.cnf.xml"), "valid");
}

TEST_F(SignedBuilds, AnotherKeySignsAllAnew) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  rsa_ = test::rsa_key(1024);
  use(rsa_);
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  EXPECT_EQ(made(), 10u);
  EXPECT_EQ(judge(kFirst, "SEP0000000000AB.cnf.xml"), "valid");
}

TEST_F(SignedBuilds, WhatIsWaitedForIsSignedFirst) {
  must(builder_->build_all());
  EXPECT_TRUE(builder_->signed_files().hurry("ringlist.xml.sgn"));
  EXPECT_FALSE(builder_->signed_files().hurry("term41.default.loads.sgn"));
  EXPECT_FALSE(builder_->signed_files().hurry("ringlist.xml"));
  must(builder_->continue_signing(Clock::now()));
  pollfd fd{builder_->signed_files().fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&fd, 1, 20'000), 1);
  EXPECT_EQ(must(builder_->continue_signing(Clock::now())), 1u);
  EXPECT_EQ(judge("ringlist.xml", "RingList.xml"), "valid");
  EXPECT_FALSE(builder_->signed_files().hurry("ringlist.xml.sgn"));
  ASSERT_TRUE(finish());
}

TEST_F(SignedBuilds, ARehearsalFindsNoDifferenceInSignatures) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  const Rehearsal rehearsal = must(builder_->rehearse());
  EXPECT_EQ(rehearsal.files.count_differences(builder_->image().files()), 0u);
}

TEST_F(SignedBuilds, TwoMachinesMakeTheSameGeneration) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  const Digest first = builder_->image().files().content_digest();
  builder_.emplace(must(Builder::create({path_, assets_, 1, /*huge_pages=*/false}, &db_)));
  ASSERT_TRUE(builder_->enable_signing({0}).ok());
  use(rsa_);
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  EXPECT_EQ(builder_->image().files().content_digest(), first);
}

TEST_F(SignedBuilds, NoPartOfThePrivateKeyIsInTheImage) {
  must(builder_->build_all());
  ASSERT_TRUE(finish());
  must(builder_->image().offer(1, {}));
  const auto objects = builder_->image().objects();
  EXPECT_GE(objects.size(), 2u);
  for (const image_build::ObjectPtr& object : objects) {
    const auto all = object->mapping.bytes();
    const std::string_view bytes(reinterpret_cast<const char*>(all.data()), all.size());
    for (const std::string& secret : test::secrets_of(rsa_)) {
      EXPECT_EQ(bytes.find(secret), bytes.npos);
    }
    EXPECT_EQ(bytes.find("PRIVATE KEY"), bytes.npos);
  }
}

}  // namespace
}  // namespace dialtone::build
