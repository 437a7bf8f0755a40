# SPDX-License-Identifier: Apache-2.0
"""scripts/quickstart refuses what cannot be, with a cure, before it does anything."""

import subprocess

from cases import case, expect, expect_equal


def refused(root, *options):
    """What it says. There is no such build folder: a run that goes on ends before it lays a network."""
    done = subprocess.run([root / "scripts/quickstart", "--build", "no/such/folder", *options],
                          capture_output=True, text=True, timeout=60)
    expect_equal(done.returncode, 2, f"exit code of {options} ({done.stderr.strip()})")
    return done.stderr


@case("quickstart: a name whose network would be that of the default demo is refused")
def name_of_the_default(root):
    said = refused(root, "--name", "dial")
    expect("try --name dial2" in said, f"no cure in: {said}")


@case("quickstart: a name that makes no interface name is refused")
def wrong_names(root):
    for name in ("x", "Demo", "a-b", "quickstart2", "../up"):
        said = refused(root, "--name", name)
        expect("try --name demo2" in said, f"no cure in: {said}")
