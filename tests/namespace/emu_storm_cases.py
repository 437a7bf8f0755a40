# SPDX-License-Identifier: Apache-2.0
"""Storms of emulated phones against the real server."""

import csv
import json
import os

from cases import case, expect, expect_equal, figure
from netns import PHONES_IF, SERVER, SERVER6, enter
from processes import run


def storm(lab, *words, code=0, devices=None, origin=None, server=SERVER, first="10.77.64.1"):
    """Phones of the campus whose power comes back; the storm has one CPU, the dataplane the other."""
    appliance = lab.appliance
    program = lab.program("bench/emu/dialtone-emu")
    if not devices:
        devices = lab.folder / "devices.txt"
        rows = csv.DictReader((appliance.campus / "phones.csv").read_text().splitlines())
        devices.write_text("".join(f"{row['name']} {row['model'].removeprefix('Cisco ')}\n"
                                   for row in rows))
    if not origin:
        origin = lab.folder / "origin.json"
        origin.write_text(appliance.dialtone_raw("--json", "files", "ls").stdout)
    done = run([*enter(appliance.network.campus), program, "storm", "--link", PHONES_IF, "--tftp",
                server, "--first", first, "--devices", devices, "--origin-list", origin, "--json",
                *words])
    expect_equal(done.returncode, code, f"exit code of dialtone-emu storm: {done.stderr.strip()}")
    return json.loads(done.stdout) if done.stdout else done.stderr


@case("row 19: the phones of the campus come up in a storm, every byte as control has built it")
def storm_of_the_campus(lab):
    record = lab.folder / "record"
    answer = storm(lab, "--power", "ramp", "--window", "2", "--record", record, "--expect",
                   "failed==0 && ready==1000 && verified==files && wrong_bytes==0")
    times = answer["phases"]["ready"]
    figure(f"1,000 phones in a ramp of 2 s, beside the tests: ready p50 {times['p50_ms']:.1f}, p99 "
           f"{times['p99_ms']:.1f} ms, {answer['retries']} requests again")
    page = lab.folder / "report.html"
    done = run([lab.program("bench/emu/dialtone-emu"), "report", record, "-o", page, "--budget",
                "failed==0", "--budget", "phases.ready.max_ms<=0.001"])
    expect_equal(done.returncode, 4, "exit code of a report with a budget that is missed")
    expect("1,000 of 1,000 phones came up" in page.read_text(), "the page has no verdict")
    lines = [json.loads(line) for line in (record / "run.jsonl").read_text().splitlines()]
    expect_equal(len(lines), 1000, "lines of run.jsonl")
    expect_equal(sum(line["requests"] for line in lines), answer["requests"], "requests")
    expect_equal(sum(answer["fates"]["sums"].values()), answer["requests"], "fates of all requests")
    expect_equal(json.loads((record / "meta.json").read_text())["phones"], 1000, "phones of meta.json")


@case("a storm is replayed from the events of the dataplane")
def replay_of_events(lab):
    asked = storm(lab, "--phones", "50")["requests"]
    listed = lab.appliance.dialtone_raw("--json", "events", "--limit", str(2 * asked)).stdout
    recording = lab.folder / "events.json"
    recording.write_text(listed)
    done = run([*enter(lab.appliance.network.campus), lab.program("bench/emu/dialtone-emu"), "replay",
                recording, "--link", PHONES_IF, "--tftp", SERVER, "--speed", "5", "--json", "--expect",
                "failed==0 && not_found>0 && files>0"])
    expect_equal(done.returncode, 0, f"exit code of dialtone-emu replay: {done.stderr}")
    expect(json.loads(done.stdout)["phones"] >= 50, f"phones of the recording: {done.stdout}")


@case("phones that lose their power leave the others alone, and are no failure")
def storm_with_phones_that_vanish(lab):
    answer = storm(lab, "--phones", "300", "--vanish", "30", "--expect", "failed==0 && vanished>50")
    expect_equal(answer["ready"] + answer["vanished"], 300, "phones that came up or vanished")


def hold(lab, *words):
    done = run([*enter(lab.appliance.network.campus), lab.program("bench/emu/dialtone-emu"), "hold",
                "--file", "ringlist.xml", "--then-get", "ringlist.xml", *words],
               env={**os.environ, "DIALTONE_EMU_LINK": PHONES_IF, "DIALTONE_EMU_TFTP": SERVER})
    expect_equal(done.returncode, 0, f"exit code of dialtone-emu hold: {done.stdout} {done.stderr}")


@case("row 24: a limit of 3,000 is in force at once, and its last transfer is served")
def hold_of_thousands(lab):
    lab.appliance.dialtone("param", "set", "maximum-serving-count", "3000")
    try:
        hold(lab, "--count", "2999", "--expect", 'held==2999 && answer=="data"')
        # One whose end was lost on the way is open until the server has asked again often enough.
        lab.appliance.wait_for(
            lambda: lab.appliance.dialtone("service", "status")["transfers"] == 0,
            "the end of the transfers", 60)
        lab.appliance.dialtone("param", "set", "maximum-serving-count", "20")
        lab.appliance.dialtone("param", "set", "when-full", "busy")
        hold(lab, "--count", "20", "--expect", 'held==20 && answer=="busy"')
    finally:
        for name in ("maximum-serving-count", "when-full"):
            lab.appliance.dialtone("param", "unset", name)


@case("a storm over IPv6, of phones and of phones behind a router")
def storm_over_ipv6(lab):
    for words in ((), ("--router", "fd00:77::fe")):
        storm(lab, "--phones", "100", *words, "--expect", "ready==100 && verified==files",
              server=SERVER6, first="fd00:77::1:0:0")


@case("a storm that is interrupted while it looks for its server says so, and leaves an earlier record")
def interrupted_early(lab):
    record = lab.folder / "kept"
    storm(lab, "--phones", "20", "--record", record)
    before = (record / "meta.json").read_text()
    # It looks for three seconds.
    done = run([*enter(lab.appliance.network.campus), "timeout", "--preserve-status", "--signal=INT", "2",
                lab.program("bench/emu/dialtone-emu"), "storm", "--link", PHONES_IF, "--tftp",
                "10.77.0.250", "--first", "10.77.64.1", "--phones", "20", "--record", record])
    expect_equal(done.returncode, 1, f"exit code: {done.stderr}")
    expect("interrupted while 10.77.0.250 was looked for" in done.stderr, done.stderr)
    expect_equal((record / "meta.json").read_text(), before, "the record of the storm before")


@case("a storm whose record finds a full disk still says what came of it")
def full_disk(lab):
    record = lab.folder / "full"
    record.mkdir()
    full = 'mount -t tmpfs -o size=16k tmpfs "$0" && exec "$@"'  # in a mount namespace of its own
    done = run([*enter(lab.appliance.network.campus), "unshare", "--mount", "sh", "-c", full, record,
                lab.program("bench/emu/dialtone-emu"), "storm", "--link", PHONES_IF, "--tftp", SERVER,
                "--first", "10.77.64.1", "--phones", "200", "--record", record])
    expect_equal(done.returncode, 1, f"exit code: {done.stderr}")
    expect("200 of 200 phones ready" in done.stdout, done.stdout)
    expect(f"writing {record}/run.jsonl.new" in done.stderr and "No space left" in done.stderr,
           done.stderr)


@case("a storm whose server is silent says what it does not answer, in the words of its family")
def storm_without_a_server(lab):
    for server, first, protocol in (("10.77.0.200", "10.77.64.1", "ARP"),
                                    ("fd00:77::c8", "fd00:77::1:0:0", "neighbour discovery")):
        said = storm(lab, "--phones", "1", code=5, server=server, first=first)
        expect(f"{server} does not answer {protocol} on {PHONES_IF}" in said, said)


@case("two storms that were repeated are compared, and one run is not")
def storms_side_by_side(lab):
    for side, words in (("plain", ()), ("delayed", ("--delay", "20"))):
        for number in "123":
            storm(lab, "--phones", "50", "--record", lab.folder / side / number, *words)
    page = lab.folder / "compared.html"
    command = [lab.program("bench/emu/dialtone-emu"), "report", lab.folder / "plain"]
    done = run([*command, lab.folder / "delayed", "-o", page, "--budget", "ready_p50_ms.low>1"])
    expect_equal(done.returncode, 0, f"exit code of a comparison: {done.stdout} {done.stderr}")
    expect("differs: delay_ms: 0.0 | 20.0" in done.stdout, f"conditions: {done.stdout}")
    expect("3 and 3 repetitions" in page.read_text(), "the page says of how many")
    done = run([*command, lab.folder / "delayed/1", "-o", page])
    expect_equal(done.returncode, 2, f"exit code with one run: {done.stderr}")


@case("a storm over a link that loses, doubles and reorders still ends with every byte right")
def storm_over_a_bad_link(lab):
    answer = storm(lab, "--phones", "100", "--loss", "2", "--duplicate", "1", "--reorder", "5",
                   "--delay", "0.5", "--expect", "failed==0 && ready==100 && verified==files")
    expect(answer["generator"]["dropped"] > 0, "nothing was lost")


@case("a wrong byte and a lost phone turn the verdict of a storm")
def storm_with_faults(lab):
    origin = lab.folder / "wrong.json"
    listed = lab.appliance.dialtone_raw("--json", "files", "ls").stdout
    phone = lab.appliance.phones()[0]
    document = json.loads(listed)
    for each in document["result"]["files"]:
        if each["name"].lower() == f"{phone}.cnf.xml".lower():
            each["digest"] = each["digest"][::-1]
    origin.write_text(json.dumps(document))
    devices = lab.folder / "one.txt"
    devices.write_text(f"{phone} 8841\n")
    faulty = {"devices": devices, "origin": origin}
    answer = storm(lab, code=1, **faulty)
    expect_equal((answer["wrong_bytes"], answer["failed"]), (1, 1), "wrong bytes and failed phones")
    storm(lab, "--expect", "wrong_bytes==0", code=4, **faulty)
    answer = storm(lab, "--phones", "3", "--loss", "100", "--for", "2", code=1)
    expect_equal(answer["failed"], 3, "phones that a dead link lost")
