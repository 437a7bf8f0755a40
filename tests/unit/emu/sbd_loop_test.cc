// SPDX-License-Identifier: Apache-2.0
//
// A phone with security by default and a call manager without it: features 79.
#include "tests/unit/emu/registration_lab.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::emu {
namespace {

using namespace registration_lab;

// It goes on as before when the ITL, or the old call manager, has gone.
TEST(SbdLoop, WithAnItlACallManagerWithoutSbdNeverHasIt) {
  for (const std::string protocol : {"SCCP", "SIP"}) {
    const Files files{{"ITLFile.tlv", "list"},
                      {"SEP001122334455.cnf.xml", configuration(protocol)},
                      {"SEP001122334455.cnf.xml.sgn", configuration(protocol)}};
    DevicePlan plan = phone();
    plan.reset = 1'000'000;
    RegistrationLab lab(plan, files, {.is_without_sbd = true});
    lab.run(2'000);
    EXPECT_FALSE(lab.device.is_over()) << protocol;
    EXPECT_GE(lab.device.sbd_loops(), 3) << protocol;
    EXPECT_EQ(lab.device.resets(), 0) << "of a load";
    EXPECT_TRUE(lab.has_noted("cm-a (10.77.0.5) has no security by default")) << protocol;
    EXPECT_FALSE(lab.has_noted("registered with")) << protocol;
    RegistrationLab newer(plan, files);
    newer.run();
    EXPECT_EQ(newer.device.state(), DeviceState::kRegistered) << protocol;
    plan.is_nonsecure = true;
    RegistrationLab nonsecure(plan, files, {.is_without_sbd = true});
    nonsecure.run();
    EXPECT_EQ(nonsecure.device.state(), DeviceState::kRegistered) << protocol;
    EXPECT_EQ(nonsecure.device.sbd_loops(), 0) << protocol;
  }
}

}  // namespace
}  // namespace dialtone::emu
