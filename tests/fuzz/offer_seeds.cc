// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/offer_protocol.h"
#include "tests/fuzz/seeds.h"

namespace dialtone::fuzz {
namespace {

// An order of the service, whole, beside `descriptor`.
std::string order(std::uint32_t what, char descriptor) {
  const abi::ServiceMessage message{abi::offer_header(abi::OfferType::kService),
                                    static_cast<abi::ServiceOrder>(what), what};
  return std::string{2, sizeof(message)} +
         std::string(reinterpret_cast<const char*>(&message), sizeof(message)) + descriptor;
}

}  // namespace

// As offers.cc reads them.
std::vector<std::string> offer_seeds() {
  const std::string worker(1, '\4');
  const auto object = [](char number, char descriptor = 0) {
    return std::string{0, number, 0, descriptor};
  };
  const auto offer = [](char descriptor = 0) { return std::string{1, 0, descriptor}; };
  const std::string all = object(0) + object(1) + object(2) + object(3) + worker;
  std::vector<std::string> seeds = {{},
                                    all + offer() + worker + worker,
                                    all + offer() + "\3\5" + all + offer() + worker,
                                    offer() + worker,
                                    object(0) + "\3" + object(0) + worker + offer() + worker};
  for (char descriptor = 1; descriptor < 5; ++descriptor) {
    seeds.push_back(object(0, descriptor) + worker);
    seeds.push_back(all + offer(descriptor) + worker);
  }
  for (char at = 0; at < 48; ++at) {
    for (const char value : {'\0', '\1', '\xff'}) {
      seeds.push_back(std::string{0, 0, 1, at, value, 0} + worker + all + offer() + worker);
      seeds.push_back(all + std::string{1, 1, at, value, 0} + worker);
    }
  }
  for (const char length : {0, 7, 8, 48}) {
    seeds.push_back(std::string{2, length} + std::string(static_cast<std::size_t>(length), 'D') +
                    '\0' + worker);
  }
  for (std::uint32_t what = 0; what < 5; ++what) {
    seeds.push_back(order(what, 1) + worker + all + offer() + worker);
  }
  seeds.push_back(order(1, 0) + worker);
  seeds.push_back(order(2, 1) + order(1, 1) + worker + "\5" + order(3, 1) + worker);
  return seeds;
}

}  // namespace dialtone::fuzz
