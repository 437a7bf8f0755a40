// SPDX-License-Identifier: Apache-2.0
//
// The compiled templates of a build: one program for each kind of file. The built-in ones come from
// generator/templates; they are in the library, no file is read. Immutable; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/template.h"

namespace dialtone::generator {

struct TemplateSet {
  Template sep_sip;
  Template sep_sccp;
  Template xml_default;
  Template short_form;  // what precedes an encrypted file
  Template sip7960;
  Template sip7960_default;
  Template ld;
  Template gk;
  Template ata_sip;
  Template ata_sccp;
  Template list_default;  // lddefault.cfg and gkdefault.cfg
  Template cnf;           // what an encoder of .cnf reads
};

// Fails only if the library was built from broken templates; the tests see to that.
Result<TemplateSet> built_in_templates();

}  // namespace dialtone::generator
