# SPDX-License-Identifier: Apache-2.0
"""`dialtone events` and Cisco's counters, with real requests."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time

import netns
from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance
from processes import run

PHONE = "SEP001122334455"
CONFIG = b"<device/>" * 100


@contextlib.contextmanager
def appliance_with_a_phone(lab, tag):
    with contextlib.closing(FolderAppliance(lab, tag)) as appliance:
        appliance.write(f"{PHONE}.cnf.xml", CONFIG)
        appliance.write("other.bin", b"o" * 2000)
        appliance.start()
        appliance.wait_served("other.bin", b"o" * 2000)
        yield appliance


def value_of(appliance, ask, what):
    """What `ask` gives as soon as it gives something."""
    values = []
    appliance.wait_for(lambda: values.append(ask()) or values[-1], what)
    return values[-1]


def once_each(events):
    """Without those that a client repeated, since the machine was busy."""
    seen = set()
    return [each for each in events if each["outcome"] != "requests_repeated" and
            not ((each["outcome"], each["name"]) in seen or seen.add((each["outcome"], each["name"])))]


def outcomes(events):
    return [(each["outcome"], each["name"]) for each in once_each(events)]


@case("dialtone events: requests as they were spelt, ends of transfers, by device and client")
def events(lab):
    with appliance_with_a_phone(lab, "e") as appliance:
        before = time.time()
        expect_equal(appliance.fetch(f"{PHONE}.CNF.xml"), CONFIG, "the phone's file")
        expect(appliance.serves(f"CTL{PHONE}.tlv", None), "a trust list is not there")

        def both():
            found = appliance.dialtone("events", "--device", "sep0011.2233.4455")["events"]
            return once_each(found) if len(outcomes(found)) >= 3 else None
        found = value_of(appliance, both, "the events of the device")[-3:]
        expect_equal(outcomes(found), [("transfers_started", f"{PHONE}.CNF.xml"),
                                       ("transfers_completed", f"{PHONE.lower()}.cnf.xml"),
                                       ("requests_not_found", f"CTL{PHONE}.tlv")], "the events")
        end = found[1]
        expect_equal((end["event"], end["bytes"], end["blocks"], end["class"]),
                     ("end", len(CONFIG), 2, "phone"), "the end of the transfer")
        expect_equal(found[0]["name_hash"], end["name_hash"], "the hash of the name")
        expect(before - 60 < end["time_us"] / 1e6 < time.time() + 60, f"the date {end['time_us']}")
        expect_equal(end["client"], netns.CLIENT, "the client")
        expect_equal(appliance.dialtone("events", "--client", "10.9.9.9")["events"], [],
                     "events of another client")
        newest = appliance.dialtone("events", "--limit", "1")["events"]
        expect_equal(outcomes(newest), outcomes(found[-1:]), "the newest event")
        text = appliance.dialtone_raw("events", "--limit", "2").stdout
        expect(f"{PHONE.lower()}.cnf.xml" in text and "transfers_completed" in text, text)


@case("dialtone events --follow prints what comes, each once, and ends with its reader")
def follow(lab):
    with appliance_with_a_phone(lab, "f") as appliance:
        command = [appliance.cli, "--socket", appliance.control_socket, "--json", "events",
                   "--follow", "--limit", "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as following:
            patience = threading.Timer(30, following.kill)
            patience.start()
            try:
                following.stdout.readline()  # what was there before
                seen = []
                for number in range(3):
                    appliance.serves(f"Missing{number}.XML", None)
                    while f"Missing{number}.XML" not in [name for _, name in seen]:
                        line = following.stdout.readline()
                        expect(line, "the end of its output")
                        seen += outcomes(json.loads(line)["result"]["events"])
                expect_equal(list(dict.fromkeys(each for each in seen if each[1].startswith("Missing"))),
                             [("requests_not_found", f"Missing{number}.XML") for number in range(3)],
                             "the events of three requests")
                following.stdout.close()
                expect_equal(following.wait(10), 0, "its exit code when the reader has gone")
            finally:
                patience.cancel()
                following.kill()


@case("dialtone events escapes what a name must not do to a terminal")
def escaped(lab):
    with appliance_with_a_phone(lab, "g") as appliance:
        appliance.serves("a\x1b[31mred\n\\b", None)
        name = value_of(
            appliance, lambda: next((each["name"] for each in appliance.dialtone("events")["events"]
                          if "red" in each["name"]), None), "the event")
        expect_equal(name, "a\\x1b[31mred\\x0a\\\\b", "the name")


def expect_claim(appliance, *command, code=0):
    done = appliance.dialtone_raw("counters", *command)
    expect_equal(done.returncode, code, f"exit code of dialtone counters {command} ({done.stderr.strip()})")
    return done


@case("counters since a mark, within a time, and against a file")
def marks(lab):
    with appliance_with_a_phone(lab, "m") as appliance:
        expect_claim(appliance, "--mark", "m")
        asked = run([*netns.enter(appliance.network.campus), "atftp", "-g", "-r", "nosuch.xml", "-l",
                     appliance.folder / "nosuch.xml", netns.SERVER])
        expect(asked.returncode != 0, "atftp got a file that is not there")
        expect_claim(appliance, "--since", "m", "--assert", "RequestsNotFound==1")
        expect_claim(appliance, "--mark", "m")
        expect(appliance.serves(f"CTL{PHONE}.tlv", None), "a trust list is not there")
        expect_equal(appliance.fetch(f"{PHONE}.cnf.xml"), CONFIG, "the phone's file")
        expect_claim(appliance, "--since", "m", "--assert",
                     "RequestsNotFound==RequestsNotFoundTrustList && RequestsNotFound==1")
        expect_claim(appliance, "--delta", "300ms", "--assert", "heartbeat>0")
        expect_claim(appliance, "--since", "n", code=3)
        saved = appliance.folder / "c.json"
        saved.write_text(expect_claim(appliance, "--json").stdout)
        expect_claim(appliance, "--check-metrics", saved)
        counted = json.loads(saved.read_text())
        counted["result"]["values"]["requests"] += 1000
        saved.write_text(json.dumps(counted))
        said = expect_claim(appliance, "--check-metrics", saved, code=4).stderr
        expect("requests has fallen" in said, said)


def read_calls(process):
    """Bytes that it has asked the kernel for with read() and the like, and that came from a disk."""
    lines = dict(line.split(": ") for line in
                 pathlib.Path(f"/proc/{process.pid}/io").read_text().splitlines())
    return int(lines["rchar"]), int(lines["read_bytes"])


@case("row 18: no file is read while it is served, and what has gone from the disk is served on")
def no_disk(lab):
    big = os.urandom(1 << 20)
    with appliance_with_a_phone(lab, "k") as appliance:
        appliance.write("big.bin", big)
        appliance.wait_served("big.bin", big)
        appliance.control.kill()  # it would follow the folder
        shutil.rmtree(appliance.assets)
        before = read_calls(appliance.dataplane)
        for name, content in (("big.bin", big), (f"{PHONE}.cnf.xml", CONFIG)):
            expect_equal(appliance.fetch(name), content, f"{name} with an empty disk")
        asked, from_disk = (after - at for after, at in zip(read_calls(appliance.dataplane), before))
        expect(asked < len(big) // 10, f"{asked} bytes were read while {len(big)} were served")
        expect_equal(from_disk, 0, "bytes from a disk")
        mapped = pathlib.Path(f"/proc/{appliance.dataplane.pid}/maps").read_text()
        expect(str(appliance.assets) not in mapped, "a file of the asset folder is mapped")
        appliance.assets.mkdir()
        appliance.restart(appliance.control, "ready:")
        expect_claim(appliance, "--delta", "300ms", "--assert", "SegmentsFromDisk==0")


@case("dialtone counters --cisco: Cisco's names, and the sum rule")
def cisco(lab):
    with appliance_with_a_phone(lab, "h") as appliance:
        appliance.fetch(f"{PHONE}.cnf.xml")
        appliance.serves("SEP665544332211.cnf.xml", None)

        def settled():
            found = {each["name"]: each["value"]
                     for each in appliance.dialtone("counters", "--cisco")["counters"]}
            return found if found["RequestsInProgress"] == 0 and found["SEPNotFoundCount"] else None
        found = value_of(appliance, settled, "the end of all transfers")
        expect_equal(found["Requests"],
                     sum(found[f"Requests{end}"] for end in
                         ("Processed", "NotFound", "Overflow", "Aborted", "InProgress")),
                     "Requests, as a sum of their ends")
        expect(found["SEPFoundCount"] >= 1 and found["SEPNotFoundCount"] >= 1, "SEP counters")
        expect(found["BuildCount"] >= 1, "BuildCount")
        expect_equal(found["BuildDeviceCount"], 0, "BuildDeviceCount of a folder alone")
        appliance.wait_for(lambda: any(
            each["name"] == "HeartBeat" and each["value"] > found["HeartBeat"]
            for each in appliance.dialtone("counters", "--cisco")["counters"]), "a heartbeat")
