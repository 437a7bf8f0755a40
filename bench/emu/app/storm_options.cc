// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/storm_options.h"

#include "bench/emu/app/finite.h"

namespace dialtone::emu {
namespace {

void add_phone_options(CLI::App& command, StormOptions& options) {
  const auto* group = "Phones";
  command.add_option("--first", options.first, "address of the first phone; the others follow it")
      ->group(group)
      ->capture_default_str();
  command.add_option("--vlan", options.vlan, "their voice VLAN")
      ->group(group)
      ->check(CLI::Range(1, 4094));
  command
      .add_option("--router", options.router,
                  "the phones are behind a router with this address on the server's link")
      ->group(group);
  command
      .add_option("--vanish", options.campus.vanish_percent,
                  "percent of the phones that lose their power again, after 1 to 30 packets")
      ->check(finite(100))
      ->group(group);
  command
      .add_option("--seed", options.campus.seed, "of the order of power, and of the link's faults")
      ->group(group)
      ->capture_default_str();
  command.add_option("--blksize", options.block_size, "asked for; none: plain RFC 1350")
      ->group(group)
      ->check(CLI::Range(8, 1468));
  command.add_option("--windowsize", options.window, "asked for")
      ->group(group)
      ->check(CLI::Range(1, 64));
}

void add_link_options(CLI::App& command, StormOptions& options) {
  const auto* group = "Link";
  command.add_option("--link", options.link, "interface, or DPDK device string")
      ->group(group)
      ->envname("DIALTONE_EMU_LINK");
  command.add_option("--cpu", options.cpu, "that the storm has for itself")
      ->group(group)
      ->capture_default_str();
  command.add_flag("--hugepages", options.hugepages, "for packet buffers")->group(group);
  const CLI::Validator percent = finite(100);
  command.add_option("--loss", options.loss_percent, "percent of the frames, of each way")
      ->group(group)
      ->check(percent);
  command.add_option("--duplicate", options.duplicate_percent, "percent of what phones send")
      ->group(group)
      ->check(percent);
  command.add_option("--reorder", options.reorder_percent, "percent that come 1 ms later")
      ->group(group)
      ->check(percent);
  command.add_option("--delay", options.delay_ms, "milliseconds, each way")
      ->check(finite(86400))
      ->group(group);
}

void add_end_options(CLI::App& command, StormOptions& options) {
  command.add_option("--tftp", options.tftp, "the server, on their link")
      ->envname("DIALTONE_EMU_TFTP")
      ->required();
  CLI::Option* folder =
      command
          .add_option("--origin", options.origin_folders,
                      "a folder with the files as they should be; again for each state that the "
                      "server has during the storm")
          ->expected(1)
          ->take_all();
  command
      .add_option("--origin-list", options.origin_lists,
                  "the same by digests: what dialtone --json files ls prints")
      ->expected(1)
      ->take_all()
      ->excludes(folder);
  command.add_option("--for", options.seconds, "seconds to wait for the last phone")
      ->check(finite(86400))
      ->capture_default_str();
  command.add_option("--record", options.record, "a folder for run.jsonl and meta.json");
  command.add_option("--expect", options.expect,
                     "a claim about --json; exit code 4 when it is wrong");
  command.add_flag("--json", options.json, "one object instead of a summary");
}

}  // namespace

void add_storm_options(CLI::App& command, StormOptions& options) {
  add_phone_options(command, options);
  add_link_options(command, options);
  add_end_options(command, options);
}

}  // namespace dialtone::emu
