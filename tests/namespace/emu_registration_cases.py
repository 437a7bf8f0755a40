# SPDX-License-Identifier: Apache-2.0
"""Emulated devices register with a played Unified CM, over TCP of their own."""

import contextlib
import json
import re
import threading

import netns
from cases import case, expect_equal
from emu_cases import emulate, mac_of
from netns import APPLIANCE_IF, SERVER, enter
from processes import Process
from tftp import Endpoint, Transfer

CM = "10.77.0.5"


def call_managers_of(lab, phone):
    """(name, address) of each in a phone's file, by priority."""
    text = lab.appliance.built(f"{phone}.cnf.xml").decode()
    return re.findall(r"<callManager>\s*<name>([^<]*)</name>.*?<processNodeName>([^<]*)<", text, re.S)


def listed_addresses(lab):
    shared = json.loads((lab.appliance.campus / "campus.json").read_text())
    return [node["address"] for node in shared["cm_nodes"]]


@contextlib.contextmanager
def call_manager(lab, *words):
    """The kernel of the appliance's side has the addresses of all call managers of the campus."""
    network = lab.appliance.network
    addresses = [f"{CM}/16", *(f"{address}/32" for address in listed_addresses(lab))]
    log = lab.folder / "cm.log"
    log.unlink(missing_ok=True)
    process = Process("cm", [*enter(network.appliance), lab.program("bench/emu/dialtone-emu"), "cm",
                             "--json", *words], log, lab.folder)
    for address in addresses:
        netns.ip_in(network.appliance, "addr", "add", address, "dev", APPLIANCE_IF)
    try:
        process.start()
        process.wait_line("call manager at")
        yield process
    finally:
        if process.is_alive():
            expect_equal(process.stop(), 0, "exit code of dialtone-emu cm")
        for address in addresses:
            netns.ip_in(network.appliance, "addr", "del", address, "dev", APPLIANCE_IF)


def verdicts(process):
    return [(event["device"], event["verdict"])
            for event in map(json.loads, process.text().splitlines()[1:])]


@case("rows 17, 47, 75, 78: a phone that is known registers, one with SIP with each of its lines")
def known_phones(lab):
    appliance = lab.appliance
    sccp, sip = appliance.phones("SCCP")[0], appliance.phones("SIP")[0]
    with call_manager(lab) as manager:
        emulate(lab, "phone", "--mac", mac_of(sccp), "--tftp", SERVER, "--expect",
                'state=="registered" && dhcp_packets==0 && load_source!="cm"')
        answer = emulate(lab, "phone", "--mac", mac_of(sip), "--model", "7961", "--sip", "--tftp",
                         SERVER, "--expect", 'state=="registered"')
        lines = appliance.built(f"{sip}.cnf.xml").decode().count("<featureID>9</featureID>")
        expect_equal(answer["lines_up"], lines, "lines of the phone")
        two = next(phone for phone in appliance.phones("SIP")
                   if appliance.built(f"{phone}.cnf.xml").count(b"<featureID>9</featureID>") >= 2)
        emulate(lab, "phone", "--mac", mac_of(two), "--sip", "--lines", "2", "--tftp", SERVER,
                "--expect", "lines_up==2")
        expect_equal(verdicts(manager)[0], (sccp, "registered"), "what the call manager saw first")


@case("rows 70, 71: an unknown phone registers by itself, a gateway is rejected")
def unknown_devices(lab):
    devices = lab.folder / "cm-devices.txt"
    devices.write_text("# nobody\n")
    zone = lab.folder / "cm-zone.txt"
    zone.write_text(f"CiscoCM1 {CM}\n")
    with call_manager(lab, "--auto-register", "--devices", devices) as manager:
        emulate(lab, "phone", "--mac", "00:de:ad:00:00:02", "--tftp", SERVER, "--profile", "cm5",
                "--dns", zone, "--expect", 'state=="auto-registered"')
        emulate(lab, "gateway", "--name", "SDA00dead0003", "--tftp", SERVER, "--profile", "cm5",
                "--dns", zone, "--expect", 'state=="rejected"')
        expect_equal(verdicts(manager), [("SEP00DEAD000002", "auto-registered"),
                                         ("SDA00dead0003", "rejected")], "verdicts")


@case("row 70: a phone that registered by itself is taken into the database, and registers by its name")
def recorded(lab):
    appliance = lab.appliance
    devices, zone = lab.folder / "cm-devices.txt", lab.folder / "cm-zone.txt"
    devices.write_text("# nobody\n")
    zone.write_text(f"CiscoCM1 {CM}\n")
    record = lab.folder / "registered.csv"
    phone = ("phone", "--mac", "00:de:ad:00:00:02", "--tftp", SERVER, "--profile", "cm5", "--dns", zone,
             "--expect")
    with call_manager(lab, "--auto-register", "--devices", devices, "--record", record,
                      "--first-number", "5001"):
        emulate(lab, *phone, 'state=="auto-registered"')
        appliance.dialtone("import", "csv", record)
        try:
            shown = appliance.dialtone("device", "show", "SEP00DEAD000002")["device"]
            expect_equal((shown["model"], shown["line1.dn"]), ("Cisco 7941", "5001"), "the device")
            emulate(lab, *phone, 'state=="registered" && config=="SEP00DEAD000002.cnf.xml"')
        finally:
            appliance.dialtone("device", "rm", "SEP00DEAD000002")


@case("row 73: a phone without a call manager takes that of its era")
def fallback(lab):
    phone = lab.appliance.phones("SCCP")[1]
    zone = lab.folder / "cm-zone.txt"
    zone.write_text(f"CiscoCM1 {CM}\n")
    with call_manager(lab):
        emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER, "--empty-cm-list",
                "--profile", "cm9", "--expect", 'cm=="tftp-server" && state=="configured"')
        emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER, "--empty-cm-list",
                "--profile", "cm3", "--local-tftp", SERVER, "--dns", zone, "--expect",
                'cm=="CiscoCM1" && state=="registered"')


@case("row 74: the next call manager takes the phone when the first is down")
def order(lab):
    phone = lab.appliance.phones("SCCP")[2]
    (first, _), (second, _) = call_managers_of(lab, phone)[:2]
    with call_manager(lab):
        emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER, "--expect",
                f'registered_with=="{first}"')
        emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER, "--cm-down", first,
                "--expect", f'registered_with=="{second}" && cm=="{first}"')


@case("row 76: the load of a phone with a .cnf comes from its call manager")
def load_of_an_old_phone(lab):
    appliance = lab.appliance
    source = lab.folder / "SEPDefault.cnf"
    source.write_bytes(bytes(17))
    appliance.dialtone("files", "put", source)
    zone = lab.folder / "cm-zone.txt"
    zone.write_text(f"CiscoCM1 {CM}\n")
    with call_manager(lab, "--load", "P002A041"):
        emulate(lab, "phone", "--model", "12SP", "--tftp", SERVER, "--profile", "cm3", "--dns",
                zone, "--expect", 'load_source=="cm" && fw=="P002A041" && state=="auto-registered"')


@case("row 79: a phone with an ITL never registers with a Unified CM from before 8.0, and doctor says so")
def without_security_by_default(lab):
    appliance = lab.appliance
    phone = appliance.phones("SCCP")[4]
    (first, _), *_ = call_managers_of(lab, phone)
    claim = ("doctor", "--assert", 'warn("sbd-mismatch")')
    itl, signed = lab.folder / "ITLFile.tlv", lab.folder / f"{phone}.cnf.xml.sgn"
    itl.write_bytes(b"list")
    # As from another signer; the emulated phone verifies no signature.
    signed.write_bytes(bytes([1, 0, 2, 1, 0, 2, 0, 2, 0, 12]) + b"xy"
                       + appliance.built(f"{phone}.cnf.xml"))
    campus = lab.folder / "release.json"

    def say_release(version):
        campus.write_text(json.dumps({"cm_nodes": [{"name": first, "version": version}]}))
        appliance.dialtone("import", "json", campus)

    try:
        say_release("7.1(5)")
        expect_equal(appliance.dialtone_raw(*claim).returncode, 4, "doctor without an ITL")
        appliance.dialtone("files", "put", itl, signed)
        appliance.dialtone(*claim)
        loop = ("phone", "--mac", mac_of(phone), "--tftp", SERVER, "--reset", "0.5", "--for", "8",
                "--expect")
        with call_manager(lab, "--no-sbd"):
            emulate(lab, *loop, f'sbd_loops>=2 && state!="registered" && timed_out && fetched("ITL{phone}.tlv")')
            emulate(lab, *loop, 'state=="registered" && sbd_loops==0', "--nonsecure")
        with call_manager(lab):
            emulate(lab, *loop, 'state=="registered" && sbd_loops==0')
        say_release("12.5.1")
        expect_equal(appliance.dialtone_raw(*claim).returncode, 4, "doctor with a newer release")
    finally:
        appliance.dialtone("files", "rm", itl.name, signed.name)
        say_release("")


@case("row 25: a phone that is told to come back later does so, and registers")
def told_to_come_back(lab):
    with call_manager(lab):
        emulate(lab, "phone", "--mac", mac_of(lab.appliance.phones("SCCP")[3]), "--tftp", SERVER,
                "--while-busy", "5s", "--expect", 'retries>=1 && state=="registered"')


@case("row 25: a phone that a full server turns away comes back, and registers")
def busy(lab):
    appliance = lab.appliance
    phone = appliance.phones("SCCP")[3]
    name = f"{phone}.cnf.xml"
    appliance.dialtone("param", "set", "maximum-serving-count", "1")
    try:
        with call_manager(lab), Endpoint(appliance.network.campus) as endpoint:
            slow = threading.Thread(target=Transfer(endpoint, name).finish, args=(0.3,))
            slow.start()
            emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER, "--expect",
                    'retries>=1 && state=="registered"')
            slow.join()
    finally:
        appliance.dialtone("param", "unset", "maximum-serving-count")
