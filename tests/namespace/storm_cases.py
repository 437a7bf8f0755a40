# SPDX-License-Identifier: Apache-2.0
"""Generations come and go while stock clients fetch: each file that arrives is of one of them."""

import contextlib
import re

from cases import Failed, case, expect, expect_equal, figure
from clients import CLIENTS, Batch
from folder_appliance import FolderAppliance

# In this order: the load keeps a client busy over some changes.
SIZES = {"one.cnf.xml": 300, "load.bin": 1_000_000, "two.cnf.xml": 5000, "list/ring.xml": 1500}


def content(name, version):
    line = f"{name} {version:06}\n".encode()
    return (line * (SIZES[name] // len(line) + 1))[:SIZES[name]]


def write_all(appliance, version):
    for name in SIZES:
        path = appliance.assets / name
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{path.name}")
        new.write_bytes(content(name, version))
        new.rename(path)


def check(batch, oldest, newest):
    """The versions of its files."""
    got, versions = batch.contents(), []
    for name in SIZES:
        if name not in got:
            raise Failed(f"{batch.client}: {name} has not come")
        found = re.match(rb"\S+ (\d+)\n", got[name])
        expect(found, f"{batch.client}: {name} is empty, or of no version")
        version = int(found[1])
        expect_equal(got[name], content(name, version), f"{batch.client}: {name} beside {version}")
        expect(oldest <= version <= newest, f"{batch.client}: {name} is of version {version}, not of "
                                            f"{oldest} to {newest}")
        versions.append(version)
    return versions


def storm(lab, tag, change, rounds, changes):
    """`change(appliance, version)` changes every file and returns when control has them."""
    with contextlib.closing(FolderAppliance(lab, tag)) as appliance:
        version, versions = 1, []
        write_all(appliance, version)
        appliance.start()
        appliance.wait_served("load.bin", content("load.bin", version))
        for number in range(rounds):
            oldest = version
            folder = appliance.folder / "fetched" / str(number)
            batches = [Batch(appliance.network.campus, client, SIZES, folder / client)
                       for client in CLIENTS]
            for _ in range(changes):
                version += 1
                change(appliance, version)
                appliance.wait_served("one.cnf.xml", content("one.cnf.xml", version), 30)
            for batch in batches:
                versions.append(check(batch, oldest, version))
        crossed = sum(len(set(each)) > 1 for each in versions)
        figure(f"{version - 1} changes, {sum(map(len, versions))} files fetched meanwhile; "
               f"{crossed} of {len(versions)} clients met more than one generation")
        expect(crossed > 0, "no client has met a change")
        status = appliance.dialtone("status")
        expect_equal(status["dataplane"]["generation"], status["generation"], "generation served")


@case("100 changes while stock clients fetch: each file is whole and of one generation")
def changes(lab):
    storm(lab, "s", write_all, rounds=20, changes=5)


@case("S12: control is killed and started anew, all files new: no fetch of a stock client fails")
def restarts(lab):
    def restart(appliance, version):
        appliance.control.kill()
        write_all(appliance, version)
        appliance.restart(appliance.control, "ready:")

    storm(lab, "u", restart, rounds=5, changes=3)
