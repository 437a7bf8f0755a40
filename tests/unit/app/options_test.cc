// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/options.h"

#include "dataplane/image/image_store.h"
#include "dataplane/io/device_check.h"
#include "dataplane/io/eal.h"
#include "dataplane/io/handoff.h"
#include "dataplane/io/packet_pool.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace dialtone::app {
namespace {

class OptionsFile : public testing::Test {
 protected:
  Options read(const std::string& text) {
    path_ = testing::TempDir() + "dialtone-options-" + std::to_string(::getpid()) + ".toml";
    std::ofstream(path_) << text;
    faults_.clear();
    Options options = read_options(path_, faults_);
    ::unlink(path_.c_str());
    return options;
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> out;
    for (const Diagnostic& fault : faults_) {
      out.push_back(std::to_string(fault.line) + ' ' + fault.code);
    }
    return out;
  }

  std::string path_;
  Diagnostics faults_;
};

TEST_F(OptionsFile, DeviceAndAddressAreEnough) {
  const Options options =
      read("[dataplane]\ndevice = 'net_null0'\naddress = '10.77.0.1'\n[control]\nassets = 'x'\n");
  EXPECT_TRUE(faults_.empty());
  EXPECT_EQ(options.addresses, std::vector{IpAddress::from_v4(0x0a4d0001)});
  EXPECT_EQ(options.mac, (wire::MacAddress{{0x02, 0x44, 10, 77, 0, 1}}));
  EXPECT_EQ(options.socket, "run/dataplane.sock");
  EXPECT_EQ(options.lcores, std::vector<std::uint32_t>{io::allowed_cpus().back()});
  EXPECT_EQ(options.memory_mb, 128u);
  EXPECT_TRUE(options.hugepages);
  EXPECT_EQ(options.max_sessions, 65536u);
  EXPECT_EQ(options.mtu, 1500u);
  EXPECT_EQ(options.idle_sleep_us, 0u);
  EXPECT_EQ(std::chrono::seconds(options.drain_deadline_s), image::ImageStore::kDrainDeadline);
  EXPECT_EQ(options.stop_within_s, 8u);
  EXPECT_TRUE(options.checksum_offload);
  EXPECT_FALSE(options.accept_partial_checksum);
  EXPECT_FALSE(options.always_private_map);
  EXPECT_FALSE(options.single_port);
  EXPECT_EQ(options.exception_tap, "");
  EXPECT_EQ(options.punts_per_second, 10'000u);
}

TEST_F(OptionsFile, EveryFaultIsFound) {
  read(
      "[dataplane]\n"
      "device = 'net_null0'\n"
      "address = '10.77.0'\n"
      "lcores = [1000]\n"
      "memory_mb = 1\n"
      "idle_sleep_us = -1\n"
      "hugepage = true\n"
      "log_level = 'loud'\n"
      "[dataplain]\n");
  EXPECT_EQ(codes(), (std::vector<std::string>{"9 unknown-table", "3 bad-address", "4 bad-value",
                                               "5 out-of-range", "6 out-of-range", "8 bad-value",
                                               "7 unknown-key"}));
}

TEST_F(OptionsFile, EachWorkerHasACpuOfItsOwn) {
  const std::string head = "[dataplane]\ndevice = 'net_null0'\naddress = '10.77.0.1'\n";
  const std::uint32_t cpu = io::allowed_cpus().front();
  const std::string name = std::to_string(cpu);
  EXPECT_EQ(read(head + "lcores = [" + name + "]\n").lcores, std::vector<std::uint32_t>{cpu});
  EXPECT_EQ(codes(), std::vector<std::string>{});
  EXPECT_EQ(read(head + "lcores = []\n").lcores,
            std::vector<std::uint32_t>{io::allowed_cpus().back()});
  EXPECT_EQ(codes(), std::vector<std::string>{});
  read(head + "lcores = [" + name + ", " + name + "]\n");
  EXPECT_EQ(codes(), std::vector<std::string>{"4 bad-value"});
  EXPECT_NE(faults_[0].text.find("twice"), std::string::npos) << faults_[0].text;
  read(head + "lcores = " + name + "\n");
  EXPECT_EQ(codes(), std::vector<std::string>{"4 wrong-type"});
}

TEST_F(OptionsFile, TheTapHasANameThatTheKernelTakes) {
  const std::string head = "[dataplane]\ndevice = 'net_null0'\naddress = '10.77.0.1'\n";
  EXPECT_EQ(read(head + "exception_tap = 'tftp0'\n").exception_tap, "tftp0");
  EXPECT_EQ(codes(), std::vector<std::string>{});
  for (const char* name : {"a-name-of-16-char", "a b", "a/b", "..", "a:1", "tap%d"}) {
    read(head + "exception_tap = '" + name + "'\n");
    EXPECT_EQ(codes(), std::vector<std::string>{"4 bad-value"}) << name;
  }
}

TEST(PacketMemory, GrowsWithTheWorkers) {
  EXPECT_LE(io::memory_mb_for(1), 64u) << "the least memory_mb that can be set";
  EXPECT_LE(io::memory_mb_for(4), 128u) << "the default";
  for (std::uint32_t workers = 2; workers <= io::kMaxWorkers; ++workers) {
    EXPECT_GE(io::buffers_for(workers), workers * 2 * io::kDescriptors) << workers;
    EXPECT_GE(io::memory_mb_for(workers), io::memory_mb_for(workers - 1)) << workers;
  }
}

TEST_F(OptionsFile, EmptyFileAsksForWhatIsNeeded) {
  read("");
  EXPECT_EQ(codes(), (std::vector<std::string>{"0 missing-key", "0 missing-key"}));
}

TEST(DeviceCheck, KnowsPciAddresses) {
  EXPECT_TRUE(io::is_pci_address("0000:01:00.0"));
  EXPECT_TRUE(io::is_pci_address("3b:00.1"));
  EXPECT_FALSE(io::is_pci_address("net_af_packet0,iface=eth1"));
  EXPECT_FALSE(io::is_pci_address("01:00"));
  EXPECT_FALSE(io::is_pci_address("02:44:54:00:00:01"));
}

TEST(DeviceCheck, SaysWhatIsMissing) {
  std::string note;
  const auto none = io::check_device("net_af_packet0", 1, note);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().text, "device 'net_af_packet0' names no interface; add ,iface=NAME");
  const auto missing = io::check_device("net_af_packet0,iface=nosuch0,qpairs=1", 1, note);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().text, "there is no interface 'nosuch0' here; `ip link` lists what is");
  EXPECT_TRUE(io::check_device("net_null0", 1, note).ok());
}

TEST(DeviceCheck, TheKernelKnowsTheMtuOfAnInterface) {
  std::uint32_t mtu = 0;
  std::ifstream("/sys/class/net/lo/mtu") >> mtu;
  EXPECT_EQ(io::interface_mtu(io::interface_of("net_af_packet0,iface=lo")), mtu);
  EXPECT_EQ(io::interface_mtu("nosuch0"), std::nullopt);
  EXPECT_EQ(io::interface_mtu(io::interface_of("0000:01:00.0")), std::nullopt);
}

TEST(DeviceCheck, PacketSocketsGetRingsThatOutlastAPause) {
  EXPECT_EQ(io::driver_device("net_af_packet0,iface=lo"), "net_af_packet0,iface=lo,framecnt=16384");
  EXPECT_EQ(io::driver_device("net_af_packet0,framecnt=64,iface=lo"),
            "net_af_packet0,framecnt=64,iface=lo");
  EXPECT_EQ(io::driver_device("net_tap0,iface=lo"), "net_tap0,iface=lo");
}

TEST(DeviceCheck, WantsAQueuePairForEachWorker) {
  std::string note;
  const auto few = io::check_device("net_af_packet0,iface=lo", 2, note);
  ASSERT_FALSE(few.ok());
  EXPECT_EQ(few.error().text,
            "device 'net_af_packet0,iface=lo' has 1 queue pair(s) and lcores names 2 CPU(s); each "
            "needs one: add ,qpairs=2");
  const auto many = io::check_device("net_af_packet0,qpairs=4,iface=lo", 1, note);
  ASSERT_FALSE(many.ok());
  EXPECT_NE(many.error().text.find("write qpairs=1"), std::string::npos) << many.error().text;
}

}  // namespace
}  // namespace dialtone::app
