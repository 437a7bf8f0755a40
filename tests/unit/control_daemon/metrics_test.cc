// SPDX-License-Identifier: Apache-2.0
//
// What a scraper is told, of a dataplane whose counters the test writes.
#include "control/daemon/metrics_endpoint.h"
#include "control/daemon/metrics_options.h"
#include "control/daemon/metrics_text.h"
#include "tests/unit/control_daemon/status_fixture.h"

namespace dialtone::daemon {
namespace {

class MetricsTest : public StatusTest {
 protected:
  std::string text() const {
    return metrics_text({service_->publisher(), service_->builder(), times_, changes_, "cm9"},
                        metrics::Format::kPrometheus);
  }
  static bool has(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
  }

  BuildTimes times_;
  ChangeTimes changes_;
};

TEST_F(MetricsTest, EachCounterHasANameOfItsOwnAndItsType) {
  start();
  count("requests_busy", 0) = 2;
  count("requests_busy", 1) = 3;
  count("sessions_active") = 4;
  const std::string all = text();
  EXPECT_TRUE(has(all, "# TYPE dialtone_dataplane_requests_busy_total counter")) << all;
  EXPECT_TRUE(has(all, "dialtone_dataplane_requests_busy_total 5")) << all;
  EXPECT_TRUE(has(all, "# TYPE dialtone_dataplane_sessions_active gauge")) << all;
  EXPECT_TRUE(has(all, "dialtone_dataplane_sessions_active 4")) << all;
  EXPECT_TRUE(has(all, "dialtone_transfers_in_progress 4")) << all;
  EXPECT_TRUE(has(all, "dialtone_requests_total{outcome=\"busy\",proto=\"tftp\"} 5")) << all;
  EXPECT_TRUE(has(all, "dialtone_dataplane_up 1")) << all;
  EXPECT_TRUE(has(all, "dialtone_files 1")) << all;
  EXPECT_TRUE(has(all, "dialtone_build_seconds_count{kind=\"full\"} 0")) << all;
  EXPECT_NE(all.find("profile=\"cm9\"} 1\n"), std::string::npos) << all;
}

TEST_F(MetricsTest, ChangesAreCountedByTheTimeToTheirFirstRequest) {
  start();
  const auto served = [this](std::string_view kind, std::int64_t saved, std::int64_t noticed,
                             std::int64_t at) {
    TracedChange change;
    change.kind = kind;
    change.time(ChangeStep::kSaved) = saved;
    change.time(ChangeStep::kNoticed) = noticed;
    change.time(ChangeStep::kServed) = at;
    changes_.add(change);
  };
  served("database", 1'000'000, 2'000'000, 1'020'000);
  served("database", 9'000'000, 2'000'000, 8'000'000);  // its clock goes before
  served("folder", 0, 1'000'000, 3'000'000);
  served("start", 0, 1'000'000, 3'000'000);
  const std::string all = text();
  const std::string name = "dialtone_change_to_served_seconds_";
  EXPECT_TRUE(has(all, "# TYPE dialtone_change_to_served_seconds histogram")) << all;
  EXPECT_TRUE(has(all, name + R"(bucket{kind="database",le="0.01"} 1)")) << all;
  EXPECT_TRUE(has(all, name + R"(bucket{kind="database",le="0.03"} 2)")) << all;
  EXPECT_TRUE(has(all, name + R"(sum{kind="database"} 0.02)")) << all;
  EXPECT_TRUE(has(all, name + R"(bucket{kind="folder",le="1.0"} 0)")) << all;
  EXPECT_TRUE(has(all, name + R"(bucket{kind="folder",le="3.0"} 1)")) << all;
  EXPECT_TRUE(has(all, name + R"(count{kind="build"} 0)")) << all;
  EXPECT_EQ(all.find("kind=\"start\""), std::string::npos) << all;
}

TEST_F(MetricsTest, WithoutADataplaneItSaysSoAndNothingOfIt) {
  service_ = *Service::open(options_);
  const std::string all = text();
  EXPECT_TRUE(has(all, "dialtone_dataplane_up 0")) << all;
  EXPECT_EQ(all.find("dialtone_requests_total"), std::string::npos) << all;
}

TEST_F(MetricsTest, APortThatIsTakenIsAWarningAndIsTriedAgain) {
  auto first = metrics::ScrapeServer::listen({IpAddress::from_v4(0x7f000001), 0});
  ASSERT_TRUE(first.ok());
  options_.metrics = metrics::Endpoint{IpAddress::from_v4(0x7f000001), (*first)->port()};
  start();
  const Answer answer = ask();
  ASSERT_EQ(answer.warnings.size(), 1U);
  EXPECT_NE(answer.warnings[0].find("Address already in use; free the port, or choose"),
            std::string::npos)
      << answer.warnings[0];
  first->reset();
  run(6);
  EXPECT_TRUE(ask().warnings.empty());
}

TEST(MetricsOptions, AnAddressWithItsPort) {
  const auto read = [](const std::string& value, std::string* fault = nullptr) {
    Diagnostics faults;
    const auto file =
        config::TomlFile::parse("[control]\nmetrics = \"" + value + "\"\n", "d.toml", faults);
    config::TomlTable table = file.table("control", faults);
    const auto endpoint = read_metrics(table);
    if (fault != nullptr) {
      *fault = faults.empty() ? "" : to_string(faults.front());
    }
    return endpoint ? url_of(*endpoint) : std::string();
  };
  EXPECT_EQ(read("127.0.0.1:9111"), "http://127.0.0.1:9111/metrics");
  EXPECT_EQ(read("[2001:db8::1]:80"), "http://[2001:db8::1]:80/metrics");
  for (const char* wrong : {"9111", "localhost:9111", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536",
                            "127.0.0.1:9111x", "::1:9111", "[127.0.0.1]:9111"}) {
    std::string fault;
    EXPECT_EQ(read(wrong, &fault), "") << wrong;
    EXPECT_NE(fault.find("d.toml:2:"), std::string::npos) << wrong << ": " << fault;
    EXPECT_NE(fault.find("give one like"), std::string::npos) << fault;
  }
}

}  // namespace
}  // namespace dialtone::daemon
