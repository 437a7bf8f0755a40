// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/boot_order.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::emu {
namespace {

constexpr wire::MacAddress kMac{{0x00, 0x11, 0x22, 0xaa, 0xbb, 0xcc}};

// Names in order; "?" before those that are asked for when the one before is not there.
std::string order_of(BootKind kind, std::string_view name = {}) {
  std::string text;
  for (const BootFile& file : boot_order(kind, kMac, name)) {
    text += (text.empty() ? "" : " ") + std::string(file.if_missing ? "?" : "") + file.name;
  }
  return text;
}

TEST(BootOrder, OfEachKind) {
  EXPECT_EQ(order_of(BootKind::kPhone),
            "CTLSEP001122AABBCC.tlv ITLSEP001122AABBCC.tlv ?ITLFile.tlv "
            "SEP001122AABBCC.cnf.xml ?XMLDefault.cnf.xml");
  EXPECT_EQ(order_of(BootKind::kPhone7940Sccp),
            "CTLSEP001122AABBCC.tlv SEP001122AABBCC.cnf.xml ?XMLDefault.cnf.xml");
  EXPECT_EQ(order_of(BootKind::kPhoneBefore2004),
            "OS79XX.TXT SEP001122AABBCC.cnf.xml ?XMLDefault.cnf.xml");
  EXPECT_EQ(order_of(BootKind::kPhone7940Sip),
            "CTLSEP001122AABBCC.tlv SIPDefault.cnf SIP001122AABBCC.cnf");
  EXPECT_EQ(order_of(BootKind::kPhone7905), "ld001122aabbcc ?lddefault.cfg");
  EXPECT_EQ(order_of(BootKind::kPhone7912), "gk001122aabbcc ?gkdefault.cfg");
  EXPECT_EQ(order_of(BootKind::kPhone7905Sccp),
            "SEP001122aabbcc.cnf.xml ?XMLDefault.cnf.xml ?SEPDefault.cnf");
  EXPECT_EQ(order_of(BootKind::kPhoneCnf), "SEP001122AABBCC.cnf ?SEPDefault.cnf");
  EXPECT_EQ(order_of(BootKind::kAta),
            "CTLATA001122AABBCC.tlv ITLATA001122AABBCC.tlv ?ITLFile.tlv "
            "ATA001122AABBCC.cnf.xml ?XMLDefault.cnf.xml");
  EXPECT_EQ(order_of(BootKind::kGateway, "vg224.campus.example"), "vg224.campus.example.cnf.xml");
}

TEST(BootOrder, AWirelessPhoneFetchesNineFiles) {
  EXPECT_EQ(order_of(BootKind::kPhoneWireless),
            "CTLSEP001122AABBCC.tlv WLAN001122AABBCC.xml ?WLANDefault.xml "
            "SEP001122AABBCC.cnf.xml ?XMLDefault.cnf.xml Ringlist.xml DistinctiveRingList.xml "
            "7921-dictionary.xml 7921-kate.utf-8.xml 7921-font.dat");
}

TEST(BootOrder, ModelsAreKnownByName) {
  EXPECT_EQ(find_model("7960")->sip, BootKind::kPhone7940Sip);
  EXPECT_EQ(find_model("12SP")->sccp, BootKind::kPhoneCnf);
  EXPECT_FALSE(find_model("12SP")->sip);
  EXPECT_EQ(find_model("7999"), nullptr);
}

}  // namespace
}  // namespace dialtone::emu
