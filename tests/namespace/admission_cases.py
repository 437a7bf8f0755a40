# SPDX-License-Identifier: Apache-2.0
"""Who gets an answer: a full server of a profile, and clients that are denied."""

import contextlib
import os

import netns
from cases import case, expect, expect_equal
from clients import CLIENTS, fetch_with_all
from folder_appliance import FolderAppliance
from option_cases import counter
from processes import run
from tftp import Endpoint, Transfer

CONTENT = os.urandom(5000)


def curl(appliance, seconds=20):
    return run([*netns.enter(appliance.network.campus), "curl", "-sS", "--max-time", str(seconds),
                f"tftp://{netns.SERVER}/file.bin"])


def with_policy(appliance, policy):
    """Another [policy], for control alone: the dataplane goes on."""
    text = appliance.config.read_text().split("[policy]")[0]
    appliance.config.write_text(f"{text}[policy]\n{policy}\n")
    appliance.control.stop()
    mark = appliance.control.mark()
    appliance.restart(appliance.control, "ready:")
    appliance.control.wait_line("published generation", mark)


def start(lab, tag, policy):
    appliance = FolderAppliance(lab, tag, policy=policy)
    appliance.write("file.bin", CONTENT)
    appliance.start()
    return appliance


@case("a full server is busy in the words of its profile; a change of the count is only published")
def busy(lab):
    with contextlib.closing(start(lab, "b", 'profile = "cm5"\nmax_serving_count = 2')) as appliance:
        appliance.wait_served("file.bin", CONTENT)
        pid = appliance.dataplane.pid
        with Endpoint(appliance.network.campus) as one, Endpoint(appliance.network.campus) as two:
            held = [Transfer(endpoint, "file.bin") for endpoint in (one, two)]
            for transfer in held:
                transfer.step()
            done = run([*netns.enter(appliance.network.campus), "tftp", "-m", "octet", netns.SERVER,
                        "-c", "get", "file.bin", "/dev/null"])
            expect("Process Allocation Exceeded" in done.stdout + done.stderr,
                   f"tftp-hpa said {done.stdout!r} {done.stderr!r}")
            expect(curl(appliance).returncode != 0, "curl got the file from a full server")
            expect(counter(appliance, "requests_busy") >= 2, "the busy answers were not counted")
            for transfer in held:
                expect_equal(transfer.finish(), CONTENT, "what is served goes on")
        with Endpoint(appliance.network.campus) as one, Endpoint(appliance.network.campus) as two:
            held = [Transfer(endpoint, "file.bin") for endpoint in (one, two)]
            for transfer in held:
                transfer.step()
            with_policy(appliance, 'profile = "cm5"\nmax_serving_count = 3')
            fetch_with_all(appliance, ["file.bin"], {"file.bin": CONTENT}, "third",
                           clients={"curl": CLIENTS["curl"]})
            for transfer in held:
                expect_equal(transfer.finish(), CONTENT, "what began before the publish")
        expect_equal(appliance.dataplane.pid, pid, "the dataplane's pid")


@case("the 31st client of profile cm3 is turned away, and comes through at a later try")
def thirty(lab):
    with contextlib.closing(start(lab, "t", 'profile = "cm3"')) as appliance, \
            contextlib.ExitStack() as endpoints:
        appliance.wait_served("file.bin", CONTENT)
        held = [Transfer(endpoints.enter_context(Endpoint(appliance.network.campus)), "file.bin")
                for _ in range(30)]
        for transfer in held:
            transfer.step()
        expect(curl(appliance).returncode != 0, "curl got the file as the 31st")
        expect_equal(counter(appliance, "requests_busy"), 1, "busy answers")
        expect_equal(held[0].finish(), CONTENT, "the first of the thirty")
        fetch_with_all(appliance, ["file.bin"], {"file.bin": CONTENT}, "later",
                       clients={"curl": CLIENTS["curl"]})
        for transfer in held[1:]:
            expect_equal(transfer.finish(), CONTENT, "one of the thirty")


@case("row 23: dialtone-emu hold has thirty transfers open, and the 31st request is busy")
def thirty_held(lab):
    with contextlib.closing(start(lab, "h", 'profile = "cm3"')) as appliance:
        appliance.wait_served("file.bin", CONTENT)
        done = run([*netns.enter(appliance.network.campus), lab.program("bench/emu/dialtone-emu"),
                    "hold", "--link", netns.PHONES_IF, "--tftp", netns.SERVER, "--count", "30",
                    "--file", "file.bin", "--profile", "cm3", "--then-get", "file.bin", "--expect",
                    'held==30 && answer=="busy"'])
        expect_equal(done.returncode, 0, f"exit code of hold: {done.stdout} {done.stderr}")


@case("a denied client hears nothing, or ERROR 2 where that is set; then it is served")
def denied(lab):
    with contextlib.closing(start(lab, "n", f'deny = ["{netns.CLIENT}"]')) as appliance:
        expect(curl(appliance, seconds=2).returncode == 28, "curl did not time out")
        expect(counter(appliance, "drop_client_denied") >= 1, "the silence was not counted")
        with_policy(appliance, f'deny = ["{netns.CLIENT}"]\nwhen_denied = "error"')
        done = curl(appliance)
        expect_equal(done.returncode, 69, f"exit code of curl ({done.stderr.strip()})")  # ERROR 2
        network = netns.CLIENT.rsplit(".", 2)[0] + ".0.0/16"
        with_policy(appliance, f'deny = ["0.0.0.0/0"]\nallow = ["{network}"]')
        fetch_with_all(appliance, ["file.bin"], {"file.bin": CONTENT}, "allowed")
