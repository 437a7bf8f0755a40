# SPDX-License-Identifier: Apache-2.0
"""What `dialtone status` says of a dataplane that is not well, and no more once it is."""

import contextlib
import os
import signal

import netns
from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance
from option_cases import counter
from tftp import Endpoint, Transfer, request

CONTENT = os.urandom(5000)


def start(lab, tag, policy=""):
    appliance = FolderAppliance(lab, tag, policy=policy)
    appliance.write("file.bin", CONTENT)
    appliance.start()
    appliance.wait_served("file.bin", CONTENT)
    return appliance


def wait_warning(appliance, begin):
    appliance.wait_for(lambda: any(text.startswith(begin) for text in appliance.warnings()),
                       f"a warning {begin!r}")


def wait_none(appliance):
    appliance.wait_for(lambda: not appliance.warnings(), "the end of the warning")


@case("a dataplane that is stopped, and a link that is down: status warns of it, and it passes")
def stopped_and_down(lab):
    with contextlib.closing(start(lab, "h")) as appliance:
        expect_equal(appliance.warnings(), [], "warnings of an appliance that is well")
        appliance.dataplane.send(signal.SIGSTOP)
        try:
            wait_warning(appliance, "the dataplane stands still, for ")
        finally:
            appliance.dataplane.send(signal.SIGCONT)
        wait_none(appliance)
        mark = appliance.dataplane.mark()
        netns.ip_in(appliance.network.appliance, "link", "set", netns.APPLIANCE_IF, "down")
        appliance.dataplane.wait_line("the link of net_af_packet is down", mark)
        wait_warning(appliance, "the link of the dataplane's port is down, for ")
        expect_equal(counter(appliance, "link_up"), 0, "link_up")
        netns.ip_in(appliance.network.appliance, "link", "set", netns.APPLIANCE_IF, "up")
        appliance.dataplane.wait_line("the link of net_af_packet is up again", mark)
        wait_none(appliance)
        appliance.wait_served("file.bin", CONTENT)


@case("sessions that are full: status says how many, and that requests were told busy")
def full(lab):
    with contextlib.closing(start(lab, "f", 'profile = "cm5"\nmax_serving_count = 1')) as appliance:
        with Endpoint(appliance.network.campus) as one, Endpoint(appliance.network.campus) as two:
            held = Transfer(one, "file.bin")
            held.step()
            two.ask(request("file.bin"))
            wait_warning(appliance, "the sessions are full, for ")
            appliance.wait_for(lambda: "1 of 1 in use" in appliance.warnings()[0] and
                               " told busy and 0 dropped" in appliance.warnings()[0], "the numbers")
            expect_equal(held.finish(), CONTENT, "what is served goes on")
        wait_warning(appliance, "the sessions were full ")


@case("a host that asks too often: status counts what was dropped, names the settings, and ends with 0")
def too_often(lab):
    with contextlib.closing(start(lab, "o", "source_requests_per_second = 5")) as appliance:
        campus, stranger = appliance.network.campus, "10.77.0.9"  # who has fetched a file may ask
        netns.ip_in(campus, "addr", "add", f"{stranger}/{netns.NET_BITS}", "dev", netns.PHONES_IF)
        with Endpoint(campus, address=stranger) as asks:
            for _ in range(50):
                asks.send(request("file.bin"))
        wait_warning(appliance, "")
        said = appliance.dialtone_raw("status")
        expect_equal(said.returncode, 0, "exit code of status")
        expect(" above source_requests_per_second (drop_source_rate)" in said.stderr, said.stderr)
