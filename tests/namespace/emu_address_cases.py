# SPDX-License-Identifier: Apache-2.0
"""Emulated devices learn of their server from a real DHCP and DNS server, dnsmasq."""

import json

from cases import case, expect, expect_equal
from dhcp_servers import ANSWERER, ANSWERER6, RANGE, RANGE6, dnsmasq, isc, kea, with_ipv6
from emu_cases import OWN6, emulate, mac_of
from netns import SERVER, SERVER6


@case("row 46: a phone gets address, mask, router, DNS and TFTP server from a real DHCP server")
def dhcp(lab):
    phone = lab.appliance.phones("SIP")[3]
    with dnsmasq(lab, "--port=0", RANGE, "--dhcp-option=3,10.77.0.2", "--dhcp-option=6,10.77.0.2",
                 f"--dhcp-option=150,{SERVER}"):
        answer = emulate(lab, "phone", "--mac", mac_of(phone), "--until", "config", "--expect",
                         'fields==5 && dhcp_packets==4 && via=="150" && tftp1==env.S && '
                         'state=="configured"', address="")
        expect(answer["address"].startswith("10.77.40."), f"address {answer['address']}")
        answer = emulate(lab, "phone", "--mac", mac_of(phone), "--until", "dhcp", "--expect",
                         "fields==5 && dhcp_packets==4", address="")
        expect_equal(answer["files"], [], "files that were asked for")
    said = lab.folder / "dhcp.json"
    said.write_text(json.dumps(answer["dhcp"]))
    emulate(lab, "phone", "--dhcp-from", said, "--until", "dhcp", "--expect",
            "fields==5 && dhcp_packets==0 && tftp1==env.S", address="")
    emulate(lab, "phone", "--mac", mac_of(phone), "--dhcp-from", said, "--until", "config", "--expect",
            'state=="configured"', address="")


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


@case("dhcp snippet: a phone is led to its servers by dnsmasq with what is printed; dhcp lint agrees")
def snippet(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[3]
    printed = appliance.dialtone("dhcp", "snippet", "dnsmasq", "--tftp", f"{SERVER},10.77.0.250")
    config = lab.folder / "phones.conf"
    config.write_text(RANGE.removeprefix("--") + "\n" + printed["text"])
    with dnsmasq(lab, "--port=0", config=config):
        answer = emulate(lab, "phone", "--mac", mac_of(phone), "--until", "config", "--expect",
                         'via=="150" && tftp1==env.S && servers==2 && state=="configured"',
                         address="")
        expect_equal(answer["warnings"], [], "warnings")
        emulate(lab, "phone", "--mac", mac_of(phone), "--profile", "cm3", "--until", "config",
                "--expect", 'via=="siaddr" && tftp1==env.S', address="")
    found = appliance.dialtone("dhcp", "lint", config, "--tftp", SERVER)
    expect_equal((found["scopes"], found["findings"]), (1, []), "what lint found")
    config.write_text("dhcp-range=10.77.40.1,10.77.40.99\ndhcp-option=66,10.77.0.1\n"
                      "dhcp-option=150,10.77.0.9,10.77.0.1\n")
    text = appliance.dialtone_raw("dhcp", "lint", config, "--tftp", SERVER, "--assert",
                                  "scopes_wrong == 1").stdout
    for code in ("66-and-150", "other-server"):
        expect(code in text, f"{code} is not said: {text}")
    expect_equal(appliance.dialtone_raw("dhcp", "lint", config).returncode, 4, "exit code of lint")


@case("dhcp snippet: a phone is led to its servers by Kea and by ISC dhcpd with what is printed, too")
def snippets_of_others(lab):
    appliance = lab.appliance
    phone = ("phone", "--mac", mac_of(appliance.phones("SIP")[3]), "--until", "config")
    for kind, server in (("kea", kea), ("isc", isc)):
        printed = appliance.dialtone("dhcp", "snippet", kind, "--tftp", f"{SERVER},10.77.0.250",
                                     "--assert", 'has("150")')
        with server(lab, printed["text"]):
            answer = emulate(lab, *phone, "--expect",
                             'via=="150" && tftp1==env.S && servers==2 && state=="configured"',
                             address="")
            expect(answer["address"].startswith("10.77.40."), f"address by {kind}: {answer['address']}")
            expect_equal(answer["warnings"], [], f"warnings with {kind}")
        printed = appliance.dialtone("dhcp", "snippet", kind, "--tftp", SERVER6)
        with with_ipv6(lab), server(lab, printed["text"], v6=True):
            answer = emulate(lab, *phone, "--v6", "--expect",
                             'via=="subopt1" && tftp1==env.S6 && state=="configured"', address="")
            expect(answer["address"].startswith("fd00:77::4"), f"address by {kind}: {answer['address']}")
            # It does not say what it is.
            emulate(lab, "gateway", "--name", "gw", "--until", "config", "--v6", "--expect",
                    'via=="subopt1" && tftp1==env.S6', address="")


@case("rows 65, 66: a phone of IPv6 finds its server by vendor options of a real DHCPv6 server")
def dhcpv6(lab):
    phone = lab.appliance.phones("SIP")[3]
    mac = ("--mac", mac_of(phone), "--until", "config")
    with with_ipv6(lab):
        with dnsmasq(lab, "--port=0", RANGE6, f"--dhcp-option=vi-encap:9,option6:1,[{SERVER6}]",
                     addresses=()):
            answer = emulate(lab, "phone", *mac, "--v6", "--expect",
                             'via=="subopt1" && tftp1==env.S6 && dhcp_packets==4 && '
                             'state=="configured"', address="")
            expect(answer["address"].startswith("fd00:77::4"), f"address {answer['address']}")
        with dnsmasq(lab, RANGE6, "--dhcp-option=vi-encap:9,option6:2,tftp.example",
                     f"--dhcp-option=option6:dns-server,[{ANSWERER6}]", "--local=/example/",
                     f"--host-record=tftp.example,{SERVER6}", addresses=()):
            emulate(lab, "phone", *mac, "--v6", "--expect",
                    'via=="subopt2" && tftp1==env.S6 && state=="configured"', address="")
    emulate(lab, "phone", *mac, "--static", OWN6, "--v6", "--vendor-subopt", f"1={SERVER6}",
            "--expect", "tftp1==env.S6")


@case("row 67: a phone of both families takes the one that leads to a server")
def dual_stack(lab):
    phone = lab.appliance.phones("SIP")[3]
    with with_ipv6(lab):
        for options, family in (((RANGE, f"--dhcp-option=150,{SERVER}"), "v4"), ((), "v6")):
            with dnsmasq(lab, "--port=0", *options, RANGE6,
                         f"--dhcp-option=vi-encap:9,option6:1,[{SERVER6}]"):
                emulate(lab, "phone", "--mac", mac_of(phone), "--dual", "--until", "config",
                        "--expect", f'family=="{family}" && state=="configured"', address="")
