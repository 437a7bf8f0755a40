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
@media screen and (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9198a1;
  --page: #0d1117; --edge: #30363d; --good: #3fb950; --bad: #ff7b72; --s0: #56b4e9; --s1: #f0c050;
  --s2: #2fc99a; --s3: #e29cc4; --s4: #ff8a4c; --s5: #8b949e; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 900px; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere; }
h1 { font-size: 1.5em; margin: 0 0 .2em; } h2 { font-size: 1.1em; margin: 2em 0 .4em; }
.pass { color: var(--good); } .fail { color: var(--bad); } .quiet { color: var(--quiet); }
ul.budgets, ul.legend { list-style: none; padding: 0; }
div.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25em .8em .25em 0; border-bottom: 1px solid var(--edge);
  overflow-wrap: normal; }
td.n, th.n { text-align: right; } td { white-space: nowrap; } td code { white-space: normal; }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
code span { display: inline-block; }
figure { margin: 1em 0; } figcaption { font-weight: 600; font-size: 13px; }
ul.legend { display: flex; flex-wrap: wrap; gap: 0 1.2em; margin: 0; font-size: 12px; }
svg { display: block; width: 100%; height: auto; }
svg.swatch { display: inline-block; width: 11px; margin-right: .4em; }
svg.narrow { display: none; }
svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); }
svg text.x { text-anchor: middle; } svg text.y { text-anchor: end; }
.grid { stroke: var(--edge); stroke-width: 1; } .line { fill: none; stroke-width: 2; }
.line0 { stroke: var(--s0); } .line1 { stroke: var(--s1); } .line2 { stroke: var(--s2); }
.line3 { stroke: var(--s3); }
.fill0 { fill: var(--s0); } .fill1 { fill: var(--s1); } .fill2 { fill: var(--s2); }
.fill3 { fill: var(--s3); } .fill4 { fill: var(--s4); } .fill5 { fill: var(--s5); }
@media screen and (max-width: 600px) { svg.wide { display: none; } svg.narrow { display: block; }
  table { font-size: 12px; } th, td { padding-right: .6em; } td:not(.n) { white-space: normal; } }
@media print { :root { color-scheme: light; --text: #000; --quiet: #333; --page: #fff; --edge: #bbb; }
  body { margin: 0; max-width: none; padding: 0; } table { font-size: 11px; } code { font-size: 10px; }
  div.table { overflow: visible; } section, figure { break-inside: avoid; }
  h2 { break-after: avoid; } }
)";

}  // namespace dialtone::emu
