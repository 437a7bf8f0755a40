# SPDX-License-Identifier: Apache-2.0
"""Files that are put into the asset folder, as administrators do it and as phones get them."""

import contextlib
import os

import clients
from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance
from phone_file_cases import expect_claims
from tftp import Endpoint, Transfer


@case("files put: served at once by a new generation, verified byte for byte, and restored")
def put(lab):
    with contextlib.closing(FolderAppliance(lab, "p")) as appliance:
        appliance.write("RINGLIST.XML", b"old rings")
        appliance.start()
        source = appliance.folder / "Ringlist.xml"
        source.write_bytes(b"new rings")
        with Endpoint(appliance.network.campus) as endpoint:
            transfer = Transfer(endpoint, "RINGLIST.XML")
            expect_claims(appliance, ("files", "put", source, "--note", "new tone",
                                      "--assert", "generation>prev"))
            expect_equal(transfer.finish(), b"old rings", "a transfer in flight")
        for client in ("atftp", "tftp-hpa", "curl"):
            folder = lab.folder / f"put-{client}"
            batch = clients.Batch(appliance.network.campus, client, ["RINGLIST.XML"], folder)
            batch.expect({"RINGLIST.XML": b"new rings"})
            expect_claims(appliance, ("files", "verify", "RINGLIST.XML", folder / "RINGLIST.XML"))
        other = appliance.folder / "other"
        other.write_bytes(b"new ringt")
        expect_claims(appliance, ("files", "verify", "RINGLIST.XML", other), code=4)
        expect_claims(appliance, ("files", "verify", "nothing", other), code=3)
        expect_claims(appliance, ("files", "restore", "Ringlist.xml", 1))
        expect_equal(appliance.fetch("ringlist.xml"), b"old rings", "the restored version")
        expect_claims(appliance, ("files", "rm", "ringlist.xml", "--assert", "removed==1"))
        expect(appliance.serves("ringlist.xml", None), "a removed file is served")


@case("files put that ends in the middle, and kill -9 of control: nothing is left behind")
def aborted(lab):
    with contextlib.closing(FolderAppliance(lab, "a")) as appliance:
        appliance.start()
        source = appliance.folder / "big.loads"
        source.write_bytes(os.urandom(1 << 20))
        appliance.dialtone("files", "put", source, "--abort-after", "50%", code=3)
        expect_claims(appliance, ("files", "ls", "--assert", "partial==0 && count==0"))
        staging = appliance.assets / ".dialtone/staging"
        staging.mkdir(parents=True)
        (staging / "0").write_bytes(b"half")  # as a process leaves it that was killed
        appliance.control.kill()
        appliance.restart(appliance.control, "ready:")
        expect_claims(appliance, ("files", "ls", "--assert", "partial==0 && count==0"))
        expect(not list(staging.iterdir()), "what was half written is still there")


@case("files of one put are in one generation, a folder's too")
def together(lab):
    with contextlib.closing(FolderAppliance(lab, "t")) as appliance:
        appliance.start()
        load = appliance.folder / "load"
        (load / "sub").mkdir(parents=True)
        (load / "sip.loads").write_bytes(b"a.sbn\nb.sbn\n")
        for name in ("a.sbn", "b.sbn", "sub/c.png"):
            (load / name).write_bytes(os.urandom(100_000))
        before = appliance.dialtone("status")["generation"]
        done = appliance.dialtone("files", "put", load, "--set", "sip")
        expect_equal(done["generation"], before + 1, "generation")
        expect_equal(done["added"], 4, "files added")
        for name in ("sip.loads", "a.sbn", "sub/c.png"):
            expect_equal(appliance.fetch(name), (load / name).read_bytes(), name)
        (load / "link").symlink_to("/etc/passwd")
        said = appliance.dialtone("files", "put", load, code=3)
        expect("leads out of the folder" in said, said)


@case("a load that is copied by hand appears when all of it is there")
def copied_load(lab):
    with contextlib.closing(FolderAppliance(lab, "l")) as appliance:
        appliance.start()
        appliance.write("sip.loads", b"a.sbn\nb.sbn\n")
        appliance.write("a.sbn", b"a")
        appliance.wait_served("a.sbn", b"a")
        expect(appliance.serves("sip.loads", None), "a load is served whose files are not there")
        expect(any("b.sbn is not there" in text for text in appliance.warnings()), "no warning")
        expect_claims(appliance, ("loads", "check", "sip", "--expect-error", "incomplete-load"),
                      ("loads", "ls", "--assert", "loads[0].served==false"))
        appliance.write("b.sbn", b"b")
        appliance.wait_served("sip.loads", b"a.sbn\nb.sbn\n")
        expect_claims(appliance, ("loads", "check", "--assert", "loads==1"))
