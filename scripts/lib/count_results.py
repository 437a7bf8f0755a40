#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the results of a test run and prints the one line that closes it.

    count_results.py FOLDER

In FOLDER: *.xml are JUnit reports, as meson writes them; *.cases are lines "PASS name",
"FAIL name: why" or "SKIP name: why". Failed cases are named before the closing line. Exit code 1
when any failed, or when nothing ran at all.
"""

import pathlib
import sys
import xml.etree.ElementTree as xml


def junit_cases(file):
    """(status, name) for each test case; a suite that died before its report counts as one."""
    for suite in xml.parse(file).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            name = f"{case.get('classname') or suite.get('name')}.{case.get('name')}"
            if case.find("failure") is not None or case.find("error") is not None:
                yield "FAIL", name
            elif case.find("skipped") is not None or case.get("status") == "notrun":
                yield "SKIP", name
            else:
                yield "PASS", name


def line_cases(file):
    for line in file.read_text().splitlines():
        status, _, name = line.partition(" ")
        if status in ("PASS", "FAIL", "SKIP"):
            yield status, name


def main():
    counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}
    for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        cases = {".xml": junit_cases, ".cases": line_cases}.get(file.suffix)
        for status, name in cases(file) if cases else ():
            counts[status] += 1
            if status != "PASS":
                print(f"{status} {file.stem}: {name}")
    skipped = f", {counts['SKIP']} skipped" if counts["SKIP"] else ""
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed{skipped}")
    return 0 if counts["PASS"] and not counts["FAIL"] else 1


if __name__ == "__main__":
    sys.exit(main())
