// SPDX-License-Identifier: Apache-2.0
//
// The style of a report's page: light, dark and print. The colours of series keep apart for
// readers who do not tell red from green.
#pragma once

#include <string_view>

namespace dialtone::emu {

inline constexpr std::string_view kReportStyle = R"(
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #59636e; --page: #ffffff; --edge: #d1d9e0;
  --good: #1a7f37; --bad: #c62828; --s0: #0072b2; --s1: #e69f00; --s2: #009e73; --s3: #cc79a7;
  --s4: #d55e00; --s5: #999999; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9198a1; --page: #0d1117;
  --edge: #30363d; --good: #3fb950; --bad: #ff7b72; --s0: #56b4e9; --s1: #f0c050; --s2: #2fc99a;
  --s3: #e29cc4; --s4: #ff8a4c; --s5: #8b949e; } }
@media print { :root { --text: #000; --quiet: #333; --page: #fff; --edge: #bbb; }
  section { break-inside: avoid; } body { margin: 0; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 900px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; margin: 0 0 .2em; } h2 { font-size: 1.1em; margin: 2em 0 .4em; }
.pass { color: var(--good); } .fail { color: var(--bad); } .quiet { color: var(--quiet); }
ul.budgets { list-style: none; padding: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25em .8em .25em 0; border-bottom: 1px solid var(--edge); }
td.n, th.n { text-align: right; } td { white-space: nowrap; } td code { white-space: normal; }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
svg { width: 100%; height: auto; margin: .6em 0; }
svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); }
svg text.title { font-size: 13px; font-weight: 600; fill: var(--text); }
svg text.legend { fill: var(--text); }
svg text.x { text-anchor: middle; } svg text.y { text-anchor: end; }
.grid { stroke: var(--edge); stroke-width: 1; } .line { fill: none; stroke-width: 2; }
.line0 { stroke: var(--s0); } .line1 { stroke: var(--s1); } .line2 { stroke: var(--s2); }
.line3 { stroke: var(--s3); }
.fill0 { fill: var(--s0); } .fill1 { fill: var(--s1); } .fill2 { fill: var(--s2); }
.fill3 { fill: var(--s3); } .fill4 { fill: var(--s4); } .fill5 { fill: var(--s5); }
)";

}  // namespace dialtone::emu
