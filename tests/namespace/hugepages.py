# SPDX-License-Identifier: Apache-2.0
"""The machine's huge pages of 2 MB: how many there are, who has them, and more of them for a while."""

import contextlib
import os
import pathlib

from cases import Skip

POOL = pathlib.Path("/sys/kernel/mm/hugepages/hugepages-2048kB")
PAGE = 2 << 20


def pages(name):
    return int((POOL / name).read_text())


def used():
    """HugePages_Total less HugePages_Free: the same whoever adds free ones or takes them away."""
    return pages("nr_hugepages") - pages("free_hugepages")


@contextlib.contextmanager
def at_least_free(wanted):
    """Adds the pages that lack, and takes them away afterwards."""
    if not POOL.exists():
        raise Skip("this kernel has no hugepages of 2 MB")
    lack = max(0, wanted - pages("free_hugepages"))
    count = pages("nr_hugepages")
    try:
        if lack:
            (POOL / "nr_hugepages").write_text(str(count + lack))
        if pages("free_hugepages") < wanted:
            raise Skip(f"the machine gives no {wanted} free hugepages")
        yield
    finally:
        if lack:  # others may have added some of their own meanwhile
            (POOL / "nr_hugepages").write_text(str(max(0, pages("nr_hugepages") - lack)))


def held(pids):
    """Pages of the memfds that these processes have mapped or open, each counted once."""
    found = {}
    for pid in pids:
        for folder in ("fd", "map_files"):
            for link in pathlib.Path(f"/proc/{pid}/{folder}").iterdir():
                with contextlib.suppress(OSError):  # it was closed meanwhile
                    if os.readlink(link).startswith("/memfd:"):
                        status = link.stat()
                        if status.st_blksize == PAGE:
                            found[status.st_ino] = status.st_blocks * 512 // PAGE
    return sum(found.values())


def strangers(ours):
    """Processes beside `ours` that have huge pages."""
    names = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            text = (folder / "smaps_rollup").read_text() if int(folder.name) not in ours else ""
            if any(line.split()[1] != "0" for line in text.splitlines() if "_Hugetlb:" in line):
                names.append(f"{(folder / 'comm').read_text().strip()} (pid {folder.name})")
    return names
