# SPDX-License-Identifier: Apache-2.0
"""How the appliance's addresses are made known, and another host that has one of them."""

import contextlib
import json

import netns
from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance
from health_cases import wait_warning
from network_cases import ping
from option_cases import counter
from processes import run

STALE = "02:00:00:00:00:99"
OURS = "02:44:0a:4d:00:01"


def neighbours(campus):
    """Address → MAC, as the phones' kernel knows them."""
    done = run([*netns.enter(campus), "ip", "-json", "neigh", "show", "dev", netns.PHONES_IF])
    return {each["dst"]: each.get("lladdr") for each in json.loads(done.stdout)}


def mac_of(campus):
    done = run([*netns.enter(campus), "ip", "-json", "link", "show", netns.PHONES_IF])
    return json.loads(done.stdout)[0]["address"]


@case("at its start it announces its addresses: a kernel that knew another MAC learns the new one")
def announced(lab):
    with contextlib.closing(FolderAppliance(lab, "a", address6=netns.SERVER6)) as appliance:
        campus = appliance.network.campus
        with appliance.network.with_ipv6():
            for address in (netns.SERVER, netns.SERVER6):
                netns.ip_in(campus, "neigh", "add", address, "lladdr", STALE, "dev",
                            netns.PHONES_IF, "nud", "stale")
            appliance.start()
            for address in (netns.SERVER, netns.SERVER6):
                appliance.wait_for(lambda: neighbours(campus).get(address) == OURS,
                                   f"{address} is announced")


@case("another host has an address of ours: the log names both, IPv6 is served when it has gone "
      "(RFC 5227, 4862)")
def conflicts(lab):
    with contextlib.closing(FolderAppliance(lab, "d", address6=netns.SERVER6)) as appliance:
        campus = appliance.network.campus
        with appliance.network.with_ipv6():
            netns.ip_in(campus, "addr", "add", f"{netns.SERVER6}/{netns.NET_BITS6}", "dev",
                        netns.PHONES_IF, "nodad")
            netns.ip_in(campus, "addr", "add", f"{netns.SERVER}/{netns.NET_BITS}", "dev",
                        netns.PHONES_IF)
            appliance.start()
            other = f"another host, MAC {mac_of(campus)}, has the address"
            appliance.dataplane.wait_line(f"{other} {netns.SERVER6}: it is not served")
            mark = appliance.dataplane.mark()
            for host in range(10, 15):  # an ARP request is a claim: its sender has that address
                run([*netns.enter(campus), "busybox", "ping", "-c", "1", "-W", "1", "-I",
                     netns.SERVER, f"10.77.0.{host}"])
            appliance.dataplane.wait_line(f"{other} {netns.SERVER}: clients reach one or the other")
            expect_equal(appliance.dataplane.text(mark).count(f"{other} {netns.SERVER}:"), 1,
                         "warnings within a minute")
            expect(counter(appliance, "address_conflicts") >= 2, "frames that claim an address")
            expect_equal(counter(appliance, "addresses_lost"), 1, "addresses that are not served")
            wait_warning(appliance, "an IPv6 address of the dataplane is not served, for ")
            wait_warning(appliance, "another host has an address of the dataplane: ")
            netns.ip_in(campus, "addr", "del", f"{netns.SERVER6}/{netns.NET_BITS6}", "dev",
                        netns.PHONES_IF)
            # Asked for again after 5 s, 10 s and 20 s, and up to a quarter more.
            appliance.wait_for(lambda: counter(appliance, "addresses_lost") == 0,
                               "it is taken up again", 30)
            appliance.dataplane.wait_line(f"the address {netns.SERVER6} is served again")
            ping(campus, netns.SERVER6)
