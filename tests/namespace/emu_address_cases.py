# SPDX-License-Identifier: Apache-2.0
"""Emulated devices learn of their server from a real DHCP and DNS server, dnsmasq."""

import contextlib

import netns
from cases import case, expect
from emu_cases import emulate, mac_of
from netns import APPLIANCE_IF, SERVER, enter
from processes import Process

ANSWERER = "10.77.0.3"


@contextlib.contextmanager
def dnsmasq(lab, *options, addresses=(f"{ANSWERER}/16",)):
    """On the appliance's side of the link, with addresses of its own there."""
    network = lab.appliance.network
    log = lab.folder / "dnsmasq.log"
    log.unlink(missing_ok=True)
    server = Process("dnsmasq", [
        *enter(network.appliance), "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
        "--user=root", f"--interface={APPLIANCE_IF}", "--except-interface=lo", "--bind-interfaces",
        "--no-resolv", "--no-hosts", "--log-facility=-", "--log-dhcp", "--no-ping",
        "--dhcp-authoritative", f"--dhcp-leasefile={lab.folder / 'leases'}", *options],
        log, lab.folder)
    for address in addresses:
        netns.ip_in(network.appliance, "addr", "add", address, "dev", APPLIANCE_IF)
    try:
        server.start()
        server.wait_line("started")
        yield server
    finally:
        if server.is_alive():
            server.stop()
        for address in addresses:
            netns.ip_in(network.appliance, "addr", "del", address, "dev", APPLIANCE_IF)
        (lab.folder / "leases").unlink(missing_ok=True)


RANGE = "--dhcp-range=10.77.40.1,10.77.40.99,255.255.0.0"


@case("row 46: a phone gets address, mask, router, DNS and TFTP server from a real DHCP server")
def dhcp(lab):
    phone = lab.appliance.phones("SIP")[3]
    with dnsmasq(lab, "--port=0", RANGE, "--dhcp-option=3,10.77.0.2", "--dhcp-option=6,10.77.0.2",
                 f"--dhcp-option=150,{SERVER}"):
        answer = emulate(lab, "phone", "--mac", mac_of(phone), "--until", "config", "--expect",
                         'fields==5 && dhcp_packets==4 && via=="150" && tftp1==env.S && '
                         'state=="configured"', address="")
        expect(answer["address"].startswith("10.77.40."), f"address {answer['address']}")


@case("rows 52, 53, 64: names of TFTP servers are asked of a real DNS server")
def dns(lab):
    phone = lab.appliance.phones("SIP")[3]
    empty = lab.folder / "empty"  # of a second TFTP server: which of the two comes first is DNS's
    empty.mkdir(exist_ok=True)
    with dnsmasq(lab, RANGE, f"--dhcp-option=6,{ANSWERER}", "--dhcp-option=15,campus.example",
                 "--dhcp-option=66,multi.example", "--local=/example/",
                 f"--host-record=tftp.example,{SERVER}", f"--host-record=multi.example,{SERVER}",
                 f"--host-record=multi.example,{ANSWERER}", "--enable-tftp", f"--tftp-root={empty}",
                 "--cname=ciscocm1.campus.example,tftp.example"):
        emulate(lab, "gateway", "--name", "gw", "--until", "config", "--expect",
                'via=="CiscoCM1" && tftp1==env.S && dns_questions==1', address="")
        emulate(lab, "phone", "--mac", mac_of(phone), "--until", "config", "--expect",
                'via=="66" && servers==2', address="")
        emulate(lab, "phone", "--mac", mac_of(phone), "--dns-server", ANSWERER, "--opt66",
                "tftp.example", "--until", "config", "--expect",
                'tftp1==env.S && state=="configured"')
        emulate(lab, "phone", "--dns-server", ANSWERER, "--opt66", "nobody.example", "--until",
                "config", "--expect", 'warn("name-unresolved") && state=="no-server"')
