// SPDX-License-Identifier: Apache-2.0
//
// Files of folded templates against those of the templates themselves.
#include "generator/fold.h"

#include "generator/render_file.h"
#include "tests/support/test_image.h"
#include "tests/unit/generator/allocation_count.h"
#include "tests/unit/generator/rendering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace dialtone::generator {
namespace {

class FoldTest : public ::testing::Test {
 protected:
  FoldTest() : campus_(test::test_campus()) {
    campus_.dial_plans.push_back({"hq", 1231176639, {}, {{"9,.......", 2}, {"\\*.", 0}}});
    campus_.enterprise.build_cnf = BuildCnf::kAll;
    campus_.encodes_cnf = true;
    campus_.sip_profiles.push_back(campus_.sip_profiles[0]);
    campus_.sip_profiles[1].anonymous_call_block = 1;
    campus_.sip_profiles[1].dial_template = "<&>";
    campus_.common_profiles.push_back(campus_.common_profiles[0]);
    campus_.common_profiles[1].common_config.clear();
  }

  // Phones of each model, whose references differ in all ways.
  void add_phones() {
    std::int64_t id = 0;
    for (std::uint32_t model = 0; model < campus_.models.size(); ++model) {
      for (std::uint32_t kind = 0; kind < 6; ++kind) {
        test::add_test_phone(batch_, campus_, ++id);
        const std::size_t position = batch_.devices().size() - 1;
        DeviceRecord& device = batch_.devices()[position];
        device.model = model;
        device.sip_profile = kind % 2;
        device.common_profile = kind / 2 % 2;
        device.dial_plan = kind % 3 == 0 ? 0 : kNoRow;
        if (kind == 4) {
          device.dial_template = "own.xml";
          batch_.add_override(position) = {"webAccess", "7"};
          batch_.add_override(position) = {"ownTag", "a & b"};
        }
      }
    }
  }

  // Name and content of each file of a device, or the fault.
  std::string files(DeviceRenderer& renderer, const TemplateSet& templates,
                    const DeviceRecord& device) {
    test::HeapSpace space(1 << 20);
    abi::SegmentWriter writer(space);
    RenderedFiles files;
    if (auto done = renderer.render(templates, batch_, device, writer, files); !done) {
      return done.error().text;
    }
    std::string all;
    const std::byte* base = space.used().data();
    for (const RenderedFile& file : files) {
      const auto* record = reinterpret_cast<const abi::FileRecord*>(base + file.place.offset);
      all.append(file.name.view()).append("\n");
      all.append(reinterpret_cast<const char*>(base + record->content_offset), record->length);
    }
    return all;
  }

  Campus campus_;
  DeviceBatch batch_;
};

TEST_F(FoldTest, EachFileIsTheSame) {
  add_phones();
  const PreparedCampus ready = test::prepared(campus_);
  const TemplateSet folded = fold(test::templates(), ready);
  DeviceRenderer plain_renderer(ready);
  DeviceRenderer folded_renderer(ready);
  std::size_t built = 0;
  for (const DeviceRecord& device : batch_.devices()) {
    const std::string plain = files(plain_renderer, test::templates(), device);
    built += plain.find('\n') != std::string::npos ? 1 : 0;
    ASSERT_EQ(files(folded_renderer, folded, device), plain)
        << device.name << " of " << campus_.models[device.model].name;
  }
  EXPECT_GT(built, batch_.devices().size() / 2);
}

TEST_F(FoldTest, FewOperationsAreLeft) {
  const PreparedCampus ready = test::prepared(campus_);
  const Template folded = fold(test::templates().sep_sip, ready);
  EXPECT_LT(folded.ops.size(), test::templates().sep_sip.ops.size() / 2);
}

TEST_F(FoldTest, AllocatesNothingForAFile) {
  add_phones();
  const PreparedCampus ready = test::prepared(campus_);
  const Template folded = fold(test::templates().sep_sip, ready);
  RowBinder binder(ready);
  const auto device =
      std::find_if(batch_.devices().begin(), batch_.devices().end(), [&](const DeviceRecord& each) {
        return campus_.models[each.model].protocol == Protocol::kSip && each.dial_plan == kNoRow;
      });
  std::vector<std::byte> out(64 * 1024);
  const std::size_t before = test::allocation_count();
  const auto rows = binder.bind(batch_, *device);
  ASSERT_TRUE(rows.ok()) << rows.error().text;
  render(folded, **rows, out);
  EXPECT_EQ(test::allocation_count(), before);
}

TEST_F(FoldTest, IsWorthItForManyDevicesAlone) {
  const PreparedCampus ready = test::prepared(campus_);
  EXPECT_FALSE(is_worth_folding(ready, 10));
  EXPECT_TRUE(is_worth_folding(ready, 100'000));
}

}  // namespace
}  // namespace dialtone::generator
