// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/seeds.h"
#include "tests/support/nul_text.h"

namespace dialtone::fuzz {

std::vector<std::string> request_seeds() {
  // What stands behind the opcode; '|' is a NUL.
  static constexpr const char* kRequests[] = {
      "a|octet|", "a|OcTeT|", "empty|octet|", "two|octet|", "text|netascii|", "text|octet|",
      "dir/SEP001122334455.cnf.xml|octet|", "\\dir\\sep001122334455.cnf.xml|octet|",
      "composed|octet|", "gone|octet|", "nobody|octet|",
      // T05-T18
      "a|octet", "a|", "|octet|", "a|mail|", "a|bogus|", "a|octet||", "../../../x|octet|",
      "/x|octet|", "sub/../../x|octet|", "..\\..\\x|octet|", "....//x|octet|", "C:\\x|octet|",
      "x\1y|octet|", "a/|octet|", "%n%s%x\r\n<script>|octet|",
      // T30-T53
      "two|octet|blksize|0|", "two|octet|blksize|7|", "two|octet|blksize|8|",
      "two|octet|blksize|511|", "two|octet|blksize|1428|", "two|octet|blksize|65464|",
      "two|octet|blksize|65465|", "two|octet|blksize|-1|", "two|octet|blksize|0x200|",
      "two|octet|blksize|512abc|", "two|octet|blksize|4294967808|", "two|octet|BLKSIZE|1024|",
      "two|octet|blksize|1024|blksize|512|", "two|octet|foo|bar|", "two|octet|foo|bar|blksize|64|",
      "two|octet|blksize|", "two|octet|blksize|1024", "two|octet|tsize|0|", "two|octet|tsize|5|",
      "text|netascii|tsize|0|blksize|100|", "two|octet|timeout|1|", "two|octet|timeout|256|",
      "two|octet|windowsize|8|", "two|octet|windowsize|65535|blksize|65464|",
      "two|octet|utimeout|100000|", "two|octet|multicast||", "two|octet|rollover|1|",
      "two|octet|blksize2|1400|", "two|octet|blksize|100|tsize|0|timeout|3|windowsize|4|",
      "empty|octet|tsize|0|"};
  std::vector<std::string> seeds;
  for (const char* request : kRequests) {
    for (const char flags : {0, 3, 4}) {
      seeds.push_back(flags + std::string("\0\1", 2) + test::nul(request));
    }
  }
  seeds.push_back(std::string("\0\0\2", 3) + test::nul("a|octet|"));
  seeds.push_back(std::string("\0\0\5\0\0x", 6) + '\0');
  seeds.push_back(std::string("\0\0\1", 3) + std::string(490, 'n') + test::nul("|octet|"));
  std::string many("\0\0\1two\0octet\0", 13);
  for (int i = 0; i < 100; ++i) {
    many += test::nul("a|1|");
  }
  seeds.push_back(many);
  return seeds;
}

}  // namespace dialtone::fuzz
