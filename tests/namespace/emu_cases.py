# SPDX-License-Identifier: Apache-2.0
"""Emulated devices against the real server, with the commands of the features' rows."""

import json
import os
import subprocess

import netns
from cases import case, expect, expect_equal
from netns import PHONES_IF, SERVER, SERVER6, enter
from processes import run

DEAD = "10.77.0.250"  # nobody has it
LOAD = "demo88xx.1-0-0"  # scripts/demo/assets.py
OWN = "10.77.9.1/16"
OWN6 = "fd00:77::901/64"


def emulation(lab, network, *words, address=OWN):
    """A command on the phones' side of a network, and its environment."""
    program = lab.program("bench/emu/dialtone-emu")
    environment = {**os.environ, "S": SERVER, "S6": SERVER6, "DIALTONE_EMU_LINK": PHONES_IF,
                   "DIALTONE_EMU_STATIC": address}
    return [*enter(network.campus), program, *words, "--json"], environment


def emulate(lab, *words, code=0, **options):
    """The result of a command, which must end with `code`; the document when it is 0."""
    command, environment = emulation(lab, lab.appliance.network, *words, **options)
    done = run(command, env=environment)
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
                     "--opt150", DEAD, "--until", "config", "--expect",
                     'dhcp_packets==0 && state=="configured" && tftp1==env.S && retries==0')
    config = [each for each in answer["files"] if each["role"] == "config"]
    expect_equal([each["name"] for each in config], [f"{phone}.cnf.xml"], "configurations")
    expect_equal(config[0]["bytes"], len(appliance.built(f"{phone}.cnf.xml")), "bytes")
    answer = emulate(lab, "phone", "--mac", "00:11:22:33:44:55", "--tftp", SERVER, "--until", "rrq",
                     "--expect", 'rrq=="SEP001122334455.cnf.xml"')
    expect_equal(answer["state"], "booting", "state")


@case("row 22: a phone of a non-secure cluster is told of no trust list, and nothing else is missing")
def trust_lists(lab):
    appliance = lab.appliance
    appliance.dialtone("counters", "--mark", "nonsecure")
    emulate(lab, "phone", "--mac", mac_of(appliance.phones("SIP")[2]), "--tftp", SERVER, "--expect",
            'state=="configured"')
    appliance.dialtone("counters", "--since", "nonsecure", "--assert",
                       "RequestsNotFound==RequestsNotFoundTrustList && RequestsNotFound>=1")


@case("row 4: a gateway comes up from its file alone")
def gateway_from_its_file(lab):
    name = "SDA001122334455"
    lab.appliance.dialtone("gateway", "add", name, "pool=London")
    answer = emulate(lab, "gateway", "--name", name, "--tftp", SERVER, "--expect", 'state=="configured"')
    expect(answer["configuration"]["cm"], "the gateway knows no call manager")
    lab.appliance.dialtone("gateway", "rm", name)


@case("a phone of IPv6 finds the server by neighbour discovery and boots")
def phone_over_ipv6(lab):
    phone = lab.appliance.phones("SIP")[1]
    emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER6, "--until", "config",
            "--expect", 'state=="configured" && family=="v6" && tftp1==env.S6', address=OWN6)


@case("rows 51, 52, 55, 56, 61 to 64: which server a device asks, and the traps")
def discovery(lab):
    zone = lab.folder / "zone.txt"
    zone.write_text(f"tftp.example {SERVER}\nmulti.example {SERVER} {DEAD}\n"
                    f"ciscocm1.campus.example {SERVER}\n")
    for words, claim in (
            (("phone", "--opt150", f"{SERVER},{DEAD}", "--until", "config"), "tftp1==env.S"),
            (("phone", "--opt66", "tftp.example", "--dns", zone, "--until", "config"),
             "tftp1==env.S"),
            (("phone", "--sname", "10.0.0.2", "--until", "discovery"), 'warn("sname-is-address")'),
            (("gateway", "--siaddr", "10.0.0.1", "--until", "discovery"),
             'via=="siaddr"'),
            (("gateway", "--dns", zone, "--until", "config"), 'via=="CiscoCM1"'),
            (("phone", "--alternate-tftp", f"yes,{DEAD},{SERVER}", "--opt150", "10.9.9.9",
              "--until", "discovery"), "tftp2==env.S"),
            (("gateway", "--options", "66=10.0.0.2,150=10.0.0.3", "--until",
              "discovery"), 'tftp1=="10.0.0.3" && warn("66-and-150")'),
            (("phone", "--opt150", f"{SERVER},10.0.0.2,10.0.0.3", "--until", "discovery"),
             "servers==2"),
            (("phone", "--opt66", "multi.example", "--dns", zone, "--until", "config"), "servers==2")):
        emulate(lab, *words, "--expect", claim)


@case("rows 58 to 60: the order of precedence by kind, firmware and era")
def precedence(lab):
    emulate(lab, "gateway", "--all-methods", "--expect",
            'order==["local","ciscocm1","siaddr","150","sname","66"]')
    emulate(lab, "phone", "--model", "7941", "--fw", "8.0.4", "--all-methods", "--expect",
            'order==["alternate","150","66","siaddr","sname"]')
    emulate(lab, "phone", "--profile", "cm3", "--all-methods", "--expect", 'order[1]=="ciscocm1"')


@case("rows 48 to 50: DHCP is on, at some gateways always")
def defaults(lab):
    emulate(lab, "phone", "--show-defaults", "--expect", "dhcp==true")
    refused = ("gateway", "--name", "SAA001122334455", "--type", "access-analog", "--no-dhcp")
    done = run([lab.program("bench/emu/dialtone-emu"), *refused, "--expect-error", "E_DHCP_FIXED"])
    expect_equal(done.returncode, 0, f"exit code of an expected refusal: {done.stderr}")
    done = run([lab.program("bench/emu/dialtone-emu"), *refused])
    expect_equal(done.returncode, 2, f"exit code of a refusal: {done.stderr}")
    lab.appliance.dialtone("gateway", "add", "SDA001122334466", "product=WS-X6608-T1")
    emulate(lab, "gateway", "--type", "cat6k", "--mac", "00:11:22:33:44:66", "--static", OWN, "--tftp",
            SERVER, "--expect", 'state=="configured"')
    lab.appliance.dialtone("gateway", "rm", "SDA001122334466")


@case("row 22: a phone without a trust list is counted, and not as a fault")
def nonsecure(lab):
    appliance = lab.appliance
    appliance.dialtone("counters", "--mark", "trust")
    emulate(lab, "phone", "--mac", mac_of(appliance.phones("SIP")[5]), "--nonsecure", "--tftp",
            SERVER, "--until", "config", "--expect", 'state=="configured"')
    appliance.dialtone("counters", "--since", "trust", "--assert",
                       "RequestsNotFound==RequestsNotFoundTrustList && RequestsNotFound>=2")


@case("row 57: a device remembers who served it last")
def memory(lab):
    memory_file = lab.folder / "nvram"
    emulate(lab, "phone", "--nvram", memory_file, "--opt150", SERVER, "--until", "config")
    emulate(lab, "phone", "--nvram", memory_file, "--until", "config", "--expect",
            'via=="nvram" && served_by=="server1"')


@case("row 72: an unknown phone gets the default, an old one asks for .cnf, a gateway nothing")
def unknown_devices(lab):
    emulate(lab, "phone", "--mac", "00:de:ad:00:00:02", "--tftp", SERVER, "--until", "config",
            "--expect", 'state=="default" && served_by=="server1"')
    emulate(lab, "phone", "--model", "12SP", "--tftp", SERVER, "--until", "rrq", "--expect",
            r'rrq matches "\.cnf$"')
    emulate(lab, "gateway", "--name", "SDA00dead0003", "--tftp", SERVER, "--until", "config",
            "--expect", 'state=="unconfigured"')


@case("row 77: a phone with an old load fetches the new one, resets once, and comes back with it")
def upgrade(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[4]
    appliance.dialtone("device", "set", phone, f"load={LOAD}")
    answer = emulate(lab, "phone", "--mac", mac_of(phone), "--tftp", SERVER, "--fw", "old",
                     "--reset", "0", "--until", "config", "--expect",
                     'loads_fetched==1 && resets==1 && fw==configuration.load && state=="configured"')
    part = [each for each in answer["files"] if each["name"] == f"{LOAD}.sbn"]
    expect_equal([each["bytes"] for each in part], [1 << 20], "bytes of the load")


@case("row 33: a phone that nobody knows has the default; row 36: a user who changes the ring has the list")
def default_and_ring_list(lab):
    emulate(lab, "phone", "--mac", "00:de:ad:00:00:01", "--tftp", SERVER, "--until", "config",
            "--expect", 'config=="XMLDefault.cnf.xml" && state=="default"')
    emulate(lab, "phone", "--mac", mac_of(lab.appliance.phones("SCCP")[0]), "--tftp", SERVER, "--until",
            "config", "--action", "change-ring", "--expect",
            'fetched("RINGLIST.XML") && config!="XMLDefault.cnf.xml"')


@case("an impossible device is refused with all that is wrong")
def bad_input(lab):
    text = emulate(lab, "phone", "--model", "7999", "--vlan", "0", "--tftp", "here", code=2)
    for option in ("--model", "--vlan", "--tftp"):
        expect(option in text, f"{option} is not named: {text}")
    emulate(lab, "phone", "--tftp", SERVER, "--until", "config", "--expect", 'state=="registered"',
            code=4)
    emulate(lab, "phone", "--tftp", SERVER, "--expect", "state==", code=2)


@case("an interface that cannot be used is named, and after a run it is as it was")
def interface(lab):
    network = lab.appliance.network
    program = lab.program("bench/emu/dialtone-emu")
    phone = ("phone", "--static", OWN, "--tftp", SERVER, "--until", "config")

    def refused(code, what, *words, prefix=()):
        done = run([*enter(network.campus), *prefix, program, *words])
        expect_equal(done.returncode, code, f"exit code of {words}: {done.stderr.strip()}")
        expect(what in done.stderr, f"{what!r} is not said: {done.stderr}")

    refused(2, "no interface 'nosuch0'", *phone, "--link", "nosuch0")
    netns.ip_in(network.campus, "link", "add", "down0", "type", "veth", "peer", "name",
                "down1")
    refused(2, "down0 is down", *phone, "--link", "down0")
    netns.ip_in(network.campus, "link", "del", "down0")
    refused(7, "setcap", *phone, "--link", PHONES_IF,
            prefix=("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"))
    storm_words = ("storm", "--link", PHONES_IF, "--tftp", SERVER, "--phones", "1")
    refused(2, "--first", *storm_words, "--first", "0.0.0.0")
    refused(1, "--record", *storm_words, "--record", program / "x")
    missing = lab.folder / "nosuch"
    for words in ((*storm_words, "--devices", missing), (*storm_words, "--origin-list", missing),
                  (*phone, "--link", PHONES_IF, "--dns", missing), ("cm", "--devices", missing),
                  ("report", missing, "-o", lab.folder / "x.html")):
        refused(2, str(missing), *words)
    emulate(lab, *phone)
    flags = run([*enter(network.campus), "ip", "-d", "link", "show", PHONES_IF]).stdout
    expect("PROMISC" not in flags and "promiscuity 0" in flags, f"left behind: {flags}")
    with open("/dev/full", "w") as full:
        done = subprocess.run([*enter(network.campus), program, *phone, "--link", PHONES_IF],
                              stdout=full, stderr=subprocess.PIPE, timeout=60)
    expect_equal(done.returncode, 1, f"exit code with a full disk: {done.stderr}")
