// SPDX-License-Identifier: Apache-2.0
#include "generator/pipeline.h"

#include "tests/support/test_image.h"
#include "tests/unit/generator/rendering.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace dialtone::generator {
namespace {

constexpr std::size_t kPhones = 1000;

class Pipeline : public ::testing::Test {
 protected:
  Pipeline()
      : campus_(test::test_campus()),
        ready_(test::prepared(campus_)),
        source_(campus_, kPhones),
        space_(24 << 20, 256 << 10) {}

  Result<BuildOutput> build(const BuildOptions& options, test::HeapSpace& space) {
    return build_devices(test::templates(), ready_, source_, space, options);
  }

  static std::string content(test::HeapSpace& space, const abi::FilePlace& place) {
    const std::byte* base = space.used().data();
    const auto* record = reinterpret_cast<const abi::FileRecord*>(base + place.offset);
    return {reinterpret_cast<const char*>(base + record->content_offset), record->length};
  }

  Campus campus_;
  PreparedCampus ready_;
  test::MemorySource source_;
  test::HeapSpace space_;
};

TEST_F(Pipeline, OneAndTwoThreadsGiveTheSameFiles) {
  test::HeapSpace second(24 << 20, 256 << 10);
  BuildOptions options;
  options.devices_per_range = 16;
  const auto one = build(options, space_);
  options.threads = 2;
  const auto two = build(options, second);
  ASSERT_TRUE(one.ok());
  ASSERT_TRUE(two.ok());
  ASSERT_EQ(one->files.size(), kPhones);
  ASSERT_EQ(two->files.size(), kPhones);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < kPhones; ++i) {
    const BuiltFile& a = one->files[i];
    const BuiltFile& b = two->files[i];
    EXPECT_EQ(a.device_id, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.place.digest, b.place.digest);
    EXPECT_EQ(content(space_, a.place), content(second, b.place));
    bytes += a.place.length;
  }
  EXPECT_EQ(one->bytes, bytes);
  EXPECT_EQ(one->files[0].name, "sep001122000001.cnf.xml");
}

TEST_F(Pipeline, EveryFileParsesAndIsItsDevices) {
  BuildOptions options;
  options.threads = 2;
  const auto built = build(options, space_);
  ASSERT_TRUE(built.ok());
  for (const BuiltFile& file : built->files) {
    const auto xml = test::read_xml(content(space_, file.place));
    ASSERT_EQ(test::value_at(xml, "device/@ctiid"), std::to_string(file.device_id));
    EXPECT_EQ(file.file_class, abi::FileClass::kDeviceConfig);
    EXPECT_EQ(file.modified_s, 1231176639u + static_cast<std::uint64_t>(file.device_id));
  }
}

TEST_F(Pipeline, ABadDeviceEndsTheBuildWithItsName) {
  source_.device(700).pool = 77;
  source_.device(300).pool = 17;
  for (const int threads : {1, 2}) {
    test::HeapSpace space(24 << 20, 256 << 10);
    BuildOptions options;
    options.threads = threads;
    options.devices_per_range = 32;
    const auto built = build(options, space);
    ASSERT_FALSE(built.ok());
    EXPECT_EQ(built.error().text,
              "SEP00112200012C: its device pool is a row that is not there; set 'pool' to one that "
              "is there");
    EXPECT_EQ(built.error().code, ErrorCode::kRefused);
  }
}

TEST_F(Pipeline, BadDevicesAreLeftOutWhenTheCallerWantsTheRest) {
  source_.device(700).security_profile = kNoRow;
  source_.device(300).pool = 17;
  BuildOptions options;
  options.threads = 2;
  options.leave_out_faulty = true;
  const auto built = build(options, space_);
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(built->files.size(), kPhones - 2);
  ASSERT_EQ(built->faults.size(), 2u);
  EXPECT_EQ(built->faults[0].device_id, 300);
  EXPECT_EQ(built->faults[0].device, "SEP00112200012C");
  EXPECT_EQ(built->faults[1].error.text,
            "SEP0011220002BC: it has no security profile; set 'security_profile' to one that is "
            "there");
}

TEST_F(Pipeline, ShortMemoryEndsTheBuildAllTheSame) {
  test::HeapSpace small(256 << 10, 64 << 10);
  BuildOptions options;
  options.leave_out_faulty = true;
  EXPECT_FALSE(build(options, small).ok());
}

TEST_F(Pipeline, ANameThatIsNoFileNameIsRefused) {
  for (const char* name : {"", "SEP/../x", "a\\b", "a\nb", "SEP0011220002B"}) {
    source_.device(5).name = name;
    test::HeapSpace space(24 << 20, 256 << 10);
    const auto built = build({}, space);
    ASSERT_FALSE(built.ok()) << name;
    EXPECT_NE(built.error().text.find("is no device name"), std::string::npos);
  }
}

TEST_F(Pipeline, ShortMemoryIsAnError) {
  test::HeapSpace small(256 << 10, 64 << 10);
  const auto built = build({}, small);
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().text.substr(0, 3), "SEP");
}

TEST_F(Pipeline, CancelStopsBeforeTheNextRange) {
  constexpr std::size_t kRanges = kPhones / 10;
  std::size_t most = 0;
  std::size_t asked = 0;
  BuildOptions options;
  options.devices_per_range = 10;
  options.cancelled = [&] { return asked++ >= most; };
  for (const std::size_t point : {std::size_t{0}, std::size_t{1}, kRanges / 2, kRanges}) {
    most = point;
    asked = 0;
    test::HeapSpace space(24 << 20, 256 << 10);
    const auto built = build(options, space);
    ASSERT_FALSE(built.ok()) << most;
    EXPECT_EQ(built.error().text, "the build was cancelled");
    EXPECT_EQ(asked, most + 1) << "it asks no more";
  }
  most = kRanges + 1;
  asked = 0;
  EXPECT_TRUE(build(options, space_).ok()) << "it asks once for each range, and at the end";
}

TEST_F(Pipeline, ZeroThreadsAreRefused) {
  BuildOptions options;
  options.threads = 0;
  EXPECT_FALSE(build(options, space_).ok());
}

TEST_F(Pipeline, AnExceptionOfTheSourceBecomesAnError) {
  class Throwing : public test::MemorySource {
   public:
    using MemorySource::MemorySource;
    Result<void> read(const IdRange&, DeviceBatch&) override { throw std::bad_alloc(); }
  } source(campus_, 10);
  const auto built = build_devices(test::templates(), ready_, source, space_, {});
  ASSERT_FALSE(built.ok());
  EXPECT_NE(built.error().text.find("building devices"), std::string::npos);
}

TEST_F(Pipeline, NoDevicesIsNoFile) {
  test::MemorySource none(campus_, 0);
  const auto built = build_devices(test::templates(), ready_, none, space_, {});
  ASSERT_TRUE(built.ok());
  EXPECT_TRUE(built->files.empty());
}

TEST_F(Pipeline, RenderDeviceGivesTheSameFile) {
  const auto built = build({}, space_);
  ASSERT_TRUE(built.ok());
  DeviceBatch batch;
  test::add_test_phone(batch, campus_, 35);
  abi::SegmentWriter writer(space_);
  const auto file = render_device(test::templates(), ready_, batch, batch.devices()[0], writer);
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(file->size(), 1u);
  EXPECT_EQ((*file)[0].name.view(), built->files[34].name);
  EXPECT_EQ((*file)[0].place.digest, built->files[34].place.digest);
}

}  // namespace
}  // namespace dialtone::generator
