#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes text files into a C++ source, each as a std::string_view constant that a header of its user
declares extern.

    embed-files.py NAMESPACE OUTPUT FILE...

sep_sip.xml becomes kSepSipXml. The build calls it; nobody else needs to.
"""
import pathlib
import re
import sys

CHUNK = 8000  # a string literal of more than 64 KB is not portable; pieces are joined


def constant_name(path):
    return "k" + "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", path.name))


def literal(text):
    delimiter = "embedded"
    assert f"){delimiter}\"" not in text
    pieces = [text[i:i + CHUNK] for i in range(0, len(text), CHUNK)] or [""]
    return "\n".join(f'R"{delimiter}({piece}){delimiter}"' for piece in pieces)


def main():
    namespace, output, *files = sys.argv[1:]
    lines = ["// Made by scripts/embed-files.py.", "#include <string_view>", "",
             f"namespace {namespace} {{", ""]
    for path in map(pathlib.Path, files):
        text = path.read_text(encoding="utf-8")
        name = constant_name(path)
        lines += [f"extern const std::string_view {name};", f"const std::string_view {name} =",
                  literal(text) + ";", ""]
    lines.append(f"}}  // namespace {namespace}")
    pathlib.Path(output).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
