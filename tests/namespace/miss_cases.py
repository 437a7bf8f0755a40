# SPDX-License-Identifier: Apache-2.0
"""Files that are asked for before they are there."""

import contextlib
import time

from cases import case, expect, expect_equal, figure
from clients import Batch, CLIENTS
from folder_appliance import FolderAppliance
from option_cases import counter

LATE = b"late, but in time" * 100


@case("a file that is asked for before it exists comes to its first request, when it is put there")
def late_file(lab):
    asks = 'misses = "ask"\nmiss_park_ms = 8000\nmiss_wait_ms = 7000'
    with contextlib.closing(FolderAppliance(lab, "l", control=asks)) as appliance:
        appliance.write("here.txt", b"here")
        appliance.start()
        asked = 0
        for client in sorted(CLIENTS):
            requests = counter(appliance, "requests")
            name = f"{client}.late"
            batch = Batch(appliance.network.campus, client, [name], appliance.folder / f"got-{client}")
            asked += 1
            appliance.wait_for(lambda: counter(appliance, "misses_asked") == asked,
                               f"the worker asks for {name}")
            start = time.monotonic()
            appliance.write(name, LATE)
            batch.expect({name: LATE})
            seconds = time.monotonic() - start
            sent = counter(appliance, "requests") - requests
            figure(f"{client}: {sent} requests; had the file {seconds * 1000:.0f} ms after it was written")
            # busybox repeats its request after some tens of milliseconds; the others in seconds.
            expect(client == "busybox" or sent == 1, f"{client} sent {sent} requests for one answer")
        expect_equal(counter(appliance, "parked_served"), len(CLIENTS), "parked_served")
        expect_equal(counter(appliance, "requests_not_found"), 0, "requests_not_found")
        expect(appliance.serves("here.txt", b"here"), "what was there before is not served")


@case("a file that does not come is not found, soon, and at once for who asks next")
def absent_file(lab):
    with contextlib.closing(FolderAppliance(lab, "n", control='misses = "ask"')) as appliance:
        appliance.write("here.txt", b"here")
        appliance.start()
        seconds = appliance.wait_for(lambda: appliance.serves("nosuch.txt", None), "not found")
        figure(f"the answer that it is absent came after {seconds * 1000:.0f} ms")
        expect_equal(counter(appliance, "misses_absent"), 1, "misses_absent")
        expect(appliance.serves("nosuch.txt", None), "it is not absent any more")
        expect_equal(counter(appliance, "misses_known"), 1, "misses_known")
        expect_equal(counter(appliance, "misses_asked"), 1, "misses_asked")
        appliance.write("nosuch.txt", b"it is")
        appliance.wait_served("nosuch.txt", b"it is")


@case("a scan of random names costs few generations, and phones get their files meanwhile")
def scan(lab):
    with contextlib.closing(FolderAppliance(lab, "q", control='misses = "ask"')) as appliance:
        appliance.write("here.txt", b"here")
        appliance.start()
        before = appliance.dialtone("status")["generation"]
        begin = time.monotonic()
        asked = 0
        while time.monotonic() - begin < 2:
            asked += 1
            expect(appliance.serves(f"random{asked}", None), f"random{asked} is there")
            expect(appliance.serves("here.txt", b"here"), "here.txt is not served")
        seconds = time.monotonic() - begin
        generations = appliance.dialtone("status")["generation"] - before
        figure(f"{asked} names in {seconds:.1f} s, {generations} generations")
        expect(generations <= 5 * seconds + 1, f"{generations} generations in {seconds:.1f} s")
