// SPDX-License-Identifier: Apache-2.0
//
// The rules backward: names that lead to a file.
#include "control/import/remap_sources.h"

#include "control/import/pattern_examples.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dialtone::importing {
namespace {

std::string joined(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  std::string out;
  for (const std::string& text : texts) {
    out += (out.empty() ? "" : " ") + text;
  }
  return out;
}

// Names that the rules lead to `path`; behind them the faults and the warnings, a line each.
std::string names(std::string_view text, const std::string& path) {
  Diagnostics faults;
  std::vector<std::string> warnings;
  const RemapRules rules = RemapRules::read(text, "r", faults);
  const RemapSources sources(rules, faults, warnings);
  std::vector<std::string> found;
  for (const std::string& name : sources.of({path})) {
    if (rules.apply(name, faults) == path) {
      found.push_back(name);
    }
  }
  std::string out = joined(found);
  for (const Diagnostic& fault : faults) {
    out += '\n' + to_string(fault);
  }
  for (const std::string& warning : warnings) {
    out += '\n' + warning;
  }
  return out;
}

std::string examples(std::string_view pattern, KnownGroups known = {}) {
  const PatternExamples found = examples_of(pattern, known);
  return joined(found.texts) + (found.all ? "" : " ...");
}

TEST(PatternExamples, WhatAPatternFitsIsWrittenOut) {
  EXPECT_EQ(examples("^SIP\\.cnf$"), "SIP.cnf");
  EXPECT_EQ(examples("a(b|c)d"), "abd acd");
  EXPECT_EQ(examples("a(b|c)d", {{{}, "b"}}), "abd");
  EXPECT_EQ(examples("sb[2n]"), "sb2 sbn");
  EXPECT_EQ(examples("ab?"), "a ab");
  EXPECT_EQ(examples("x{2}y"), "xxy");
  EXPECT_EQ(examples("x{2,}y"), "xxy ...");
  EXPECT_EQ(examples("P003.bin"), "P003.bin") << "a dot that was meant so";
  EXPECT_EQ(examples("([^]]+)/(.+)-x", {{{}, "de", "7960"}}), "de/7960-x");
  EXPECT_EQ(examples("[[:alpha:]]x"), " ...");
  EXPECT_EQ(examples("a[0-9]"), " ...");
  EXPECT_EQ(examples("a.*b"), "ab ...");
  EXPECT_EQ(examples("a.+b"), " ...");
  EXPECT_EQ(examples("a|b"), "a b");
  EXPECT_EQ(examples("\\bx"), " ...") << "no letter";
}

TEST(RemapSources, FoldersAreUndone) {
  EXPECT_EQ(names("r ^[^/] /tftpboot/\\0\n", "/tftpboot/SEP1.cnf.xml"), "SEP1.cnf.xml");
  EXPECT_EQ(names("ri ^(apps75)(.+\\.sbn)$ firmware/7975/\\1\\2\n", "firmware/7975/apps75.9-4.sbn"),
            "apps75.9-4.sbn");
  EXPECT_EQ(names("ri ^(.+)/(.+-tones.xml)$ locales/\\1/\\2\n", "locales/Austria/7960-tones.xml"),
            "Austria/7960-tones.xml");
  EXPECT_EQ(names("r ^/tftpboot/\n", "x/a.bin"), "/tftpboot/x/a.bin");
  EXPECT_EQ(names("ri ^Desktops/(.+)/(List\\.xml)(\\.sgn)?$ wallpapers/\\1/\\2\\3\n",
                  "wallpapers/320x212x16/List.xml.sgn"),
            "Desktops/320x212x16/List.xml.sgn");
}

TEST(RemapSources, NamesThatAreReplacedComeBack) {
  EXPECT_EQ(names("r ^SEP([0-9A-F]{12})\\.cnf\\.xml$ phones/\\1.xml\n", "phones/001122334455.xml"),
            "SEP001122334455.cnf.xml");
  EXPECT_EQ(names("r ^P0030801SR01.(sb[2n]|bin)$ /fw/\\1\n", "/fw/sb2"), "P0030801SR01.sb2");
  EXPECT_EQ(names("r ^old.txt$ new.txt\nr ^older.txt$ old.txt\n", "new.txt"), "old.txt");
  EXPECT_EQ(names("r ^older.txt$ old.txt\nr ^old.txt$ new.txt\n", "new.txt"), "old.txt older.txt");
  EXPECT_EQ(names("r \\.xml$ .cnf.xml\n", "SEP1.cnf.xml"), "SEP1.xml");
  EXPECT_EQ(names("r (Ring)list Tones/\\1s\n", "a/Tones/Rings.xml"), "a/Ringlist.xml");
}

TEST(RemapSources, SpellingsOfOneNameAreNone) {
  EXPECT_EQ(names("rg \\\\ /\nr ^/ \nr ^(.*)$ \\L\\1\n", "a/b/c"), "");
}

TEST(RemapSources, RefusedNamesAreLeftToTheRules) {
  EXPECT_EQ(names("a ^old\nr ^(old|was)$ new\n", "new"), "was");
}

TEST(RemapSources, WhatCannotBeListedIsSaid) {
  EXPECT_EQ(names("r ^SEP.*$ default.xml\n", "default.xml"),
            "\nr:1:3: many-names: any number of names lead to the one file 'default.xml', and none "
            "of them is listed; put the file under each name that is asked for, and take the rule "
            "out");
  EXPECT_EQ(names("ri ^[a-z]: \n", "a.xml"),
            "\nr:1: '^[a-z]:' fits more names than can be listed; files have those that can, and a "
            "client that asks for another one is told that there is none");
  EXPECT_EQ(names("r ^(.)-(.*) \\1\\2\\1\\2\\1\\2\\1\\2\\1\n", "x"),
            "\nr:1:3: unknown-rule: the replacement has more than 8 references to groups; write it "
            "with fewer of them");
}

}  // namespace
}  // namespace dialtone::importing
