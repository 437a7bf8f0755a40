// SPDX-License-Identifier: Apache-2.0
#include "control/assertion/functions.h"

#include <strings.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace dialtone::assertion {
namespace {

template <typename Visit>
void for_each_text(const Json& value, Visit& visit) {
  if (value.is_string()) {
    visit(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (const Json& child : value) {
      for_each_text(child, visit);
    }
  }
}

std::vector<std::string> texts_of(const Json& value) {
  std::vector<std::string> texts;
  auto add = [&](const std::string& text) { texts.push_back(text); };
  for_each_text(value, add);
  return texts;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool contains(const Json& document, const std::string& part) {
  const std::vector<std::string> texts = texts_of(document);
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != text.npos; });
}

Json has(const Json& document, std::span<const Json> arguments) {
  return contains(document, text_of(arguments[0]));
}

Json none(const Json& document, std::span<const Json> arguments) {
  return !contains(document, text_of(arguments[0]));
}

Json count(const Json& document, std::span<const Json> arguments) {
  if (arguments[0].is_structured()) {
    return arguments[0].size();
  }
  const std::string begin = text_of(arguments[0]);
  const std::vector<std::string> texts = texts_of(document);
  return static_cast<std::uint64_t>(
      std::count_if(texts.begin(), texts.end(),
                    [&](const std::string& text) { return text.starts_with(begin); }));
}

bool is_ordered(const Json& list, const std::string& first, const std::string& second) {
  const std::vector<std::string> texts = texts_of(list);
  const auto begins_with = [](const std::string& begin) {
    return [&begin](const std::string& text) { return text.starts_with(begin); };
  };
  const auto behind = std::find_if(texts.begin(), texts.end(), begins_with(second));
  const auto last = std::find_if(texts.rbegin(), texts.rend(), begins_with(first));
  return behind != texts.end() && last != texts.rend() && last.base() <= behind;
}

// Lists have an order, the fields of an object have none.
Json after(const Json& document, std::span<const Json> arguments) {
  if (document.is_array()) {
    return is_ordered(document, text_of(arguments[1]), text_of(arguments[0]));
  }
  return document.is_object() &&
         std::any_of(document.begin(), document.end(),
                     [&](const Json& field) { return after(field, arguments).get<bool>(); });
}

// Where commands that look for faults put what others warn of.
constexpr const char* kWarned[] = {"warnings", "findings"};

Json warn(const Json& document, std::span<const Json> arguments) {
  const std::string part = text_of(arguments[0]);
  return std::any_of(std::begin(kWarned), std::end(kWarned), [&](const char* name) {
    const auto texts = document.find(name);
    return texts != document.end() && contains(*texts, part);
  });
}

bool is_same_name(const std::string& one, const std::string& other) {
  return one.size() == other.size() && ::strncasecmp(one.data(), other.data(), one.size()) == 0;
}

// Of what a device asked for: "files", each with its "name" and its "end".
Json fetched(const Json& document, std::span<const Json> arguments) {
  const auto files = document.find("files");
  if (files == document.end() || !files->is_array()) {
    return false;
  }
  const std::string name = text_of(arguments[0]);
  return std::any_of(files->begin(), files->end(), [&](const Json& file) {
    return file.is_object() && file.value("end", "") == "whole" &&
           is_same_name(file.value("name", ""), name);
  });
}

constexpr std::array<Function, 7> kFunctions = {{
    {"has", 1, has},
    {"none", 1, none},
    {"count", 1, count},
    {"after", 2, after},
    {"warn", 1, warn},
    {"fetched", 1, fetched},
    {"exists", 1, nullptr},
}};

}  // namespace

std::span<const Function> functions() noexcept {
  return kFunctions;
}

const Function* find_function(std::string_view name) noexcept {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const Function& function) { return function.name == name; });
  return found == kFunctions.end() ? nullptr : &*found;
}

}  // namespace dialtone::assertion
