// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_group.h"
#include "control/cli/commands.h"
#include "control/cli/row_commands.h"

namespace dialtone::cli {
namespace {

void add_list(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(noun, "ls", "List gateways, and whether their files are served",
                            "dialtone gateway ls 'SKIGW*'");
  const CLI::Option* pattern = verb->add_option("PATTERN", "Shell pattern of the name");
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "gateway ls";
      put_text(invocation, "pattern", *pattern);
    }
    return {};
  });
}

void add_show(CLI::App& noun, Invocation& invocation, Completions& completions) {
  CLI::App* verb = add_verb(noun, "show", "Show every key of a gateway, and its files",
                            "dialtone gateway show SKIGW1FCAC3DE10");
  const CLI::Option* name = verb->add_option("NAME", "Name of the gateway")->required();
  completions.push_back([=, &invocation]() -> Result<void> {
    if (verb->parsed()) {
      invocation.command = "gateway show";
      put_text(invocation, "name", *name);
    }
    return {};
  });
}

void add_templates(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "gatewaytemplate", "Templates of gateways' files");
  CLI::App* ls = add_verb(*noun, "ls", "List templates, and how many gateways each is used for",
                          "dialtone gatewaytemplate ls");
  CLI::App* show = add_verb(*noun, "show", "Print one as set takes it; ours too, by its kind",
                            "dialtone gatewaytemplate show mgcp > vg310.xml");
  CLI::App* set = add_verb(*noun, "set", "Make one what a file says, or add it",
                           "dialtone gatewaytemplate set vg310 vg310.xml --product VG310");
  CLI::App* rm = add_verb(*noun, "rm", "Remove one that no gateway names",
                          "dialtone gatewaytemplate rm vg310");
  const CLI::Option* show_name =
      show->add_option("NAME", "Its name, or mgcp, sccp, vg248, saa or sda")->required();
  const CLI::Option* name = set->add_option("NAME", "Its name")->required();
  const CLI::Option* file =
      set->add_option("FILE", "The template in XML; - is standard input")->required();
  const CLI::Option* product =
      set->add_option("--product", "Use it for gateways of this product that name none")
          ->type_name("PRODUCT");
  const CLI::Option* description =
      set->add_option("--description", "What it is for")->type_name("TEXT");
  completions.may_be_empty.insert({product, description});
  const CLI::Option* no_wait = add_no_wait(*set);
  const CLI::Option* rm_name = rm->add_option("NAME", "Its name")->required();
  const CLI::Option* rm_no_wait = add_no_wait(*rm);
  completions.push_back([=, &invocation]() -> Result<void> {
    if (ls->parsed()) {
      invocation.command = "gatewaytemplate ls";
    } else if (show->parsed()) {
      invocation.command = "gatewaytemplate show";
      put_text(invocation, "name", *show_name);
    } else if (set->parsed()) {
      invocation.command = "gatewaytemplate set";
      put_text(invocation, "name", *name);
      put_file(invocation, *file);
      put_text(invocation, "product", *product);
      put_text(invocation, "description", *description);
      put_wait(invocation, *no_wait);
      invocation.patience = kLongPatience;
    } else if (rm->parsed()) {
      invocation.command = "gatewaytemplate rm";
      put_text(invocation, "name", *rm_name);
      put_wait(invocation, *rm_no_wait);
      invocation.patience = kLongPatience;
    }
    return {};
  });
}

}  // namespace

void add_gateway_commands(CLI::App& cli, Invocation& invocation, Completions& completions) {
  CLI::App* noun = add_noun(cli, "gateway", "The gateways of the database");
  add_list(*noun, invocation, completions);
  add_show(*noun, invocation, completions);
  add_row_change(
      *noun,
      {"gateway", "set", "Change keys of a gateway",
       "dialtone gateway set gw1 domain=example.com port0/1/0.dn=4001\n"
       "  dialtone gateway set gw1 settings.tftpRetries=2 port0/1/0.settings.signaling=did",
       "Its host name or, of the other kinds, its MAC address"},
      invocation, completions);
  add_row_change(*noun,
                 {"gateway", "add", "Add a gateway",
                  "dialtone gateway add gw1 kind=mgcp product=VG310 unit0.product=ANALOG "
                  "subunit0/1.product=24FXS ports0/1=0-23\n"
                  "  dialtone gateway add 00:1f:ca:c3:de:10 kind=sccp product=VG224",
                  "Its host name or, of the other kinds, its MAC address"},
                 invocation, completions);
  add_row_removal(*noun,
                  {"gateway", "rm", "Remove gateways and their files: all of them or none",
                   "dialtone gateway rm gw1 SKIGW1FCAC3DE10", "Names of the gateways"},
                  invocation, completions);
  add_templates(cli, invocation, completions);
}

}  // namespace dialtone::cli
