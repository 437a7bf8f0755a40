# SPDX-License-Identifier: Apache-2.0
"""The checks of scripts/checks, each on a small tree with one fault in it."""

import pathlib
import shutil
import subprocess
import tempfile

from cases import case, expect, expect_equal


class Tree:
    """A copy of the check and of docs/architecture.md, with files of the test's own."""

    def __init__(self, root, check):
        self._folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._folder.name)
        self._check = f"scripts/checks/{check}"
        for name in (self._check, "docs/architecture.md"):
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, self.path / name)

    def write(self, name, text):
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text)

    def run(self):
        run = subprocess.run([self.path / self._check], capture_output=True, text=True)
        self._folder.cleanup()
        return run.returncode, run.stdout + run.stderr


def includes_fault(root, file, include, wanted):
    tree = Tree(root, "check-includes.py")
    for name in ("dataplane/base/bytes.h", "generator/uuid.h", "tests/support/fake.h"):
        tree.write(name, "#pragma once\n")
    tree.write(file, f"#include {include}\n")
    code, output = tree.run()
    expect_equal(code, 1 if wanted else 0, f"exit code for {file} with {include} ({output.strip()})")
    expect(wanted in output, f"{output!r} does not say {wanted!r}")


@case("check-includes: a DPDK header in dataplane/tftp is refused")
def dpdk_in_tftp(root):
    includes_fault(root, "dataplane/tftp/a.cc", "<rte_mbuf.h>", "belongs to DPDK")


@case("check-includes: dataplane/server may not include from the generator")
def generator_in_server(root):
    includes_fault(root, "dataplane/server/a.h", '"generator/uuid.h"', "may not include")


@case("check-includes: nothing includes from tests but tests and benchmarks")
def tests_in_app(root):
    includes_fault(root, "dataplane/app/a.cc", '"tests/support/fake.h"', "may not include")
    includes_fault(root, "bench/micro/a.cc", '"tests/support/fake.h"', "")


@case("check-includes: an include that is no path from the root is refused")
def relative_include(root):
    includes_fault(root, "dataplane/wire/a.cc", '"udp.h"', "no path from the source root")


@case("check-includes: a layer may include itself and what its row allows")
def allowed(root):
    includes_fault(root, "dataplane/io/a.cc", '"dataplane/base/bytes.h"', "")
    includes_fault(root, "dataplane/io/a.cc", "<rte_ethdev.h>", "")


@case("check-size: 301 lines are a warning, 501 a fault")
def size(root):
    for lines, code, text in ((300, 0, ""), (301, 0, "grows long"), (501, 1, "too long")):
        tree = Tree(root, "check-size.py")
        tree.write("dataplane/base/a.cc", "\n" * lines)
        got, output = tree.run()
        expect_equal(got, code, f"exit code for {lines} lines")
        expect(text in output, f"{output!r} does not say {text!r}")


@case("check-docs: a link to a page that is not there is refused")
def dead_link(root):
    tree = Tree(root, "check-docs.py")
    tree.write("README.md", "[a](docs/architecture.md) [b](docs/nothing.md)\n")
    code, output = tree.run()
    expect_equal(code, 1, "exit code")
    expect("docs/nothing.md" in output, f"{output!r} does not name the link")
    expect("README.md:1: [docs/architecture.md]" not in output, "a good link was refused")


@case("commit-msg: the style of CONTRIBUTING.md is kept")
def commit_messages(root):
    good = ("tftp: end a transfer on ERROR\n", "base, abi: lay the house\n\nWhy it is so.\n",
            "scripts: x\n\nSigned-off-by: somebody with a long name <" + "a" * 60 + "@example.net>\n")
    bad = ("Fix things\n", "tftp: End it\n", "tftp: end it.\n", "tftp: " + "x" * 60 + "\n",
           "tftp: end it\nno empty line\n", "tftp: end it\n\n" + "word " * 20 + "\n")
    with tempfile.NamedTemporaryFile("w") as message:
        for text in good + bad:
            message.seek(0)
            message.truncate()
            message.write(text)
            message.flush()
            run = subprocess.run(["sh", root / "scripts/commit-msg", message.name],
                                 capture_output=True)
            expect_equal(run.returncode == 0, text in good, f"accepted {text!r}")
