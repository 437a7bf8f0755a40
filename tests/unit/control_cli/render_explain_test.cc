// SPDX-License-Identifier: Apache-2.0
#include "control/cli/render.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::cli {
namespace {

using api::Json;

std::string explained(const char* json) {
  return render_explain(Json::parse(json), {}).out;
}

TEST(RenderExplain, AFileThatIsThere) {
  EXPECT_EQ(explained(R"({"asked":"RINGLIST.XML","name":"ringlist.xml","class":"list",
    "answer":"data","why":"it lies in the asset folder as RingList.xml","error":null,
    "generation":4,"origin":"asset","length":326,"signed":false,"signer":null,"profile":"cm5",
    "steps":["cache","primary","alt1"],"found":["nothing","file","not reached"],
    "places":["what is built","the asset folder","10.0.0.9 of cluster c"],"last":"alt1",
    "disabled":["b"],"device":null,"next":null,
    "last_request":{"time_us":1700000000000000,"client":"10.77.0.2",
                    "outcome":"transfers_started","generation":3}})"),
            "file          ringlist.xml\n"
            "class         list\n"
            "answer        data: 326 B; by generation 4\n"
            "why           it lies in the asset folder as RingList.xml\n"
            "origin        asset\n"
            "signed        no\n"
            "last request  2023-11-14T22:13:20.000Z by 10.77.0.2: transfers_started, generation 3\n"
            "search        in the order of profile cm5\n"
            "\n"
            "STEP       FOUND        PLACE\n"
            "cache      nothing      what is built\n"
            "primary    file         the asset folder\n"
            "alt1       not reached  10.0.0.9 of cluster c\n"
            "cluster:b  disabled     -\n");
}

TEST(RenderExplain, OneThatIsNot) {
  const std::string text = explained(R"({"asked":"SEP00DEAD000001.cnf.xml",
    "name":"sep00dead000001.cnf.xml","class":"phone","answer":"not-found","why":"no device",
    "error":{"code":1,"text":"File not found"},"generation":null,"origin":null,"length":null,
    "device":{"name":"SEP00DEAD000001","known":false},
    "next":{"name":"XMLDefault.cnf.xml","answer":"data","length":4000},"last_request":null})");
  EXPECT_NE(text.find("answer      not-found: ERROR 1, \"File not found\"\n"), text.npos) << text;
  EXPECT_NE(text.find("device      SEP00DEAD000001, not in the database\n"), text.npos) << text;
  EXPECT_NE(text.find("asked next  XMLDefault.cnf.xml: data, 4.0 kB\n"), text.npos) << text;
  EXPECT_EQ(text.find("origin"), text.npos) << text;
}

// Of a daemon of another version.
TEST(RenderExplain, ANameThatIsNone) {
  EXPECT_NE(explained(R"({"asked":"a/../b","name":"","answer":"not-found"})").find("a/../b"),
            std::string::npos);
  EXPECT_NE(explained("{}").find("STEP"), std::string::npos);
  const std::string longest(3000, 'x');
  EXPECT_LT(explained((R"({"asked":")" + longest + R"(","name":""})").c_str()).size(), 500u);
}

}  // namespace
}  // namespace dialtone::cli
