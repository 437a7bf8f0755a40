// SPDX-License-Identifier: Apache-2.0
#include "control/database/change_log.h"

#include "control/database/change_tables.h"
#include "control/database/many_rows.h"

#include <algorithm>
#include <set>
#include <utility>

namespace dialtone::database {
namespace {

const ChangeTable* find_table(std::string_view name) noexcept {
  const auto tables = change_tables();
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const ChangeTable& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

// What the log says, each row once.
struct LoggedRows {
  std::set<std::pair<const ChangeTable*, std::int64_t>> shared;
  std::set<std::int64_t> devices;
  std::vector<std::int64_t> gateways;
  std::set<std::string> old_names;
  bool all_gateways = false;
  bool counts_anew = false;
  bool parameters = false;
  bool everything = false;
  LoggedSpan span;
};

void add_to(LoggedSpan& span, const Query& row) {
  span.add(row.integer(3), row.integer(4),
           span.some.size() < LoggedSpan::kNamed
               ? LoggedSpan::Row{std::string(row.text(0)), row.integer(1), std::string(row.text(5))}
               : LoggedSpan::Row{});
}

Result<LoggedRows> read_log(Database& database, std::int64_t since, std::int64_t last) {
  LoggedRows rows;
  const auto add = [&](const Query& row) {
    add_to(rows.span, row);
    const ChangeTable* table = find_table(row.text(0));
    if (table == nullptr || table->reach == Reach::kEverything) {
      rows.everything = true;
    } else if (table->reach == Reach::kShared || table->reach == Reach::kSharedFiles) {
      rows.shared.emplace(table, row.integer(1));
    } else if (table->reach == Reach::kGateway) {
      rows.gateways.push_back(row.integer(1));
    } else if (table->reach == Reach::kParameters) {
      rows.parameters = true;
    } else if (table->reach == Reach::kGateways) {
      rows.all_gateways = true;
    } else if (table->reach == Reach::kDevice) {
      rows.devices.insert(row.integer(1));
      rows.counts_anew = rows.counts_anew || row.text(5) != "update";
      if (const std::string_view name = row.text(2); !name.empty()) {
        rows.old_names.emplace(name);
      }
    }
  };
  DIALTONE_TRY(database.for_each(database.dialect().changes_between, add, since, last));
  return rows;
}

Result<bool> log_reaches(Database& database, std::int64_t since, std::int64_t last) {
  const auto reaches = database.integer(database.dialect().log_reaches, since, last);
  if (!reaches) {
    return reaches.error();
  }
  return reaches->value_or(0) != 0;
}

Result<void> add_touched(Database& database, std::string_view sql, std::int64_t row_id,
                         std::vector<std::int64_t>& ids) {
  if (sql.empty()) {
    return {};
  }
  const auto add = [&](const Query& row) { ids.push_back(row.integer(0)); };
  return sql.find("?1") == sql.npos ? database.for_each(sql, add)
                                    : database.for_each(sql, add, row_id);
}

// The rows that `select` finds of the values, in their order. A thousand at a time: an import may
// have changed all devices there are, and a server wants a round trip for each question.
template <typename Values, typename Visit>
Result<void> read_chosen(Database& database, const std::string& select, const Values& values,
                         Visit visit) {
  for (auto next = values.begin(); next != values.end();) {
    std::vector<Value> some;
    for (; next != values.end() && some.size() < kRowsAtOnce; ++next) {
      some.emplace_back(*next);
    }
    const Chosen chosen = chosen_of(std::move(some));
    auto query = database.query_all(select + " " + chosen.text + " ORDER BY 1", chosen.values);
    if (!query) {
      return query.error();
    }
    DIALTONE_TRY(query->for_each(visit));
  }
  return {};
}

void sort_unique(std::vector<std::int64_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

bool LoggedSpan::has(std::int64_t number) const noexcept {
  return std::any_of(numbers.begin(), numbers.end(),
                     [&](const Run& run) { return run.first <= number && number <= run.last; });
}

void LoggedSpan::add(std::int64_t number, std::int64_t at_ms, Row row) {
  first_ms = rows == 0 ? at_ms : std::min(first_ms, at_ms);
  last_ms = rows == 0 ? at_ms : std::max(last_ms, at_ms);
  ++rows;
  if (!numbers.empty() && (number == numbers.back().last + 1 || numbers.size() == kMostRuns)) {
    numbers.back().last = std::max(numbers.back().last, number);
  } else {
    numbers.push_back({number, number});
  }
  if (some.size() < kNamed) {
    some.push_back(std::move(row));
  }
}

void LoggedSpan::append(const LoggedSpan& later) {
  if (later.rows == 0) {
    return;
  }
  first_ms = rows == 0 ? later.first_ms : std::min(first_ms, later.first_ms);
  last_ms = rows == 0 ? later.last_ms : std::max(last_ms, later.last_ms);
  rows += later.rows;
  for (const Run& run : later.numbers) {
    if (numbers.size() == kMostRuns) {
      numbers.back().last = std::max(numbers.back().last, run.last);
    } else {
      numbers.push_back(run);
    }
  }
  for (const Row& row : later.some) {
    if (some.size() < kNamed) {
      some.push_back(row);
    }
  }
}

Result<LoggedSpan> read_span(Database& database, std::int64_t since, std::int64_t last) {
  LoggedSpan span;
  DIALTONE_TRY(database.for_each(
      database.dialect().changes_between, [&](const Query& row) { add_to(span, row); }, since,
      last));
  return span;
}

Result<std::int64_t> last_change(Database& database) {
  const auto last = database.integer(database.dialect().newest_change);
  if (!last) {
    return last.error();
  }
  return last->value_or(0);
}

Result<ChangeSet> read_changes(Database& database, std::int64_t since) {
  const auto last = last_change(database);
  if (!last) {
    return last.error();
  }
  const auto reaches = log_reaches(database, since, *last);
  if (!reaches) {
    return reaches.error();
  }
  auto logged = read_log(database, since, *last);
  if (!logged) {
    return logged.error();
  }
  ChangeSet changes;
  changes.last_seq = *last;
  changes.everything = logged->everything || !*reaches;
  changes.shared = changes.everything || !logged->shared.empty();
  changes.parameters = logged->parameters;
  changes.counts_anew = changes.everything || logged->counts_anew;
  changes.span = std::move(logged->span);
  changes.gateways = std::move(logged->gateways);
  for (const auto& [table, row_id] : logged->shared) {
    DIALTONE_TRY(add_touched(database, table->devices_sql, row_id, changes.devices));
    DIALTONE_TRY(add_touched(database, table->gateways_sql, row_id, changes.gateways));
  }
  sort_unique(changes.gateways);
  changes.all_gateways = changes.everything || logged->all_gateways;
  DIALTONE_TRY(read_chosen(database, "SELECT id, name FROM devices WHERE id", logged->devices,
                           [&](const Query& row) {
                             changes.devices.push_back(row.integer(0));
                             changes.named.emplace_back(row.text(1));
                           }));
  sort_unique(changes.devices);
  std::set<std::string, std::less<>> reused;
  DIALTONE_TRY(read_chosen(database, "SELECT name FROM devices WHERE name", logged->old_names,
                           [&](const Query& row) { reused.emplace(row.text(0)); }));
  for (const std::string& name : logged->old_names) {
    (reused.contains(name) ? changes.reused : changes.gone).push_back(name);
  }
  return changes;
}

Result<void> trim_changes(Database& database, std::int64_t up_to) {
  return database.run(database.dialect().trim_changes, up_to);
}

}  // namespace dialtone::database
