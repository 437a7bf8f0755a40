// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/report_command.h"

#include "bench/emu/app/command_end.h"
#include "bench/emu/report/page.h"
#include "bench/emu/report/run_data.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

struct Given {
  std::string record{};
  std::string output = "report.html";
  std::vector<std::string> budgets{};
};

Result<std::vector<Budget>> judge_budgets(const std::vector<std::string>& claims,
                                          const nlohmann::json& meta) {
  // A storm that left phones or requests behind is never a pass, whatever else was asked.
  std::vector<std::string> all{"failed == 0", "unaccounted == 0"};
  all.insert(all.end(), claims.begin(), claims.end());
  std::vector<Budget> budgets;
  for (const std::string& claim : all) {
    const auto parsed = parse_claim(claim);
    if (!parsed) {
      return usage("--budget '" + claim + "': " + parsed.error().text);
    }
    if (*parsed) {
      const assertion::Verdict verdict = (*parsed)->check(meta);
      budgets.push_back({claim, verdict.holds, verdict.why});
    }
  }
  return budgets;
}

int run_command(const Given& given) {
  const auto run = read_run(given.record);
  if (!run) {
    return fail(run.error());
  }
  const auto budgets = judge_budgets(given.budgets, run->meta);
  if (!budgets) {
    return fail(budgets.error());
  }
  std::string page;
  try {
    page = report_page(*run, *budgets);
  } catch (const nlohmann::json::exception&) {
    return fail(usage(given.record + "/meta.json: a value is of another type than a storm writes"));
  }
  std::ofstream out(given.output, std::ios::trunc | std::ios::binary);
  out << page;
  out.close();
  if (!out) {
    return fail(errno_error("writing " + given.output, errno));
  }
  for (const Budget& budget : *budgets) {
    std::printf("%s %s%s%s\n", budget.holds ? "kept  " : "missed", budget.claim.c_str(),
                budget.holds ? "" : ": ", budget.why.c_str());
  }
  std::printf("%s\n", given.output.c_str());
  const bool all = std::all_of(budgets->begin(), budgets->end(),
                               [](const Budget& budget) { return budget.holds; });
  return all ? 0 : static_cast<int>(ErrorCode::kAssertion);
}

}  // namespace

void add_report_command(CLI::App& app, std::function<int()>& run) {
  const auto given = std::make_shared<Given>();
  CLI::App* report = app.add_subcommand("report", "one HTML file of a recorded storm");
  report->add_option("RECORD", given->record, "the folder of storm --record")->required();
  report->add_option("-o,--output", given->output, "the file")->capture_default_str();
  report
      ->add_option("--budget", given->budgets,
                   "a claim about meta.json, which heads the report: 'failed==0', "
                   "'phases.ready.max_ms<=120000'; exit code 4 when one is missed")
      ->expected(1)
      ->take_all();
  report->callback([given, &run] { run = [given] { return run_command(*given); }; });
}

}  // namespace dialtone::emu
