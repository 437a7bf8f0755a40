# SPDX-License-Identifier: Apache-2.0
"""The folder of another TFTP server, imported with its remap rules."""

import contextlib
import os

import clients
from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance
from phone_file_cases import expect_claims

RULES = r"""# As such files are written.
ri	^[a-z]:				# Remove "drive letters"
rg	\\		/		# Convert backslashes to slashes
ri	^SEP([0-9A-F]{12})\.cnf\.xml$	phones/\1.xml
ri	^(apps75|term75)(.+)$	/fw/7975/\1\2
r	^[^/]		/tftpboot/\0	# Convert non-absolute files
a	\.pvt$				# Reject requests for private files
"""


def old_server(folder):
    """What lies in the other server's folder; the files by path."""
    files = {"phones/02D1A1B0BDFC.xml": b"<device/>", "fw/7975/apps75.9-4.sbn": os.urandom(3000),
             "fw/7975/term75.default.loads": b"apps75.9-4.sbn\n", "Ringlist.xml": b"<rings/>",
             "secret.pvt": b"secret"}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)
    return files


@case("import dir: a stock client gets each file under the name that the old server's rules gave it")
def with_rules(lab):
    with contextlib.closing(FolderAppliance(lab, "i")) as appliance:
        old, rules = appliance.folder / "old", appliance.folder / "tftpd.remap"
        files = old_server(old)
        rules.write_text(RULES)
        appliance.start()
        imported = ("import", "dir", old, "--remap", rules)
        expect_claims(appliance, (*imported, "--check", "--assert", "rows==5 && left_out==1"))
        expect_claims(appliance, ("files", "ls", "--assert", "count==0"))
        done = appliance.dialtone_raw(*imported)
        expect_equal(done.returncode, 0, f"exit code ({done.stderr})")
        expect("secret.pvt is left out" in done.stderr, f"no word of what is left out: {done.stderr}")
        wanted = {"SEP02D1A1B0BDFC.cnf.xml": files["phones/02D1A1B0BDFC.xml"],
                  "apps75.9-4.sbn": files["fw/7975/apps75.9-4.sbn"],
                  "term75.default.loads": files["fw/7975/term75.default.loads"],
                  "RINGLIST.XML": files["Ringlist.xml"]}
        clients.fetch_with_all(appliance, wanted, wanted, "imported")
        expect(appliance.serves("secret.pvt", None), "a refused file is served")
        expect_claims(appliance, (*imported, "--assert", "added==0 && updated==0"))


@case("import dir: every file that is wrong is named with its cure, and nothing is imported")
def wrong_folder(lab):
    with contextlib.closing(FolderAppliance(lab, "j")) as appliance:
        old, rules = appliance.folder / "old", appliance.folder / "tftpd.remap"
        old_server(old)
        (old / "RINGLIST.xml").write_bytes(b"others")
        (old / "RINGLIST.xml").chmod(0o644)
        (old / "private.txt").write_bytes(b"x")
        (old / "private.txt").chmod(0o640)
        (old / "out.txt").symlink_to("/etc/hostname")
        (old / "more").symlink_to("fw")
        (old / "fw/cut.loads").write_bytes(b"missing.sbn\n")
        (old / "fw/cut.loads").chmod(0o644)
        rules.write_text("r [ x\n" + RULES)
        appliance.write("keep.txt", b"kept")
        appliance.start()
        for check in (("--check",), ()):
            said = appliance.dialtone("import", "dir", f"{old}/", "--remap", rules, *check, code=3)
            for wanted in (f"{rules}:1:3: bad-pattern: ", f"{old}/Ringlist.xml: same-name: ",
                           f"{old}/private.txt: not-public: ", f"{old}/out.txt: symlink: ",
                           f"{old}/more: symlink: ", f"{old}/fw/cut.loads: incomplete-load: missing.sbn "):
                expect(any(line.startswith(wanted) for line in said.splitlines()),
                       f"no line begins with {wanted!r} in: {said}")
            expect(f"6 faults in {old};" in said, f"their number: {said}")
        expect_claims(appliance, ("files", "ls", "--assert", "count==1"),
                      ("import", "dir", old, "--check", "--expect-error", "E_NOT_PUBLIC"))
        expect_equal(appliance.fetch("keep.txt"), b"kept", "what was served before")
        said = appliance.dialtone("import", "dir", rules, code=3)
        expect("is no folder" in said, said)
