// SPDX-License-Identifier: Apache-2.0
#include "generator/template.h"

#include "tests/unit/generator/rendering.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace dialtone::generator {
namespace {

class TemplateRendering : public ::testing::Test {
 protected:
  TemplateRendering() : campus_(test::prepared(test::test_campus())) {
    test::add_test_phone(batch_, test::test_campus(), 5);
  }

  std::string text(std::string_view xml) {
    auto program = compile_template("t.xml", xml, TemplateUse::kDevice);
    if (!program) {
      return program.error().text;
    }
    RowBinder binder(campus_);
    auto rows = binder.bind(batch_, batch_.devices()[0]);
    const std::string all = test::render_text(*program, **rows);
    constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    EXPECT_EQ(all.substr(0, kHead.size()), kHead);
    return all.substr(kHead.size());
  }

  PreparedCampus campus_;
  DeviceBatch batch_;
};

std::string fault(std::string_view xml, TemplateUse use = TemplateUse::kDevice) {
  auto program = compile_template("t.xml", xml, use);
  return program ? "(compiled)" : program.error().text;
}

TEST_F(TemplateRendering, SlotsInTextAndAttributes) {
  EXPECT_EQ(text("<a b='x{{device.name}}y'>{{device.ctiid}}, {{sip.enable_vad}}</a>"),
            "<a b=\"xSEP001122000005y\">5, false</a>\n");
  EXPECT_EQ(text("<a>{{{device.uuid}}}</a>"), "<a>{08000000-0000-0000-0000-000000000005}</a>\n");
}

TEST_F(TemplateRendering, LiteralsAreEscapedAgain) {
  EXPECT_EQ(text("<a b='&lt;&quot;'>&amp;&lt;&gt;</a>"), "<a b=\"&lt;&quot;\">&amp;&lt;&gt;</a>\n");
}

TEST_F(TemplateRendering, EachWalksItemsAndConditionsDecide) {
  EXPECT_EQ(text("<a><?each lines?>{{line.index}};<?end?></a>"), "<a>1;2;</a>\n");
  EXPECT_EQ(text("<a><?each modules?>{{module.index}};<?end?></a>"), "<a></a>\n");
  EXPECT_EQ(text("<a><?if modules?>m<?else?>-<?end?><?if speed_dials?>s<?end?></a>"),
            "<a>-s</a>\n");
  EXPECT_EQ(text("<a><?if not device.load_override?>{{model.number}}<?end?></a>"), "<a>493</a>\n");
  EXPECT_EQ(text("<a><?each lines?><?if line.is_shared?>1<?else?>0<?end?><?end?></a>"),
            "<a>00</a>\n");
}

TEST_F(TemplateRendering, WhiteSpaceIsOneElementALine) {
  EXPECT_EQ(text("<a>\n  <!-- note -->\n  <?each lines?>\n    <b>{{line.index}}</b>\n  <?end?>\n"
                 "  <?if modules?>\n  <m/>\n  <?end?>\n  <c/>\n</a>"),
            "<a>\n<b>1</b>\n<b>2</b>\n<c/>\n</a>\n");
}

TEST_F(TemplateRendering, ElementNamesFromData) {
  EXPECT_EQ(text("<a xmlns:t='urn:dialtone:template'><x t:name='load{{model.number}}'/></a>"),
            "<a><load493/></a>\n");
}

TEST(TemplateFaults, SayFileLineAndCure) {
  EXPECT_EQ(fault("<a>\n<b>{{device.nane}}</b>\n</a>"),
            "t.xml:2: unknown-slot: \"device.nane\" is no field; did you mean \"device.name\"?");
  EXPECT_EQ(fault("<a>\n\n<?each line?><?end?></a>"),
            "t.xml:3: unknown-collection: <?each line?>: there is no such collection; did you mean "
            "\"lines\"?");
  EXPECT_EQ(fault("<a>\n{{line.dn}}</a>"),
            "t.xml:2: out-of-scope: \"line.dn\" has no meaning at this place");
  EXPECT_EQ(fault("<a>{{device.name}}</a>", TemplateUse::kDefault),
            "t.xml:1: out-of-scope: \"device.name\" has no meaning at this place");
}

TEST(TemplateFaults, BlocksEndWhereTheyBegan) {
  EXPECT_EQ(fault("<a>\n<?each lines?>\n</a>"),
            "t.xml:2: unbalanced: this block has no <?end?> in its element");
  EXPECT_EQ(fault("<a><?end?></a>"), "t.xml:1: unbalanced: <?end?> ends nothing");
  EXPECT_EQ(fault("<a><?else?></a>"), "t.xml:1: unbalanced: <?else?> stands in no <?if?>");
  EXPECT_NE(fault("<a><?if modules?><b><?end?></b></a>").find("unbalanced"), std::string::npos);
  EXPECT_NE(fault("<a><?each lines?><?each modules?><?end?><?end?></a>").find("nested-each"),
            std::string::npos);
  EXPECT_NE(fault("<a><?loop lines?></a>").find("unknown-control"), std::string::npos);
  EXPECT_NE(fault("<a>{{device.name</a>").find("open-slot"), std::string::npos);
}

TEST(TemplateFaults, AllAreReportedAtOnce) {
  const std::string text = fault("<a>\n{{x.y}}\n<b/>\n{{z}}\n</a>");
  EXPECT_NE(text.find("t.xml:2: unknown-slot"), std::string::npos) << text;
  EXPECT_NE(text.find("t.xml:4: unknown-slot"), std::string::npos) << text;
}

TEST(TemplateFaults, IllFormedXml) {
  EXPECT_EQ(fault("<a>\n<b></a>").substr(0, 18), "t.xml:2: malformed");
  EXPECT_NE(fault("").find("malformed"), std::string::npos);
  EXPECT_NE(fault("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>").find("not-allowed"),
            std::string::npos);
}

class TextTemplate : public TemplateRendering {
 protected:
  std::string lines(const std::string& inside, const char* separator = ": ") {
    auto program = compile_template("t.xml",
                                    "<t:text xmlns:t='urn:dialtone:template' separator='" +
                                        std::string(separator) + "'>" + inside + "</t:text>",
                                    TemplateUse::kDevice);
    if (!program) {
      return program.error().text;
    }
    RowBinder binder(campus_, Syntax::kLines);
    auto rows = binder.bind(batch_, batch_.devices()[0]);
    return test::render_text(*program, **rows);
  }
};

TEST_F(TextTemplate, LinesHaveNoIndentationAndNoMarkup) {
  EXPECT_EQ(lines("\n  # a &amp; b \n\n  x: {{device.name}}\n"), "# a & b\nx: SEP001122000005\n");
  EXPECT_EQ(lines("\n <?each lines?>\n n{{line.index}}: 1\n <?end?>\n e: 2"),
            "n1: 1\nn2: 1\ne: 2\n");
  EXPECT_EQ(lines("a: <?if modules?>m<?else?>none <?end?>!\n"), "a: none !\n");
}

TEST_F(TextTemplate, AParameterGivesWayToTheDevicesOwn) {
  const std::string two = "<t:param name='one'>1</t:param>\n<t:param name='two'>\"2\"</t:param>\n";
  EXPECT_EQ(lines(two), "one: 1\ntwo: \"2\"\n");
  batch_.add_override(0) = {"two", "zwei"};
  EXPECT_EQ(lines(two, ":"), "one:1\n");
}

TEST_F(TextTemplate, WhatCannotBeSaysWhy) {
  EXPECT_NE(lines("<x/>").find("t.xml:1: not-allowed"), std::string::npos);
  EXPECT_NE(lines("<t:param>1</t:param>").find("bad-param"), std::string::npos);
  EXPECT_NE(lines("x: <t:param name='y'>1</t:param>").find("bad-param"), std::string::npos);
  EXPECT_NE(lines("\n\n{{device.nam}}").find("t.xml:3: unknown-slot"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::generator
