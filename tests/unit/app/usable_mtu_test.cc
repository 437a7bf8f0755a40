// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/usable_mtu.h"

#include "dataplane/server/responder.h"

#include <gtest/gtest.h>

namespace dialtone::app {
namespace {

// 0: it is refused.
std::uint32_t usable(std::uint32_t carried, std::uint32_t wanted) {
  const auto mtu = usable_mtu("net_memif0", carried, wanted);
  return mtu ? *mtu : 0;
}

TEST(UsableMtu, IsTheLessOfTheSettingAndThePorts) {
  EXPECT_EQ(usable(1500, 1500), 1500u);
  EXPECT_EQ(usable(9000, 1500), 1500u);
  EXPECT_EQ(usable(1400, 1500), 1400u);
  EXPECT_EQ(usable(1500, 1400), 1400u);
}

TEST(UsableMtu, APortThatDoesNotCarryPlainBlocksIsRefused) {
  EXPECT_EQ(usable(server::kLeastMtu, 1500), server::kLeastMtu);
  const auto mtu = usable_mtu("net_memif0", server::kLeastMtu - 1, 1500);
  ASSERT_FALSE(mtu.ok());
  EXPECT_EQ(mtu.error().text,
            "net_memif0 carries packets of 575 bytes, and blocks of 512 bytes need 576: set a "
            "larger MTU there (ip link set IF mtu 1500)");
}

}  // namespace
}  // namespace dialtone::app
