# SPDX-License-Identifier: Apache-2.0
"""The formats of a device's file and the parameter that chooses among them: the commands of rows 5
to 10, and what stock clients get of it."""

import contextlib

from cases import case, expect
from folder_appliance import FolderAppliance
from phone_file_cases import expect_claims

PHONE = "SEP001122334455"
OLD_PHONE = "SEP001122334456"
DEVICES = ((PHONE, "Cisco 7941", "SIP"), (OLD_PHONE, "Cisco 12 SP+", "SCCP"),
           ("SIP001122334457", "Cisco 7960", "SIP"), ("ld001122334458", "Cisco 7905", "SIP"),
           ("gk001122334459", "Cisco 7912", "SIP"))
NAMES = (f"{PHONE}.cnf.xml", "SIP001122334457.cnf", "ld001122334458", "gk001122334459")


def write_encoder(path, before=""):
    """A program of the administrator's own, as the encoder of .cnf files; `before` are commands that it
    begins with."""
    path.write_text(f"#!/bin/sh\n{before}\nprintf 'encoded:'; exec cat\n")
    path.chmod(0o700)
    return path


@case("rows 5 to 10: formats by type and by build-cnf, which phones get; names of the families")
def formats(lab):
    encoder = write_encoder(lab.folder / "encoder")
    control = f'database = "phones.db"\nencoder_cnf = "{encoder}"'
    with contextlib.closing(FolderAppliance(lab, "fo", control=control)) as appliance:
        appliance.start()
        before = "BuildCNFFlag", "False", "--dry-run", "--assert"
        expect_claims(appliance, ("--profile", "cm3", "param", "set", *before, "warnings==0"))
        for name, model, protocol in DEVICES:
            appliance.dialtone("device", "add", name, f"model={model}", f"protocol={protocol}",
                               "line1.dn=1001")
        expect_claims(
            appliance, ("files", "ls", "--group-by", "format", "--assert", "cnf_xml>0"),
            ("files", "ls", "--model", "7941,7960,7905,7912", "--assert", "names_ok && devices==4"),
            ("--profile", "cm3", "param", "set", *before, "warnings>=1"))
        for name in NAMES:
            expect(appliance.fetch(name), f"{name} is not served")
        expect(appliance.fetch(f"{OLD_PHONE}.cnf").startswith(b"encoded:#cnf\n"), "no .cnf of the old phone")
        expect(appliance.serves(f"{PHONE}.cnf", None), "a phone of XML has a .cnf by default")

        expect_claims(appliance, ("param", "set", "build-cnf", "all"),
                      ("build", "--wait", "--assert", "cnf==devices && cnf_xml==devices && devices==5"))
        for name, _, _ in DEVICES[:2]:
            expect(appliance.fetch(f"{name}.cnf").startswith(b"encoded:"), f"no {name}.cnf of all")
            expect(b"</device>" in appliance.fetch(f"{name}.cnf.xml"), f"no {name}.cnf.xml of all")
        expect_claims(appliance, ("param", "set", "build-cnf", "none"),
                      ("build", "--wait", "--assert", "cnf==0"))
        expect(appliance.serves(f"{OLD_PHONE}.cnf", None), "a .cnf is served with none of them built")
        expect_claims(appliance, ("param", "unset", "build-cnf"),
                      ("build", "--wait", "--assert", "cnf==devices_selective && cnf==1"))
        expect(appliance.fetch(f"{OLD_PHONE}.cnf").startswith(b"encoded:"), "no .cnf of the selective")
        expect(appliance.serves(f"{PHONE}.cnf", None), "a .cnf of all is served on")
