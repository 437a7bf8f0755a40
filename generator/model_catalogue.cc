// SPDX-License-Identifier: Apache-2.0
#include "generator/model_catalogue.h"

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
};
constexpr std::uint32_t kAny = ~0U;

// Numbers: facts, cisco-tftp 2.2. Loads: of the form that each family's packages use; an
// administrator sets the real one. 7940 and 7960 speak SIP too, but with a file format of its own
// (cisco-tftp 3), so they are SCCP here.
constexpr std::uint32_t kOld = kWired | kWideband;
constexpr std::uint32_t kLit = kOld | kBacklight;
constexpr std::uint32_t kColour = kOld | kDisplay | kModules;
constexpr std::uint32_t kNew = kWired | kModern;
constexpr std::uint32_t kNewColour = kNew | kDisplay;

constexpr auto kModels = std::to_array<CatalogueModel>({
    {7, "Cisco 7960", true, false, 6, kWired | kModules, "P0030801SR02", ""},
    {8, "Cisco 7940", true, false, 2, kWired, "P0030801SR02", ""},
    {115, "Cisco 7941", true, true, 2, kOld, "SCCP41.9-4-2SR3-1S", "SIP41.9-4-2SR3-1S"},
    {119, "Cisco 7971", true, true, 8, kColour, "SCCP70.9-4-2SR3-1S", "SIP70.9-4-2SR3-1S"},
    {307, "Cisco 7911", true, true, 1, kWired, "SCCP11.9-4-2SR3-1S", "SIP11.9-4-2SR3-1S"},
    {365, "Cisco 7921", true, false, 6, kWireless, "CP7921G-1.4.8.4.LOADS", ""},
    {404, "Cisco 7962", true, true, 6, kLit | kModules, "SCCP42.9-4-2SR3-1S", "SIP42.9-4-2SR3-1S"},
    {434, "Cisco 7942", true, true, 2, kLit, "SCCP42.9-4-2SR3-1S", "SIP42.9-4-2SR3-1S"},
    {435, "Cisco 7945", true, true, 2, kOld | kDisplay, "SCCP45.9-4-2SR3-1S", "SIP45.9-4-2SR3-1S"},
    {436, "Cisco 7965", true, true, 6, kColour, "SCCP45.9-4-2SR3-1S", "SIP45.9-4-2SR3-1S"},
    {437, "Cisco 7975", true, true, 8, kColour, "SCCP75.9-4-2SR3-1S", "SIP75.9-4-2SR3-1S"},
    {484, "Cisco 7925", true, false, 6, kWireless, "CP7925G-1.4.8.4.LOADS", ""},
    {493, "Cisco 9971", false, true, 6, kNewColour | kVideo | kModules, "", "sip9971.9-4-2SR3-1"},
    {495, "Cisco 6921", true, true, 2, kNew, "SCCP69xx.9-4-1-3SR3", "SIP69xx.9-4-1-3SR3"},
    {496, "Cisco 6941", true, true, 4, kNew, "SCCP69xx.9-4-1-3SR3", "SIP69xx.9-4-1-3SR3"},
    {537, "Cisco 9951", false, true, 5, kNewColour | kVideo | kModules, "", "sip9951.9-4-2SR3-1"},
    {540, "Cisco 8961", false, true, 5, kNewColour | kModules, "", "sip8961.9-4-2SR3-1"},
    {585, "Cisco 8945", true, true, 4, kNewColour | kVideo, "SCCP894x.9-4-2SR3-1",
     "SIP894x.9-4-2SR3-1"},
    {586, "Cisco 8941", true, true, 4, kNewColour | kVideo, "SCCP894x.9-4-2SR3-1",
     "SIP894x.9-4-2SR3-1"},
    {621, "Cisco 7821", false, true, 2, kNew | kBacklight, "", "sip78xx.12-8-1-0101-482"},
    {622, "Cisco 7841", false, true, 4, kNew | kBacklight, "", "sip78xx.12-8-1-0101-482"},
    {623, "Cisco 7861", false, true, 16, kNew, "", "sip78xx.12-8-1-0101-482"},
    {683, "Cisco 8841", false, true, 10, kNewColour, "", "sip88xx.12-8-1-0101-482"},
    {684, "Cisco 8851", false, true, 10, kNewColour | kModules, "", "sip88xx.12-8-1-0101-482"},
    {685, "Cisco 8861", false, true, 10, kNewColour | kModules, "", "sip88xx.12-8-1-0101-482"},
    {30006, "Cisco 7970", true, true, 8, kColour, "SCCP70.9-4-2SR3-1S", "SIP70.9-4-2SR3-1S"},
    {30018, "Cisco 7961", true, true, 6, kOld | kModules, "SCCP41.9-4-2SR3-1S",
     "SIP41.9-4-2SR3-1S"},
    {36217, "Cisco 8811", false, true, 10, kNew | kBacklight, "", "sip88xx.12-8-1-0101-482"},
    {36224, "Cisco 8845", false, true, 10, kNewColour | kVideo, "", "sip8845_65.12-8-1-0101-482"},
    {36225, "Cisco 8865", false, true, 10, kNewColour | kVideo | kModules, "",
     "sip8845_65.12-8-1-0101-482"},
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

}  // namespace

std::span<const CatalogueModel> model_catalogue() noexcept {
  return kModels;
}

TagMap default_vendor_config(const CatalogueModel& model) {
  TagMap tags;
  for (const CatalogueTag& tag : kTags) {
    if ((tag.traits & model.traits) != 0) {
      tags.push_back({std::string(tag.name), std::string(tag.value)});
    }
  }
  return tags;
}

}  // namespace dialtone::generator
