// SPDX-License-Identifier: Apache-2.0
//
// What comes in on the offer socket: messages of a control that is broken, with descriptors that
// are. Afterwards a good control connects, and its generation has to be published. An input is
// steps, each a byte of Step and what it needs.
#include "dataplane/image/offer_server.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/require.h"
#include "tests/support/sealed_image.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::fuzz {
namespace {

enum class Step : std::uint8_t {
  kObject,   // 1 byte which; then as kOffer
  kOffer,    // 1 byte: how many changes of a byte; for each its place and value; 1 byte: Descriptor
  kBytes,    // 1 byte length, the bytes; 1 byte: Descriptor
  kTurn,     // the housekeeper's, without the worker
  kWorker,   // the worker has been through its loop, and the housekeeper
  kConnect,  // anew; what was before hangs up
};
constexpr std::uint8_t kSteps = 6;

enum class Descriptor : std::uint8_t { kRight, kNone, kTwo, kNoMemory, kOfAnother };
constexpr std::uint8_t kDescriptors = 5;

constexpr const char* kPhone = "sep001122334455.cnf.xml";
constexpr std::uint64_t kLast = std::uint64_t{1} << 60;

class Offers {
 public:
  Offers()
      : bad_(1, {{101, {{kPhone, "one"}}}, {102, {{"a", "delta"}}}}, 201, 1, 202),
        good_(kLast, {{103, {{kPhone, "two"}}}}, 203),
        no_memory_(::open("/dev/null", O_RDWR | O_CLOEXEC)) {
    char folder[] = "/tmp/dialtone-fuzz-XXXXXX";
    require(::mkdtemp(folder) != nullptr, "a folder can be made");
    folder_ = folder;
  }
  ~Offers() { ::rmdir(folder_.c_str()); }

  void run(Input input) {
    image::ImageStore store(1, image::MapMode::kShared);
    store.grace().online(0);
    auto server =
        image::OfferServer::listen({.path = folder_ + "/s", .counters_fd = no_memory_.get()}, store,
                                   [](Severity, const std::string&) {});
    require(server.ok(), "the socket can be made");
    auto client = test::OfferClient::connect(folder_ + "/s");
    for (int steps = 0; client && !input.empty() && steps < 60; ++steps) {
      switch (static_cast<Step>(input.byte() % kSteps)) {
        case Step::kObject: {
          const test::SealedObject& object = bad_.objects[input.byte() % bad_.objects.size()];
          send(*client, changed(object.message, input), object.fd.get(), input);
          break;
        }
        case Step::kOffer:
          send(*client, changed(bad_.offer, input), bad_.manifest.get(), input);
          break;
        case Step::kBytes: {
          const auto bytes = input.bytes(input.byte());
          send(*client, {bytes.begin(), bytes.end()}, no_memory_.get(), input);
          break;
        }
        case Step::kWorker:
          store.grace().quiescent(0);
          [[fallthrough]];
        case Step::kTurn:
          server->step();
          serve_or_not(*server);
          check(store);
          break;
        case Step::kConnect:
          client.reset();
          server->step();
          client = test::OfferClient::connect(folder_ + "/s");
          break;
      }
    }
    client.reset();
    publish_good(store, *server);
    store.grace().offline(0);
  }

 private:
  using Bytes = std::vector<std::byte>;

  template <typename T>
  static Bytes changed(const T& message, Input& input) {
    const auto whole = std::as_bytes(std::span<const T, 1>(&message, 1));
    Bytes bytes(whole.begin(), whole.end());
    for (int changes = input.byte() & 3; changes > 0; --changes) {
      const std::size_t at = input.byte() % bytes.size();
      bytes[at] = std::byte{input.byte()};
    }
    return bytes;
  }

  void send(test::OfferClient& client, const Bytes& bytes, int right, Input& input) const {
    std::vector<int> descriptors{right};
    switch (static_cast<Descriptor>(input.byte() % kDescriptors)) {
      case Descriptor::kRight:
        break;
      case Descriptor::kNone:
        descriptors.clear();
        break;
      case Descriptor::kTwo:
        descriptors.push_back(right);
        break;
      case Descriptor::kNoMemory:
        descriptors[0] = no_memory_.get();
        break;
      case Descriptor::kOfAnother:
        descriptors[0] = good_.objects[0].fd.get();
        break;
    }
    client.send_bytes(bytes, descriptors);
  }

  // As a housekeeper whose workers do at once what they are told.
  static void serve_or_not(image::OfferServer& server) {
    if (const auto order = server.service().take_order()) {
      require(*order >= abi::ServiceOrder::kStart && *order <= abi::ServiceOrder::kDrain,
              "an order is one of those that there are");
      server.service().set(*order == abi::ServiceOrder::kStart ? abi::ServiceState::kRunning
                                                               : abi::ServiceState::kStopped);
      server.tell_service();
    }
  }
  // What is served is whole, whatever came.
  static void check(const image::ImageStore& store) {
    const abi::LiveImage* image = store.current();
    if (image != nullptr && image->view.present()) {
      const auto file = image->view.find(kPhone);
      require(file.has_value() && file->bytes().size() == 3, "a published file can be read");
    }
    require(store.live_generations() <= abi::kMaxLiveGenerations, "so many generations are kept");
  }

  void publish_good(image::ImageStore& store, image::OfferServer& server) {
    const auto turns = [&] {
      for (int i = 0; i < 8; ++i) {
        store.grace().quiescent(0);
        server.step();
      }
    };
    turns();
    auto client = test::OfferClient::connect(folder_ + "/s");
    require(client.has_value(), "a good control can connect");
    turns();
    client->send_all(good_);
    turns();
    require(store.manifest() != nullptr && store.manifest()->generation == kLast,
            "what a good control offers is published");
    check(store);
  }

  test::SealedImage bad_;
  test::SealedImage good_;
  UniqueFd no_memory_;
  std::string folder_;
};

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dialtone::fuzz;
  static Offers offers;
  offers.run(Input(data, size));
  return 0;
}
