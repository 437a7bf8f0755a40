// SPDX-License-Identifier: Apache-2.0
//
// The texts of generator/templates, put into the library by scripts/embed-files.py at build time.
#pragma once

#include <string_view>

namespace dialtone::generator {

extern const std::string_view kAtaSccpXml;
extern const std::string_view kAtaSipXml;
extern const std::string_view kCnfXml;
extern const std::string_view kGatewayMgcpXml;
extern const std::string_view kGatewayOlderXml;
extern const std::string_view kGatewaySccpXml;
extern const std::string_view kGkXml;
extern const std::string_view kLdXml;
extern const std::string_view kListDefaultXml;
extern const std::string_view kSepSccpXml;
extern const std::string_view kSepSipXml;
extern const std::string_view kShortFormXml;
extern const std::string_view kSip7960Xml;
extern const std::string_view kSipdefaultXml;
extern const std::string_view kXmldefaultXml;

}  // namespace dialtone::generator
