# SPDX-License-Identifier: Apache-2.0
"""`dialtone device reset`: the test is the call manager that the administrator's program asks, and the
phone that it resets is an emulated one."""

import contextlib
import json
import subprocess

import netns
from cases import case, expect, expect_equal
from emu_cases import emulation
from folder_appliance import FolderAppliance
from phone_file_cases import expect_claims
from processes import run

PHONE, MAC = "SEP001122334455", "00:11:22:33:44:55"


@case("row 41: a phone that is reset fetches its file anew, and device reset returns when it has")
def reset(lab):
    asked = lab.folder / "asked"
    program = lab.folder / "reset-phone"
    program.write_text(f"#!/bin/sh\nread -r name && [ \"$name\" = {PHONE} ] && echo $name >>{asked}\n")
    program.chmod(0o700)
    control = f'database = "phones.db"\nreset_command = "{program}"'
    with contextlib.closing(FolderAppliance(lab, "rs", control=control)) as appliance:
        appliance.start()
        for name in (PHONE, "SEP001122334456"):
            appliance.dialtone("device", "add", name, "model=Cisco 8841", "protocol=SIP", "line1.dn=1")
        command = [appliance.cli, "--socket", appliance.control_socket, "--json", "device", "reset",
                   PHONE, "--within", "30", "--assert", "refetch==1 && fetched[0].fetched.is_newest"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waits:
            try:
                appliance.wait_for(lambda: asked.exists() and asked.read_text(), "the call manager is asked")
                expect(waits.poll() is None, "device reset has not waited for the phone")
                phone, environment = emulation(lab, appliance.network, "phone", "--mac", MAC, "--tftp",
                                               netns.SERVER, "--expect", 'state=="configured"')
                done = run(phone, env=environment)
                expect_equal(done.returncode, 0, f"exit code of the phone ({done.stderr.strip()})")
                output, errors = waits.communicate(timeout=30)
            finally:
                waits.kill()
        expect_equal(waits.returncode, 0, f"exit code of device reset ({errors.strip()})")
        fetched = json.loads(output)["result"]["fetched"]
        expect_equal([each["fetched"]["name"] for each in fetched], [f"{PHONE}.cnf.xml"], "what it fetched")
        said = appliance.dialtone("device", "reset", "SEP001122334456", code=3)
        expect(str(program) in said and "ended with status 1" in said, said)
        said = appliance.dialtone("device", "reset", PHONE, "--within", "1", code=6)
        expect("has not asked" in said, said)


@case("device reset without a program for it is refused with the cure")
def nobody_resets(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[50]
    expect_claims(appliance, ("device", "reset", phone, "--expect-error", "E_NO_RESET_COMMAND"),
                  ("device", "reset", "SEP00000000FFFF", "--expect-error", "E_UNKNOWN_DEVICE"))
    expect("reset_command" in appliance.dialtone("device", "reset", phone, code=3), "no cure is named")
