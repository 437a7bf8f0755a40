# SPDX-License-Identifier: Apache-2.0
"""Generations that are kept: a start without a database, a way back, a disk that is full."""

import json
import os
import shutil
import subprocess
import sys
import time

import clients
from cases import case, expect, expect_equal, figure
from folder_appliance import FolderAppliance, SmallDiskAppliance
from lab import Appliance
from processes import Process
from tftp import Endpoint, Transfer

DATABASE_FILES = ("", "-wal", "-shm")


def move(database, away):
    for ending in DATABASE_FILES:
        source = database.with_name(database.name + ending)
        if source.exists():
            source.rename(away.with_name(away.name + ending))


def warnings(appliance):
    return json.loads(appliance.dialtone_raw("status", "--json").stdout).get("warnings", [])


@case("kill -9 of both, and the database is gone: the last generation is served before a row is read")
def database_gone(lab):
    appliance = lab.appliance
    name = f"{appliance.phones('SIP')[21]}.cnf.xml"
    wanted, digest = appliance.fetch(name), appliance.digest()
    appliance.wait_for(lambda: appliance.dialtone("status")["generations"]["pending"] == 0,
                       "the disk has everything", 30)
    before = appliance.dialtone("status")["generation"]
    away = appliance.folder / "away.db"
    appliance.control.kill()
    appliance.dataplane.kill()
    move(appliance.database, away)
    try:
        appliance.restart(appliance.dataplane, "serving .* on ")
        appliance.restart(appliance.control, "ready:")
        figure("from start of the dataplane's server to served, "
               f"{appliance.wait_served(name, wanted) * 1000:.0f} ms after control was ready")
        batch = clients.Batch(appliance.network.campus, "curl", [name], lab.folder / "gone-curl")
        expect_equal(batch.contents()[name], wanted, "what curl has")
        expect_equal(appliance.digest(), digest, "content digest")
        status = appliance.dialtone("status")
        expect(status["generation"] > before, "the generation number ran backwards")
        expect(status["devices"] is None, "it claims to know the devices")
        expect(any("is gone; put it back" in text for text in warnings(appliance)),
               f"no warning of the database: {warnings(appliance)}")
        expect(not appliance.database.exists(), "an empty database was made")
    finally:
        move(away, appliance.database)
    appliance.wait_for(lambda: appliance.dialtone("status")["devices"] == 1000,
                       "the database is opened again", 20)
    expect_equal(appliance.digest(), digest, "content digest with the database")


@case("a rollback under a running transfer: it ends on its bytes, the next fetch has the older ones")
def rollback(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[22]
    name = f"{phone}.cnf.xml"
    appliance.dialtone("device", "set", phone, "label=Older")
    older = appliance.fetch(name)
    appliance.dialtone("device", "set", phone, "label=Newer")
    newer = appliance.fetch(name)
    try:
        with Endpoint(appliance.network.campus) as endpoint:
            transfer = Transfer(endpoint, name)
            back = appliance.dialtone("rollback", "--assert", "broken_transfers==0")
            expect_equal(back["publish"]["state"], "published", "state of the rollback")
            expect_equal(transfer.finish(), newer, "the transfer in flight")
        expect_equal(appliance.fetch(name), older, "the next fetch")
        held = appliance.dialtone("device", "set", phone, "label=Newest")["publish"]
        expect_equal(held["state"], "held", "state of a change meanwhile")
        expect_equal(appliance.fetch(name), older, "a fetch after the change")
        expect(any("rollback" in text for text in warnings(appliance)), "status does not say so")
        appliance.control.kill()
        appliance.restart(appliance.control, "ready:")
        expect_equal(appliance.fetch(name), older, "a fetch after a restart")
    finally:
        appliance.dialtone("publish", "--assert", "broken_transfers==0")
    expect(b"<phoneLabel>Newest<" in appliance.fetch(name), "publish did not end the rollback")
    listed = appliance.dialtone("generations", "--assert", "generations >= 3")["generations"]
    expect(listed[-1]["served"], "the last one is not that which is served")
    changed = appliance.dialtone("diff", listed[-2]["number"], listed[-1]["number"])["changed"]
    expect(name.lower() in [file["name"] for file in changed], "diff does not name the file")


@case("a changed file is published without a stop, and a running transfer ends on its bytes")
def changed_file(lab):
    appliance = lab.appliance
    path = appliance.assets / "publish-test.bin"
    old, new = os.urandom(20_000), os.urandom(20_000)
    try:
        path.write_bytes(old)
        appliance.wait_served(path.name, old)
        with Endpoint(appliance.network.campus) as endpoint:
            transfer = Transfer(endpoint, path.name)
            path.write_bytes(new)
            done = appliance.dialtone_raw("publish", "--assert", "broken_transfers==0")
            expect_equal(done.returncode, 0, f"exit code of publish ({done.stderr})")
            expect_equal(transfer.finish(), old, "the transfer in flight")
        appliance.wait_served(path.name, new, 1)
        done = appliance.dialtone_raw("build", "--wait", "--assert", "publish.state=='unchanged'")
        expect_equal(done.returncode, 0, f"exit code of build --wait ({done.stderr})")
    finally:
        path.unlink(missing_ok=True)
        appliance.wait_served(path.name, None)


@case("a full disk keeps no generation and says so; what is published is served all the same")
def full_disk(lab):
    appliance = SmallDiskAppliance(lab, "g", ("disk",), control='generations = "disk/kept"')
    try:
        appliance.write("small", b"small")
        appliance.start()
        appliance.wait_served("small", b"small")
        appliance.wait_for(lambda: appliance.dialtone("status")["generations"]["newest"] != 0,
                           "the first one is kept")
        ballast = appliance.inside("disk/ballast")
        ballast.write_bytes(bytes(1_900_000))
        content = os.urandom(200_000)
        appliance.write("small", content)
        appliance.wait_for(lambda: any("is full" in text for text in appliance.warnings()),
                           "the warning of the disk")
        appliance.wait_served("small", content)
        expect_equal(appliance.dialtone("status")["generations"]["pending"], 1, "not on disk yet")
        ballast.unlink()
        appliance.wait_for(lambda: not any("is full" in text for text in appliance.warnings()),
                           lambda: f"the warning goes: {appliance.warnings()}", 20)
        expect_equal(appliance.dialtone("status")["generations"]["pending"], 0, "not on disk yet")
        expect_equal(len(appliance.dialtone("generations")["generations"]), 2, "generations kept")
    finally:
        appliance.close()


@case("two controls with equal inputs have an equal content digest, and a rebuild publishes nothing")
def equal_digest(lab):
    class Alone(Appliance):
        """No dataplane, no network."""

        def __init__(self, folder):
            folder.mkdir()
            self.folder, self.cli = folder, lab.program("control/cli/dialtone")
            self.control_socket = folder / "control.sock"
            self.config = folder / "dialtone.toml"
            self.config.write_text(f'[control]\nsocket = "{self.control_socket}"\n'
                                   f'dataplane = "{folder}/dataplane.sock"\n'
                                   f'database = "{folder}/devices.db"\n'
                                   f'assets = "{folder}/assets"\nhugepages = false\n')
            shutil.copytree(lab.appliance.assets, folder / "assets")
            self.campus = lab.appliance.campus
            self.control = Process("control", [lab.program("control/dialtone-control"), "--config",
                                               self.config], folder / "control.log", folder)

    first, second = (Alone(lab.folder / f"alone-{number}") for number in range(2))
    try:
        first.control.start()
        first.control.wait_line("ready:")
        first.import_campus()
        digest = first.digest()
        first.control.stop()
        # A row has the time of its change, and the phone's file too: so rows are copied, not imported.
        shutil.copy(first.folder / "devices.db", second.folder)
        second.control.start()
        second.control.wait_line("ready:")
        expect_equal(second.digest(), digest, "content digest of the other control")
        expect_equal(second.dialtone("build")["publish"]["files"], 0, "files that a rebuild changes")
        second.dialtone("check", "--assert", f"differs==0 && content_digest=='{digest}'")
        second.dialtone("diff", "--assert", "differs==0")
    finally:
        for control in (first.control, second.control):
            if control.is_alive():
                control.stop()


@case("a warm start: the first byte of the last generation comes before the database is opened")
def warm_start(lab):
    # DIALTONE_WARM_PHONES=100000 is the size of docs/performance.md.
    phones = int(os.environ.get("DIALTONE_WARM_PHONES", "300"))
    appliance = FolderAppliance(lab, "w", control='database = "phones.db"')
    try:
        campus = appliance.folder / "campus"
        subprocess.run([sys.executable, "-B", lab.root / "scripts/demo/make_campus.py",
                        "--phones", str(phones), campus], check=True)
        appliance.campus = campus
        appliance.start()
        appliance.import_campus()
        name = f"{appliance.phones()[0]}.cnf.xml"
        appliance.wait_served(name, appliance.built(name), 60)
        appliance.wait_for(lambda: appliance.dialtone("status")["generations"]["pending"] == 0,
                           "the disk has everything", 120)
        kept = appliance.dialtone("status")["generations"]
        disk = appliance.dialtone("generations")["disk_bytes"]
        wanted = appliance.fetch(name)
        figure(f"{phones} phones: written {kept['written_bytes'] / 1e6:.1f} MB in "
               f"{kept['write_us'] / 1000:.0f} ms; {disk / 1e6:.1f} MB on disk in all")
        for cached in (True, False):
            appliance.control.kill()
            appliance.dataplane.kill()
            if not cached:
                for path in (appliance.folder / "phones.generations").rglob("*"):
                    if path.is_file():
                        with open(path, "rb") as file:
                            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            appliance.restart(appliance.dataplane, "serving .* on ")
            mark = appliance.control.mark()
            start = time.monotonic()
            appliance.control.start()
            appliance.wait_served(name, wanted, 60)
            figure(f"start of control to a whole file, {'page cache' if cached else 'disk'}: "
                   f"{(time.monotonic() - start) * 1000:.0f} ms")
            log = appliance.control.wait_line("ready:", mark, 60) and appliance.control.text(mark)
            expect(log.index("published generation") < log.index("full build"),
                   "rows were read before anything was served")
    finally:
        appliance.close()
