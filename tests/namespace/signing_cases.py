# SPDX-License-Identifier: Apache-2.0
"""Signed files, as phones of a secure cluster ask for them, beside the plain ones."""

import contextlib
import pathlib

import clients
from cases import case, expect
from folder_appliance import FolderAppliance
from phone_file_cases import KEYS, RULES, expect_claims
from processes import run

PHONE = "SEP001122334455"


def make_key(folder):
    """The lines of [signing] with a key and a certificate in that folder."""
    key, certificate = pathlib.Path(folder) / "signing.pem", pathlib.Path(folder) / "certificate.pem"
    made = run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj",
                "/CN=tftp", "-keyout", key, "-out", certificate])
    expect(made.returncode == 0, made.stderr)
    key.chmod(0o600)
    return f'[signing]\nkey = "{key}"\ncertificate = "{certificate}"'


@case("row 34: both names of a file are answered, and explained; the lists agree with signed files")
def both_names(lab):
    control = f'database = "phones.db"\n{make_key(lab.folder)}'
    with contextlib.closing(FolderAppliance(lab, "sg", control=control)) as appliance:
        appliance.start()
        for noun, name, text in (("dialplan", "hq", RULES), ("softkey", "std", KEYS)):
            path = appliance.folder / f"{name}.xml"
            path.write_text(text)
            appliance.dialtone(noun, "set", name, path)
        appliance.dialtone("device", "add", PHONE, "model=Cisco 8841", "protocol=SIP", "line1.dn=1",
                           "dial_plan=hq", "softkey=std")
        appliance.wait_for(lambda: appliance.dialtone("status")["signing"]["pending"] == 0,
                           "all files are signed", 30)
        for name in (f"{PHONE}.cnf.xml", "DRhq.xml", "SKstd.xml"):
            signed = appliance.built(f"{name}.sgn")
            appliance.wait_served(f"{name}.sgn", signed)
            expect(signed.endswith(appliance.fetch(name)), f"{name}.sgn does not end with the file")
            wanted = {name: appliance.fetch(name), f"{name}.sgn": signed}
            clients.fetch_with_all(appliance, list(wanted), wanted, name, {"curl": clients.curl})
        expect_claims(appliance, ("explain", f"{PHONE}.cnf.xml", "--assert", 'answer=="data"'),
                      ("explain", f"{PHONE}.cnf.xml.sgn", "--assert", 'answer=="data"'),
                      ("dialplan", "ls", "--assert", "orphans==0"),
                      ("softkey", "ls", "--assert", "orphans==0"))
