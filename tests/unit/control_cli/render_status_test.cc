// SPDX-License-Identifier: Apache-2.0
#include "control/cli/render.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::cli {
namespace {

using api::Json;

Json full_status() {
  return Json::parse(R"({"version":"0.1.0","pid":4711,"uptime_s":11520,"database":"campus.db",
      "assets":null,"devices":12004,"files":41233,"bytes":3800000000,"memory_bytes":4100000000,
      "segments":5,"hugepage_bytes":4000000000,"generation":18,"content_digest":"9f2c",
      "last_build":{"kind":"delta","devices":1,"files":1,"build_us":400},
      "publish":{"state":"published","generation":18,"files":1,"build_us":400,"publish_us":2700},
      "dataplane":{"socket":"run/dataplane.sock","connected":true,"pid":812,"workers":1,
                   "generation":18,"content_digest":"9f2c","private_map":false},
      "policy":{"profile":"cm9","state":"published"}})");
}

TEST(RenderStatus, Screen) {
  EXPECT_EQ(render_status(full_status(), {}),
            "dialtone-control  0.1.0, pid 4711, up 3 h 12 min\n"
            "database          campus.db\n"
            "assets            none\n"
            "devices           12,004\n"
            "files             41,233, 3.8 GB\n"
            "generation        18, digest 9f2c\n"
            "dataplane         pid 812, 1 worker, serves generation 18 (run/dataplane.sock)\n"
            "last build        delta: 1 device, 1 file in 400 \xC2\xB5s\n"
            "last publish      generation 18, 1 file changed, in 2.7 ms\n"
            "policy            profile cm9, served\n"
            "generations       none are kept\n"
            "memory            4.1 GB in 5 segments, 4.0 GB on huge pages\n");
}

TEST(RenderStatus, HugePagesThatAreFree) {
  Json status = full_status();
  status["hugepages"] = {
      {"total_bytes", 8000000000}, {"free_bytes", 3000000000}, {"next_build_bytes", 4000000000}};
  const std::string text = render_status(status, {});
  EXPECT_NE(text.find("4.0 GB on huge pages (3.0 GB free)\n"), std::string::npos) << text;
}

TEST(RenderStatus, APolicyThatIsRefused) {
  Json status = full_status();
  status["policy"] = {
      {"profile", "cm9"}, {"state", "refused"}, {"why", "the dataplane refused it"}};
  const std::string text = render_status(status, {});
  EXPECT_NE(text.find("policy            profile cm9, refused: the dataplane refused it\n"),
            std::string::npos)
      << text;
}

TEST(RenderStatus, HowFarSigningIs) {
  Json status = full_status();
  status["signing"] = {{"usable", true},
                       {"subject", "CN=tftp"},
                       {"signed", 30000},
                       {"pending", 70000},
                       {"per_second", 7000}};
  EXPECT_NE(render_status(status, {})
                .find("signing           30,000 signed, 70,000 to do, some 11 s, as CN=tftp\n"),
            std::string::npos);
  status["signing"]["pending"] = 0;
  EXPECT_NE(render_status(status, {}).find("signing           30,000 signed, as CN=tftp\n"),
            std::string::npos);
  status["signing"] = {{"usable", false}};
  EXPECT_NE(render_status(status, {}).find("signing           the key cannot be used\n"),
            std::string::npos);
}

TEST(RenderStatus, ADataplaneThatServesOlderFiles) {
  Json status = full_status();
  status["dataplane"]["content_digest"] = "0000";
  const std::string text = render_status(status, {});
  EXPECT_NE(text.find("1 worker, serves generation 18, not the newest files ("), std::string::npos)
      << text;
}

TEST(RenderStatus, WithoutADataplane) {
  Json status = full_status();
  status["dataplane"] = {{"socket", "run/dataplane.sock"}, {"connected", false}};
  status["publish"] = {{"state", "pending"}, {"why", "no dataplane\x1b[2J"}};
  const std::string text = render_status(status, {});
  EXPECT_NE(text.find("dataplane         not connected (run/dataplane.sock)\n"), std::string::npos);
  EXPECT_NE(text.find("last publish      pending: no dataplane\xEF\xBF\xBD[2J\n"),
            std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(RenderStatus, AnyDocumentIsRendered) {
  for (const char* text : {"{}", R"({"dataplane":7,"publish":[],"last_build":"x","pid":{}})",
                           R"({"uptime_s":-1,"devices":1e300,"bytes":"many"})"}) {
    EXPECT_NE(render_status(Json::parse(text), {}).find("devices"), std::string::npos);
  }
}

TEST(RenderStatus, Gateways) {
  Json status = full_status();
  status["gateways"] = {{"count", 2}, {"files", 4}, {"unverified", 2}};
  EXPECT_NE(render_status(status, {})
                .find("gateways          2, 4 files, 2 of an unverified tree of ours\n"),
            std::string::npos);
}

TEST(RenderStatus, AnImport) {
  Json status = full_status();
  const auto line = [&](const char* import) {
    status["import"] = Json::parse(import);
    const std::string text = render_status(status, {});
    const std::size_t at = text.find("import            ");
    return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
  };
  EXPECT_EQ(line(R"({"file":"p.csv","rows":20001,"done":1200,"check":false})"),
            "import            p.csv, 1,200 of 20,001 rows");
  EXPECT_EQ(line(R"({"file":"p.csv","rows":0,"done":0,"check":false})"), "import            p.csv");
  EXPECT_EQ(line(R"({"file":"p.csv","rows":3,"done":1,"check":true})"),
            "import            p.csv, a check, 1 of 3 rows");
  EXPECT_EQ(line("{}"), "import            -");
}

}  // namespace
}  // namespace dialtone::cli
