#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the pages name what is there? Each relative link of a Markdown page leads to a file, and each
path of the source tree in backticks exists. (That docs/reference.md lists every counter is a unit
test of dataplane/server.)"""

import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)[^)]*\)")
PATH = re.compile(r"`((?:dataplane|generator|control|bench|tests|scripts|docs)/[\w./-]*\w/?)")


def targets(page, root):
    """(line, name as written, path) of everything that a page names."""
    for number, line in enumerate(page.read_text().splitlines(), 1):
        for name in LINK.findall(line):
            if "://" not in name and not name.startswith("mailto:"):
                yield number, name, page.parent / name
        for name in PATH.findall(line):
            yield number, name, root / name


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    pages = sorted(root.glob("*.md")) + sorted((root / "docs").rglob("*.md"))
    faults = [f"{page.relative_to(root)}:{number}: {name} is not there"
              for page in pages for number, name, path in targets(page, root) if not path.exists()]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


sys.exit(main())
