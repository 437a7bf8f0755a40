// SPDX-License-Identifier: Apache-2.0
//
// EAL can be started once in a process: all tests that need it are in this binary.
#include "dataplane/base/check.h"
#include "tests/component/dataplane_fixture.h"
#include "tests/component/seen_exchange.h"

#include <cstdio>
#include <optional>

namespace dialtone::test {
namespace {

std::optional<io::Eal> the_eal;

}  // namespace

io::Eal& eal() {
  DIALTONE_CHECK(the_eal.has_value());
  return *the_eal;
}

bool start_eal() {
  // On a machine with one CPU the workers share it.
  const std::vector<std::uint32_t> cpus = io::allowed_cpus();
  static_assert(kMostWorkers == 2);
  auto started = io::Eal::start({"", {cpus.back(), cpus.front()}, 128, false}, [](auto&&) {});
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().text.c_str());
    return false;
  }
  the_eal.emplace(std::move(*started));
  see_pools();
  return true;
}

void stop_eal() {
  the_eal.reset();
}

}  // namespace dialtone::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!dialtone::test::start_eal()) {
    return 1;
  }
  const int result = RUN_ALL_TESTS();
  dialtone::test::stop_eal();
  return result;
}
