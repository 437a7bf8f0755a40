// SPDX-License-Identifier: Apache-2.0
//
// Encoders of the test's own: small programs that behave and that do not.
#include "control/build/encoder.h"

#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace dialtone::build {
namespace {

using namespace std::chrono_literals;

class EncoderTest : public ::testing::Test {
 protected:
  std::string program(const std::string& body) {
    folder_.write("encoder", "#!/bin/sh\n" + body);
    const std::string path = folder_.file("encoder");
    ::chmod(path.c_str(), 0700);
    return path;
  }
  Encoder encoder(const std::string& body, EncoderLimits limits = {}) {
    auto made = Encoder::create(program(body), folder_.file("cache"), limits);
    EXPECT_TRUE(made.ok());
    return *std::move(made);
  }
  std::string fault(const std::string& body, EncoderLimits limits = {}) {
    const auto encoded = encoder(body, limits).encode("text");
    EXPECT_FALSE(encoded.ok());
    return encoded ? "(encoded)" : encoded.error().text;
  }

  test::TempFolder folder_;
};

TEST_F(EncoderTest, TurnsTextIntoBytesOnceForEachText) {
  const std::string log = folder_.file("runs");
  const auto runs = [&] { return std::filesystem::file_size(log); };
  const Encoder one = encoder("printf x >>" + log + "; printf 'bin:'; /bin/cat");
  EXPECT_EQ(*one.encode("#txt\nDhcp:1\n"), "bin:#txt\nDhcp:1\n");
  EXPECT_EQ(*one.encode("#txt\nDhcp:1\n"), "bin:#txt\nDhcp:1\n");
  EXPECT_EQ(runs(), 1u);
  EXPECT_EQ(*one.encode("other"), "bin:other");
  EXPECT_EQ(runs(), 2u);
  const auto mode = std::filesystem::status(folder_.file("cache")).permissions();
  EXPECT_EQ(mode & std::filesystem::perms::group_all, std::filesystem::perms::none);
  // Another version of it has results of its own.
  const Encoder two = encoder("printf 'new:'; /bin/cat");
  EXPECT_EQ(*two.encode("other"), "new:other");
}

TEST_F(EncoderTest, SeesNeitherEnvironmentNorDescriptors) {
  ::setenv("SECRET_OF_CONTROL", "hush", 1);
  const std::string seen = *encoder("/usr/bin/env; ls /proc/self/fd").encode("x");
  EXPECT_EQ(seen.find("hush"), std::string::npos);
  EXPECT_NE(seen.find("0\n1\n2\n"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("4\n"), std::string::npos) << seen;  // 3 is the folder that ls reads
}

TEST_F(EncoderTest, AProgramThatFailsIsAFault) {
  EXPECT_NE(fault("exit 3").find("it ended with status 3"), std::string::npos);
  EXPECT_NE(fault("kill -9 $$").find("signal 9 ended it"), std::string::npos);
  EXPECT_NE(fault(":").find("it wrote nothing"), std::string::npos);
  EXPECT_NE(fault("/bin/cat /dev/zero", {10s, 1000}).find("more than 1000 bytes"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("cache")));
}

TEST_F(EncoderTest, AProgramThatHangsIsEndedWithItsChildren) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_NE(fault("/bin/sleep 60 & /bin/sleep 60", {300ms, 1000}).find("longer than 300 ms"),
            std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  // One that is left behind and holds the output open is not waited for.
  EXPECT_EQ(*encoder("/bin/sleep 60 & printf x").encode("text"), "x");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 40s);
}

TEST_F(EncoderTest, NeedsAProgram) {
  for (const char* command : {"", "  ", "cat", "/no/such/program --sip"}) {
    EXPECT_FALSE(Encoder::create(command, "").ok()) << command;
  }
}

}  // namespace
}  // namespace dialtone::build
