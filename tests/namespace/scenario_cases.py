# SPDX-License-Identifier: Apache-2.0
"""Scenarios of docs/tftp-conformance.md that need the programs themselves."""

import threading
import time

import tftp
from cases import Failed, case, expect, expect_equal, figure
from client_cases import built_files
from clients import CLIENTS, Batch


@case("S07: everything is built again and again while stock clients fetch: every file is whole")
def rebuild_while_served(lab):
    appliance = lab.appliance
    names = [f"{phone}.cnf.xml" for phone in appliance.phones()[:200]]
    wanted = built_files(appliance, names)
    batches = [Batch(appliance.network.campus, client, names, appliance.folder / "fetched/S07" / client)
               for client in CLIENTS]
    builds = 0
    while any(batch.is_running() for batch in batches):
        appliance.dialtone("build")
        builds += 1
    for batch in batches:
        batch.expect(wanted)
    expect(builds > 0, "nothing was built meanwhile")
    figure(f"S07: {builds} full builds of 1,000 phones while four clients fetched 200 files each")


class Phone(threading.Thread):
    """Fetches one file; begins again when nothing comes any more, as phones do."""

    def __init__(self, campus, name):
        super().__init__()
        self._campus, self._name = campus, name
        self.content, self.begun = None, threading.Event()

    def run(self):
        for _ in range(20):
            try:
                with tftp.Endpoint(self._campus) as endpoint:
                    transfer = tftp.Transfer(endpoint, self._name, patience=0.3)
                    self.begun.set()
                    self.content = transfer.finish(pause=0.01)
                    return
            except Failed:
                time.sleep(0.2)  # a phone's own pause before it asks once more


@case("S11: the dataplane is killed while phones fetch, and started: they complete by their own retries")
def killed_in_a_storm(lab):
    appliance = lab.appliance
    name = "Chime.raw"
    phones = [Phone(appliance.network.campus, name) for _ in range(12)]
    for phone in phones:
        phone.start()
    for phone in phones:
        expect(phone.begun.wait(10), "a phone has no answer")
    appliance.dataplane.kill()
    start = time.monotonic()
    appliance.restart(appliance.dataplane, "serving .* on ")
    wanted = (appliance.assets / name).read_bytes()
    appliance.wait_served(name, wanted)
    figure(f"S11: served again {time.monotonic() - start:.2f} s after the kill")
    for phone in phones:
        phone.join(60)
        expect_equal(phone.content, wanted, "what a phone has")
