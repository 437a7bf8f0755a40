// SPDX-License-Identifier: Apache-2.0
//
// What `dialtone-emu phone` and `dialtone-emu gateway` are told. Values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::emu {

inline constexpr std::string_view kChangeRing = "change-ring";  // of --action

// As they stand on the command line; empty: not given.
struct DeviceOptions {
  bool is_gateway = false;
  std::string link{};
  std::string mac{};
  std::string model = "7941";
  bool sip = false;
  std::string name{};
  std::string type{};       // of a gateway: "access-analog"
  std::string address{};    // "10.0.0.9/24": no DHCP
  std::string dhcp_from{};  // a file with what DHCP said
  bool no_dhcp = false;
  std::string router{};
  std::string vlan{};
  std::string tftp{};  // "10.0.0.1,10.0.0.2": set on the device
  std::string local_tftp{};
  std::string alternate_tftp{};  // "yes,10.0.0.1,10.0.0.2"
  bool v6 = false;
  bool dual = false;
  std::vector<std::string> vendor_subopts{};  // "1=2001:db8::1,2001:db8::2", "2=tftp.example"
  std::string option150{};
  std::string option66{};
  std::string options{};  // "66=10.0.0.2,150=10.0.0.3": in this order
  std::string siaddr{};
  std::string sname{};
  bool all_methods = false;  // each that is not given says an address of its own
  std::string dns_server{};
  std::string zone{};   // a file: "name address [address...]" on each line
  std::string nvram{};  // a file, as the device's non-volatile memory
  std::string profile{};
  std::string server1{};               // "busy", "rebuilding": played
  std::optional<double> while_busy{};  // seconds of that
  std::string firmware{};
  double reset = 30;  // seconds
  bool nonsecure = false;
  int reboots = 0;
  std::string action{};  // of its user: "change-ring", or none
  bool registers = true;
  bool empty_cm_list = false;
  std::string cm_down{};  // "cm-a,cm-b"
  unsigned lines = 0;     // 0: all of its configuration
};

}  // namespace dialtone::emu
