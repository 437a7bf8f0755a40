// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/report_command.h"

#include "bench/emu/app/command_end.h"
#include "bench/emu/report/comparison_page.h"
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
  std::vector<std::string> records{};
  std::string output = "report.html";
  std::vector<std::string> budgets{};
};

struct Report {
  std::string page{};
  std::string text{};  // for the terminal, above the budgets
  std::vector<Budget> budgets{};
};

Result<std::vector<Budget>> judge_budgets(const std::vector<std::string>& claims,
                                          const nlohmann::json& document) {
  std::vector<Budget> budgets;
  for (const std::string& claim : claims) {
    const auto parsed = parse_claim(claim);
    if (!parsed) {
      return usage("--budget '" + claim + "': " + parsed.error().text);
    }
    if (*parsed) {
      const assertion::Verdict verdict = (*parsed)->check(document);
      budgets.push_back({claim, verdict.holds, verdict.why});
    }
  }
  return budgets;
}

Result<Report> report_run(const Given& given) {
  const auto run = read_run(given.records.front());
  if (!run) {
    return run.error();
  }
  // A storm that left phones or requests behind is never a pass, whatever else was asked.
  std::vector<std::string> claims{"failed == 0", "unaccounted == 0"};
  claims.insert(claims.end(), given.budgets.begin(), given.budgets.end());
  auto budgets = judge_budgets(claims, run->meta);
  if (!budgets) {
    return budgets.error();
  }
  Report report{.budgets = *std::move(budgets)};
  try {
    report.page = report_page(*run, report.budgets);
  } catch (const nlohmann::json::exception&) {
    return usage(given.records.front() +
                 "/meta.json: a value is of another type than a storm writes");
  }
  return report;
}

Result<Report> report_comparison(const Given& given) {
  const auto first = read_side(given.records[0]);
  if (!first) {
    return first.error();
  }
  const auto second = read_side(given.records[1]);
  if (!second) {
    return second.error();
  }
  const auto comparison = compare(*first, *second);
  if (!comparison) {
    return comparison.error();
  }
  auto budgets = judge_budgets(given.budgets, comparison_document(*comparison));
  if (!budgets) {
    return budgets.error();
  }
  Report report{.text = comparison_text(*first, *second, *comparison),
                .budgets = *std::move(budgets)};
  report.page = comparison_page(*first, *second, *comparison, report.budgets);
  return report;
}

int run_command(const Given& given) {
  const auto report = given.records.size() == 2 ? report_comparison(given) : report_run(given);
  if (!report) {
    return fail(report.error());
  }
  std::ofstream out(given.output, std::ios::trunc | std::ios::binary);
  out << report->page;
  out.close();
  if (!out) {
    return fail(errno_error("writing " + given.output, errno));
  }
  std::fputs(report->text.c_str(), stdout);
  for (const Budget& budget : report->budgets) {
    std::printf("%s %s%s%s\n", budget.holds ? "kept  " : "missed", budget.claim.c_str(),
                budget.holds ? "" : ": ", budget.why.c_str());
  }
  std::printf("%s\n", given.output.c_str());
  const bool all = std::all_of(report->budgets.begin(), report->budgets.end(),
                               [](const Budget& budget) { return budget.holds; });
  return all ? 0 : static_cast<int>(ErrorCode::kAssertion);
}

}  // namespace

void add_report_command(CLI::App& app, std::function<int()>& run) {
  const auto given = std::make_shared<Given>();
  CLI::App* report = app.add_subcommand(
      "report", "one HTML file of a recorded storm, or of two that were repeated");
  report
      ->add_option("RECORD", given->records,
                   "the folder of storm --record; of two, each with records of repetitions in it, "
                   "a comparison is made")
      ->required()
      ->expected(1, 2);
  report->add_option("-o,--output", given->output, "the file")->capture_default_str();
  report
      ->add_option("--budget", given->budgets,
                   "a claim about meta.json, which heads the report: 'failed==0', "
                   "'phases.ready.max_ms<=120000'; of a comparison 'ready_p99_ms.high<0.1'; exit "
                   "code 4 when one is missed")
      ->expected(1)
      ->take_all();
  report->callback([given, &run] { run = [given] { return run_command(*given); }; });
}

}  // namespace dialtone::emu
