// SPDX-License-Identifier: Apache-2.0
//
// Rows that another program has written wrongly: each is a fault that names it, and none any more
// when it is gone.
#include "tests/support/temp_folder.h"
#include "tests/unit/control_build/built_image.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <string>
#include <vector>

namespace dialtone::build {
namespace {

using test::must;

class Faults : public BuiltImage {
 protected:
  Faults() {
    start("", /*threads=*/1);
    must(builder_->build_all());
  }
  std::vector<std::string> faults() const {
    std::vector<std::string> texts;
    for (const Diagnostic& fault : builder_->faults()) {
      texts.push_back(fault.text);
    }
    return texts;
  }
};

TEST_F(Faults, ASharedRowThatIsGoneHasNone) {
  run("INSERT INTO dial_plans (name) VALUES ('bad');"
      "INSERT INTO dial_rules (plan_id, seq, pattern) SELECT id, 0, '9(' FROM dial_plans;"
      "INSERT INTO softkey_templates (id, name) VALUES (9, 'bad');"
      "INSERT INTO softkey_sets VALUES (9, 'On Hook', 1, 'Redail')");
  follow();
  EXPECT_EQ(faults().size(), 3u);
  EXPECT_NE(builder_->fault_of("drbad.xml"), "");
  run("DELETE FROM dial_plans");
  follow();
  EXPECT_EQ(faults().size(), 1u);
  EXPECT_EQ(builder_->fault_of("drbad.xml"), "");
  run("UPDATE softkey_templates SET name = 'other'");
  follow();
  EXPECT_EQ(builder_->fault_of("skbad.xml"), "");
  EXPECT_NE(builder_->fault_of("skother.xml"), "");
  run("DELETE FROM softkey_templates");
  follow();
  EXPECT_TRUE(faults().empty());
}

TEST_F(Faults, ARowWithoutADevicesNameIsNotBuilt) {
  const std::string long_name(303, 'A');
  const auto add = [this](const std::string& name) {
    run("INSERT INTO devices (name, model_id) SELECT '" + name +
        "', id FROM models WHERE number = 436 AND protocol = 'SIP'");
  };
  add("SEP00ZZ");
  add(long_name + "1");
  add(long_name + "2");
  follow();
  EXPECT_FALSE(content("sep00zz.cnf.xml"));
  ASSERT_EQ(faults().size(), 3u);
  EXPECT_EQ(builder_->fault_of_device("SEP00ZZ"),
            "devices, id 1: 'SEP00ZZ' is no device name: SEP is followed by the 12 hexadecimal "
            "digits of the MAC address; rename the row where it was written, or take it away with "
            "'dialtone device rm'");
  EXPECT_EQ(builder_->fault_of_device(long_name + "2").substr(0, 83),
            "devices, id 3: '" + long_name.substr(0, 60) + "...' is");
  must(builder_->build_all());
  EXPECT_EQ(faults().size(), 3u);
  run("DELETE FROM devices WHERE name <> 'SEP00ZZ'");
  run("UPDATE devices SET name = 'SEP00000000000B'");
  follow();
  EXPECT_TRUE(faults().empty());
  EXPECT_TRUE(content("sep00000000000b.cnf.xml"));
}

// One file that its encoder cannot make is no fault of the device's others.
TEST_F(Faults, AnEncoderThatFailsIsNamedForEachFile) {
  run("INSERT INTO devices (name, model_id) SELECT 'SEP00000000000A', id FROM models "
      "WHERE number = 20000 AND protocol = 'SIP';"
      "INSERT INTO service_parameters (name, value) VALUES ('build-cnf', 'all')");
  const test::TempFolder folder;
  const std::string program = folder.file("encoder");
  folder.write("encoder", "#!/bin/sh\nexit 9");
  ::chmod(program.c_str(), 0700);
  BuildConfig config{path_, "", 1, /*huge_pages=*/false};
  config.encoders = must(EncoderSet::create({program, "", "", program, ""}));
  builder_.emplace(must(Builder::create(std::move(config), &db_)));
  must(builder_->build_all());
  ASSERT_EQ(faults().size(), 2u);
  EXPECT_EQ(builder_->fault_of("ld00000000000a"),
            "SEP00000000000A: its file ld00000000000a: encoder '" + program +
                "': it ended with status 9; correct the program of 'encoder_ld', then 'dialtone "
                "build'");
  EXPECT_NE(builder_->fault_of("sep00000000000a.cnf").find("'encoder_cnf'"), std::string::npos);
  EXPECT_EQ(builder_->fault_of("sep00000000000a.cnf.xml"), "");
  EXPECT_TRUE(content("sep00000000000a.cnf.xml"));
}

}  // namespace
}  // namespace dialtone::build
