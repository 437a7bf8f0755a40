// SPDX-License-Identifier: Apache-2.0
//
//   fuzz_TARGET TARGET FOLDER
//   fuzz_TARGET FILE
//
// A fuzz target without libFuzzer: runs its seeds and each input of the folder, so that both are a
// part of every test run, with any compiler; or one file, to see again what was found. Of each
// input its beginnings are run as well: an end in the middle of something is what parsers get
// wrong. Exit code 0, or a crash.
#include "tests/fuzz/seeds.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

using Bytes = std::vector<std::uint8_t>;

bool read_file(const fs::path& path, Bytes& out) {
  std::ifstream stream(path, std::ios::binary);
  out.assign((std::istreambuf_iterator<char>(stream)), {});
  return stream.good() || stream.eof();
}

void run(const std::string& name, const Bytes& input) {
  constexpr std::size_t kBeginnings = 16;  // spread over its length
  std::printf("%s\n", name.c_str());
  std::fflush(stdout);  // the last line names the input that crashes
  for (std::size_t part = 0; part <= kBeginnings; ++part) {
    // A block of its own size: a sanitizer sees a read behind its end.
    const Bytes copy(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(
                                                        input.size() * part / kBeginnings));
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
  }
}

std::vector<fs::path> files_in(const char* folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  const auto maker = argc == 3 ? dialtone::fuzz::seed_maker(argv[1]) : nullptr;
  std::vector<fs::path> files;
  if (maker != nullptr) {
    std::size_t number = 0;
    for (const std::string& seed : maker()) {
      run("seed " + std::to_string(number++), Bytes(seed.begin(), seed.end()));
    }
    files = files_in(argv[2]);
  } else if (argc == 2) {
    files.emplace_back(argv[1]);
  } else {
    std::fprintf(stderr, "usage: %s TARGET FOLDER, or %s FILE\n", argv[0], argv[0]);
    return 2;
  }
  for (const fs::path& file : files) {
    Bytes input;
    if (!read_file(file, input)) {
      std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
      return 1;
    }
    run(file, input);
  }
  return files.empty() ? 1 : 0;
}
