// SPDX-License-Identifier: Apache-2.0
//
// What the pages of reports are made of: numbers as people read them, tables, sections, the page
// itself. Pure.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::emu {

// A claim about a storm, and whether it holds.
struct Budget {
  std::string claim{};
  bool holds = false;
  std::string why{};  // when it does not
};

// "12,345".
std::string grouped(std::uint64_t value);
std::string fixed(double value, int digits);
// Not negative. Four digits or so say all that a person reads.
std::string ms_text(double ms);

// "not found" of the key "not_found".
std::string words_of(std::string key);

// Text of a page or a chart: & < > " as entities.
std::string html_text(const std::string& text);

// What they enclose is text and is escaped; the content of a section and of a page is HTML.
std::string cell(const std::string& text, bool is_number = false);
// A command or a path, which breaks into lines between its words.
std::string code(const std::string& text);
// Of rows. Where the window is too narrow for it, the table moves in it, not the page.
std::string table(const std::string& rows);
// ": PASS" or ": FAIL"; without budgets there is nothing to decide.
std::string verdict_word(const std::vector<Budget>& budgets);
std::string budget_list(const std::vector<Budget>& budgets);
// Keys and their values, but for those that are tables themselves.
std::string key_table(const nlohmann::json& values);
std::string section(const std::string& title, const std::string& body);
std::string page_of(const std::string& title, const std::string& body);

}  // namespace dialtone::emu
