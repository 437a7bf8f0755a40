# SPDX-License-Identifier: Apache-2.0
"""Requests over IPv6 in fragments. No kernel cuts a datagram of 512 bytes there, since each link
carries 1280: a packet socket of the campus sends the pieces, and the kernel takes the answers."""

import socket
import struct

import netns
from cases import case, expect_equal
from network_cases import ping
from option_cases import counter
from protocol_cases import MAC
from tftp import DATA, PORT, request

FRAGMENT, HOP_BY_HOP = 44, 0


def udp(source_port, payload):
    """A datagram with its checksum (RFC 8200 8.1)."""
    ends = b"".join(socket.inet_pton(socket.AF_INET6, end) for end in (netns.CLIENT6, netns.SERVER6))
    length = 8 + len(payload)
    header = struct.pack(">HHH", source_port, PORT, length)
    summed = ends + struct.pack(">IHH", length, 0, socket.IPPROTO_UDP) + header + b"\0\0" + payload
    total = sum(struct.unpack(f">{(len(summed) + 1) // 2}H", summed + b"\0" * (len(summed) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return header + struct.pack(">H", ~total & 0xffff or 0xffff) + payload


def pieces(datagram, size, number):
    """Fragment headers with their part of it (RFC 8200 4.5)."""
    for at in range(0, len(datagram), size):
        more = at + size < len(datagram)
        yield struct.pack(">BBHI", socket.IPPROTO_UDP, 0, at | more, number) + datagram[at:at + size]


def frame(source, first_header, payload):
    ip = struct.pack(">IHBB", 6 << 28, len(payload), first_header, 64)
    ends = b"".join(socket.inet_pton(socket.AF_INET6, end) for end in (netns.CLIENT6, netns.SERVER6))
    return MAC + source + b"\x86\xdd" + ip + ends + payload


@case("over IPv6 a request in fragments is served; behind another header they are dropped (T13)")
def fragmented(lab):
    appliance = lab.appliance
    campus = appliance.network.campus
    content = (appliance.assets / "RingList.xml").read_bytes()
    with appliance.network.with_ipv6():
        ping(campus, netns.SERVER6)
        with netns.inside(campus):
            phone = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        with phone, link:
            link.bind((netns.PHONES_IF, 0))
            phone.bind((netns.CLIENT6, 0))
            phone.settimeout(2)
            mac = link.getsockname()[4]
            asked = udp(phone.getsockname()[1], request("RingList.xml"))
            before = {name: counter(appliance, name)
                      for name in ("fragments", "datagrams_joined", "drop_fragment")}
            sent = list(pieces(asked, 16, 4711))
            for piece in reversed(sent):  # the last one first
                link.send(frame(mac, FRAGMENT, piece))
            answer, server = phone.recvfrom(2048)
            expect_equal(answer[:4], struct.pack(">HH", DATA, 1), "the answer")
            expect_equal(answer[4:], content[:512], "block 1")
            phone.sendto(struct.pack(">HH", 5, 0) + b"enough\0", server)
            expect_equal(counter(appliance, "datagrams_joined") - before["datagrams_joined"], 1,
                         "requests joined")
            expect_equal(counter(appliance, "fragments") - before["fragments"], len(sent), "fragments")
            options = struct.pack(">BB6s", FRAGMENT, 0, b"\1\4\0\0\0\0")  # 6 bytes of padding
            for piece in pieces(asked, 16, 4712):
                link.send(frame(mac, HOP_BY_HOP, options + piece))
            appliance.wait_for(
                lambda: counter(appliance, "drop_fragment") - before["drop_fragment"] == len(sent),
                "they are dropped")
