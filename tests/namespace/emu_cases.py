# SPDX-License-Identifier: Apache-2.0
"""Emulated devices against the real server, with the commands of the features' rows."""

import csv
import json
import os

import netns
from cases import case, expect, expect_equal, figure
from netns import APPLIANCE_IF, PHONES_IF, SERVER, SERVER6, enter
from processes import Process, run

DEAD = "10.77.0.250"  # nobody has it
DHCP_SERVER = "10.77.0.3"
LOAD = "demo88xx.1-0-0"  # scripts/demo/assets.py
OWN = "10.77.9.1/16"
OWN6 = "fd00:77::901/64"


def emulate(lab, *words, code=0, address=OWN):
    """The result of a command, which must end with `code`; the document when it is 0."""
    program = lab.program("bench/emu/dialtone-emu")
    environment = {**os.environ, "S": SERVER, "S6": SERVER6, "DIALTONE_EMU_LINK": PHONES_IF,
                   "DIALTONE_EMU_STATIC": address}
    done = run([*enter(lab.appliance.network.campus), program, *words, "--json"], env=environment)
    expect_equal(done.returncode, code, f"exit code of dialtone-emu {words}: {done.stderr.strip()}")
    return json.loads(done.stdout) if code == 0 else done.stderr


def mac_of(device):
    digits = device[3:]
    return ":".join(digits[at:at + 2] for at in range(0, 12, 2))


@case("rows 47, 54, 69: a phone boots from a fixed address, and gets its file byte for byte")
def known_phone(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[0]
    answer = emulate(lab, "phone", "--mac", mac_of(phone), "--static", OWN, "--tftp", SERVER,
                     "--opt150", DEAD, "--expect",
                     'dhcp_packets==0 && state=="configured" && tftp1==env.S && retries==0')
    config = [each for each in answer["files"] if each["role"] == "config"]
    expect_equal([each["name"] for each in config], [f"{phone}.cnf.xml"], "configurations")
    expect_equal(config[0]["bytes"], len(appliance.built(f"{phone}.cnf.xml")), "bytes")
    answer = emulate(lab, "phone", "--mac", "00:11:22:33:44:55", "--tftp", SERVER, "--until", "rrq",
                     "--expect", 'rrq=="SEP001122334455.cnf.xml"')
    expect_equal(answer["state"], "booting", "state")


@case("a phone of IPv6 finds the server by neighbour discovery and boots")
def phone_over_ipv6(lab):
    phone = lab.appliance.phones("SIP")[1]
    emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER6, "--expect",
            'state=="configured" && family=="v6" && tftp1==env.S6', address=OWN6)


@case("row 46: a phone gets address, mask, router, DNS and TFTP server from a real DHCP server")
def dhcp(lab):
    network = lab.appliance.network
    phone = lab.appliance.phones("SIP")[3]
    netns.ip_in(network.appliance, "addr", "add", f"{DHCP_SERVER}/16", "dev", APPLIANCE_IF)
    server = Process("dnsmasq", [
        *enter(network.appliance), "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
        "--port=0", "--user=root", f"--interface={APPLIANCE_IF}", "--bind-interfaces",
        "--log-facility=-", "--log-dhcp", f"--dhcp-leasefile={lab.folder / 'leases'}",
        "--dhcp-range=10.77.40.1,10.77.40.99,255.255.0.0", "--dhcp-option=3,10.77.0.2",
        "--dhcp-option=6,10.77.0.2", f"--dhcp-option=150,{SERVER}", "--dhcp-authoritative",
        "--no-ping"], lab.folder / "dnsmasq.log", lab.folder)
    try:
        server.start()
        server.wait_line("started")
        answer = emulate(lab, "phone", "--mac", mac_of(phone), "--expect",
                         'fields==5 && dhcp_packets==4 && via=="150" && tftp1==env.S && '
                         'state=="configured"', address="")
        expect(answer["address"].startswith("10.77.40."), f"address {answer['address']}")
    finally:
        if server.is_alive():
            server.stop()
        netns.ip_in(network.appliance, "addr", "del", f"{DHCP_SERVER}/16", "dev", APPLIANCE_IF)


@case("rows 51, 52, 55, 56, 61 to 64: which server a device asks, and the traps")
def discovery(lab):
    zone = lab.folder / "zone.txt"
    zone.write_text(f"tftp.example {SERVER}\nmulti.example {SERVER} {DEAD}\n"
                    f"ciscocm1.campus.example {SERVER}\n")
    for words, claim in (
            (("phone", "--opt150", f"{SERVER},{DEAD}"), "tftp1==env.S"),
            (("phone", "--opt66", "tftp.example", "--dns", zone), "tftp1==env.S"),
            (("phone", "--sname", "10.0.0.2", "--until", "discovery"), 'warn("sname-is-address")'),
            (("gateway", "--name", "gw", "--siaddr", "10.0.0.1", "--until", "discovery"),
             'via=="siaddr"'),
            (("gateway", "--name", "gw", "--dns", zone), 'via=="CiscoCM1"'),
            (("phone", "--alternate-tftp", f"yes,{DEAD},{SERVER}", "--opt150", "10.9.9.9",
              "--until", "discovery"), "tftp2==env.S"),
            (("gateway", "--name", "gw", "--options", "66=10.0.0.2,150=10.0.0.3", "--until",
              "discovery"), 'tftp1=="10.0.0.3" && warn("66-and-150")'),
            (("phone", "--opt150", f"{SERVER},10.0.0.2,10.0.0.3", "--until", "discovery"),
             "servers==2"),
            (("phone", "--opt66", "multi.example", "--dns", zone), "servers==2")):
        emulate(lab, *words, "--expect", claim)


@case("rows 58 to 60: the order of precedence by kind, firmware and era")
def precedence(lab):
    emulate(lab, "gateway", "--all-methods", "--expect",
            'order==["local","ciscocm1","siaddr","150","sname","66"]')
    emulate(lab, "phone", "--model", "7941", "--fw", "8.0.4", "--all-methods", "--expect",
            'order==["alternate","150","66","siaddr","sname"]')
    emulate(lab, "phone", "--profile", "cm3", "--all-methods", "--expect", 'order[1]=="ciscocm1"')


@case("row 57: a device remembers who served it last")
def memory(lab):
    memory_file = lab.folder / "nvram"
    emulate(lab, "phone", "--nvram", memory_file, "--opt150", SERVER, "--until", "config")
    emulate(lab, "phone", "--nvram", memory_file, "--expect", 'via=="nvram" && served_by=="server1"')


@case("rows 70 to 72: an unknown phone gets the default, an old one asks for .cnf, a gateway nothing")
def unknown_devices(lab):
    emulate(lab, "phone", "--mac", "00:de:ad:00:00:02", "--tftp", SERVER, "--expect",
            'state=="default" && served_by=="server1"')
    emulate(lab, "phone", "--model", "12SP", "--tftp", SERVER, "--until", "rrq", "--expect",
            r'rrq matches "\.cnf$"')
    emulate(lab, "gateway", "--name", "SDA00dead0003", "--tftp", SERVER, "--expect",
            'state=="unconfigured"')


@case("row 77: a phone with an old load fetches the new one, resets once, and comes back with it")
def upgrade(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[4]
    appliance.dialtone("device", "set", phone, f"load={LOAD}")
    answer = emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER, "--fw", "old",
                     "--reset", "0", "--expect",
                     'loads_fetched==1 && resets==1 && fw==config.load && state=="configured"')
    part = [each for each in answer["files"] if each["name"] == f"{LOAD}.sbn"]
    expect_equal([each["bytes"] for each in part], [1 << 20], "bytes of the load")


@case("an impossible device is refused with all that is wrong")
def bad_input(lab):
    text = emulate(lab, "phone", "--model", "7999", "--vlan", "0", "--tftp", "here", code=2)
    for option in ("--model", "--vlan", "--tftp"):
        expect(option in text, f"{option} is not named: {text}")
    emulate(lab, "phone", "--tftp", SERVER, "--expect", 'state=="registered"', code=4)
    emulate(lab, "phone", "--tftp", SERVER, "--expect", "state==", code=2)


def storm(lab, *words, code=0, devices=None, origin=None):
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
                SERVER, "--first", "10.77.64.1", "--devices", devices, "--origin-list", origin,
                "--json", *words])
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
                "--link", PHONES_IF, "--tftp", SERVER, "--file", "ringlist.xml", "--then-get",
                "ringlist.xml", *words])
    expect_equal(done.returncode, 0, f"exit code of dialtone-emu hold: {done.stdout} {done.stderr}")


@case("row 24: a limit of 3,000 is in force at once, and its last transfer is served")
def hold_of_thousands(lab):
    lab.appliance.dialtone("param", "set", "maximum-serving-count", "3000")
    try:
        hold(lab, "--count", "2999", "--expect", 'held==2999 && answer=="data"')
        lab.appliance.dialtone("param", "set", "maximum-serving-count", "20")
        hold(lab, "--count", "20", "--expect", 'held==20 && answer=="busy"')
    finally:
        lab.appliance.dialtone("param", "unset", "maximum-serving-count")


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
