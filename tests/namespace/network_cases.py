# SPDX-License-Identifier: Apache-2.0
"""Stock clients over IPv6, and behind VLAN tags."""

import os
import signal
import struct
import subprocess

import netns
import tftp
from cases import case, expect, expect_equal
from client_cases import LOAD
from clients import fetch_with_all, with_options
from option_cases import counter
from processes import run
from tagging_switch import TaggingSwitch

NAMES = ("RingList.xml", LOAD)


def wanted_of(appliance):
    return {name: (appliance.assets / name).read_bytes() for name in NAMES}


def ping(namespace, address):
    for _ in range(5):  # an interface that was just made may lose its first packets
        done = run([*netns.enter(namespace), "busybox", "ping", "-c", "1", "-W", "1", address])
        if done.returncode == 0:
            return
    expect_equal(done.returncode, 0, f"exit code of ping {address} ({done.stdout.strip()[-200:]})")


@case("over IPv6: four stock clients and large blocks, byte for byte; ping finds it (RFC 4861, 4443)")
def ipv6(lab):
    appliance = lab.appliance
    wanted = wanted_of(appliance)
    with appliance.network.with_ipv6():
        ping(appliance.network.campus, netns.SERVER6)
        netns.ip_in(appliance.network.campus, "-6", "neigh", "flush", "dev", netns.PHONES_IF)
        ping(appliance.network.campus, netns.SERVER6)  # a second after its start it is asked for
        fetch_with_all(appliance, NAMES, wanted, "ipv6", server=netns.SERVER6)
        fetch_with_all(appliance, NAMES, wanted, "ipv6-options", with_options(1428, 16),
                       server=netns.SERVER6)
    expect(counter(appliance, "neighbour_replies") > 0, "no solicitation was answered")


@case("over IPv6 as over IPv4: the kernel's client and IPv4 ones at the same time")
def both_versions(lab):
    appliance = lab.appliance
    wanted = wanted_of(appliance)
    with appliance.network.with_ipv6():
        fetch_with_all(appliance, NAMES, wanted, "both-v6", server=netns.SERVER6)
        fetch_with_all(appliance, NAMES, wanted, "both-v4")


@case("behind a VLAN tag, and behind two: four stock clients, byte for byte; ping and ARP too")
def vlans(lab):
    appliance = lab.appliance
    wanted = wanted_of(appliance)
    # Not 0x88a8 outside: DPDK's driver for packet sockets gives every outer tag the type 0x8100.
    for name, tags in (("vlan", [(0x8100, 100)]), ("qinq", [(0x8100, 7), (0x8100, 100)])):
        with TaggingSwitch(appliance.network, tags) as switch:
            ping(switch.phone, netns.SERVER)
            fetch_with_all(appliance, NAMES, wanted, name, campus=switch.phone)


def longest_frame(path):
    """The longest of a capture, in bytes of the wire without its checksum."""
    data, at, longest = path.read_bytes(), 24, 0
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        longest, at = max(longest, length), at + 16 + length
    return longest


@case("blksize 1468 behind a VLAN tag, and behind two: granted, or cut by 4, byte for byte (RFC 2348)")
def vlans_large_blocks(lab):
    """A kernel sends a frame of 1518 bytes where the MTU is 1500: one tag beside a full packet."""
    appliance = lab.appliance
    wanted = wanted_of(appliance)
    for name, tags, granted in (("vlan", [(0x8100, 100)], 1468),
                                ("qinq", [(0x8100, 7), (0x8100, 100)], 1464)):
        capture = appliance.folder / f"{name}-large.pcap"
        with TaggingSwitch(appliance.network, tags, capture=capture) as switch:
            ping(switch.phone, netns.SERVER)
            with tftp.Endpoint(switch.phone) as endpoint:
                asked = tftp.request(LOAD) + b"blksize\0" + b"1468\0"
                answer = endpoint.ask(asked, seconds=5)
                expect_equal((answer.opcode, answer.payload.split(b"\0")[1]),
                             (6, str(granted).encode()), f"{name}: OACK, and its blksize")
                endpoint.send(struct.pack(">HH", tftp.ERROR, 0) + b"enough\0", answer.address[1])
            fetch_with_all(appliance, NAMES, wanted, f"{name}-large", with_options(1468, 8),
                           campus=switch.phone)
        expect_equal(longest_frame(capture), 14 + 4 + 1500, f"{name}: bytes of the longest frame")


@case("a client that is killed: the kernel says so by ICMP, and its transfer ends at once (T78)")
def killed_client(lab):
    appliance = lab.appliance
    before = counter(appliance, "transfers_unreachable")
    held = subprocess.Popen([*netns.enter(appliance.network.campus), "curl", "-sS", "--limit-rate",
                             "20k", "-o", os.devnull, f"tftp://{netns.SERVER}/{LOAD}"],
                            stderr=subprocess.DEVNULL)
    try:
        appliance.wait_for(lambda: counter(appliance, "sessions_active") > 0, "the transfer runs")
    finally:
        held.send_signal(signal.SIGKILL)
        held.wait()
    appliance.wait_for(lambda: counter(appliance, "transfers_unreachable") > before,
                       "its end is noticed")
