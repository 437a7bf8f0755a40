#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pages that our programs write, looked at in Chromium, which has no window and no network here.

    tests/pages/run.py --build DIR [--out DIR] [--only REGEX]

Prints PASS, FAIL and SKIP lines (tests/support/cases.py); exit code 1 when a case failed. Pictures of the
pages and what they print are in --out.
"""

import argparse
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/pages")]

import cases  # noqa: E402
import report_cases  # noqa: E402,F401
from browser import Browser, Missing  # noqa: E402


class Lab:
    def __init__(self, browser, folder, arguments):
        self.browser = browser
        self.folder = folder
        self.emu = (ROOT / arguments.build).resolve() / "bench/emu/dialtone-emu"
        self.out = arguments.out.resolve()
        self.out.mkdir(parents=True, exist_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--out", default=pathlib.Path("build-pages"), type=pathlib.Path)
    parser.add_argument("--only", default="", metavar="REGEX")
    arguments = parser.parse_args()
    try:
        browser = Browser()
    except Missing as missing:
        print(f"SKIP pages in a browser: {missing}")
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="dialtone-pages-") as folder:
            lab = Lab(browser, pathlib.Path(folder), arguments)
            return 1 if cases.run_cases(lab, arguments.only) else 0
    finally:
        browser.close()


sys.exit(main())
