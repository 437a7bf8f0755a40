# SPDX-License-Identifier: Apache-2.0
"""Generations and both daemons come and go while stock clients fetch: each file that arrives is whole,
and of one generation."""

import contextlib
import os
import re
import signal

from cases import Failed, case, expect, expect_equal, figure
from clients import CLIENTS, Batch
from folder_appliance import FolderAppliance
from health_cases import wait_warning
from option_cases import counter
from tftp import Endpoint, Transfer, request

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


FILES = {f"file{number:02}.bin": os.urandom(200_000) for number in range(12)}


def exchange(appliance):
    """One dataplane gives way to the next, while clients fetch; how many transfers it still had."""
    mark = appliance.dataplane.mark()
    with Endpoint(appliance.network.campus) as phone, Endpoint(appliance.network.campus) as other:
        held = Transfer(phone, "file00.bin")
        held.step()
        appliance.wait_for(lambda: counter(appliance, "sessions_active") > 1, "clients fetch")
        appliance.dataplane.send(signal.SIGTERM)
        had = appliance.dataplane.wait_line(r"stopping: SIGTERM; (\d+) transfers? may go on", mark)
        wait_warning(appliance, "the dataplane is stopping, for ")
        expect(other.ask(request("file00.bin"), seconds=0.2) is None, "a new request was answered")
        expect_equal(held.finish(), FILES["file00.bin"], "the transfer that goes on")
        expect_equal(appliance.dataplane.wait_end(40), 0, "exit code")
        appliance.dataplane.wait_line("0 transfers given up", mark)
        appliance.restart(appliance.dataplane, "serving .* on ")
        again = Transfer(other, "file00.bin")  # from the same port, as a phone asks again
        expect_equal(again.finish(), FILES["file00.bin"], "what was not answered before")
    return int(had[1])


@case("S12: the dataplane is exchanged while stock clients fetch: none fails")
def exchanges(lab):
    # A test machine may be busy: the status is asked for meanwhile.
    with contextlib.closing(FolderAppliance(lab, "x", settings="stop_within_s = 30")) as appliance:
        for name, wanted in FILES.items():
            appliance.write(name, wanted)
        appliance.start()
        appliance.wait_served("file11.bin", FILES["file11.bin"])
        went_on = 0
        for number in range(3):
            folder = appliance.folder / "fetched" / str(number)
            batches = [Batch(appliance.network.campus, client, FILES, folder / client)
                       for client in CLIENTS]
            went_on += exchange(appliance) - 1
            for batch in batches:
                batch.expect(FILES)
        figure(f"S12: {went_on} transfers of stock clients went on while their dataplane was stopping")
        expect(went_on > 0, "no client was stopped amid a transfer")
