// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/registration_record.h"

#include "bench/emu/device/boot_order.h"
#include "generator/model_catalogue.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace dialtone::emu {
namespace {

const std::string kHeader = "name,model,protocol,description,line1.dn\n";

Registered phone(const std::string& name, std::uint32_t model, bool is_sip = false) {
  return {.device = name, .verdict = "auto-registered", .model = model, .is_sip = is_sip};
}

class Record : public testing::Test {
 protected:
  RegistrationRecord open(std::uint64_t first = 1000) {
    return *RegistrationRecord::open(path, first);
  }
  std::string text() const {
    std::ostringstream all;
    all << std::ifstream(path).rdbuf();
    return all.str();
  }

  const test::TempFolder folder;
  const std::string path = folder.file("phones.csv");
};

TEST_F(Record, HasALineForEachPhoneThatRegisteredByItself) {
  RegistrationRecord record = open(5001);
  EXPECT_EQ(text(), kHeader) << "at once";
  EXPECT_TRUE(record.add(phone("SEP00DEAD000002", 115)));
  EXPECT_TRUE(record.add({.device = "SEP001122334455", .verdict = "registered", .model = 115}));
  EXPECT_TRUE(record.add({.device = "SDA00DEAD000003", .verdict = "rejected", .model = 40}));
  EXPECT_TRUE(record.add(phone("SEP00DEAD000004", 3)));
  EXPECT_TRUE(record.add(phone("SEP00DEAD000005", 683, true)));
  EXPECT_EQ(text(), kHeader +
                        "SEP00DEAD000002,Cisco 7941,SCCP,Auto 5001,5001\n"
                        "SEP00DEAD000004,Cisco 12 SP,SCCP,Auto 5002,5002\n"
                        "SEP00DEAD000005,Cisco 8841,SIP,Auto 5003,5003\n");
}

TEST_F(Record, AModelThatIsNotKnownIsSaidAndNotWritten) {
  RegistrationRecord record = open();
  const auto unknown = record.add(phone("SEP00DEAD000002", 4711));
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().text.find("SEP00DEAD000002 is of the unknown model 4711"),
            std::string::npos);
  EXPECT_TRUE(record.add(phone("SEP00DEAD000003", 115)));
  EXPECT_EQ(text(), kHeader + "SEP00DEAD000003,Cisco 7941,SCCP,Auto 1000,1000\n");
}

TEST_F(Record, ANameOfTheNetworkStaysOneField) {
  RegistrationRecord record = open();
  EXPECT_TRUE(record.add(phone("a,\"b\"\nc", 115)));
  EXPECT_EQ(text(), kHeader + "\"a,\"\"b\"\"\nc\",Cisco 7941,SCCP,Auto 1000,1000\n");
}

TEST_F(Record, AFileThatCannotBeWrittenIsSaid) {
  EXPECT_FALSE(RegistrationRecord::open(folder.path(), 1));
  EXPECT_FALSE(RegistrationRecord::open("/dev/full", 1));
}

// The appliance knows a model by the name that is written here.
TEST_F(Record, ModelsAreCalledAsInTheCatalogue) {
  RegistrationRecord record = open();
  const auto catalogue = generator::model_catalogue();
  std::string expected = kHeader;
  std::uint64_t number = 1000;
  for (const Model& model : models()) {
    const auto known = std::find_if(catalogue.begin(), catalogue.end(),
                                    [&](const auto& each) { return each.number == model.number; });
    ASSERT_NE(known, catalogue.end()) << model.name;
    EXPECT_TRUE(record.add(phone("x", model.number)));
    const std::string dn = std::to_string(number++);
    expected += "x," + std::string(known->name) + ",SCCP,Auto " + dn + "," + dn + "\n";
  }
  EXPECT_EQ(text(), expected);
}

}  // namespace
}  // namespace dialtone::emu
