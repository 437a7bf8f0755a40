// SPDX-License-Identifier: Apache-2.0
//
// Signing from the configuration to what clients get: the table [signing], keys that cannot be
// used, `status`, what is kept of it, and that no log line or reply has the private key.
#include "control/daemon/signing_options.h"
#include "tests/support/test_signer.h"
#include "tests/unit/control_daemon/status_fixture.h"

#include <algorithm>
#include <thread>

namespace dialtone::daemon {
namespace {

class Signing : public StatusTest {
 protected:
  Signing() {
    options_.generations = folder_.file("generations");
    options_.signing =
        signing::SigningOptions{folder_.file("key.pem"), folder_.file("cert.pem"),
                                signing::FileDigest::kSha1, signing::NameStyle::kCucm};
    test::write_key(options_.signing->key, rsa_);
    test::write_certificate(options_.signing->certificate, test::certificate_of(rsa_));
  }
  void sign_all() {
    for (int i = 0; i < 500 && service_->builder().signed_files().progress().pending != 0; ++i) {
      run();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    run();
    EXPECT_EQ(service_->builder().signed_files().progress().pending, 0u);
  }
  // Of what clients get.
  std::string served(const std::string& name) {
    const auto files = service_->files_of(0);
    const image_build::FileEntry* file = files->find(name);
    if (file == nullptr) {
      return "(absent)";
    }
    const auto bytes = file->content();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string judge(const std::string& content) {
    return test::judge(served("ringlist.xml.sgn"), "RingList.xml.sgn", content, rsa_);
  }
  bool warns(const std::string& text) {
    const Answer answer = ask();
    return std::any_of(answer.warnings.begin(), answer.warnings.end(), [&](const auto& warning) {
      return warning.find(text) != std::string::npos;
    });
  }
  std::size_t kept() { return service_->history().list()->generations.size(); }

  test::OwnedKey rsa_ = test::rsa_key(1024);
};

TEST_F(Signing, BothNamesAreAnswered) {
  start();
  sign_all();
  EXPECT_EQ(served("ringlist.xml"), "rings");
  EXPECT_EQ(judge("rings"), "valid");
  EXPECT_EQ(service_->not_served(), "") << "the dataplane has both";
}

TEST_F(Signing, StatusSaysHowFarItIs) {
  start();
  sign_all();
  const api::Json json = ask().result["signing"];
  EXPECT_EQ(json["usable"], true);
  EXPECT_EQ(json["signed"], 1);
  EXPECT_EQ(json["pending"], 0);
  EXPECT_EQ(json["made"], 1);
  EXPECT_EQ(json["digest"], "sha1");
  EXPECT_EQ(json["bits"], 1024);
  EXPECT_EQ(json["subject"], "CN=tftp.example.test;OU=Lab;O=Example;C=NZ");
  EXPECT_TRUE(warns("1024 bits, which can be broken"));
}

TEST_F(Signing, TheSignedFormOfADialPlanIsThatOfItsRow) {
  options_.database = folder_.file("phones.db");
  start();
  ASSERT_TRUE(service_->database()
                  ->execute("INSERT INTO dial_plans (name) VALUES ('hq');"
                            "INSERT INTO softkey_templates (name) VALUES ('std')")
                  .ok());
  ASSERT_TRUE(service_->follow_database().ok());
  sign_all();
  ASSERT_NE(served("drhq.xml.sgn"), "(absent)");
  ASSERT_NE(served("skstd.xml.sgn"), "(absent)");
  for (const char* command : {"dialplan ls", "softkey ls"}) {
    api::Document document;
    document.json = {{"command", command}};
    Outcome outcome = run_command(*service_, document);
    ASSERT_TRUE(std::holds_alternative<Answer>(outcome)) << command;
    EXPECT_EQ(std::get<Answer>(outcome).result["orphans"].dump(), "[]") << command;
  }
}

TEST_F(Signing, WithoutItStatusHasNull) {
  options_.signing.reset();
  start();
  EXPECT_TRUE(ask().result["signing"].is_null());
  EXPECT_EQ(served("ringlist.xml.sgn"), "(absent)");
}

TEST_F(Signing, AKeyThatDoesNotParseLeavesTheLastGenerationServed) {
  start();
  sign_all();
  const std::string before = served("ringlist.xml.sgn");
  // As after a restart: no key of before is in memory.
  folder_.write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  testing::internal::CaptureStdout();
  start();
  run();
  const std::string log = testing::internal::GetCapturedStdout();
  EXPECT_EQ(served("ringlist.xml.sgn"), before);
  EXPECT_NE(log.find(options_.signing->key + ": signing-key: the private key in it does not parse"),
            std::string::npos)
      << log;
  EXPECT_TRUE(warns("copy it anew from where it was made; what is signed is served on"));
  EXPECT_EQ(ask().result["signing"]["usable"], false);
  // What is not signed is built and published all the same.
  folder_.write("assets/RingList.xml", "other rings");
  ASSERT_TRUE(service_->build_all().ok());
  run();
  EXPECT_EQ(served("ringlist.xml"), "other rings");
  EXPECT_EQ(served("ringlist.xml.sgn"), before);
  // Put right.
  test::write_key(options_.signing->key, rsa_);
  ASSERT_TRUE(service_->build_all().ok());
  sign_all();
  EXPECT_EQ(judge("other rings"), "valid");
  EXPECT_FALSE(warns("does not parse"));
}

// With none there is nothing to take signed files from: "served on" was not true.
TEST_F(Signing, AKeyThatDoesNotParseIsToldOfAsItIsWithoutKeptGenerations) {
  options_.generations.clear();
  folder_.write("key.pem", "broken");
  start();
  EXPECT_EQ(served("ringlist.xml.sgn"), "(absent)");
  EXPECT_TRUE(warns("no file is served under a signed name (.sgn)"));
  EXPECT_FALSE(warns("served on"));
  for (const auto& command : {build, check}) {
    const Answer answer = std::get<Answer>(command(*service_, {Arguments(none_), {}}));
    ASSERT_EQ(answer.warnings.size(), 1u);
    EXPECT_NE(answer.warnings[0].find("key.pem"), std::string::npos) << answer.warnings[0];
  }
}

TEST_F(Signing, ABadKeyIsNamedWithoutADatabaseToo) {
  start();
  sign_all();
  folder_.write("key.pem", "broken");
  options_.database = folder_.file("gone/phones.db");
  service_.reset();
  server_.step();
  service_ = *Service::open(options_);
  service_->start();
  EXPECT_TRUE(warns("key.pem"));
}

TEST_F(Signing, AKeyThatIsSpoiledLaterLeavesTheOneOfBeforeInUse) {
  start();
  sign_all();
  folder_.write("key.pem", "");
  folder_.write("assets/RingList.xml", "other rings");
  ASSERT_TRUE(service_->build_all().ok());
  sign_all();
  EXPECT_EQ(judge("other rings"), "valid");
  EXPECT_TRUE(
      warns("it is empty; put the private key there, in PEM; the key of before is used on"));
}

TEST_F(Signing, AFullBuildIsOneKeptGeneration) {
  for (int i = 0; i < 40; ++i) {
    folder_.write("assets/file" + std::to_string(i) + ".xml", "text");
  }
  start();
  sign_all();
  EXPECT_EQ(kept(), 1u);
  EXPECT_EQ(served("file7.xml.sgn") == "(absent)", false);
  for (int i = 0; i < 40; ++i) {
    folder_.write("assets/file" + std::to_string(i) + ".xml", "other");
  }
  ASSERT_TRUE(service_->build_all().ok());
  sign_all();
  EXPECT_EQ(kept(), 2u);
  // The one before is the whole build before, signatures and all.
  const auto number = service_->roll_back(0);
  ASSERT_TRUE(number.ok()) << number.error().text;
  run();
  EXPECT_EQ(served("file7.xml"), "text");
  EXPECT_EQ(test::judge(served("file7.xml.sgn"), "file7.xml.sgn", "text", rsa_), "valid");
}

TEST_F(Signing, ARestartVerifiesAndDoesNotSign) {
  start();
  sign_all();
  start();
  sign_all();
  const build::SigningProgress progress = service_->builder().signed_files().progress();
  EXPECT_EQ(progress.made, 0u);
  EXPECT_EQ(progress.kept, 1u);
  EXPECT_EQ(kept(), 1u);
}

TEST_F(Signing, NoLogLineAndNoReplyHasThePrivateKey) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  start();
  sign_all();
  folder_.write("key.pem", "broken");
  (void)service_->build_all();
  const Answer answer = ask();
  std::string all = testing::internal::GetCapturedStdout() +
                    testing::internal::GetCapturedStderr() + answer.result.dump();
  for (const std::string& warning : answer.warnings) {
    all += warning;
  }
  EXPECT_NE(all.find("files are signed as CN=tftp.example.test"), std::string::npos) << all;
  EXPECT_EQ(all.find("PRIVATE"), std::string::npos);
  for (const std::string& secret : test::secrets_of(rsa_)) {
    EXPECT_EQ(all.find(secret), std::string::npos);
  }
}

Options options_of(const std::string& text, Diagnostics& faults) {
  Options options;
  read_signing(config::TomlFile::parse(text, "test.toml", faults), options, faults);
  return options;
}

TEST(SigningOptions, AreNoneOrBothFiles) {
  Diagnostics faults;
  EXPECT_FALSE(options_of("", faults).signing.has_value());
  const auto both = options_of(
      "[signing]\nkey = 'k'\ncertificate = 'c'\ndigest = 'sha512'\nnames = 'comma'", faults);
  ASSERT_TRUE(both.signing.has_value());
  EXPECT_EQ(both.signing->digest, signing::FileDigest::kSha512);
  EXPECT_EQ(both.signing->names, signing::NameStyle::kComma);
  EXPECT_TRUE(faults.empty());
  options_of("[signing]\nkey = 'k'\ndigest = 'md5'", faults);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_NE(faults[1].text.find("'certificate' is not set"), std::string::npos);
}

TEST(SigningOptions, KeepOffTheWorkersOfTheSameFile) {
  Diagnostics faults;
  const std::vector<int> allowed = options_of("", faults).signing_cpus;
  const std::string first = std::to_string(allowed.front());
  const auto cpus =
      options_of("[dataplane]\ndevice = 'x'\nlcores = [" + first + "]", faults).signing_cpus;
  EXPECT_EQ(std::ranges::find(cpus, allowed.front()) == cpus.end(), allowed.size() > 1);
  const auto by_default = options_of("[dataplane]\ndevice = 'x'", faults).signing_cpus;
  EXPECT_EQ(std::ranges::find(by_default, allowed.back()) == by_default.end(), allowed.size() > 1);
}

}  // namespace
}  // namespace dialtone::daemon
