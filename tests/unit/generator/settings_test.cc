// SPDX-License-Identifier: Apache-2.0
#include "generator/settings.h"

#include <gtest/gtest.h>

namespace dialtone::generator {
namespace {

TEST(Settings, SetFieldsOfEachType) {
  SipProfile profile;
  EXPECT_TRUE(set_field(profile, "timer_register_expires_s", "120").ok());
  EXPECT_TRUE(set_field(profile, "enable_vad", "true").ok());
  EXPECT_TRUE(set_field(profile, "start_media_port", "20000").ok());
  EXPECT_TRUE(set_field(profile, "dial_template", "x.xml").ok());
  EXPECT_EQ(profile.timer_register_expires_s, 120u);
  EXPECT_TRUE(profile.enable_vad);
  EXPECT_EQ(profile.start_media_port, 20000);
  EXPECT_EQ(profile.dial_template, "x.xml");
}

TEST(Settings, UnknownNamesGetAHint) {
  EnterpriseParameters parameters;
  const auto set = set_field(parameters, "services_ulr", "http://x");
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code, ErrorCode::kRefused);
  EXPECT_EQ(set.error().text, "\"services_ulr\" is no setting; did you mean \"services_url\"?");
}

TEST(Settings, BadValuesAreRefusedAndChangeNothing) {
  SipProfile profile;
  EXPECT_EQ(set_field(profile, "start_media_port", "70000").error().text,
            "\"start_media_port\" wants a number from 0 to 65535, not \"70000\"");
  EXPECT_EQ(set_field(profile, "enable_vad", "yes").error().text,
            "\"enable_vad\" wants true or false, not \"yes\"");
  EXPECT_FALSE(set_field(profile, "kpml", "").ok());
  EXPECT_FALSE(set_field(profile, "kpml", "3x").ok());
  EXPECT_FALSE(set_field(profile, "uuid", "1").ok());
  EXPECT_EQ(profile.start_media_port, SipProfile{}.start_media_port);
}

}  // namespace
}  // namespace dialtone::generator
