// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/command_end.h"

#include "bench/emu/storm/json_text.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace dialtone::emu {
namespace {

volatile std::sig_atomic_t cancelled = 0;

void cancel(int) {
  cancelled = 1;
}

}  // namespace

int fail(const Error& error) {
  std::fprintf(stderr, "dialtone-emu: %s\n", error.text.c_str());
  return static_cast<int>(error.code);
}

Result<std::optional<assertion::Assertion>> parse_claim(const std::string& text) {
  if (text.empty()) {
    return std::optional<assertion::Assertion>();
  }
  auto parsed = assertion::Assertion::parse(text);
  if (!parsed) {
    return parsed.error();
  }
  return std::optional(*std::move(parsed));
}

int judge(const std::optional<assertion::Assertion>& claim, const nlohmann::json& document) {
  if (!claim) {
    return 0;
  }
  const assertion::Verdict verdict = claim->check(document);
  if (verdict.holds) {
    return 0;
  }
  std::fprintf(stderr, "dialtone-emu: not as expected: %s\n", verdict.why.c_str());
  return static_cast<int>(ErrorCode::kAssertion);
}

std::string command_line() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (text.ends_with('\0')) {
    text.pop_back();
  }
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

void print_json(const nlohmann::json& document) {
  std::printf("%s\n", json_text(document).c_str());
}

void let_signals_cancel() {
  std::signal(SIGINT, cancel);
  std::signal(SIGTERM, cancel);
}

bool is_cancelled() noexcept {
  return cancelled != 0;
}

}  // namespace dialtone::emu
