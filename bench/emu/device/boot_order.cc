// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/boot_order.h"

#include <algorithm>
#include <array>

namespace dialtone::emu {
namespace {

using enum BootKind;

constexpr Model kModels[] = {
    {"30SPP", 1, kPhoneCnf, {}},         {"12SPP", 2, kPhoneCnf, {}},
    {"12SP", 3, kPhoneCnf, {}},          {"12S", 4, kPhoneCnf, {}},
    {"30VIP", 5, kPhoneCnf, {}},         {"7935", 9, kPhoneCnf, {}},
    {"7902", 30008, kPhone7905Sccp, {}}, {"7905", 20000, kPhone7905Sccp, kPhone7905},
    {"7906", 369, kPhone, kPhone},       {"7910", 6, kPhone7940Sccp, {}},
    {"7911", 307, kPhone, kPhone},       {"7912", 30007, kPhone7905Sccp, kPhone7912},
    {"7920", 30002, kPhoneWireless, {}}, {"7921", 365, kPhoneWireless, {}},
    {"7925", 484, kPhoneWireless, {}},   {"7926", 577, kPhoneWireless, {}},
    {"7931", 348, kPhone, kPhone},       {"7940", 8, kPhone7940Sccp, kPhone7940Sip},
    {"7941", 115, kPhone, kPhone},       {"7942", 434, kPhone, kPhone},
    {"7945", 435, kPhone, kPhone},       {"7960", 7, kPhone7940Sccp, kPhone7940Sip},
    {"7961", 30018, kPhone, kPhone},     {"7962", 404, kPhone, kPhone},
    {"7965", 436, kPhone, kPhone},       {"7970", 30006, kPhone, kPhone},
    {"7971", 119, kPhone, kPhone},       {"7975", 437, kPhone, kPhone},
    {"6921", 495, kPhone, kPhone},       {"6941", 496, kPhone, kPhone},
    {"6945", 564, kPhone, kPhone},       {"6961", 497, kPhone, kPhone},
    {"7811", 36213, kPhone, kPhone},     {"7821", 621, kPhone, kPhone},
    {"7841", 622, kPhone, kPhone},       {"7861", 623, kPhone, kPhone},
    {"8811", 36217, kPhone, kPhone},     {"8841", 683, kPhone, kPhone},
    {"8845", 36224, kPhone, kPhone},     {"8851", 684, kPhone, kPhone},
    {"8861", 685, kPhone, kPhone},       {"8865", 36225, kPhone, kPhone},
    {"8941", 586, kPhone, kPhone},       {"8945", 585, kPhone, kPhone},
    {"8961", 540, kPhone, kPhone},       {"9951", 537, kPhone, kPhone},
    {"9971", 493, kPhone, kPhone},       {"ATA187", 550, kAta, kAta},
    {"ATA190", 681, kAta, kAta},         {"ATA191", 681, kAta, kAta},
    {"CIPC", 30016, kPhone, kPhone},
};

using Order = std::vector<BootFile>;

void add_trust_lists(Order& order, const std::string& name, bool has_itl) {
  order.push_back({"CTL" + name + ".tlv", FileRole::kTrust});
  if (has_itl) {
    order.push_back({"ITL" + name + ".tlv", FileRole::kTrust});
    order.push_back({"ITLFile.tlv", FileRole::kTrust, true});
  }
}

void add_config(Order& order, const std::string& name) {
  order.push_back({name, FileRole::kConfig});
  order.push_back({"XMLDefault.cnf.xml", FileRole::kDefault, true});
}

Order wireless(const std::string& name, const wire::MacAddress& mac) {
  Order order;
  add_trust_lists(order, name, /*has_itl=*/false);
  order.push_back({"WLAN" + mac_digits(mac, true) + ".xml"});
  order.push_back({"WLANDefault.xml", FileRole::kOther, true});
  add_config(order, name + ".cnf.xml");
  for (const char* file : {"Ringlist.xml", "DistinctiveRingList.xml", "7921-dictionary.xml",
                           "7921-kate.utf-8.xml", "7921-font.dat"}) {
    order.push_back({file});
  }
  return order;
}

}  // namespace

std::string_view role_name(FileRole role) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"trust", "config", "default", "load", "other"};
  return kNames[static_cast<std::size_t>(role)];
}

std::span<const Model> models() noexcept {
  return kModels;
}

const Model* find_model(std::string_view name) noexcept {
  const auto* found = std::find_if(std::begin(kModels), std::end(kModels),
                                   [&](const Model& model) { return model.name == name; });
  return found == std::end(kModels) ? nullptr : found;
}

std::string mac_digits(const wire::MacAddress& mac, bool upper) {
  const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : mac.bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string device_name(BootKind kind, const wire::MacAddress& mac) {
  switch (kind) {
    case kPhone7940Sip:
      return "SIP" + mac_digits(mac, true);
    case kPhone7905:
      return "ld" + mac_digits(mac, false);
    case kPhone7912:
      return "gk" + mac_digits(mac, false);
    case kAta:
      return "ATA" + mac_digits(mac, true);
    default:
      return "SEP" + mac_digits(mac, true);
  }
}

std::string registered_name(BootKind kind, const wire::MacAddress& mac) {
  return device_name(kind == kAta ? kAta : kPhone, mac);
}

std::vector<BootFile> boot_order(BootKind kind, const wire::MacAddress& mac,
                                 std::string_view name) {
  const std::string own = name.empty() ? device_name(kind, mac) : std::string(name);
  Order order;
  switch (kind) {
    case kPhone:
      add_trust_lists(order, own, /*has_itl=*/true);
      add_config(order, own + ".cnf.xml");
      break;
    case kPhone7940Sccp:
      add_trust_lists(order, own, /*has_itl=*/false);
      add_config(order, own + ".cnf.xml");
      break;
    case kPhoneBefore2004:
      order.push_back({"OS79XX.TXT"});
      add_config(order, own + ".cnf.xml");
      break;
    case kPhone7940Sip:
      add_trust_lists(order, "SEP" + mac_digits(mac, true), /*has_itl=*/false);
      order.push_back({"SIPDefault.cnf"});  // what all share, beside its own
      order.push_back({own + ".cnf", FileRole::kConfig});
      break;
    case kPhone7905:
      order = {{own, FileRole::kConfig}, {"lddefault.cfg", FileRole::kDefault, true}};
      break;
    case kPhone7912:
      order = {{own, FileRole::kConfig}, {"gkdefault.cfg", FileRole::kDefault, true}};
      break;
    case kPhone7905Sccp:
      order = {{"SEP" + mac_digits(mac, false) + ".cnf.xml", FileRole::kConfig},
               {"XMLDefault.cnf.xml", FileRole::kDefault, true},
               {"SEPDefault.cnf", FileRole::kDefault, true}};
      break;
    case kPhoneWireless:
      order = wireless(own, mac);
      break;
    case kPhoneCnf:
      order = {{own + ".cnf", FileRole::kConfig}, {"SEPDefault.cnf", FileRole::kDefault, true}};
      break;
    case kAta:
      add_trust_lists(order, own, /*has_itl=*/true);
      add_config(order, own + ".cnf.xml");
      break;
    case kGateway:
      order = {{own + ".cnf.xml", FileRole::kConfig}};
      break;
  }
  return order;
}

}  // namespace dialtone::emu
