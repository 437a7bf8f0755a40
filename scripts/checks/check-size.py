#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Source files stay small: a warning above 300 lines, a fault above 500."""

import pathlib
import sys

WARN, FAIL = 300, 500
FOLDERS = ("dataplane", "generator", "control", "bench", "tests", "scripts", ".ci")
ENDINGS = {".h", ".cc", ".py", ".sh", ".build", ".sql", ""}  # "": scripts


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    failed = False
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if not path.is_file() or path.suffix not in ENDINGS or "__pycache__" in path.parts:
                continue
            lines = path.read_bytes().count(b"\n")
            if lines > WARN:
                failed |= lines > FAIL
                what = "too long, split it" if lines > FAIL else "grows long"
                print(f"{path.relative_to(root)}: {lines} lines: {what}")
    return 1 if failed else 0


sys.exit(main())
