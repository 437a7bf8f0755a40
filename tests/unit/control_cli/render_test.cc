// SPDX-License-Identifier: Apache-2.0
#include "control/cli/render.h"

#include "control/cli/text.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

using api::Json;

Invocation asked(const char* command, const char* arguments = "{}") {
  Invocation invocation;
  invocation.command = command;
  invocation.arguments = Json::parse(arguments);
  return invocation;
}

Rendered change(const char* command, const char* arguments, const char* result) {
  return render_change(asked(command, arguments), Json::parse(result));
}

TEST(RenderLists, DevicesWithHostileTexts) {
  const Rendered rendered = render_devices(
      Json::parse(R"({"devices":[{"name":"SEP1","model":"CP-8845","protocol":"SIP","pool":"",
      "description":"Bj\u00f6rn\n\u001b]0;x\u0007","lines":["4001","4002"]}, 5]})"),
      {});
  EXPECT_EQ(rendered.out,
            "NAME  MODEL    PROTOCOL  POOL  LINES      DESCRIPTION\n"
            "SEP1  CP-8845  SIP       -     4001,4002  Bj\xC3\xB6rn\xEF\xBF\xBD\xEF\xBF\xBD]0;x"
            "\xEF\xBF\xBD\n"
            "-     -        -         -     -          -\n");
}

TEST(RenderLists, NothingFoundIsAWarningAndNoTable) {
  const Rendered rendered = render_devices(Json::parse(R"({"devices":[]})"), {});
  EXPECT_EQ(rendered.out, "");
  EXPECT_EQ(rendered.warnings, std::vector<std::string>{"no device matches"});
}

TEST(RenderLists, ModelsOfPhones) {
  const Rendered rendered = render_models(
      Json::parse(R"({"models":[{"name":"Cisco 7940","protocol":"SCCP","number":8,"family":"sep",
      "lines":2,"default_load":"P0030801SR02","devices":1200},
      {"name":"Cisco 7940","protocol":"SIP","number":8,"family":"sip7960","lines":2,
      "default_load":"","devices":0}]})"),
      {});
  EXPECT_EQ(rendered.out,
            "MODEL       PROTOCOL  NUMBER  FAMILY   LINES  DEVICES  LOAD\n"
            "Cisco 7940  SCCP           8  sep          2    1,200  P0030801SR02\n"
            "Cisco 7940  SIP            8  sip7960      2        0  -\n");
}

TEST(RenderLists, GatewaysAndWhatIsUnverified) {
  EXPECT_EQ(
      render_gateways(Json::parse(R"({"gateways":[{"name":"gw1","kind":"mgcp","product":"VG310",
                "pool":"Oslo","ports":24,"file":"gw1.cnf.xml","state":"unverified"}]})"),
                      {})
          .out,
      "NAME  KIND  PRODUCT  POOL  PORTS  FILE         STATE       DESCRIPTION\n"
      "gw1   mgcp  VG310    Oslo     24  gw1.cnf.xml  unverified  -\n");
  EXPECT_EQ(render_device(Json::parse(R"({"gateway":{"name":"gw1"},
                "files":[{"name":"gw1.cnf.xml","state":"unverified"}]})"),
                          {}),
            "name  gw1\nfile  gw1.cnf.xml (unverified)\n");
  const std::string files =
      render_files(Json::parse(R"({"files":[{"name":"a","length":1,"class":"gateway",
                       "origin":"built","modified":0,"unverified":true}]})"),
                   {})
          .out;
  EXPECT_NE(files.find("gateway  built, unverified  -\n"), std::string::npos) << files;
  EXPECT_EQ(change("gateway add", R"({"name":"00:11"})", R"({"gateway":"SDA0011"})").out,
            "SDA0011: added\n");
  EXPECT_EQ(change("gateway rm", R"({"names":["a","b"]})", R"({"removed":2})").out,
            "removed 2 gateways\n");
}

TEST(RenderLists, OneDevice) {
  const auto result = Json::parse(
      R"({"device":{"name":"SEP1","pool":"a","line1.dn":"4001"},"file":"sep1.cnf.xml"})");
  EXPECT_NE(
      render_device(
          Json::parse(R"({"files":[{"name":"ld1","state":"text form, needs an encoder"}]})"), {})
          .find("ld1 (text form, needs an encoder)"),
      std::string::npos);
  EXPECT_EQ(render_device(result, {}),
            "name      SEP1\npool      a\nline1.dn  4001\nfile      sep1.cnf.xml\n");
}

TEST(RenderLists, Files) {
  const auto result = Json::parse(R"({"files":[{"name":"ringlist.xml","length":1234,
      "digest":"aa","class":"ring","origin":"asset","modified":1719835200},
      {"name":"x","length":7,"class":"other","origin":"asset","modified":"2024-01-01"}]})");
  EXPECT_EQ(render_files(result, {}).out,
            "NAME            SIZE  CLASS  ORIGIN  MODIFIED\n"
            "ringlist.xml  1.2 kB  ring   asset   2024-07-01T12:00:00Z\n"
            "x                7 B  other  asset   2024-01-01\n");
}

TEST(RenderPhoneFiles, ListOneAndPreview) {
  const Rendered list = render_phone_files(
      Json::parse(R"({"dial_plans":[{"name":"hq","files":["DRhq.xml","hq.xml"],"devices":3,
                                     "others":["SIP profile 'x'"]}],
                      "orphans":[{"name":"hq","why":"hq.xml is not built"}]})"),
      {});
  EXPECT_EQ(list.out,
            "NAME  FILES            DEVICES  OTHERS\n"
            "hq    DRhq.xml,hq.xml        3  SIP profile 'x'\n");
  EXPECT_EQ(list.warnings, std::vector<std::string>{"hq: hq.xml is not built"});
  EXPECT_EQ(render_phone_files(Json::parse(R"({"dial_plans":[],"orphans":[]})"), {}).warnings,
            std::vector<std::string>{"there is none"});
  EXPECT_EQ(render_phone_file(Json::parse(R"({"row":{"name":"hq"}})")),
            "{\n  \"name\": \"hq\"\n}\n");
  const Invocation set = asked("dialplan set", R"({"name":"hq","dry_run":true})");
  EXPECT_EQ(render_preview(set, Json::parse(R"({"change":"updated","files":["hq.xml"]})")).out,
            "hq.xml\nhq: would be updated, and 1 file would differ; nothing was changed\n");
  EXPECT_EQ(
      change("dialplan set", R"({"name":"hq"})",
             R"({"name":"hq","change":"added","publish":{"state":"unchanged","generation":4}})")
          .out,
      "hq: added; the files are the same, generation 4 stays\n");
  EXPECT_EQ(change("dialplan rm", R"({"name":"hq"})", R"({"removed":1})").out, "hq: removed\n");
  EXPECT_EQ(change("build", R"({"dialplan":"hq"})", R"({"built":["DRhq.xml","hq.xml"]})").out,
            "built DRhq.xml and hq.xml\n");
}

TEST(RenderEvents, ALineEach) {
  const auto result = Json::parse(R"({"events":[
      {"time_us":1719835200123456,"event":"request","outcome":"transfers_started","client":"10.77.0.2",
       "port":49152,"vlan":0,"name":"/Ringlist.xml","name_length":13,"bytes":1234},
      {"time_us":1719835200125456,"event":"end","outcome":"transfers_completed","client":"2001:db8::1",
       "port":50000,"vlan":12,"name":"ringlist.xml","name_length":200,"bytes":1234,"blocks":3,
       "copies":1,"duration_us":2000}],"next":[1],"lost":0})");
  const Rendered rendered = render_events(result, {}, Heading::kYes);
  EXPECT_EQ(rendered.out,
            "TIME                      CLIENT                 OUTCOME                 "
            "NAME                              SIZE      TOOK\n"
            "2024-07-01T12:00:00.123Z  10.77.0.2:49152        transfers_started       "
            "/Ringlist.xml                     1.2 kB    -\n"
            "2024-07-01T12:00:00.125Z  [2001:db8::1]:50000 vlan 12  transfers_completed     "
            "ringlist.xml...                   1.2 kB    2.0 ms, 3 blocks, 1 sent again\n");
  EXPECT_TRUE(rendered.warnings.empty());
}

TEST(RenderEvents, NoneLostAndSkippedOnesAreSaid) {
  EXPECT_EQ(render_events(Json::parse(R"({"events":[]})"), {}, Heading::kYes).warnings.size(), 1u);
  EXPECT_TRUE(render_events(Json::parse(R"({"events":[]})"), {}, Heading::kNo).warnings.empty());
  const auto lost = render_events(Json::parse(R"({"events":[],"lost":2})"), {}, Heading::kNo);
  ASSERT_EQ(lost.warnings.size(), 1u);
  EXPECT_NE(lost.warnings[0].find("2 events"), std::string::npos);
  const auto skipped = render_events(Json::parse(R"({"events":[],"skipped":2})"), {}, Heading::kNo);
  ASSERT_EQ(skipped.warnings.size(), 1u);
  EXPECT_NE(skipped.warnings[0].find("2 events came too fast and were skipped"), std::string::npos);
  EXPECT_EQ(skipped.warnings[0].find("larger"), std::string::npos);
}

TEST(RenderLists, CountersAreChosen) {
  const auto all = Json::parse(R"({"counters":[{"name":"drop_arp","help":"h","value":0},
      {"name":"drop_port","help":"UDP port.","value":12},{"name":"acks","help":"h","value":9}]})");
  Json some = all;
  choose_counters(some, "drop_*", false);
  EXPECT_EQ(render_counters(some, {}).out, "NAME       VALUE  HELP\ndrop_port     12  UDP port.\n");
  some = all;
  choose_counters(some, "", true);
  EXPECT_EQ(some["counters"].size(), 3u);
  some = all;
  choose_counters(some, "[", false);
  EXPECT_TRUE(some["counters"].empty());
}

TEST(RenderGenerations, ALineEach) {
  const Rendered rendered = render_generations(Json::parse(R"({"generations":[
        {"number":7,"time":1700000000,"files":1010,"bytes":13000000,"content_digest":"ab",
         "changed":1,"why":"database change","served":false,"rollback":true},
        {"number":8,"time":1700000060,"files":1010,"bytes":13000000,"content_digest":"ab",
         "changed":1,"why":"rollback to generation 7","served":true,"rollback":false}]})"),
                                               {});
  EXPECT_NE(rendered.out.find("7  2023-11-14T22:13:20Z  1,010  13 MB        1  ab      "
                              "rolled back to  database change\n"),
            std::string::npos)
      << rendered.out;
  EXPECT_NE(rendered.out.find("served          rollback to generation 7\n"), std::string::npos);
  EXPECT_EQ(render_generations(Json::object(), {}).warnings.size(), 1u);
}

TEST(RenderGenerations, TwelveDigitsOfADigestAreShown) {
  const Rendered rendered = render_generations(
      Json::parse(R"({"generations":[{"number":7,"content_digest":"0123456789abcdef"}]})"), {});
  EXPECT_NE(rendered.out.find(" 0123456789ab "), std::string::npos) << rendered.out;
}

TEST(RenderChange, OneIsOneAndNothingIsEmpty) {
  EXPECT_EQ(render_diff(Json::parse(R"({"differs":1})"), {}).find("1 file differ\n"),
            std::string::npos);
  EXPECT_EQ(change("param set", "{}", R"({"name":"p","value":"","was":"","changed":true})").out,
            "p: empty, was empty\n");
}

TEST(RenderEvents, OneLineIsOneLineOfANarrowTerminal) {
  const Json result = Json::parse(R"({"events":[{"time_us":1700000000000000,"event":"end",
      "client":"192.168.100.100","port":50000,"outcome":"requests_not_found",
      "name":"SEP001122334455.cnf.xml","bytes":1000,"duration_us":1200,"blocks":3}]})");
  Style terminal;
  terminal.width = 80;
  const Rendered narrow = render_events(result, terminal, Heading::kNo);
  EXPECT_EQ(display_width(narrow.out.substr(0, narrow.out.size() - 1)), 80u) << narrow.out;
  EXPECT_EQ(narrow.out.find("22:13:20.000Z  192.168.100.100:50000  requests_not_found   SEP0011"),
            0u)
      << narrow.out;
  EXPECT_EQ(render_events(result, {}, Heading::kNo).out.find("2023-11-14T22:13:20.000Z  "), 0u);
}

TEST(RenderGenerations, ADifferenceNamesBothSides) {
  const std::string text =
      render_diff(Json::parse(R"({"from":{"generation":7},"to":{"generation":null},"differs":2,
        "added":[{"name":"new","to":{"length":5}}],
        "changed":[{"name":"old","from":{"length":1000},"to":{"length":2000}}],"gone":[]})"),
                  {});
  EXPECT_NE(text.find("new   added         -     5 B\n"), std::string::npos) << text;
  EXPECT_NE(text.find("old   changed  1.0 kB  2.0 kB\n"), std::string::npos) << text;
  EXPECT_NE(text.find("generation 7 and what is served: 2 files differ\n"), std::string::npos);
  EXPECT_EQ(render_diff(Json::parse(R"({"with_build":true,"differs":0})"), {}),
            "what is served and the next build: no file differs\n");
}

TEST(RenderChange, HeldByARollbackIsAWarning) {
  const Rendered rendered = render_change(
      asked("build"), Json::parse(R"({"publish":{"state":"held","why":"a rollback"}})"));
  EXPECT_NE(rendered.out.find("; saved and built, not published\n"), std::string::npos);
  EXPECT_EQ(rendered.warnings, std::vector<std::string>{"not served: a rollback"});
  EXPECT_FALSE(rendered.error.has_value());
}

TEST(RenderChange, Served) {
  const Rendered rendered = change("device set", R"({"name":"SEP02D1A1000001"})",
                                   R"({"changed":["description"],"publish":{"state":"published",
      "generation":18,"build_us":400,"publish_us":2700}})");
  EXPECT_EQ(rendered.out,
            "SEP02D1A1000001: description changed; served as generation 18 after 3.1 ms\n");
  EXPECT_TRUE(rendered.warnings.empty());
  EXPECT_FALSE(rendered.error);
}

TEST(RenderChange, SavedButNotServedYet) {
  const Rendered rendered =
      change("device set", R"({"name":"SEP1"})",
             R"({"changed":["a","b","c"],"publish":{"state":"pending","why":"no dataplane"}})");
  EXPECT_EQ(rendered.out, "SEP1: a, b and c changed; saved, not served yet\n");
  EXPECT_EQ(rendered.warnings, std::vector<std::string>{"not served yet: no dataplane"});
  EXPECT_FALSE(rendered.error);
}

TEST(RenderChange, NobodyWaitedForADataplaneThatIsThere) {
  const Rendered rendered =
      change("device add", R"({"name":"SEP1","wait":false})", R"({"publish":{"state":"pending"}})");
  EXPECT_EQ(rendered.out, "SEP1: added; saved, not served yet\n");
  EXPECT_TRUE(rendered.warnings.empty());
}

TEST(RenderChange, NotServedByADataplaneThatIsThereIsATimeout) {
  const Rendered rendered = change("device add", R"({"name":"SEP1"})",
                                   R"({"publish":{"state":"pending","why":"slow","waited_s":5}})");
  EXPECT_EQ(rendered.out, "SEP1: added; saved, not served after 5 s\n");
  ASSERT_TRUE(rendered.error);
  EXPECT_EQ(rendered.error->code, ErrorCode::kTimeout);
  EXPECT_EQ(rendered.error->text,
            "saved, but not served after 5 s: slow; dialtone status says when it is served");
}

TEST(RenderChange, RefusedByTheDataplaneIsAnError) {
  const Rendered rendered = change("device add", R"({"name":"SEP1"})",
                                   R"({"publish":{"state":"refused","why":"too large"}})");
  EXPECT_EQ(rendered.out, "SEP1: added; saved, but not served\n");
  ASSERT_TRUE(rendered.error);
  EXPECT_EQ(rendered.error->code, ErrorCode::kRefused);
}

TEST(RenderChange, Unchanged) {
  EXPECT_EQ(change("device set", R"({"name":"SEP1"})",
                   R"({"changed":[],"publish":{"state":"unchanged","generation":17}})")
                .out,
            "SEP1: unchanged\n");
  EXPECT_EQ(change("device set", R"({"name":"SEP1"})",
                   R"({"changed":["owner"],"publish":{"state":"unchanged","generation":17}})")
                .out,
            "SEP1: owner changed; the files are the same, generation 17 stays\n");
}

TEST(RenderChange, RemoveBuildAndImport) {
  EXPECT_EQ(change("device rm", R"({"names":["SEP1"]})", R"({"removed":1})").out,
            "SEP1: removed\n");
  EXPECT_EQ(change("device rm", R"({"names":["a","b"]})", R"({"removed":2})").out,
            "removed 2 devices\n");
  EXPECT_EQ(change("device rm", R"({"names":["SEP1","sep1"]})", R"({"removed":1})").out,
            "SEP1: removed\n");
  EXPECT_EQ(change("build", "{}", R"({"devices":2,"files":5,"bytes":1234,"build_us":1500})").out,
            "built 2 devices, 5 files, 1.2 kB in 1.5 ms\n");
  EXPECT_EQ(change("import csv", R"({"file":"p.csv"})",
                   R"({"rows":5,"added":3,"updated":2,"unchanged":0})")
                .out,
            "imported 5 rows from p.csv: 3 added, 2 updated, 0 unchanged\n");
  EXPECT_EQ(change("import csv", R"({"file":"p.csv","check":true})",
                   R"({"rows":1,"added":1,"updated":0,"unchanged":0})")
                .out,
            "p.csv is in order: 1 row; would add 1, update 0 and leave 0 unchanged\n");
}

TEST(RenderRefusal, FaultsOfAnImport) {
  api::Reply reply;
  reply.error = refused("whatever the daemon says");
  reply.faults = {{"phones.csv", 3, 7, "bad-mac", "'x\x1b' is no MAC"},
                  {"phones.csv", 4, 0, "no-model", "t"},
                  {"phones.csv", 0, 0, "no-name", "t"}};
  EXPECT_EQ(render_refusal(asked("import csv", R"({"file":"phones.csv"})"), reply, {}),
            "phones.csv:3:7: bad-mac: 'x\xEF\xBF\xBD' is no MAC\n"
            "phones.csv:4: no-model: t\n"
            "phones.csv: no-name: t\n"
            "error: nothing was imported: 3 faults in phones.csv; correct them and import again\n");
  reply.faults.push_back({"phones.csv", 9, 0, "too-many-faults", "t"});
  EXPECT_NE(render_refusal(asked("import csv", R"({"file":"phones.csv"})"), reply, {})
                .find("imported: at least 3 faults in phones.csv;"),
            std::string::npos);
  reply.faults.resize(1);
  EXPECT_NE(render_refusal(asked("import csv", R"({"file":"phones.csv","check":true})"), reply, {})
                .find("1 fault in phones.csv; correct it and check again"),
            std::string::npos);
}

// The one fault of a device is in the error already.
TEST(RenderRefusal, NothingIsSaidTwice) {
  api::Reply reply;
  reply.error = refused("SEP1: 'x' is no device pool");
  reply.faults = {{"SEP1", 0, 0, "unknown-pool", "'x' is no device pool"}};
  EXPECT_EQ(render_refusal(asked("device set"), reply, {}), "error: SEP1: 'x' is no device pool\n");
  reply.error = refused("SEP1: 2 faults; nothing was saved");
  reply.faults.push_back({"SEP1", 0, 0, "model-no-softkey", "no softkeys"});
  EXPECT_EQ(render_refusal(asked("device set"), reply, {}),
            "SEP1: unknown-pool: 'x' is no device pool\nSEP1: model-no-softkey: no softkeys\n"
            "error: SEP1: 2 faults; nothing was saved\n");
}

TEST(RenderRefusal, AnyOtherIsOneLine) {
  api::Reply reply;
  reply.error = refused("first\nsecond\n");
  EXPECT_EQ(render_refusal(asked("device set"), reply, {}), "error: first; second\n");
  reply.error.text.clear();
  EXPECT_EQ(render_refusal(asked("build"), reply, {.colour = true}),
            "\x1b[1;31merror:\x1b[0m dialtone-control refused, and does not say why\n");
}

}  // namespace
}  // namespace dialtone::cli
