# SPDX-License-Identifier: Apache-2.0
"""A dataplane that refuses what it is offered: what was good before is served on, and `dialtone
status` says what was refused, why, and what to do."""

import contextlib
import pathlib
import re
import resource

from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def forbid_memory(process):
    """It maps nothing more than it has mapped now."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    mapped = int(re.search(r"VmSize:\s+(\d+) kB", status)[1]) << 10
    resource.prlimit(process.pid, resource.RLIMIT_AS, (mapped, resource.RLIM_INFINITY))


@case("a policy that the dataplane refuses: the files are served on, status shows it with the cure")
def refused_policy(lab):
    with contextlib.closing(FolderAppliance(lab, "p", policy='profile = "cm5"')) as own:
        own.write("one.txt", b"one")
        own.start()
        expect_equal(own.dialtone("status")["policy"], {"profile": "cm5", "state": "published"}, "policy")
        own.control.stop()
        own.config.write_text(own.config.read_text().replace('"cm5"', '"cm9"'))
        forbid_memory(own.dataplane)
        own.restart(own.control, "refused generation")
        expect_equal(own.fetch("one.txt"), b"one", "the file")
        policy = own.dialtone("status")["policy"]
        expect_equal((policy["profile"], policy["state"]), ("cm9", "refused"), "policy")
        expect("Cannot allocate memory" in policy["why"], f"why: {policy}")
        shown = own.dialtone_raw("status")
        expect(re.search(r"^policy +profile cm9, refused: .*memory", shown.stdout, re.M), shown.stdout)
        expect(re.search(r"under an older \[policy\].*'dialtone build' offers it again", shown.stderr),
               f"no cure: {shown.stderr}")
        resource.prlimit(own.dataplane.pid, resource.RLIMIT_AS, UNLIMITED)
        own.dialtone("build")
        own.wait_for(lambda: own.dialtone("status")["policy"]["state"] == "published", "served")
        expect_equal(own.warnings(), [], "warnings")
