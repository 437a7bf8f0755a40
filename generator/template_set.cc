// SPDX-License-Identifier: Apache-2.0
#include "generator/template_set.h"

#include "generator/embedded_templates.h"

#include <utility>

namespace dialtone::generator {
namespace {

struct Source {
  Template TemplateSet::*program;
  std::string_view name;
  const std::string_view& text;
  TemplateUse use = TemplateUse::kDevice;
};

const Source kSources[] = {
    {&TemplateSet::sep_sip, "sep_sip.xml", kSepSipXml},
    {&TemplateSet::sep_sccp, "sep_sccp.xml", kSepSccpXml},
    {&TemplateSet::xml_default, "xmldefault.xml", kXmldefaultXml, TemplateUse::kDefault},
    {&TemplateSet::short_form, "short_form.xml", kShortFormXml},
    {&TemplateSet::sip7960, "sip7960.xml", kSip7960Xml},
    {&TemplateSet::sip7960_default, "sipdefault.xml", kSipdefaultXml, TemplateUse::kDefault},
    {&TemplateSet::ld, "ld.xml", kLdXml},
    {&TemplateSet::gk, "gk.xml", kGkXml},
    {&TemplateSet::ata_sip, "ata_sip.xml", kAtaSipXml},
    {&TemplateSet::ata_sccp, "ata_sccp.xml", kAtaSccpXml},
    {&TemplateSet::list_default, "list_default.xml", kListDefaultXml, TemplateUse::kDefault},
    {&TemplateSet::cnf, "cnf.xml", kCnfXml},
};

}  // namespace

Result<TemplateSet> built_in_templates() {
  TemplateSet set;
  for (const Source& source : kSources) {
    auto program = compile_template(source.name, source.text, source.use);
    if (!program) {
      return program.error();
    }
    set.*source.program = *std::move(program);
  }
  return set;
}

}  // namespace dialtone::generator
