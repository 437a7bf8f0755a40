// SPDX-License-Identifier: Apache-2.0
#include "control/import/json_places.h"

#include "control/import/json_reader.h"

#include <algorithm>

namespace dialtone::importing {
namespace {

bool is_key(std::string_view written, const std::string& key) {
  if (written.find('\\') == written.npos) {
    return written == key;
  }
  const Json read = Json::parse("\"" + std::string(written) + "\"", nullptr, false);
  return read.is_string() && read.get_ref<const std::string&>() == key;
}

}  // namespace

std::string to_string(const JsonPath& path) {
  std::string out;
  for (const JsonStep& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      out += "[" + std::to_string(*index) + "]";
    } else {
      out += (out.empty() ? "" : ".") + std::get<std::string>(step);
    }
  }
  return out;
}

TextPlace JsonPlaces::of(const JsonPath& path) {
  std::size_t value = skip_space(text_.starts_with("\xef\xbb\xbf") ? 3 : 0);
  std::size_t at = value;
  for (const JsonStep& step : path) {
    const Child* child = find(value, step);
    if (child == nullptr) {
      break;
    }
    at = child->at;
    value = child->value;
  }
  return places_.of(at);
}

const JsonPlaces::Child* JsonPlaces::find(std::size_t container, const JsonStep& step) {
  const char first = container < text_.size() ? text_[container] : '\0';
  if (const auto* index = std::get_if<std::size_t>(&step)) {
    const bool is_there = first == '[' && *index < children(container).size();
    return is_there ? &children(container)[*index] : nullptr;
  }
  if (first != '{') {
    return nullptr;
  }
  const std::vector<Child>& all = children(container);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Child& child) {
    return is_key(child.key, std::get<std::string>(step));
  });
  return found == all.end() ? nullptr : &*found;
}

const std::vector<JsonPlaces::Child>& JsonPlaces::children(std::size_t container) {
  const auto [found, is_new] = children_.try_emplace(container);
  std::vector<Child>& all = found->second;
  if (!is_new) {
    return all;
  }
  const bool has_keys = text_[container] == '{';
  for (std::size_t at = skip_space(container + 1);
       at < text_.size() && text_[at] != '}' && text_[at] != ']';) {
    Child child{{}, at, at};
    if (has_keys) {
      const std::size_t end = skip_string(at);
      child.key = text_.substr(at + 1, end - at - 2);
      child.value = skip_space(skip_space(end) + 1);  // behind the colon
    }
    at = skip_space(skip_value(child.value));
    all.push_back(child);
    if (at < text_.size() && text_[at] == ',') {
      at = skip_space(at + 1);
    }
  }
  return all;
}

std::size_t JsonPlaces::skip_space(std::size_t at) const noexcept {
  return std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
}

// From its first quote to behind its last one.
std::size_t JsonPlaces::skip_string(std::size_t at) const noexcept {
  for (++at; at < text_.size() && text_[at] != '"'; ++at) {
    at += text_[at] == '\\';
  }
  return std::min(at + 1, text_.size());
}

std::size_t JsonPlaces::skip_value(std::size_t at) const noexcept {
  std::size_t depth = 0;
  while (at < text_.size()) {
    const char c = text_[at];
    if (c == '"') {
      at = skip_string(at);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      --depth;
      ++at;
    } else if (depth == 0) {
      return std::min(text_.find_first_of(" \t\r\n,]}", at), text_.size());
    } else {
      at = std::min(text_.find_first_of("\"{}[]", at), text_.size());
    }
    if (depth == 0) {
      return at;
    }
  }
  return at;
}

}  // namespace dialtone::importing
