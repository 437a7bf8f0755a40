// SPDX-License-Identifier: Apache-2.0
#include "generator/template.h"

#include "generator/template_builder.h"
#include "generator/template_reader.h"

namespace dialtone::generator {

Result<Template> compile_template(std::string_view name, std::string_view xml, TemplateUse use) {
  TemplateBuilder builder(name, use);
  DIALTONE_TRY(read_template(name, xml, builder));
  return builder.finish();
}

}  // namespace dialtone::generator
