// SPDX-License-Identifier: Apache-2.0
//
// A line for each event.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/text.h"

#include <array>
#include <cstddef>

namespace dialtone::cli {
namespace {

constexpr std::size_t kColumns = 6;
using Cells = std::array<std::string, kColumns>;

// Narrower than the longest that may come: a longer cell moves what is behind it, on its line only.
constexpr std::array<std::size_t, kColumns> kWidths = {24, 21, 22, 32, 8, 0};

// On a terminal that is too narrow for that: the date is left out, and what is behind its edge.
constexpr std::array<std::size_t, kColumns> kNarrow = {13, 20, 19, 24, 7, 0};
constexpr std::size_t kWide = 132;
constexpr std::size_t kDate = 11;  // "2026-11-30T"

std::string line_of_cells(const Cells& cells, std::size_t terminal) {
  const bool is_narrow = terminal != 0 && terminal < kWide;
  const auto& widths = is_narrow ? kNarrow : kWidths;
  std::string line;
  for (std::size_t column = 0; column < kColumns; ++column) {
    std::string cell = cells[column].empty() ? "-" : cells[column];
    if (is_narrow && column == 0 && cell.size() > kDate) {
      cell.erase(0, kDate);
    }
    const std::size_t width = display_width(cell);
    line += cell;
    if (column + 1 != kColumns) {
      line.append((width < widths[column] ? widths[column] - width : 0) + 2, ' ');
    }
  }
  return (is_narrow ? cut_to(line, terminal) : line) + '\n';
}

std::string client_of(const api::Json& event) {
  const std::string address = text_at(event, "client");
  const bool is_v6 = address.find(':') != std::string::npos;
  std::string text = is_v6 ? '[' + address + ']' : address;
  text += ':' + text_at(event, "port");
  for (const char* vlan : {"vlan", "inner_vlan"}) {
    if (count_at(event, vlan) != 0) {
      text += " vlan " + text_at(event, vlan);
    }
  }
  return text;
}

std::string name_of(const api::Json& event) {
  const std::string name = text_at(event, "name");
  constexpr std::size_t kKept = 40;  // of an event's record
  return count_at(event, "name_length") > kKept ? name + "..." : name;
}

std::string took(const api::Json& event) {
  if (text_at(event, "event") != "end") {
    return {};
  }
  std::string text =
      human_us(count_at(event, "duration_us")) + ", " + counted(count_at(event, "blocks"), "block");
  if (const std::uint64_t copies = count_at(event, "copies"); copies != 0) {
    text += ", " + grouped(copies) + " sent again";
  }
  return text;
}

}  // namespace

Rendered render_events(const api::Json& result, const Style& style, Heading heading) {
  Rendered rendered;
  const api::Json& events = list_at(result, "events");
  if (const std::uint64_t lost = count_at(result, "lost"); lost != 0) {
    rendered.warnings.push_back(counted(lost, "event") +
                                " came too fast and were overwritten; a larger 'events' in "
                                "[dataplane] keeps more");
  }
  if (const std::uint64_t skipped = count_at(result, "skipped"); skipped != 0) {
    rendered.warnings.push_back(counted(skipped, "event") +
                                " came too fast and were skipped, though the rings have them; with "
                                "--client or --device there is less to show, and it keeps up");
  }
  if (heading == Heading::kYes && events.empty()) {
    rendered.warnings.push_back("no event matches");
  } else if (heading == Heading::kYes) {
    const Cells names = {"TIME", "CLIENT", "OUTCOME", "NAME", "SIZE", "TOOK"};
    std::string line = line_of_cells(names, style.width);
    line.pop_back();
    rendered.out = style.heading(line) + '\n';
  }
  for (const api::Json& event : events) {
    rendered.out += line_of_cells(
        {utc_milliseconds(count_at(event, "time_us")), client_of(event), text_at(event, "outcome"),
         name_of(event), human_size(count_at(event, "bytes")), took(event)},
        style.width);
  }
  return rendered;
}

}  // namespace dialtone::cli
