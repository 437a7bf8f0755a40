# SPDX-License-Identifier: Apache-2.0
"""Huge pages that run out while a folder is read: the rest of it goes to ordinary pages."""

import contextlib
import os
import random

from cases import Skip, case, expect, expect_equal
from folder_appliance import FolderAppliance
from hugepages import PAGE, POOL, pages

FILES, LENGTH, LEFT = 2000, 15_000, 3


@contextlib.contextmanager
def free_pages(wanted):
    """Exactly `wanted` free huge pages of 2 MB: those that are too many are held by this process, so
    that nobody else's reserve shrinks; those that lack are added, and taken away afterwards."""
    if not POOL.exists():
        raise Skip("this kernel has no hugepages of 2 MB")
    if pages("nr_overcommit_hugepages"):
        raise Skip("vm.nr_overcommit_hugepages is not 0: they never run out here")
    count = pages("nr_hugepages")
    lack = max(0, wanted - pages("free_hugepages"))
    held = os.memfd_create("held", os.MFD_HUGETLB | os.MFD_HUGE_2MB)
    try:
        if lack:
            (POOL / "nr_hugepages").write_text(str(count + lack))
        surplus = pages("free_hugepages") - wanted
        if surplus > 0:
            os.posix_fallocate(held, 0, surplus * PAGE)
        if pages("free_hugepages") != wanted:
            raise Skip(f"the machine gives no {wanted} free hugepages, or somebody else takes them")
        yield
    finally:
        os.close(held)
        if lack:  # others may have added some of their own meanwhile
            (POOL / "nr_hugepages").write_text(str(pages("nr_hugepages") - lack))


@case("hugepages that run out while a folder is read: all of it is served, byte for byte")
def run_out(lab):
    content = {f"part{i % 7}/file{i:04}.bin": random.Random(i).randbytes(LENGTH)
               for i in range(FILES)}
    names = sorted(content)
    # The daemons end first: what they hold of the pages could not be given back.
    with free_pages(LEFT), contextlib.closing(FolderAppliance(lab, "h", hugepages=True)) as appliance:
        for name in names:
            appliance.write(name, content[name])
        appliance.start()
        status = appliance.dialtone("status")
        expect_equal(status["files"], FILES, f"files ({appliance.control.text()[-500:]})")
        expect_equal(status["bytes"], FILES * LENGTH, "bytes of content")
        expect(0 < status["hugepage_bytes"] <= LEFT * PAGE, f"on huge pages: {status}")
        expect(status["segments"] > 1, f"segments: {status}")
        expect(status["hugepages"]["next_build_bytes"] >= FILES * LENGTH, f"next build: {status}")
        expect_equal(status["hugepages"]["peak_bytes"], 5 * status["hugepages"]["next_build_bytes"],
                     "all that may be there")
        expect_equal(status["hugepages"]["live_bytes"], status["hugepage_bytes"], "what is there")
        expect(any("on huge pages" in warning for warning in appliance.warnings()),
               f"no warning that the next build will not fit: {appliance.warnings()}")
        for name in (*names[:: FILES // 20], names[-1]):
            expect_equal(appliance.fetch(name), content[name], name)
        # None is left now: what changes goes to ordinary pages at once.
        changed = {name: content[name][::-1] for name in names[:600]}
        for name, reversed_content in changed.items():
            appliance.write(name, reversed_content)
        for name in (names[0], names[599]):
            appliance.wait_served(name, changed[name])
        expect_equal(appliance.fetch(names[600]), content[names[600]], "what did not change")
        expect_equal(appliance.control.stop(), 0, "exit code of control")
