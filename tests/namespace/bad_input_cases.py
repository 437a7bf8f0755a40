# SPDX-License-Identifier: Apache-2.0
"""Bad input of each kind, end to end: the error names the row or the file, and the cure; and a stock
client gets the old files all the while."""

import contextlib
import os
import sqlite3
import time

import clients
from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance, SmallDiskAppliance
from generation_cases import move
from hugepage_cases import free_pages
from phone_file_cases import expect_claims
from processes import run


@contextlib.contextmanager
def served_on(appliance, *names):
    """Clients get the same of `names` before, within (`check()`) and after, and nothing else that is
    served differs at the end."""
    wanted, digest = {name: appliance.fetch(name) for name in names}, appliance.digest()

    def check():
        tag = f"bad-{time.monotonic_ns()}"
        clients.fetch_with_all(appliance, names, wanted, tag, {"curl": clients.curl})

    yield check
    check()
    expect_equal(appliance.digest(), digest, "content digest after bad input")


def refused(appliance, command, *wanted, code=3):
    """The command is refused, and says `wanted`."""
    said = appliance.dialtone(*command, code=code)
    for part in wanted:
        expect(part in said, f"{part!r} is not in what {command} says: {said}")


def wait_warning(appliance, *wanted):
    """A warning of status has all of `wanted`."""
    def is_there():
        return any(all(part in text for part in wanted) for text in warnings(appliance))
    appliance.wait_for(is_there, lambda: f"a warning with {wanted} in {warnings(appliance)}", 20)


def warnings(appliance):
    return FolderAppliance.warnings(appliance)


@case("bad input: a row with a bad MAC is named with its line and how a MAC is written")
def bad_mac(lab):
    appliance = lab.appliance
    path = appliance.folder / "mac.csv"
    path.write_text("name,model,protocol,pool\n"
                    "SEP02D1A1FF0001,Cisco 8841,SIP,London\n"
                    "SEP02D1A1FF00G2,Cisco 8841,SIP,London\n")
    with served_on(appliance, f"{appliance.phones('SIP')[30]}.cnf.xml"):
        for check in ((), ("--check",)):
            refused(appliance, ("import", "csv", path, *check), f"{path}:3:1: bad-value: name: ",
                    "'SEP02D1A1FF00G2'", "12 hexadecimal digits of the MAC address", "correct it and")
        refused(appliance, ("device", "add", "SEP02D1A1FF00", "model=Cisco 8841"),
                "'SEP02D1A1FF00'", "12 hexadecimal digits")


@case("bad input: a dial plan's bad pattern is named with its rule and what a pattern takes")
def bad_pattern(lab):
    appliance = lab.appliance
    path = appliance.folder / "plan.json"
    text = '{"dial_plans": [{"name": "bad-input", "rules": [{"pattern": "112"}, {"pattern": "947,*"}]}]}'
    path.write_text(text)
    expect_claims(appliance, ("import", "json", path))
    try:
        with served_on(appliance, "DRbad-input.xml") as check:
            path.write_text(text.replace("947,*", "947("))
            refused(appliance, ("import", "json", path), f"{path}:1:70: ",
                    "dial_plans[0].rules[1]: pattern: '947(': character 4", "it takes digits")
            # A row that another program writes is refused by nobody.
            with contextlib.closing(sqlite3.connect(appliance.database)) as database, database:
                database.execute("UPDATE dial_rules SET pattern = '947(' WHERE pattern = '947,*'")
            wait_warning(appliance, "bad-input", "pattern: '947(': character 4", "it takes digits")
            check()
    finally:
        path.write_text(text)
        expect_claims(appliance, ("import", "json", path), ("dialplan", "rm", "bad-input"))


@case("bad input: a model without a load is named, with its phones and what to set")
def no_load(lab):
    appliance = lab.appliance
    path, phone = appliance.folder / "models.json", "SEP02D1A1FF0061"
    path.write_text('{"models": [{"number": 99008, "protocol": "SIP", "name": "Loadless 8841", '
                    '"max_lines": 4}]}')
    expect_claims(appliance, ("import", "json", path),
                  ("device", "add", phone, "model=Loadless 8841", "protocol=SIP", "line1.dn=1"))
    try:
        with served_on(appliance, f"{phone}.cnf.xml", "XMLDefault.cnf.xml"):
            refused(appliance, ("loads", "check"), "Loadless 8841 SIP: no-load: ", "1 phone of this model",
                    "set default_load of the model")
            expect_claims(appliance, ("loads", "check", "--expect-error", "E_NO_LOAD"))
        appliance.dialtone("device", "set", phone, "load=none.1-0")
        refused(appliance, ("loads", "check"), f"{phone}: missing-load: load none.1-0 ",
                "put its files there (dialtone files put), or name another load")
    finally:
        expect_claims(appliance, ("device", "rm", phone))


@case("bad input: an over-long name is refused or left out, with its place and a cure")
def long_name(lab):
    appliance = lab.appliance
    path, long = appliance.folder / "long.csv", "n" * 200
    path.write_text(f"name,model,protocol,pool\nCSF{long},Cisco 8841,SIP,London\n")
    folder = appliance.assets / long
    with served_on(appliance, "Ringlist.xml") as check:
        refused(appliance, ("import", "csv", path), f"{path}:2:1: bad-value: name: ")
        refused(appliance, ("files", "put", path, "--as", f"{long}/{long}"), "bad-name",
                "more than 255 bytes", "--as")
        try:
            folder.mkdir()
            (folder / long).write_bytes(b"x")
            wait_warning(appliance, long, "more than 255 bytes", "rename it")
            check()
        finally:
            (folder / long).unlink(missing_ok=True)
            folder.rmdir()


@case("bad input: a parameter of a wrong type is named with its device and what it takes")
def bad_ptag(lab):
    appliance = lab.appliance
    phone, name = "ld02d1a1ff0071", "ld02d1a1ff0071"
    expect_claims(appliance, ("device", "add", phone, "model=Cisco 7905", "protocol=SIP", "line1.dn=1",
                              "vendor.Dhcp=1"))
    device = "SEP02D1A1FF0071"
    try:
        with served_on(appliance, name) as served:
            refused(appliance, ("device", "set", device, "vendor.Dhcp=maybe"), device,
                    "'Dhcp' takes 0 or 1, not 'maybe'", "vendor.Dhcp")
            path = appliance.folder / "ptag.csv"
            path.write_text(f"name,vendor.UseTftp,vendor.Dhcp\n{device},1,maybe\n")
            for check in ((), ("--check",)):
                refused(appliance, ("import", "csv", path, *check), f"{path}:2:19: bad-parameter: ",
                        "'Dhcp' takes 0 or 1, not 'maybe'")
            path = appliance.folder / "ptag.json"
            path.write_text('{"family_parameters": [{"family": "ld", "name": "Dhcp", "value": "maybe"}]}')
            refused(appliance, ("import", "json", path), f"{path}:1:57: bad-value: ",
                    "'Dhcp' takes 0 or 1, not 'maybe'")
            served()
            # A row that another program writes is refused by nobody.
            with contextlib.closing(sqlite3.connect(appliance.database)) as database, database:
                database.execute("UPDATE vendor_overrides SET value = 'maybe' WHERE name = 'Dhcp' AND "
                                 "device_id = (SELECT id FROM devices WHERE name = ?)", (device,))
            wait_warning(appliance, device, "'Dhcp' takes 0 or 1, not 'maybe'")
            refused(appliance, ("check",), device, "'Dhcp' takes 0 or 1, not 'maybe'")
            served()
        expect_claims(appliance, ("device", "set", device, "vendor.Dhcp=0"))
        expect(b"Dhcp:0" in appliance.fetch(name), "the right value is not served")
    finally:
        expect_claims(appliance, ("device", "rm", device))
        appliance.dialtone("build")  # the defaults of its family go with a full build


@case("bad input: a key that does not parse is named with its file, and what was signed is served on")
def bad_key(lab):
    signing = 'generations = "kept"\n[signing]\nkey = "key.pem"\ncertificate = "cert.pem"'
    with contextlib.closing(FolderAppliance(lab, "k", control=signing)) as appliance:
        key = appliance.folder / "key.pem"
        made = run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj",
                    "/CN=tftp", "-keyout", key, "-out", appliance.folder / "cert.pem"])
        expect_equal(made.returncode, 0, f"exit code of openssl ({made.stderr})")
        key.chmod(0o600)
        appliance.write("a.txt", b"plain")
        appliance.start()
        appliance.wait_for(lambda: not appliance.serves("a.txt.sgn", None, 0.05), "a.txt is signed", 30)
        with served_on(appliance, "a.txt", "a.txt.sgn") as check:
            key.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
            appliance.dialtone("build")
            wait_warning(appliance, "key.pem", "does not parse", "copy it anew")
            check()
            appliance.wait_for(lambda: appliance.dialtone("status")["generations"]["pending"] == 0,
                               "the disk has everything", 30)
            appliance.control.kill()
            appliance.restart(appliance.control, "ready:")
            wait_warning(appliance, "key.pem", "does not parse", "copy it anew")
            check()


@case("bad input: a database that is gone for a while is named, and a change is possible once it is back")
def database_gone(lab):
    # DIALTONE_GONE_SECONDS=60 is the minute.
    seconds = float(os.environ.get("DIALTONE_GONE_SECONDS", "3"))
    appliance = FolderAppliance(lab, "d", control='database = "phones.db"')
    database, away = appliance.folder / "phones.db", appliance.folder / "away.db"
    with contextlib.closing(appliance):
        appliance.start()
        phone = "SEP02D1A1FF0081"
        appliance.dialtone("device", "add", phone, "model=Cisco 8841", "protocol=SIP", "line1.dn=1")
        name = f"{phone}.cnf.xml"
        with served_on(appliance, name, "XMLDefault.cnf.xml") as check:
            move(database, away)
            wait_warning(appliance, str(database.name), "was moved or replaced", "put the right file there")
            refused(appliance, ("device", "set", phone, "label=Lost"), database.name,
                    "was moved or replaced", "put the right file there")
            deadline = time.monotonic() + seconds
            check()
            while time.monotonic() < deadline:
                expect(appliance.dialtone("status")["generation"] != 0, "nothing is served")
                time.sleep(0.5)
            check()
            expect(not database.exists(), "an empty database was made")
            move(away, database)
            appliance.wait_for(lambda: not any("was moved" in text for text in warnings(appliance)),
                               "the warning goes", 20)
        appliance.dialtone("device", "set", phone, "label=Found")
        expect(b"Found" in appliance.fetch(name), "the change is not served")


@case("bad input: a full disk is named, nothing is half done, and all goes on once there is room")
def full_disk(lab):
    appliance = SmallDiskAppliance(lab, "f", ("disk", "assets"), control='database = "disk/phones.db"')
    with contextlib.closing(appliance):
        appliance.start()
        phone, small, big = "SEP02D1A1FF0091", appliance.folder / "small.bin", appliance.folder / "big.bin"
        small.write_bytes(os.urandom(3000))
        big.write_bytes(os.urandom(300_000))
        rows = appliance.folder / "rows.csv"
        rows.write_text("name,model,protocol\n" +
                        "".join(f"SEP02D1A2{i:06X},Cisco 8841,SIP\n" for i in range(2000)))
        appliance.dialtone("device", "add", phone, "model=Cisco 8841", "protocol=SIP", "line1.dn=1")
        appliance.dialtone("files", "put", small)
        with served_on(appliance, f"{phone}.cnf.xml", "small.bin") as check:
            with appliance.filled("assets"):
                refused(appliance, ("files", "put", big), f"the disk of {appliance.assets} is full", "make room",
                        "nothing was changed", code=1)
                check()
            with appliance.filled("disk"):
                refused(appliance, ("import", "csv", rows), "phones.db: the disk is full; make room",
                        code=1)
                check()
            expect_claims(appliance, ("files", "ls", "--assert", "partial==0"))
        appliance.dialtone("files", "put", big)
        expect_equal(appliance.fetch("big.bin"), big.read_bytes(), "big.bin")
        appliance.dialtone("device", "set", phone, "label=Room")
        expect(b"Room" in appliance.fetch(f"{phone}.cnf.xml"), "the change is not served")


@case("bad input: hugepages that are exhausted are named with a cure; old and new are served")
def hugepages_exhausted(lab):
    with free_pages(3), contextlib.closing(FolderAppliance(lab, "x", hugepages=True)) as appliance:
        files = {f"old{i}.bin": os.urandom(500_000) for i in range(20)}
        for name, content in files.items():
            appliance.write(name, content)
        appliance.start()
        status = appliance.dialtone("status")
        expect(0 < status["hugepage_bytes"] < status["bytes"], f"not all lies on huge pages: {status}")
        new = appliance.folder / "new.bin"
        new.write_bytes(os.urandom(4_500_000))
        with served_on(appliance, *list(files)[:3]) as check:
            wait_warning(appliance, "huge pages, and 0 MiB are free", "goes to ordinary pages",
                         "sysctl vm.nr_hugepages=")
            appliance.dialtone("files", "put", new)
            expect_equal(appliance.fetch("new.bin"), new.read_bytes(), "new.bin")
            check()
            appliance.dialtone("files", "rm", "new.bin")
