# SPDX-License-Identifier: Apache-2.0
"""The TFTP service that is stopped and started under its clients, and what tells of it."""

import contextlib
import os

import clients
import netns
from cases import case, expect, expect_equal, figure
from folder_appliance import FolderAppliance
from processes import run
from tftp import Endpoint, Transfer

LOAD = "load.bin"
NEW = "new.xml"


@contextlib.contextmanager
def serving(lab, tag, **options):
    with contextlib.closing(FolderAppliance(lab, tag, **options)) as appliance:
        content = os.urandom(100_000)
        appliance.write(LOAD, content)
        appliance.start()
        appliance.wait_served(LOAD, content)
        yield appliance, content


def state(appliance):
    return appliance.dialtone("service", "status")["state"]


def fetch(appliance, name, tag):
    """With a stock client, which gives up after two seconds; what it got."""
    target = appliance.folder / f"{tag}-{name}"
    run([*netns.enter(appliance.network.campus), "curl", "-sS", "--max-time", "2", "-o", target,
         f"tftp://{netns.SERVER}/{name}"])
    return target.read_bytes() if target.exists() and target.stat().st_size else None


@case("service stop --drain: who fetches gets the rest, nobody else an answer; start serves at once")
def drain(lab):
    with serving(lab, "sv") as (appliance, content):
        expect_equal(fetch(appliance, LOAD, "before"), content, "a fetch before")
        with Endpoint(appliance.network.campus) as endpoint:
            transfer = Transfer(endpoint, LOAD)
            asked = appliance.dialtone("service", "stop", "--drain", "--no-wait")
            expect_equal(asked["state"], "stopping", "state at once")
            appliance.wait_for(lambda: state(appliance) == "draining", "the order is taken")
            status = appliance.dialtone("service", "status")
            expect_equal(status["transfers"], 1, "transfers that go on")
            expect_equal(fetch(appliance, LOAD, "during"), None, "a fetch while it drains")
            appliance.write(NEW, b"<new/>")
            expect_equal(transfer.finish(), content, "the transfer that was there before")
        appliance.wait_for(lambda: state(appliance) == "stopped", "the end of the transfer")
        expect_equal(fetch(appliance, LOAD, "stopped"), None, "a fetch while it is stopped")
        appliance.dialtone("explain", LOAD, "--assert", 'answer == "silence"')
        expect(any("the service is stopped" in text for text in appliance.warnings()),
               f"no warning of status: {appliance.warnings()}")
        started = appliance.dialtone("service", "start")
        expect_equal(started["state"], "running", "state behind the start")
        expect_equal(fetch(appliance, LOAD, "after"), content, "a fetch behind the start")
        appliance.wait_served(NEW, b"<new/>")
        expect_equal(appliance.warnings(), [], "warnings behind the start")


@case("the row of service: stop --drain && status --assert && start --wait, amid a stock client")
def row(lab):
    with serving(lab, "sr") as (appliance, content):
        big = os.urandom(2_000_000)
        appliance.write("big.bin", big)
        appliance.wait_for(lambda: any(each["name"] == "big.bin" and each["length"] == len(big)
                                       for each in appliance.dialtone("files", "ls")["files"]),
                           "the load is built")
        appliance.wait_for(lambda: appliance.dialtone("status")["publish"]["state"] != "pending",
                           "the load is served")
        batch = clients.Batch(appliance.network.campus, "curl", ["big.bin"], appliance.folder / "big")
        appliance.wait_for(lambda: appliance.dialtone("service", "status")["transfers"] == 1,
                           "curl has begun")
        cli = f"{appliance.cli} --socket {appliance.control_socket}"
        done = run(["sh", "-c", f"{cli} service stop --drain && "
                                f"{cli} service status --assert 'state==\"stopped\"' && "
                                f"{cli} service start --wait"])
        expect_equal(done.returncode, 0, f"exit code of the row ({done.stderr.strip()})")
        batch.expect({"big.bin": big})
        expect("stopped, since" in done.stdout and "running, since" in done.stdout, done.stdout)
        clients.fetch_with_all(appliance, [LOAD], {LOAD: content}, "behind")


@case("service start right behind stop --no-wait, and the other way round: a wait is for its own order")
def orders(lab):
    with serving(lab, "so") as (appliance, content):
        for number in range(10):
            appliance.dialtone("service", "stop", "--no-wait")
            expect_equal(appliance.dialtone("service", "start")["state"], "running", f"start {number}")
            expect(appliance.serves(LOAD, content), "nothing is served behind the start")
            appliance.dialtone("service", "stop")
            appliance.dialtone("service", "start", "--no-wait")
            expect_equal(appliance.dialtone("service", "stop")["state"], "stopped", f"stop {number}")
            expect(not appliance.serves(LOAD, content, 0.02), "it serves behind the stop")
            appliance.dialtone("service", "start")


@case("service stop gives up what is left after stop_within_s, and says nothing to its clients")
def deadline(lab):
    with serving(lab, "sd", settings="stop_within_s = 1") as (appliance, content):
        with Endpoint(appliance.network.campus) as endpoint:
            transfer = Transfer(endpoint, LOAD)
            stopped = appliance.dialtone("service", "stop")
            expect_equal(stopped["state"], "stopped", "state behind the stop")
            expect_equal(stopped["transfers"], 0, "transfers that go on")
            while endpoint.receive(0.2):
                pass  # copies from before
            endpoint.send(b"\0\4\0\1", transfer.port)
            expect_equal(endpoint.receive(0.5), None, "an answer to an ACK behind the end")
        appliance.dialtone("service", "start")
        expect_equal(appliance.fetch(LOAD), content, "a fetch behind the start")


@case("a service that is stopped stays so when either daemon is killed and comes back")
def survives(lab):
    with serving(lab, "sk") as (appliance, content):
        appliance.dialtone("service", "stop")
        since = appliance.dialtone("service", "status")["since_us"]
        appliance.control.kill()
        appliance.restart(appliance.control, "ready:")
        appliance.wait_for(lambda: state(appliance) == "stopped", "control has found it stopped")
        expect_equal(appliance.dialtone("service", "status")["since_us"], since, "since when")
        appliance.dialtone("service", "stop")  # this control knows of it as well
        appliance.dataplane.kill()
        appliance.wait_for(lambda: state(appliance) == "no-dataplane", "control sees it go")
        expect(appliance.dialtone_raw("service", "start", "--no-wait").returncode == 5,
               "a start without a dataplane is an error")
        appliance.dialtone_raw("service", "stop", "--no-wait")
        appliance.restart(appliance.dataplane, "serving .* on ")
        appliance.wait_for(lambda: state(appliance) == "stopped", "the new one is stopped too")
        expect(not appliance.serves(LOAD, content, 0.3), "it serves all the same")
        took = appliance.wait_for(
            lambda: appliance.dialtone("service", "start")["state"] == "running" and
            appliance.serves(LOAD, content), "a start")
        figure(f"from service start to a file that was fetched: {took * 1000:.0f} ms")
