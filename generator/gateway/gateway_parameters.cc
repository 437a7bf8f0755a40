// SPDX-License-Identifier: Apache-2.0
#include "generator/gateway/gateway_parameters.h"

#include "generator/shared/file_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace dialtone::generator {
namespace {

constexpr unsigned bit(GatewayKind kind) noexcept {
  return 1U << static_cast<unsigned>(kind);
}
constexpr unsigned bit(SettingPlace place) noexcept {
  return 1U << static_cast<unsigned>(place);
}
constexpr unsigned kMgcp = bit(GatewayKind::kMgcp);
constexpr unsigned kAnyKind = (1U << kGatewayKindCount) - 1;
constexpr unsigned kGateway = bit(SettingPlace::kGateway);
constexpr unsigned kAnalog = bit(SettingPlace::kAnalogPort);
constexpr unsigned kDigital = bit(SettingPlace::kDigitalPort);
constexpr unsigned kPort = kAnalog | kDigital;

enum class Form { kWord, kNumber, kDigits, kText };

struct Parameter {
  std::string_view name;
  unsigned kinds;
  unsigned places;
  Form form;
  std::string_view words = {};  // kWord: those that there are, with blanks between them
  int least = 0;                // kNumber
  int most = 0;                 // kNumber; else of characters
};

constexpr std::string_view kYesNo = "true false";

constexpr auto kParameters = std::to_array<Parameter>({
    {"dialPeerPrefix", kMgcp, kGateway, Form::kNumber, {}, 0, 99'999},
    {"downloadTones", kAnyKind, kGateway, Form::kWord, kYesNo},
    {"fallbackMgcp", kMgcp, kGateway, Form::kWord, kYesNo},
    {"isdnSwitchType", kMgcp, kGateway, Form::kText, {}, 0, 64},
    {"keepAliveSeconds", kAnyKind, kGateway, Form::kNumber, {}, 1, 3600},
    {"musicOnHold", kMgcp, kGateway, Form::kWord, kYesNo},
    {"switchback", kMgcp, kGateway, Form::kWord,
     "graceful immediate never scheduleTime uptimeDelay"},
    {"tftpRetries", kAnyKind, kGateway, Form::kNumber, {}, 0, 100},
    {"endpoint", kAnyKind, kPort, Form::kText, {}, 0, 128},
    {"portDirection", kAnyKind, kPort, Form::kWord, "inbound outbound bothWays"},
    {"significantDigits", kAnyKind, kPort, Form::kNumber, {}, 0, 32},
    {"expectedDigits", kAnyKind, kPort, Form::kNumber, {}, 0, 32},
    {"prefixDn", kAnyKind, kPort, Form::kDigits, {}, 0, 50},
    {"attendantDn", kAnyKind, kAnalog, Form::kDigits, {}, 0, 50},
    {"callerIdEnable", kAnyKind, kAnalog, Form::kWord, kYesNo},
    {"echoCancel", kAnyKind, kAnalog, Form::kWord, kYesNo},
    {"inputGain", kAnyKind, kAnalog, Form::kNumber, {}, -6, 14},
    {"outputAttenuation", kAnyKind, kAnalog, Form::kNumber, {}, -6, 14},
    {"signaling", kAnyKind, kAnalog, Form::kWord, "loopStart groundStart eAndM did"},
    {"channelSelectionOrder", kAnyKind, kDigital, Form::kWord, "topDown bottomUp"},
    {"channels", kAnyKind, kDigital, Form::kNumber, {}, 1, 31},
    {"clockReference", kAnyKind, kDigital, Form::kWord, "internal external none"},
    {"framing", kAnyKind, kDigital, Form::kWord, "sf esf crc4 noCrc4"},
    {"lineCode", kAnyKind, kDigital, Form::kWord, "ami b8zs hdb3"},
    {"protocolSide", kAnyKind, kDigital, Form::kWord, "user network"},
    {"protocolType", kAnyKind, kDigital, Form::kText, {}, 0, 64},
});

bool is_word_of(std::string_view words, std::string_view word) noexcept {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (words.substr(at, end - at) == word) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

Error wants(std::string_view name, const std::string& what, std::string_view value) {
  return refused("'" + std::string(name) + "' wants " + what + ", not '" + std::string(value) +
                 "'");
}

Result<void> check_value(const Parameter& parameter, std::string_view value) {
  switch (parameter.form) {
    case Form::kWord:
      return is_word_of(parameter.words, value)
                 ? Result<void>()
                 : wants(parameter.name, "one of " + std::string(parameter.words), value);
    case Form::kNumber: {
      int number = 0;
      const char* const end = value.data() + value.size();
      const auto read = std::from_chars(value.data(), end, number);
      return read.ec == std::errc() && read.ptr == end && number >= parameter.least &&
                     number <= parameter.most
                 ? Result<void>()
                 : wants(parameter.name,
                         "a number from " + std::to_string(parameter.least) + " to " +
                             std::to_string(parameter.most),
                         value);
    }
    case Form::kDigits:
      return value.find_first_not_of("0123456789*#+") == value.npos &&
                     value.size() <= static_cast<std::size_t>(parameter.most)
                 ? Result<void>()
                 : wants(parameter.name, "digits, '*', '#' and '+'", value);
    case Form::kText:
      break;
  }
  return value.size() <= static_cast<std::size_t>(parameter.most)
             ? Result<void>()
             : wants(parameter.name, "at most " + std::to_string(parameter.most) + " bytes", value);
}

std::string_view place_name(SettingPlace place) noexcept {
  return place == SettingPlace::kGateway      ? "setting of a gateway"
         : place == SettingPlace::kAnalogPort ? "setting of an analog port"
                                              : "setting of a T1 or E1 port";
}

// Null: there is none of that name.
const Parameter* find(GatewayKind kind, SettingPlace place, std::string_view name) noexcept {
  const auto* found =
      std::find_if(kParameters.begin(), kParameters.end(), [&](const Parameter& each) {
        return each.name == name && (each.kinds & bit(kind)) != 0 &&
               (each.places & bit(place)) != 0;
      });
  return found == kParameters.end() ? nullptr : found;
}

}  // namespace

bool is_gateway_setting(GatewayKind kind, SettingPlace place, std::string_view name) noexcept {
  return find(kind, place, name) != nullptr;
}

std::vector<std::string_view> gateway_setting_names(GatewayKind kind, SettingPlace place) {
  std::vector<std::string_view> names;
  for (const Parameter& each : kParameters) {
    if ((each.kinds & bit(kind)) != 0 && (each.places & bit(place)) != 0) {
      names.push_back(each.name);
    }
  }
  return names;
}

Result<void> check_gateway_setting(GatewayKind kind, SettingPlace place, std::string_view name,
                                   std::string_view value,
                                   const std::vector<std::string_view>& own) {
  if (std::find(own.begin(), own.end(), name) != own.end()) {
    return {};
  }
  if (const Parameter* parameter = find(kind, place, name)) {
    return check_value(*parameter, value);
  }
  std::vector<std::string_view> known = gateway_setting_names(kind, place);
  known.insert(known.end(), own.begin(), own.end());
  return not_among(place_name(place), name, known);
}

}  // namespace dialtone::generator
