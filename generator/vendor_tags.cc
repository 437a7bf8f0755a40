// SPDX-License-Identifier: Apache-2.0
#include "generator/vendor_tags.h"

#include "dataplane/base/diagnostic.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace dialtone::generator {
namespace {

constexpr std::string_view kTags[] = {
    // ports and access
    "pcPort", "settingsAccess", "garp", "voiceVlanAccess", "spanToPCPort", "enableCdpSwPort",
    "enableCdpPcPort", "enableLldpSwPort", "enableLldpPcPort", "lldpAssetId", "cdpEnable",
    "powerPriority", "powerNegotiation", "PortAutoLinkSync", "SWRemoteConfig", "PCRemoteConfig",
    "dfBit", "eapAuthentication",
    // web, shell, logs
    "webAccess", "webProtocol", "webAdmin", "adminPassword", "sshAccess", "sshPort", "tls12Only",
    "disableTLSCiphers", "loggingDisplay", "logServer", "ipv6LogServer", "problemReportUploadURL",
    // firmware
    "loadServer", "ipv6LoadServer", "peerFirmwareSharing",
    // display and audio
    "daysDisplayNotActive", "displayOnTime", "displayOnDuration", "displayIdleTimeout",
    "displayOnWhenIncomingCall", "daysBacklightNotActive", "backlightOnTime", "backlightOnDuration",
    "backlightIdleTimeout", "backlightOnWhenIncomingCall", "displayRefreshRate",
    "defaultWallpaperFile", "minimumRingVolume", "adminConfigurableRinger",
    "headsetWidebandUIControl", "handsetWidebandUIControl", "headsetWidebandEnable",
    "handsetWidebandEnable", "g722CodecSupport", "enableMuteFeature", "enableGroupListen",
    "handsetHeadsetMonitor", "sideToneLevel",
    // calls
    "autoSelectLineEnable", "autoCallSelect", "moreKeyReversionTimer", "incomingCallToastTimer",
    "holdResumeKey", "recentsSoftKey", "simplifiedNewCall", "actionableAlert", "softkeyControl",
    "lineMode", "kemOneColumn", "callParkMonitor", "showCallHistoryForSelectedLine",
    "useEnblocDialing", "recordingTone", "recordingToneLocalVolume", "recordingToneRemoteVolume",
    "recordingToneDuration", "rtcp", "videoRtcp", "videoCapability", "ciscoCamera"};

constexpr std::string_view kWirelessTags[] = {"WlanProfile1",
                                              "WlanProfile2",
                                              "WlanProfile3",
                                              "WlanProfile4",
                                              "PushToTalkURL",
                                              "specialNumbers",
                                              "unlockSettingsSequence",
                                              "scanningMode",
                                              "outOfRangeAlert",
                                              "restrictDataRates",
                                              "powerOffWhenCharging",
                                              "fipsMode",
                                              "fileSystemVerificationEnable",
                                              "phoneBookWebAccess"};

// 7920, 7921, 7925, 7926 and 8821.
constexpr std::uint32_t kWireless[] = {30002, 365, 484, 577, 36216};

template <typename Values, typename Value>
bool holds(const Values& values, const Value& value) noexcept {
  return std::find(std::begin(values), std::end(values), value) != std::end(values);
}

}  // namespace

bool is_known_vendor_tag(std::uint32_t model, std::string_view name) noexcept {
  return holds(kTags, name) || (holds(kWirelessTags, name) && holds(kWireless, model));
}

std::string unknown_vendor_tag(std::uint32_t model, std::string_view name) {
  if (holds(kWirelessTags, name)) {
    return "'" + std::string(name) + "' is a tag of vendorConfig for wireless phones alone";
  }
  std::vector<std::string_view> known(std::begin(kTags), std::end(kTags));
  if (holds(kWireless, model)) {
    known.insert(known.end(), std::begin(kWirelessTags), std::end(kWirelessTags));
  }
  const std::string near = nearest_word(name, known);
  return "'" + std::string(name) + "' is no tag of vendorConfig that we know" +
         (near.empty() ? std::string() : "; did you mean '" + near + "'?");
}

}  // namespace dialtone::generator
