#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does docs/tftp-conformance.md tell the truth about the tests? Each row of its tables has the number
of a packet case (T38), of a clause (2347-4) or of a scenario (S15). No number is missing or there
twice; each test that is named is in the file named before it; and the number is in the name of one
of them. A scenario without a test says why: its remark begins with "Not shown:". A test of each case
names a clause, or the answer ends with "; no clause"."""

import pathlib
import re
import sys

PAGE = "docs/tftp-conformance.md"
NUMBER = re.compile(r"T\d\d|S\d\d|\d{3,4}(?:-\d+)?")
CLAUSES = {"1350": 13, "1123": 6, "2347": 12, "2348": 3, "2349": 4, "7440": 9}
OTHERS = ("768", "1785", "2090", "3617", "8200")


def wanted():
    cases = [*range(1, 26), *range(30, 57), *range(60, 81)]
    return [*(f"T{case:02}" for case in cases), *(f"S{scenario:02}" for scenario in range(1, 26)),
            *(f"{rfc}-{clause}" for rfc, last in CLAUSES.items() for clause in range(1, last + 1)),
            *OTHERS]


def rows(text):
    """(line, number, {heading: cell}) of each row that has a number."""
    heading = []
    for line, content in enumerate(text.splitlines(), 1):
        if not content.startswith("|"):
            heading = []
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", content)[1:-1]]
        if not heading:
            heading = cells
        elif NUMBER.fullmatch(cells[0]):
            yield line, cells[0], dict(zip(heading, cells))


def named_tests(cell):
    """(file, test) of a cell like: `tests/a_test.cc` `One`, `Two`; `tests/b_cases.py` `a sentence`."""
    file = None
    for name in re.findall(r"`([^`]+)`", cell):
        if re.fullmatch(r"tests/\S+\.(cc|py)", name):
            file = name
        else:
            yield file, name


def has_number(test, number):
    if number[0] in "TS":
        return re.search(rf"(?<![A-Z0-9]){number}(?![0-9])", test)
    rfc, _, clause = number.partition("-")
    return re.search(rf"Rfc{rfc}_{clause}(?![0-9])|RFC {number}(?![0-9])" if clause else
                     rf"Rfc{rfc}(?![0-9])|RFC {rfc}(?![0-9])", test)


class Page:
    def __init__(self, root):
        self._root, self._texts = root, {}
        self.faults, self.seen = [], set()

    def _has_test(self, file, test):
        if file not in self._texts:
            path = self._root / file
            self._texts[file] = path.read_text() if path.exists() else None
        text = self._texts[file]
        if text is None:
            return False
        if file.endswith(".cc"):
            return re.search(rf"^TEST(_F|_P)?\(\w+, {re.escape(test)}\)", text, re.MULTILINE)
        return f'@case("{test}")' in text

    def check_row(self, line, number, cells):
        tests = list(named_tests(cells.get("test", "")))
        where = f"{PAGE}:{line}: {number}"
        if number in self.seen:
            self.faults.append(f"{where} is there twice")
        self.seen.add(number)
        for file, test in tests:
            if file is None:
                self.faults.append(f"{where}: no file is named before {test}")
            elif not self._has_test(file, test):
                self.faults.append(f"{where}: {file} has no test {test}")
        if not tests and not cells.get("remark", "").startswith("Not shown: "):
            self.faults.append(f"{where} names no test")
        elif tests and not any(has_number(test, number) for _, test in tests):
            self.faults.append(f"{where} is in the name of none of its tests")
        if number[0] == "T" and not cells.get("answer", "").endswith("; no clause") and \
                not any(re.search(r"Rfc\d", test) for _, test in tests):
            self.faults.append(f"{where}: no test names a clause, and the answer does not end with "
                               '"; no clause"')


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    page = Page(root)
    for row in rows((root / PAGE).read_text()):
        page.check_row(*row)
    page.faults += [f"{PAGE}: {number} is missing" for number in wanted()
                    if number not in page.seen]
    page.faults += [f"{PAGE}: {number} is not among the numbers of scripts/checks/check-conformance.py"
                    for number in sorted(page.seen - set(wanted()))]
    print("\n".join(page.faults), end="\n" if page.faults else "")
    return 1 if page.faults else 0


sys.exit(main())
