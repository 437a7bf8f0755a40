// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_command.h"

#include "bench/emu/app/command_end.h"
#include "bench/emu/app/device_document.h"
#include "bench/emu/app/device_plan.h"
#include "bench/emu/app/device_run.h"
#include "bench/emu/app/finite.h"
#include "bench/emu/app/nvram_file.h"
#include "bench/emu/device/lower_case.h"
#include "dataplane/base/printable.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

namespace dialtone::emu {
namespace {

struct Given {
  DeviceOptions device{};
  double seconds = 180;
  std::string until{};
  std::string expect{};
  std::string expected_error{};
  bool show_defaults = false;
  bool json = false;

  // Only which servers it would ask, without a link.
  bool is_rehearsal() const noexcept {
    return until == "discovery" || device.all_methods ||
           (until == "dhcp" && !device.dhcp_from.empty());
  }
};

// One for documentation (RFC 5737, 3849): nobody is there to give it one.
DeviceOptions with_address(DeviceOptions device) {
  if (device.address.empty() && device.dhcp_from.empty()) {
    device.address = device.v6 ? "2001:db8::fffe/64" : "192.0.2.254/24";
  }
  return device;
}

// Words of servers and names of files stand in it.
void print_event(const Timeline::Event& event) {
  std::printf("%9.3f s  %s\n", static_cast<double>(event.at) / 1e6, printable(event.what).c_str());
  std::fflush(stdout);
}

void tell_all(const Device& device, const Tell& tell) {
  for (const Timeline::Event& event : device.timeline().events()) {
    if (tell) {
      tell(event);
    }
  }
}

Result<void> remember_servers(const Given& given, const Device& device) {
  const std::vector<BootedFile> files = device.files();
  std::vector<IpAddress> servers = device.servers().addresses;
  const auto served = std::find_if(files.rbegin(), files.rend(), [](const BootedFile& file) {
    return file.got.end == DownloadEnd::kWhole;
  });
  if (given.device.nvram.empty() || served == files.rend()) {
    return {};
  }
  // Who has served comes first: the other one may be dead for good.
  std::rotate(servers.begin(), servers.begin() + static_cast<std::ptrdiff_t>(served->got.server),
              servers.end());
  return write_nvram(given.device.nvram, servers);
}

int report(const Given& given, const DevicePlan& plan, const Device& device,
           const RunResult& result, const std::optional<assertion::Assertion>& claim) {
  const nlohmann::json document = device_document(plan, device, result);
  if (given.json) {
    print_json(document);
  }
  if (claim) {
    return judge(claim, document);
  }
  if (result.timed_out) {
    return static_cast<int>(ErrorCode::kTimeout);
  }
  return is_cancelled() ? static_cast<int>(ErrorCode::kFailed) : 0;
}

// The device is switched on when its link is there.
int boot_on_link(const Given& given, const DevicePlan& plan,
                 const std::optional<assertion::Assertion>& claim, const Tell& tell) {
  if (given.device.link.empty()) {
    return fail(
        usage("--link: on which interface, or DPDK device, the device is; or "
              "DIALTONE_EMU_LINK"));
  }
  auto link = Link::open(given.device.link);
  if (!link) {
    return fail(link.error());
  }
  let_signals_cancel();
  Device device(plan, now_us());
  const RunLimits limits{.patience = static_cast<Micros>(given.seconds * 1e6),
                         .until_address = given.until == "dhcp",
                         .until_request = given.until == "rrq",
                         .is_cancelled = is_cancelled};
  const RunResult result = run_device(*link, device, limits, tell);
  if (const auto remembered = remember_servers(given, device); !remembered) {
    return fail(remembered.error());
  }
  return report(given, plan, device, result, claim);
}

int show_defaults(const Given& given, const std::optional<assertion::Assertion>& claim) {
  const DeviceDefaults defaults = defaults_of(given.device);
  const nlohmann::json document{{"dhcp", defaults.dhcp}, {"dhcp_can_be_off", defaults.can_be_off}};
  if (given.json) {
    print_json(document);
  } else {
    std::printf("DHCP is on%s\n", defaults.can_be_off ? ", and can be turned off" : ", always");
  }
  return judge(claim, document);
}

// "E_DHCP_FIXED" and "dhcp-fixed" are one code, as for `dialtone --expect-error`.
std::string plain_code(const std::string& code) {
  std::string plain = lower_case(code);
  std::replace(plain.begin(), plain.end(), '_', '-');
  return plain.starts_with("e-") ? plain.substr(2) : plain;
}

int refuse(const Given& given, const DeviceOptions& options, const Error& error) {
  if (given.expected_error.empty()) {
    return fail(error);
  }
  if (plain_code(given.expected_error) == refusal_code(options)) {
    return 0;
  }
  fail(error);
  std::fprintf(stderr, "dialtone-emu: it was refused, but not with %s\n",
               given.expected_error.c_str());
  return static_cast<int>(ErrorCode::kAssertion);
}

int run_command(const Given& given) {
  const auto claim = parse_claim(given.expect);
  if (!claim) {
    return fail(claim.error());
  }
  if (given.show_defaults) {
    return show_defaults(given, *claim);
  }
  DeviceOptions options = given.is_rehearsal() ? with_address(given.device) : given.device;
  options.registers = given.until.empty();
  const auto plan = plan_device(options);
  if (!plan) {
    return refuse(given, options, plan.error());
  }
  if (!given.expected_error.empty()) {
    std::fprintf(stderr, "dialtone-emu: it was not refused; %s was expected\n",
                 given.expected_error.c_str());
    return static_cast<int>(ErrorCode::kAssertion);
  }
  const Tell tell = given.json ? nullptr : Tell(print_event);
  if (!given.is_rehearsal()) {
    return boot_on_link(given, *plan, *claim, tell);
  }
  const Device device(*plan, now_us());
  tell_all(device, tell);
  return report(given, *plan, device, {}, *claim);
}

void add_discovery_options(CLI::App& command, DeviceOptions& device) {
  const auto* group = "Where its TFTP servers come from";
  command.add_option("--tftp", device.tftp, "set on the device: A[,B]")->group(group);
  command.add_option("--local-tftp", device.local_tftp, "the same")->group(group);
  command.add_option("--alternate-tftp", device.alternate_tftp, "yes|no[,A[,B]]: its setting")
      ->group(group);
  command.add_option("--opt150", device.option150, "as DHCP said: addresses")->group(group);
  command.add_option("--opt66", device.option66, "as DHCP said: a name or an address")
      ->group(group);
  command
      .add_option("--vendor-subopt", device.vendor_subopts,
                  "as DHCPv6 said, of enterprise 9: 1=A[,B] or 2=NAME")
      ->group(group);
  command.add_option("--options", device.options, "both, in the order of the answer: 66=A,150=B")
      ->group(group);
  command.add_option("--siaddr", device.siaddr, "Next-Server of DHCP")->group(group);
  command.add_option("--sname", device.sname, "server name of DHCP")->group(group);
  command
      .add_flag("--all-methods", device.all_methods,
                "every way says an address of its own; prints the order and the winner")
      ->group(group);
  command
      .add_option("--dns", device.zone,
                  "a file with names that it knows without a DNS server: NAME ADDRESS... on each "
                  "line")
      ->group(group);
  command.add_option("--dns-server", device.dns_server, "DNS servers, instead of DHCP's: A[,B]")
      ->group(group);
}

void add_device_options(CLI::App& command, Given& given) {
  command
      .add_option("--link", given.device.link,
                  "interface, or DPDK device string, of the device's network")
      ->envname("DIALTONE_EMU_LINK");
  command
      .add_option("--static", given.device.address,
                  "its address, 10.0.0.9/24; else it asks a DHCP server")
      ->envname("DIALTONE_EMU_STATIC");
  command.add_option("--dhcp-from", given.device.dhcp_from,
                     "a file with what DHCP said, as --json prints it; no server is asked");
  auto* v6 = command.add_flag("--v6", given.device.v6, "over IPv6 alone; its address by DHCPv6");
  command
      .add_flag("--dual", given.device.dual,
                "of both families: IPv6 when IPv4 leads to no TFTP server")
      ->excludes(v6);
  command.add_flag("--no-dhcp", given.device.no_dhcp, "its DHCP is turned off: it needs --static");
  command.add_option("--router", given.device.router, "its default gateway, instead of DHCP's");
  command.add_option("--vlan", given.device.vlan, "its voice VLAN, 1 to 4094");
  command.add_option("--mac", given.device.mac, "its MAC address");
  command.add_option("--profile", given.device.profile, "era of the servers: cm3, cm5, ...");
  command
      .add_option("--server1", given.device.server1,
                  "as if its first TFTP server were busy or rebuilding, in the words of --profile: "
                  "requests to it are not sent")
      ->check(CLI::IsMember({"busy", "rebuilding"}));
  command
      .add_option("--while-busy", given.device.while_busy,
                  "for how long, 5s; without --server1 it is busy. Without this it is busy for "
                  "good, and rebuilding for 5 s")
      ->transform(seconds(86400));
  command.add_option("--for", given.seconds, "seconds to wait for the end of its boot")
      ->check(finite(86400))
      ->capture_default_str();
  command
      .add_option(
          "--until", given.until,
          "discovery: which servers it asks, without a link; dhcp: until it has an address; "
          "rrq: to the request for its configuration; config: until it has its files; else "
          "it registers with a call manager, too")
      ->check(CLI::IsMember({"discovery", "dhcp", "rrq", "config"}));
  command
      .add_option("--reboots", given.device.reboots,
                  "how often it begins anew when no server answers for a minute")
      ->check(CLI::Range(0, 1000));
  command.add_option("--nvram", given.device.nvram,
                     "a file: its memory of the servers that served it last");
  command.add_option("--expect", given.expect,
                     "a claim about --json; exit code 4 when it is wrong");
  command.add_option("--expect-error", given.expected_error,
                     "exit code 0 when the device is refused with this code, like E_DHCP_FIXED");
  command
      .add_option("--action", given.device.action,
                  "what its user does behind the boot: change-ring opens the ring menu")
      ->check(CLI::IsMember({std::string(kChangeRing)}));
  command.add_flag("--show-defaults", given.show_defaults,
                   "what it is before anything is set on it; needs no link");
  command.add_flag("--json", given.json, "one object at the end instead of a timeline");
}

}  // namespace

void add_device_commands(CLI::App& app, std::function<int()>& run) {
  const auto given = std::make_shared<Given>();
  CLI::App* phone = app.add_subcommand("phone", "one phone, from power-on until it is registered");
  add_device_options(*phone, *given);
  phone->add_option("--model", given->device.model, "like 7941")->capture_default_str();
  phone->add_flag("--sip", given->device.sip, "SIP firmware; else SCCP, where there is one");
  phone->add_option("--fw", given->device.firmware,
                    "its load, or the version of its firmware: 8.0.4; another one in its "
                    "configuration is fetched");
  phone->add_option("--reset", given->device.reset, "seconds that it takes to start a new load")
      ->check(finite(3600))
      ->capture_default_str();
  phone->add_flag("--nonsecure", given->device.nonsecure,
                  "asks for plain names, also when it has a trust list");
  phone->add_option("--lines", given->device.lines,
                    "of SIP: registers at most so many lines of its configuration");
  phone->add_flag("--empty-cm-list", given->device.empty_cm_list,
                  "as if its configuration named no call manager");
  phone->add_option("--cm-down", given->device.cm_down,
                    "as if nobody listened at these call managers: NAME[,NAME]");
  add_discovery_options(*phone, given->device);
  // Of its own: what the environment says to one of the two is written behind the other's options.
  const auto given_gateway = std::make_shared<Given>();
  given_gateway->device.is_gateway = true;
  CLI::App* gateway = app.add_subcommand("gateway", "one gateway");
  add_device_options(*gateway, *given_gateway);
  gateway->add_option(
      "--name", given_gateway->device.name,
      "as in the database; else that of its type and its MAC, like SDA001122334455");
  gateway->add_option("--type", given_gateway->device.type,
                      "access-analog, access-digital, cat6k, mgcp or sccp");
  add_discovery_options(*gateway, given_gateway->device);
  phone->callback([given, &run] { run = [given] { return run_command(*given); }; });
  gateway->callback(
      [given_gateway, &run] { run = [given_gateway] { return run_command(*given_gateway); }; });
}

}  // namespace dialtone::emu
