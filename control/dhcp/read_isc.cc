// SPDX-License-Identifier: Apache-2.0
//
// dhcpd.conf: statements that end with ';', blocks in braces. What stands at the top counts in
// every subnet, wherever it stands, and so does what a class of phones gets.
#include "control/dhcp/readers.h"

#include <set>

namespace dialtone::dhcp {
namespace {

struct Block {
  Scope scope{};
  std::size_t parent = 0;  // of the list; 0: the top, which is its own
  bool is_subnet = false;
  bool is_class = false;
};

struct Statement {
  std::string text{};
  char end = ';';  // or '{', '}'
  std::size_t line = 0;
};

std::vector<Statement> statements_of(const std::string& text) {
  std::vector<Statement> all;
  Statement now{.line = 1};
  std::size_t line = 1;
  bool is_quoted = false;
  bool is_comment = false;
  for (const char letter : text) {
    line += letter == '\n' ? 1 : 0;
    is_comment = (is_comment || (letter == '#' && !is_quoted)) && letter != '\n';
    is_quoted ^= letter == '"' && !is_comment;
    if (is_comment) {
      continue;
    }
    if (!is_quoted && (letter == ';' || letter == '{' || letter == '}')) {
      now.end = letter;
      all.push_back(now);
      now = {.line = line};
    } else if (!now.text.empty() || (letter != ' ' && letter != '\t' && letter != '\n')) {
      now.line = now.text.empty() ? line : now.line;
      now.text += letter == '\n' ? ' ' : letter;
    }
  }
  return all;
}

// "option NAME VALUE": what it says of TFTP.
void read_option(const std::vector<std::string>& words, const std::string& rest,
                 const std::set<std::string>& names150, Scope& scope) {
  if (names150.contains(words[1])) {
    scope.option150 = parts_of(rest, ",");
  } else if (words[1] == "tftp-server-name") {
    scope.option66 = bare(rest);
  }
}

void read_statement(const Statement& statement, std::set<std::string>& names150, Block& block,
                    Configuration& configuration) {
  const std::vector<std::string> words = parts_of(statement.text, " \t");
  if (words.size() < 2) {
    return;
  }
  const std::size_t value = statement.text.find(words[1]) + words[1].size();
  if (words[0] == "next-server") {
    block.scope.next_server = words[1];
  } else if (words[0] == "server-name") {
    block.scope.sname = words[1];
  } else if (words[0] == "option" && words.size() > 4 && words[2] == "code") {
    if (words[3] == "150") {
      names150.insert(words[1]);
      configuration.is_single_address = statement.text.find("array") == std::string::npos;
    }
  } else if (words[0] == "option" && words.size() > 2) {
    read_option(words, statement.text.substr(value), names150, block.scope);
  }
}

}  // namespace

Result<Configuration> read_isc(const std::string& text) {
  Configuration configuration{.kind = ServerKind::kIsc};
  std::set<std::string> names150{"option-150"};
  std::vector<Block> blocks(1);
  std::vector<std::size_t> open{0};
  for (const Statement& statement : statements_of(text)) {
    if (statement.end == '{') {
      const std::vector<std::string> words = parts_of(statement.text, " \t");
      Block block{.parent = open.back()};
      block.scope.line = statement.line;
      block.is_subnet = words.size() > 1 && words[0].starts_with("subnet");
      block.is_class = !words.empty() && (words[0] == "class" || words[0] == "subclass");
      block.scope.name = block.is_subnet ? words[1] : "";
      blocks.push_back(std::move(block));
      open.push_back(blocks.size() - 1);
    } else if (statement.end == ';') {
      read_statement(statement, names150, blocks[open.back()], configuration);
    } else {
      open.pop_back();
      if (open.empty()) {
        return refused("line " + std::to_string(statement.line) +
                       ": '}' closes nothing; count the braces above it");
      }
    }
  }
  if (open.size() != 1) {
    return refused("line " + std::to_string(blocks[open.back()].scope.line) +
                   ": the block that begins here has no end");
  }
  for (const Block& block : blocks) {
    if (block.is_class) {
      inherit(blocks.front().scope, block.scope);
    }
  }
  // A pool in a subnet says what its phones hear: it counts for the subnet.
  for (const Block& block : blocks) {
    if (block.parent != 0 && blocks[block.parent].is_subnet) {
      inherit(blocks[block.parent].scope, block.scope);
    }
  }
  for (Block block : blocks) {
    if (!block.is_subnet) {
      continue;
    }
    for (std::size_t at = block.parent;; at = blocks[at].parent) {
      inherit(block.scope, blocks[at].scope);
      if (at == 0) {
        break;
      }
    }
    configuration.scopes.push_back(std::move(block.scope));
  }
  return configuration;
}

}  // namespace dialtone::dhcp
