// SPDX-License-Identifier: Apache-2.0
//
//   fuzz_seeds TARGET FOLDER
//
// Writes the inputs that a fuzz target begins with: what clients, and those who mean no good, are
// known to send. Each becomes a file of its own in FOLDER.
#include "tests/fuzz/seeds.h"

#include <cstdio>
#include <fstream>

int main(int argc, char** argv) {
  using namespace dialtone::fuzz;
  const SeedMaker maker = argc == 3 ? seed_maker(argv[1]) : nullptr;
  if (maker == nullptr) {
    std::fprintf(stderr, "usage: fuzz_seeds TARGET FOLDER\n");
    return 2;
  }
  std::size_t number = 0;
  for (const std::string& seed : maker()) {
    const std::string path = std::string(argv[2]) + "/seed-" + std::to_string(number++);
    std::ofstream file(path, std::ios::binary);
    if (!file.write(seed.data(), static_cast<std::streamsize>(seed.size()))) {
      std::fprintf(stderr, "%s: cannot be written\n", path.c_str());
      return 1;
    }
  }
  return 0;
}
