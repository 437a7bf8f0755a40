// SPDX-License-Identifier: Apache-2.0
#include "generator/template_set.h"

#include "generator/embedded_templates.h"

#include <utility>

namespace dialtone::generator {

Result<TemplateSet> built_in_templates() {
  auto sip = compile_template("sep_sip.xml", kSepSipXml, TemplateUse::kDevice);
  if (!sip) {
    return sip.error();
  }
  auto sccp = compile_template("sep_sccp.xml", kSepSccpXml, TemplateUse::kDevice);
  if (!sccp) {
    return sccp.error();
  }
  auto fallback = compile_template("xmldefault.xml", kXmldefaultXml, TemplateUse::kDefault);
  if (!fallback) {
    return fallback.error();
  }
  return TemplateSet{*std::move(sip), *std::move(sccp), *std::move(fallback)};
}

}  // namespace dialtone::generator
