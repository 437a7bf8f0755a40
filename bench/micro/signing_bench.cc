// SPDX-License-Identifier: Apache-2.0
//
// Signed files a second, whole: header, digest of a phone's file, RSA-2048, and the copy into a
// segment; beside them the floor, RSA-2048 alone as `openssl speed rsa2048` does it. By wall time:
// on a busy machine neither says much, but their ratio does.
#include "control/image/segment_stack.h"
#include "control/signing/batch_signer.h"
#include "control/signing/signable.h"
#include "control/signing/signing_cpus.h"
#include "dataplane/base/check.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_signer.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <vector>

namespace dialtone {
namespace {

constexpr std::size_t kFiles = 1024;
constexpr std::size_t kFileBytes = 9 * 1024;

struct World {
  test::OwnedKey rsa = test::rsa_key(2048);
  std::shared_ptr<const signing::SigningKey> sha1 = load(signing::FileDigest::kSha1);
  std::shared_ptr<const signing::SigningKey> sha512 = load(signing::FileDigest::kSha512);
  std::vector<signing::SignJob> jobs = make_jobs();

  std::shared_ptr<const signing::SigningKey> load(signing::FileDigest digest) const {
    const test::TempFolder folder;
    const signing::SigningOptions options{folder.file("key.pem"), folder.file("certificate.pem"),
                                          digest, signing::NameStyle::kCucm};
    test::write_key(options.key, rsa);
    test::write_certificate(options.certificate, test::certificate_of(rsa));
    Diagnostics faults;
    auto key = signing::SigningKey::load(options, faults);
    DIALTONE_CHECK(key != nullptr);
    return key;
  }

  static std::vector<signing::SignJob> make_jobs() {
    image_build::SegmentStack stack;
    for (std::size_t i = 0; i < kFiles; ++i) {
      const std::string name = "file" + std::to_string(i) + ".cnf.xml";
      const auto room = stack.begin(name, kFileBytes);
      std::ranges::fill(*room, static_cast<std::byte>(i));
      stack.commit(kFileBytes, {});
    }
    std::vector<signing::SignJob> all;
    const auto files = stack.finish();
    for (const auto& [name, entry] : *files) {
      all.push_back({name, signing::signed_name(name), entry});
    }
    return all;
  }
};

const World& world() {
  static const World instance;
  return instance;
}

std::vector<int> cpus_of(const benchmark::State& state) {
  std::vector<int> cpus = signing::allowed_cpus();
  cpus.resize(std::min(cpus.size(), static_cast<std::size_t>(state.range(0))));
  return cpus;
}

void count(benchmark::State& state, std::size_t each) {
  state.counters["signatures_per_second"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(each),
                         benchmark::Counter::kIsRate);
}

void sign_with(benchmark::State& state, const signing::SigningKey& key) {
  signing::BatchSigner signer(cpus_of(state), signing::BatchSigner::Urgency::kNow, false);
  for (auto _ : state) {
    const auto batch = signer.sign(key, world().jobs);
    if (!batch) {
      state.SkipWithError(batch.error().text.c_str());
      break;
    }
  }
  count(state, kFiles);
}
void sign_sha1(benchmark::State& state) {
  sign_with(state, *world().sha1);
}
void sign_sha512(benchmark::State& state) {
  sign_with(state, *world().sha512);
}

// Nothing but RSA, of as many bytes as a digest has; each thread its own part, as `-multi` does.
void floor(benchmark::State& state) {
  const auto sign_some = [](std::size_t times) {
    const std::array<unsigned char, 36> digest{};
    std::array<unsigned char, 256> out;
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new(world().rsa.get(), nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY_sign_init(context.get());
    for (std::size_t i = 0; i < times; ++i) {
      std::size_t length = out.size();
      DIALTONE_CHECK(
          EVP_PKEY_sign(context.get(), out.data(), &length, digest.data(), digest.size()) == 1);
    }
  };
  const auto threads = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) {
      others.emplace_back(sign_some, kFiles / threads);
    }
    sign_some(kFiles / threads);
  }
  count(state, kFiles);
}

// What is served already, after a restart: compared and verified, not signed.
void keep(benchmark::State& state) {
  signing::BatchSigner signer(cpus_of(state), signing::BatchSigner::Urgency::kNow, false);
  std::vector<signing::SignJob> jobs = world().jobs;
  const auto made = signer.sign(*world().sha1, jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].served = made->files[i];
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(signer.sign(*world().sha1, jobs));
  }
  count(state, kFiles);
}

void on_threads(benchmark::internal::Benchmark* bench) {
  bench->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->MeasureProcessCPUTime()->Unit(
      benchmark::kMillisecond);
}
BENCHMARK(floor)->Apply(on_threads);
BENCHMARK(sign_sha1)->Apply(on_threads);
BENCHMARK(sign_sha512)->Apply(on_threads);
BENCHMARK(keep)->Apply(on_threads);

}  // namespace
}  // namespace dialtone

BENCHMARK_MAIN();
