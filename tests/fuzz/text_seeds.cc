// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/seeds.h"

namespace dialtone::fuzz {

std::vector<std::string> text_seeds() {
  const std::string toml(1, '\0');
  const std::string csv(1, '\1');
  const std::string remap(1, '\2');
  return {
      toml +
          "[dataplane]\ntext = \"x\"\nnumber = 5\nflag = true\nchoice = \"two\"\n"
          "numbers = [1, 2, 3]\nmac = \"02:00:00:00:00:01\"\nrequired = 'y'\n"
          "addresses = [\"10.0.0.1\", \"2001:db8::1\"]\n",
      toml + "[dataplane]\naddresses = \"10.0.0.1\"\nnumber = 0x10\n[control]\n",
      toml + "[dataplane]\nmac = \"ff:ff:ff:ff:ff:ff\"\nnumbers = [1, \"a\", 99]\n",
      toml + "dataplane = 5\n[[control]]\n",
      toml + "[dataplane]\ntext = \"\"\"a\nb\\u00e4\"\"\"\nnumber = 1979-05-27T07:32:00Z\n",
      csv + "mac,model,name\n001122334455,7960,\"A, B\"\n001122334456,7940,C\n",
      csv +
          "\xef\xbb\xbf"
          "a,b\r\n\"1\"\"2\",\"x\r\ny\"\r\n\r\n3,4\r\n",
      csv + "a,b\n1\n1,2,3\n\"open,2\n",
      csv + "a\n\"x\"y\n" + std::string("b\0c\n", 4),
      remap +
          "ri ^[a-z]: # drives\nrg \\\\ /\nr ^SEP([0-9A-F]{12})\\.xml$ phones/\\1.xml\n"
          "r ^[^/] /tftpboot/\\0\na \\.pvt$\n/tftpboot/phones/001122334455.xml",
      remap + "rgg (a|b[cd])+x? \\U\\1\nrs ^q$ r\n~a ^[[:alpha:]]\nG x\nrq [ \\i\nabcdx",
  };
}

}  // namespace dialtone::fuzz
