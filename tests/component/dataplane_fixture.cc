// SPDX-License-Identifier: Apache-2.0
#include "tests/component/dataplane_fixture.h"

#include "dataplane/abi/counters_page.h"
#include "dataplane/app/housekeeper.h"
#include "dataplane/base/check.h"
#include "tests/support/request_sum.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <sys/signalfd.h>
#include <sys/socket.h>

namespace dialtone::test {
namespace {

std::string make_folder() {
  char folder[] = "/tmp/dialtone-component-XXXXXX";
  DIALTONE_CHECK(::mkdtemp(folder) != nullptr);
  return folder;
}

template <typename T>
T must(Result<T> result) {
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().text);
  return std::move(*result);
}

// `kernel` becomes the other end of the path.
app::ExceptionPath* make_exceptions(const DataplaneConfig& config, UniqueFd& kernel,
                                    std::optional<app::ExceptionPath>& path) {
  if (config.punts_per_second == 0) {
    return nullptr;
  }
  int ends[2];
  DIALTONE_CHECK(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) ==
                 0);
  kernel.reset(ends[0]);
  return &path.emplace(UniqueFd(ends[1]), config.workers);
}

app::WorkerConfig worker_config(const DataplaneConfig& config, server::OurAddresses& addresses,
                                const app::MissMemory& misses, app::ExceptionPath* exceptions) {
  server::ResponderConfig responder{.mac = kServerMac,
                                    .addresses = &addresses,
                                    .announces = false,
                                    .max_sessions = 1024,
                                    .hash_seed = 42,
                                    .rate = TickRate::measure(),
                                    .single_port = config.single_port,
                                    .punts_per_second = config.punts_per_second};
  return {config.idle_sleep_us, responder, &misses, exceptions};
}

}  // namespace

Dataplane::Dataplane(const DataplaneConfig& config)
    : wire_(config.workers),
      folder_(make_folder()),
      counters_(must(app::CountersMemory::create(config.workers))),
      misses_(must(app::MissMemory::create(config.workers))),
      events_(must(app::EventsMemory::create(1024, config.workers))),
      store_(config.workers, config.mode, {}, config.drain_deadline),
      port_(must(io::Port::open_id(wire_.port(), {static_cast<std::uint16_t>(config.workers)}))),
      addresses_(std::array{IpAddress::from_v4(kServerAddress), kServerAddress6}, kServerMac),
      workers_(must(app::WorkerGroup::make(
          worker_config(config, addresses_, misses_, make_exceptions(config, kernel_, exceptions_)),
          port_, store_, counters_, events_))),
      stop_within_(config.stop_within) {
  offers_.emplace(must(image::OfferServer::listen({.path = socket_path(),
                                                   .workers = config.workers,
                                                   .counters_fd = counters_.fd(),
                                                   .misses_fd = misses_.fd(),
                                                   .events_fd = events_.fd(),
                                                   .is_connected = &misses_.listening()},
                                                  store_, [](Severity, const std::string&) {})));
  wire_.attach();
  addresses_.set_state(addresses_.find(kServerAddress6), server::AddressState::kUsable);
  EXPECT_TRUE(workers_.start(eal()).ok());
  if (config.housekeeper) {
    int ends[2];
    DIALTONE_CHECK(::pipe2(ends, O_CLOEXEC) == 0);
    signals_.reset(ends[0]);
    signal_.reset(ends[1]);
    housekeeper_ = std::thread([this] { run_housekeeper(); });
  } else {
    housekeeper_ = std::thread([this] { run_housekeeping(); });
  }
}

Dataplane::~Dataplane() {
  stop_.store(true, std::memory_order_release);
  if (signal_.valid()) {
    signal(SIGINT);
  }
  housekeeper_.join();
  stop_workers();
  expect_request_sum([this](std::string_view name) { return counter(name); });
  wire_.detach();
  while (wire_.receive_now()) {  // before the port's buffers go
  }
  offers_.reset();
  ::rmdir(folder_.c_str());
}

void Dataplane::signal(int number) {
  signalfd_siginfo info{};
  info.ssi_signo = static_cast<std::uint32_t>(number);
  EXPECT_EQ(::write(signal_.get(), &info, sizeof(info)), static_cast<ssize_t>(sizeof(info)));
}

void Dataplane::stop_workers() {
  if (!std::exchange(running_, false)) {
    return;
  }
  EXPECT_TRUE(comes_true([this] { return workers_.stop(eal()); }));
  // Nobody reads an image any more. The thread sanitizer sees what librte_rcu orders, being in its
  // headers, and not that librte_eal has waited for the workers.
  const std::lock_guard lock(store_mutex_);
  image::Grace& grace = store_.grace();
  EXPECT_TRUE(grace.passed(grace.start()));
}

void Dataplane::run_housekeeping() {
  while (!stop_.load(std::memory_order_acquire)) {
    std::vector<pollfd> fds;
    offers_->add_poll_fds(fds);
    ::poll(fds.data(), fds.size(), 1);
    const std::lock_guard lock(store_mutex_);
    offers_->step();
  }
}

void Dataplane::run_housekeeper() {
  app::Telemetry telemetry(counters_);
  app::NetworkWatch network(counters_, addresses_, port_, port_.mtu().value_or(1500), false);
  app::Housekeeper(*offers_, store_, workers_, events_, telemetry, TickRate::measure(),
                   signals_.get(), stop_within_, network)
      .run();
  ended_.store(true, std::memory_order_release);
}

OfferClient Dataplane::connect() {
  auto client = OfferClient::connect(socket_path());
  DIALTONE_CHECK(client.has_value());
  EXPECT_TRUE(client->hello().has_value());
  return std::move(*client);
}

void Dataplane::publish(OfferClient& control, const SealedImage& image) {
  control.send_all(image);
  const auto reply = control.reply();
  ASSERT_TRUE(reply.has_value());
  ASSERT_EQ(reply->header.type, abi::OfferType::kPublished) << reply->text;
}

ReplyView Dataplane::request(const std::string& name, std::uint16_t port) {
  wire_.send(Packet().from(kPhoneAddress, port).rrq(name).bytes(), request_queue_);
  return reply_to(port);
}

ReplyView Dataplane::reply_to(std::uint16_t port) {
  while (const auto frame = wire_.receive()) {
    if (ReplyView reply = parse_reply(*frame);
        !reply.fault.empty() || reply.destination_port == port) {
      return reply;
    }
  }
  ReplyView none;
  none.fault = "no answer";
  return none;
}

Fetched Dataplane::finish(const ReplyView& first, std::uint16_t port) {
  Fetched fetched;
  ReplyView data = first;
  for (std::uint16_t block = 1;; ++block) {
    if (!data.fault.empty() || data.opcode != 3 || data.number != block) {
      fetched.fault = "block " + std::to_string(block) + ": " + data.fault + " opcode " +
                      std::to_string(data.opcode) + " number " + std::to_string(data.number);
      return fetched;
    }
    fetched.content += data.body;
    wire_.send(Packet().from(kPhoneAddress, port).to_port(data.source_port).ack(block).bytes(),
               ack_queue_);
    if (data.body.size() < 512) {
      return fetched;
    }
    do {  // a copy of the block before may have been on its way
      data = reply_to(port);
    } while (data.fault.empty() && data.opcode == 3 && data.number == block);
  }
}

Fetched Dataplane::fetch(const std::string& name, std::uint16_t port) {
  return finish(request(name, port), port);
}

std::uint64_t Dataplane::counter(std::string_view name) const {
  const auto view = abi::CountersView::open(counters_.bytes());
  for (std::size_t i = 0; i < view->size(); ++i) {
    if (view->name(i) == name) {
      return view->sum(i);
    }
  }
  ADD_FAILURE() << "no counter " << name;
  return 0;
}

std::uint64_t Dataplane::counter_when(std::string_view name, std::uint64_t value) const {
  comes_true([&] { return counter(name) >= value; });
  return counter(name);
}

void Dataplane::expect_counter(std::string_view name, std::uint64_t value) const {
  comes_true([&] { return counter(name) == value; });
  EXPECT_EQ(counter(name), value) << name;
}

}  // namespace dialtone::test
