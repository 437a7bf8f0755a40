// SPDX-License-Identifier: Apache-2.0
#include "generator/model_catalogue.h"

#include "generator/family.h"
#include "generator/list_parameters.h"

#include <array>

namespace dialtone::generator {
namespace {

enum Trait : std::uint32_t {
  kWired = 1,      // an Ethernet switch with a PC port
  kWireless = 2,   // 792x
  kDisplay = 4,    // its display can be switched off by time
  kBacklight = 8,  // its backlight can
  kWideband = 16,  // wideband handset or headset as settings
  kModern = 32,    // 6900, 7800, 8800, 8900, 9900 series
  kVideo = 64,
  kModules = 128,  // takes key expansion modules
  kByTwo = 1024,   // 6900, 8900, 9900 series: call_block_on() is 2
  kByOne = 2048,   // 7800 and 8800 series: it is 1
};
constexpr std::uint32_t kAny = ~0U;

// Numbers: facts, cisco-tftp 2.2; that of the ATA 191 is of one public list of a system's device
// defaults. None is known for sure of the ATA 188: an administrator adds a row. Loads: of the form
// that each family's packages use; an administrator sets the real one. Models without public loads
// have none.
constexpr std::uint32_t kOld = kWired | kWideband;
constexpr std::uint32_t kLit = kOld | kBacklight;
constexpr std::uint32_t kColour = kOld | kDisplay | kModules;
constexpr std::uint32_t kNew = kWired | kModern;
constexpr std::uint32_t kNewColour = kNew | kDisplay;
constexpr std::uint32_t kSoft = 256;    // a program: nothing of its hardware can be set
constexpr std::uint32_t kAnalog = 512;  // an adapter for analog phones
constexpr std::uint32_t kBare = 0;      // its file has no vendorConfig

constexpr auto kModels = std::to_array<CatalogueModel>({
    {1, "Cisco 30 SP+", true, false, 30, kBare, "", "", true},
    {2, "Cisco 12 SP+", true, false, 12, kBare, "", "", true},
    {3, "Cisco 12 SP", true, false, 12, kBare, "", "", true},
    {4, "Cisco 12 S", true, false, 12, kBare, "", "", true},
    {5, "Cisco 30 VIP", true, false, 30, kBare, "", "", true},
    {6, "Cisco 7910", true, false, 1, kWired, "", ""},
    {7, "Cisco 7960", true, true, 6, kWired | kModules, "P0030801SR02", "P0S3-8-12-00"},
    {8, "Cisco 7940", true, true, 2, kWired, "P0030801SR02", "P0S3-8-12-00"},
    {9, "Cisco 7935", true, false, 1, kBare, "", "", true},
    {12, "Cisco ATA 186", true, true, 2, kBare, "", ""},
    {20, "SCCP Phone", true, false, 30, kBare, "", "", true},
    {30, "Analog Access", true, false, 24, kBare, "", "", true},
    {80, "Voice Mail Port", true, false, 1, kBare, "", "", true},
    {115, "Cisco 7941", true, true, 2, kOld, "SCCP41.9-4-2SR3-1S", "SIP41.9-4-2SR3-1S"},
    {119, "Cisco 7971", true, true, 8, kColour, "SCCP70.9-4-2SR3-1S", "SIP70.9-4-2SR3-1S"},
    {302, "Cisco 7985", true, false, 1, kOld | kVideo, "", ""},
    {307, "Cisco 7911", true, true, 1, kWired, "SCCP11.9-4-2SR3-1S", "SIP11.9-4-2SR3-1S"},
    {308, "Cisco 7961G-GE", true, true, 6, kOld | kModules, "SCCP41.9-4-2SR3-1S",
     "SIP41.9-4-2SR3-1S"},
    {309, "Cisco 7941G-GE", true, true, 2, kOld, "SCCP41.9-4-2SR3-1S", "SIP41.9-4-2SR3-1S"},
    {348, "Cisco 7931", true, true, 24, kOld, "SCCP31.9-4-2SR3-1S", "SIP31.9-4-2SR3-1S"},
    {365, "Cisco 7921", true, false, 6, kWireless, "CP7921G-1.4.8.4.LOADS", ""},
    {369, "Cisco 7906", true, true, 1, kWired, "SCCP11.9-4-2SR3-1S", "SIP11.9-4-2SR3-1S"},
    {404, "Cisco 7962", true, true, 6, kLit | kModules, "SCCP42.9-4-2SR3-1S", "SIP42.9-4-2SR3-1S"},
    {431, "Cisco 7937", true, false, 1, kWired | kBacklight, "", ""},
    {434, "Cisco 7942", true, true, 2, kLit, "SCCP42.9-4-2SR3-1S", "SIP42.9-4-2SR3-1S"},
    {435, "Cisco 7945", true, true, 2, kOld | kDisplay, "SCCP45.9-4-2SR3-1S", "SIP45.9-4-2SR3-1S"},
    {436, "Cisco 7965", true, true, 6, kColour, "SCCP45.9-4-2SR3-1S", "SIP45.9-4-2SR3-1S"},
    {437, "Cisco 7975", true, true, 8, kColour, "SCCP75.9-4-2SR3-1S", "SIP75.9-4-2SR3-1S"},
    {484, "Cisco 7925", true, false, 6, kWireless, "CP7925G-1.4.8.4.LOADS", ""},
    {493, "Cisco 9971", false, true, 6, kNewColour | kVideo | kModules | kByTwo, "",
     "sip9971.9-4-2SR3-1"},
    {495, "Cisco 6921", true, true, 2, kNew | kByTwo, "SCCP69xx.9-4-1-3SR3", "SIP69xx.9-4-1-3SR3"},
    {496, "Cisco 6941", true, true, 4, kNew | kByTwo, "SCCP69xx.9-4-1-3SR3", "SIP69xx.9-4-1-3SR3"},
    {497, "Cisco 6961", true, true, 12, kNew | kByTwo, "SCCP69xx.9-4-1-3SR3", "SIP69xx.9-4-1-3SR3"},
    {503, "Cisco Unified Client Services Framework", false, true, 8, kSoft, "", ""},
    {537, "Cisco 9951", false, true, 5, kNewColour | kVideo | kModules | kByTwo, "",
     "sip9951.9-4-2SR3-1"},
    {540, "Cisco 8961", false, true, 5, kNewColour | kModules | kByTwo, "", "sip8961.9-4-2SR3-1"},
    {547, "Cisco 6901", true, true, 1, kNew | kByTwo, "", ""},
    {548, "Cisco 6911", true, true, 1, kNew | kByTwo, "", ""},
    {550, "Cisco ATA 187", false, true, 2, kAnalog | kWired, "", ""},
    {562, "Cisco Dual Mode for iPhone", false, true, 1, kSoft, "", ""},
    {564, "Cisco 6945", true, true, 4, kNew | kByTwo, "", ""},
    {575, "Cisco Dual Mode for Android", false, true, 1, kSoft, "", ""},
    {577, "Cisco 7926", true, false, 6, kWireless, "CP7926G-1.4.8.4.LOADS", ""},
    {585, "Cisco 8945", true, true, 4, kNewColour | kVideo | kByTwo, "SCCP894x.9-4-2SR3-1",
     "SIP894x.9-4-2SR3-1"},
    {586, "Cisco 8941", true, true, 4, kNewColour | kVideo | kByTwo, "SCCP894x.9-4-2SR3-1",
     "SIP894x.9-4-2SR3-1"},
    {592, "Cisco 3905", false, true, 1, kWired, "", ""},
    {621, "Cisco 7821", false, true, 2, kNew | kBacklight | kByOne, "", "sip78xx.12-8-1-0101-482"},
    {622, "Cisco 7841", false, true, 4, kNew | kBacklight | kByOne, "", "sip78xx.12-8-1-0101-482"},
    {623, "Cisco 7861", false, true, 16, kNew | kByOne, "", "sip78xx.12-8-1-0101-482"},
    {652, "Cisco Jabber for Tablet", false, true, 1, kSoft, "", ""},
    {659, "Cisco 8831", false, true, 1, kNew | kByOne, "", ""},
    {681, "Cisco ATA 190", false, true, 2, kAnalog | kWired, "", ""},
    {683, "Cisco 8841", false, true, 10, kNewColour | kByOne, "", "sip88xx.12-8-1-0101-482"},
    {684, "Cisco 8851", false, true, 10, kNewColour | kModules | kByOne, "",
     "sip88xx.12-8-1-0101-482"},
    {685, "Cisco 8861", false, true, 10, kNewColour | kModules | kByOne, "",
     "sip88xx.12-8-1-0101-482"},
    {20000, "Cisco 7905", true, true, 1, kBare, "", ""},
    {30002, "Cisco 7920", true, false, 6, kWireless, "", ""},
    {30006, "Cisco 7970", true, true, 8, kColour, "SCCP70.9-4-2SR3-1S", "SIP70.9-4-2SR3-1S"},
    {30007, "Cisco 7912", true, true, 1, kBare, "", ""},
    {30008, "Cisco 7902", true, false, 1, kBare, "", ""},
    {30016, "Cisco IP Communicator", true, true, 8, kSoft, "", "", false, 30041},
    {30018, "Cisco 7961", true, true, 6, kOld | kModules, "SCCP41.9-4-2SR3-1S",
     "SIP41.9-4-2SR3-1S"},
    {30019, "Cisco 7936", true, false, 1, kWired, "", ""},
    {30027, "Analog Phone", true, false, 1, kBare, "", ""},
    {36213, "Cisco 7811", false, true, 1, kNew | kByOne, "", "sip78xx.12-8-1-0101-482"},
    {36216, "Cisco 8821", false, true, 6, kWireless | kByOne, "", ""},
    {36217, "Cisco 8811", false, true, 10, kNew | kBacklight | kByOne, "",
     "sip88xx.12-8-1-0101-482"},
    {36224, "Cisco 8845", false, true, 10, kNewColour | kVideo | kByOne, "",
     "sip8845_65.12-8-1-0101-482"},
    {36225, "Cisco 8865", false, true, 10, kNewColour | kVideo | kModules | kByOne, "",
     "sip8845_65.12-8-1-0101-482"},
    {36232, "Cisco 8851NR", false, true, 10, kNewColour | kModules | kByOne, "",
     "sip88xx.12-8-1-0101-482"},
    {36247, "Cisco 7832", false, true, 1, kNew | kByOne, "", ""},
    {36248, "Cisco 8865NR", false, true, 10, kNewColour | kVideo | kModules | kByOne, "",
     "sip8845_65.12-8-1-0101-482"},
    {36258, "Cisco 8832", false, true, 1, kNew | kByOne, "", ""},
    {36260, "Cisco 8832NR", false, true, 1, kNew | kByOne, "", ""},
    {36262, "Cisco ATA 191", false, true, 2, kAnalog | kWired, "", "ATA191.12-0-1-29"},
});

struct CatalogueTag {
  std::uint32_t traits;  // any of them
  std::string_view name;
  std::string_view value;
};

// Names: facts, cisco-tftp 1.4. Values: 0 or empty means "as the phone does by itself" for most.
constexpr auto kTags = std::to_array<CatalogueTag>({
    {kWired, "pcPort", "0"},
    {kAny, "settingsAccess", "1"},
    {kWired, "garp", "0"},
    {kWired, "voiceVlanAccess", "0"},
    {kVideo, "videoCapability", "1"},
    {kVideo, "ciscoCamera", "1"},
    {kWired, "autoSelectLineEnable", "0"},
    {kAny, "webAccess", "0"},
    {kModern, "webProtocol", "0"},
    {kWireless, "webAdmin", "1"},
    {kAny, "adminPassword", ""},
    {kWired, "spanToPCPort", "1"},
    {kDisplay, "daysDisplayNotActive", "1,7"},
    {kDisplay, "displayOnTime", "07:30"},
    {kDisplay, "displayOnDuration", "10:30"},
    {kDisplay, "displayIdleTimeout", "01:00"},
    {kDisplay, "displayOnWhenIncomingCall", "1"},
    {kBacklight, "daysBacklightNotActive", "1,7"},
    {kBacklight, "backlightOnTime", "07:30"},
    {kBacklight, "backlightOnDuration", "10:30"},
    {kBacklight, "backlightIdleTimeout", "01:00"},
    {kBacklight, "backlightOnWhenIncomingCall", "1"},
    {kAny, "loggingDisplay", "1"},
    {kAny, "loadServer", ""},
    {kWired, "ipv6LoadServer", ""},
    {kAny, "logServer", ""},
    {kWired, "ipv6LogServer", ""},
    {kAny, "recordingTone", "0"},
    {kAny, "recordingToneLocalVolume", "100"},
    {kAny, "recordingToneRemoteVolume", "50"},
    {kWired, "moreKeyReversionTimer", "5"},
    {kWired, "autoCallSelect", "1"},
    {kWired, "g722CodecSupport", "0"},
    {kWideband, "headsetWidebandUIControl", "0"},
    {kWideband, "handsetWidebandUIControl", "0"},
    {kWideband, "headsetWidebandEnable", "0"},
    {kWideband, "handsetWidebandEnable", "0"},
    {kAny, "minimumRingVolume", "0"},
    {kWired, "peerFirmwareSharing", "1"},
    {kWired, "enableCdpSwPort", "1"},
    {kWired, "enableCdpPcPort", "1"},
    {kWired, "enableLldpSwPort", "1"},
    {kWired, "enableLldpPcPort", "1"},
    {kWired, "lldpAssetId", ""},
    {kWired, "powerPriority", "0"},
    {kModern, "powerNegotiation", "1"},
    {kWired, "PortAutoLinkSync", "0"},
    {kWired, "SWRemoteConfig", "0"},
    {kWired, "PCRemoteConfig", "0"},
    {kWired | kWireless, "sshAccess", "1"},
    {kModern, "eapAuthentication", "0"},
    {kModern, "incomingCallToastTimer", "5"},
    {kModern, "holdResumeKey", "0"},
    {kModern, "recentsSoftKey", "0"},
    {kModern, "simplifiedNewCall", "0"},
    {kModern, "actionableAlert", "0"},
    {kModern, "softkeyControl", "0"},
    {kModern, "lineMode", "0"},
    {kModules, "kemOneColumn", "0"},
    {kModern, "showCallHistoryForSelectedLine", "0"},
    {kModern, "useEnblocDialing", "1"},
    {kModern, "enableMuteFeature", "1"},
    {kModern, "enableGroupListen", "1"},
    {kModern, "rtcp", "1"},
    {kVideo, "videoRtcp", "1"},
    {kModern, "defaultWallpaperFile", ""},
    {kModern, "problemReportUploadURL", ""},
    {kWireless, "WlanProfile1", "1"},
    {kWireless, "WlanProfile2", "0"},
    {kWireless, "WlanProfile3", "0"},
    {kWireless, "WlanProfile4", "0"},
    {kWireless, "PushToTalkURL", ""},
    {kWireless, "specialNumbers", ""},
    {kWireless, "unlockSettingsSequence", ""},
    {kWireless, "scanningMode", "1"},
    {kWireless, "outOfRangeAlert", "0"},
    {kWireless, "restrictDataRates", "0"},
    {kWireless, "powerOffWhenCharging", "0"},
    {kWireless, "fipsMode", "0"},
    {kWireless, "fileSystemVerificationEnable", "0"},
    {kWireless, "phoneBookWebAccess", "0"},
});

struct SelectiveType {
  std::uint32_t number;
  std::string_view name;
};
constexpr auto kSelectiveTypes = std::to_array<SelectiveType>({
    {1, "30SPP"},
    {2, "12SPP"},
    {3, "12SP"},
    {4, "12S"},
    {5, "30VIP"},
    {9, "IP_CONFERENCE_PHONE"},
    {20, "SCCP_PHONE"},
    {30, "VEGA"},
    {80, "UONE"},
});

}  // namespace

std::span<const CatalogueModel> model_catalogue() noexcept {
  return kModels;
}

TagMap default_vendor_config(const CatalogueModel& model, Protocol protocol) {
  TagMap tags;
  if (has_parameters(default_family(model.number, protocol))) {
    return tags;
  }
  for (const CatalogueTag& tag : kTags) {
    if ((tag.traits & model.traits) != 0) {
      tags.push_back({std::string(tag.name), std::string(tag.value)});
    }
  }
  return tags;
}

std::uint32_t call_block_on(std::uint32_t model_number) noexcept {
  for (const CatalogueModel& model : kModels) {
    if (model.number == model_number) {
      return (model.traits & kByTwo) != 0 ? 2 : (model.traits & kByOne) != 0 ? 1 : 0;
    }
  }
  return 0;
}

std::string_view selective_type(std::uint32_t model_number) noexcept {
  for (const SelectiveType& type : kSelectiveTypes) {
    if (type.number == model_number) {
      return type.name;
    }
  }
  return {};
}

}  // namespace dialtone::generator
