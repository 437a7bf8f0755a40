# SPDX-License-Identifier: Apache-2.0
"""scripts/checks/check-conformance.py, each time on the real page and tests with one fault in them."""

import pathlib
import re
import shutil
import subprocess
import tempfile

from cases import case, expect, expect_equal

CHECK, PAGE = "scripts/checks/check-conformance.py", "docs/tftp-conformance.md"


def check_with(root, edit):
    """Exit code and output of the check when edit(page) has been made."""
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        page = edit((root / PAGE).read_text())
        for name in {CHECK, *re.findall(r"`(tests/\S+\.(?:cc|py))`", page)}:
            if (root / name).exists():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / name, tree / name)
        (tree / PAGE).parent.mkdir()
        (tree / PAGE).write_text(page)
        run = subprocess.run([tree / CHECK], capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr


def fault(root, edit, wanted):
    code, output = check_with(root, edit)
    expect_equal(code, 1, f"exit code ({output.strip()})")
    expect(wanted in output, f"{output!r} does not say {wanted!r}")


def without_row(number):
    return lambda page: re.sub(rf"^\| {number} .*\n", "", page, flags=re.MULTILINE)


@case("check-conformance: the page as it is passes")
def passes(root):
    code, output = check_with(root, lambda page: page)
    expect_equal(code, 0, f"exit code ({output.strip()})")


@case("check-conformance: a case, a clause and a scenario without a row are missing")
def missing_rows(root):
    for number in ("T38", "2347-4", "S15", "3617"):
        fault(root, without_row(number), f"{number} is missing")


@case("check-conformance: a number that is there twice, and an unknown one, are refused")
def odd_numbers(root):
    row = re.compile(r"^\| T38 .*\n", re.MULTILINE)
    fault(root, lambda page: row.sub(lambda found: found[0] * 2, page), "T38 is there twice")
    fault(root, lambda page: row.sub(lambda found: found[0] + found[0].replace("T38", "T99", 1), page),
          "T99 is not among the numbers")


@case("check-conformance: a test or a file that is not there is refused")
def missing_tests(root):
    fault(root, lambda page: page.replace("`T38_Rfc2347_4_", "`T38_Rfc2347_4_Xy", 1), "has no test T38")
    fault(root, lambda page: page.replace("option_conformance_test.cc", "nothing_test.cc"),
          "nothing_test.cc has no test")


@case("check-conformance: a row whose number is in none of its tests is refused")
def foreign_test(root):
    def edit(page):
        other = re.search(r"`(T37_\w+)`", page)[1]
        return re.sub(r"(?m)^(\| T38 .*)`T38_\w+`", rf"\1`{other}`", page)

    fault(root, edit, "T38 is in the name of none of its tests")


@case("check-conformance: a scenario without a test has to say why")
def no_reason(root):
    fault(root, lambda page: page.replace("Not shown: ", "", 1), "names no test")


@case("check-conformance: a case whose tests name no clause has to say that there is none")
def no_clause(root):
    fault(root, lambda page: re.sub(r"(?m)^(\| T23 .*); no clause", r"\1", page),
          "T23: no test names a clause")
