# SPDX-License-Identifier: Apache-2.0
"""kill -9 of either daemon, in any order: what was served is served."""

import time

from cases import case, expect, expect_equal, figure
from tftp import Endpoint, Transfer


@case("kill -9 of control leaves serving unharmed, and it comes back and changes again")
def control_dies(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[11]
    name = f"{phone}.cnf.xml"
    wanted, digest = appliance.fetch(name), appliance.digest()
    with Endpoint(appliance.network.campus) as endpoint:
        transfer = Transfer(endpoint, name)
        appliance.control.kill()
        expect_equal(transfer.finish(), wanted, "the transfer in flight")
    expect_equal(appliance.fetch(name), wanted, "a fetch without control")
    done = appliance.dialtone_raw("status")
    expect_equal(done.returncode, 5, f"exit code of status without control ({done.stderr.strip()})")
    appliance.restart(appliance.control, "ready:")
    appliance.wait_for(lambda: appliance.dialtone("status")["dataplane"]["connected"], "reconnect")
    expect_equal(appliance.digest(), digest, "content digest after the restart")
    expect_equal(appliance.fetch(name), wanted, "a fetch after the restart")
    appliance.dialtone("device", "set", phone, "label=After the crash")
    expect(b"<phoneLabel>After the crash<" in appliance.fetch(name), "the change is not served")


@case("kill -9 of the dataplane: started again it serves everything, and control builds nothing")
def dataplane_dies(lab):
    appliance = lab.appliance
    name = f"{appliance.phones()[13]}.cnf.xml"
    wanted, before = appliance.fetch(name), appliance.dialtone("status")
    appliance.dataplane.kill()
    appliance.wait_for(lambda: not appliance.dialtone("status")["dataplane"]["connected"],
                       "control sees that the dataplane is gone")
    start = time.monotonic()
    appliance.restart(appliance.dataplane, "serving .* on ")
    appliance.wait_served(name, wanted)
    figure(f"dataplane from start to served again: {(time.monotonic() - start) * 1000:.0f} ms")
    after = appliance.dialtone("status")
    for key in ("last_build", "content_digest", "files", "bytes"):
        expect_equal(after[key], before[key], key)
    expect_equal(after["dataplane"]["content_digest"], before["content_digest"], "digest served")
    expect(after["dataplane"]["pid"] != before["dataplane"]["pid"], "it is the old dataplane")
    expect_equal(appliance.fetch("RingList.xml"), (appliance.assets / "RingList.xml").read_bytes(),
                 "ring list")


@case("a change without a dataplane is saved, says what it waits for, and is served later")
def change_without_dataplane(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[17]
    appliance.dataplane.kill()
    appliance.wait_for(lambda: not appliance.dialtone("status")["dataplane"]["connected"],
                       "control sees that the dataplane is gone")
    done = appliance.dialtone("device", "set", phone, "label=Saved")["publish"]
    expect_equal(done["state"], "pending", "state")
    expect(done["why"], "it does not say what it waits for")
    appliance.restart(appliance.dataplane, "serving .* on ")
    appliance.wait_served(f"{phone}.cnf.xml", appliance.built(f"{phone}.cnf.xml"))
    expect(b"<phoneLabel>Saved<" in appliance.fetch(f"{phone}.cnf.xml"), "not the saved label")


@case("both killed, control back first: everything is served again")
def both_die(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[17]
    digest = appliance.digest()
    appliance.dataplane.kill()
    appliance.control.kill()
    appliance.restart(appliance.control, "ready:")
    expect_equal(appliance.digest(), digest, "content digest")
    appliance.restart(appliance.dataplane, "serving .* on ")
    appliance.wait_served(f"{phone}.cnf.xml", appliance.built(f"{phone}.cnf.xml"))


@case("both daemons end on SIGTERM with exit code 0, and take their sockets away")
def stopped(lab):
    appliance = lab.appliance
    digest = appliance.digest()
    expect_equal(appliance.control.stop(), 0, "exit code of control")
    expect_equal(appliance.dataplane.stop(), 0, "exit code of the dataplane")
    for socket in (appliance.control_socket, appliance.offer_socket):
        expect(not socket.exists(), f"{socket.name} was left behind")
    appliance.restart(appliance.dataplane, "serving .* on ")
    appliance.restart(appliance.control, "published generation")
    expect_equal(appliance.digest(), digest, "content digest")
