# SPDX-License-Identifier: Apache-2.0
"""Single-port mode: every packet of the appliance comes from port 69."""

import contextlib
import os

import netns
from cases import case, expect, expect_equal
from clients import fetch_with_all, with_options
from folder_appliance import FolderAppliance
from option_cases import counter
from tftp import PORT, Endpoint, Transfer, ack, request
from worker_cases import DEVICE, two_cpus


def fetch_from_one_port(lab, tag, device, settings):
    with contextlib.closing(FolderAppliance(
            lab, tag, device=device, settings=f"single_port = true\n{settings}")) as appliance:
        wanted = {f"file{size}.bin": os.urandom(size) for size in (0, 1, 511, 512, 100_000, 1 << 20)}
        for name, content in wanted.items():
            appliance.write(name, content)
        appliance.start()
        appliance.dataplane.wait_line("single-port mode")
        last, content = list(wanted.items())[-1]
        appliance.wait_served(last, content)
        fetch_with_all(appliance, list(wanted), wanted, f"single-{tag}")
        fetch_with_all(appliance, list(wanted), wanted, f"single-{tag}-1428", with_options(1428, 8))
        with Endpoint(appliance.network.campus) as endpoint:
            transfer = Transfer(endpoint, "file100000.bin")
            expect_equal(transfer.port, PORT, "port of DATA 1")
            with Endpoint(appliance.network.campus) as stranger:
                stranger.send(ack(1))
                expect_equal(stranger.ask(request("nothing.bin")).address[1], PORT, "port of an ERROR")
            while not transfer.ended:
                transfer.step()
                expect_equal(transfer.port, PORT, f"port of DATA {transfer.block}")
            expect(transfer.finish() == wanted["file100000.bin"], "other bytes")
        expect_equal(counter(appliance, "errors_sent_5"), 0, "strangers answered")
        return counter(appliance, "frames_handed_off")


@case("single-port mode: stock clients get every byte from port 69")
def one_worker(lab):
    expect_equal(fetch_from_one_port(lab, "u", DEVICE, ""), 0, "frames handed over")


@case("single-port mode with two workers: a client is one worker's, whichever queue it comes to")
def two_workers(lab):
    handed = fetch_from_one_port(lab, "v", f"{DEVICE},qpairs=2", two_cpus())
    expect(handed > 0, "no packet was handed over")
