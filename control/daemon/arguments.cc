// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/arguments.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

Error wrong(std::string_view name, std::string_view wanted) {
  return usage("argument '" + std::string(name) + "' must be " + std::string(wanted));
}

}  // namespace

const api::Json* Arguments::find(std::string_view name) const {
  if (!json_.is_object()) {
    return nullptr;
  }
  const auto found = json_.find(std::string(name));
  return found == json_.end() ? nullptr : &*found;
}

Result<std::string> Arguments::text(std::string_view name) const {
  const api::Json* value = find(name);
  if (value == nullptr || !value->is_string()) {
    return wrong(name, "given, as a text");
  }
  return value->get<std::string>();
}

Result<std::string> Arguments::text_or(std::string_view name, std::string_view fallback) const {
  return find(name) == nullptr ? Result<std::string>(std::string(fallback)) : text(name);
}

Result<std::string> Arguments::name_or(std::string_view name, std::string_view fallback) const {
  auto text = text_or(name, fallback);
  if (text && text->empty() && has(name)) {
    return wrong(name, "a name that is not empty, or left out");
  }
  return text;
}

Result<bool> Arguments::flag(std::string_view name, bool fallback) const {
  const api::Json* value = find(name);
  if (value == nullptr) {
    return fallback;
  }
  if (!value->is_boolean()) {
    return wrong(name, "true or false");
  }
  return value->get<bool>();
}

Result<std::vector<std::string>> Arguments::texts(std::string_view name) const {
  const api::Json* value = find(name);
  if (value == nullptr || !value->is_array() || value->empty()) {
    return wrong(name, "a list of texts, with at least one");
  }
  std::vector<std::string> all;
  for (const api::Json& each : *value) {
    if (!each.is_string()) {
      return wrong(name, "a list of texts");
    }
    all.push_back(each.get<std::string>());
  }
  return all;
}

Result<std::uint64_t> Arguments::number_or(std::string_view name, std::uint64_t fallback,
                                           std::uint64_t most) const {
  const api::Json* value = find(name);
  if (value == nullptr) {
    return fallback;
  }
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > most) {
    return wrong(name, "a whole number up to " + std::to_string(most));
  }
  return value->get<std::uint64_t>();
}

Result<std::optional<std::vector<std::uint64_t>>> Arguments::numbers(std::string_view name) const {
  std::optional<std::vector<std::uint64_t>> all;
  const api::Json* value = find(name);
  if (value == nullptr) {
    return all;
  }
  const bool is_list = value->is_array() && std::ranges::all_of(*value, [](const api::Json& each) {
                         return each.is_number_unsigned();
                       });
  if (!is_list) {
    return wrong(name, "a list of whole numbers");
  }
  all.emplace();
  for (const api::Json& each : *value) {
    all->push_back(each.get<std::uint64_t>());
  }
  return all;
}

Result<Arguments::Pairs> Arguments::pairs(std::string_view name) const {
  Pairs all;
  const api::Json* value = find(name);
  if (value == nullptr) {
    return all;
  }
  if (!value->is_object()) {
    return wrong(name, "an object of texts");
  }
  for (const auto& [key, each] : value->items()) {
    if (!each.is_string()) {
      return wrong(name, "an object of texts; '" + key + "' is none");
    }
    all.emplace_back(key, each.get<std::string>());
  }
  return all;
}

Result<std::vector<Arguments::File>> Arguments::files(std::string_view name) const {
  const api::Json* value = find(name);
  if (value == nullptr || !value->is_array() || value->empty()) {
    return wrong(name, "a list of {name, length}, with at least one");
  }
  std::vector<File> all;
  for (const api::Json& each : *value) {
    const auto spelled = each.is_object() ? each.find("name") : each.end();
    const auto length = each.is_object() ? each.find("length") : each.end();
    if (spelled == each.end() || length == each.end() || !spelled->is_string() ||
        !length->is_number_unsigned()) {
      return wrong(name, "a list of {name, length}");
    }
    all.push_back({spelled->get<std::string>(), length->get<std::uint64_t>()});
  }
  return all;
}

Result<Diagnostics> Arguments::faults(std::string_view name) const {
  const api::Json* value = find(name);
  if (value == nullptr) {
    return Diagnostics();
  }
  Diagnostics all;
  const auto text = [](const api::Json& fault, const char* key) {
    const auto found = fault.is_object() ? fault.find(key) : fault.end();
    return found != fault.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  for (const api::Json& each : *value) {
    all.push_back({text(each, "file"), 0, 0, text(each, "code"), text(each, "text")});
    if (all.back().code.empty() || all.back().text.empty()) {
      return wrong(name, "a list of {file, code, text}");
    }
  }
  return all;
}

Result<void> Arguments::only(std::initializer_list<std::string_view> known) const {
  if (json_.is_null()) {
    return {};
  }
  if (!json_.is_object()) {
    return usage("'arguments' must be an object");
  }
  for (const auto& [key, value] : json_.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      const std::string near = nearest_word(key, {known.begin(), known.end()});
      return usage("unknown argument '" + key + "'" +
                   (near.empty() ? std::string() : "; did you mean '" + near + "'?"));
    }
  }
  return {};
}

}  // namespace dialtone::daemon
