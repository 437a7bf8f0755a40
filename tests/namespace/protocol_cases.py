# SPDX-License-Identifier: Apache-2.0
"""What the wire sees: errors, odd packets, ARP and ping."""

import binascii
import os
import socket
import struct
import time

import netns
from cases import case, expect, expect_equal
from tftp import ACK, DATA, RRQ, WRQ, Endpoint, Transfer, ack, ask_error, request

MAC = bytes((0x02, 0x44, 10, 77, 0, 1))  # as docs/reference.md has it, from the address


def expect_error(packet, code, what):
    expect(packet is not None, f"{what}: no answer")
    expect(packet.is_error(code), f"{what}: {packet!r}, wanted ERROR {code}")


@case("a missing file is answered with ERROR 1")
def missing(lab):
    campus = lab.appliance.network.campus
    for name in ("SEP000000000000.cnf.xml", "nothing", "../etc/passwd", "x" * 300, ""):
        expect_error(ask_error(campus, request(name)), 1, name[:40])


@case("a write request is answered with ERROR 2")
def write(lab):
    packet = ask_error(lab.appliance.network.campus, request("RingList.xml", opcode=WRQ))
    expect_error(packet, 2, "WRQ")


@case("a malformed request and mode mail are answered with ERROR 4")
def malformed(lab):
    campus = lab.appliance.network.campus
    rrq = struct.pack(">H", RRQ)
    for what, datagram in (("no mode", rrq + b"RingList.xml\0"), ("no end", rrq + b"RingList.xml"),
                           ("mail", request("RingList.xml", b"mail"))):
        expect_error(ask_error(campus, datagram), 4, what)


@case("what is no request gets no answer at port 69")
def no_reflection(lab):
    campus = lab.appliance.network.campus
    for what, datagram in (("an ERROR", struct.pack(">HH", 5, 0) + b"x\0"), ("an ACK", ack(1)),
                           ("a DATA", struct.pack(">HH", DATA, 1) + b"x"), ("3 bytes", b"\0\1\0"),
                           ("opcode 99", struct.pack(">HH", 99, 1))):
        with Endpoint(campus) as endpoint:
            packet = endpoint.ask(datagram, seconds=0.15)
            expect(packet is None, f"{what} was answered with {packet!r}")


@case("a packet from a wrong port gets ERROR 5, and the transfer goes on")
def wrong_port(lab):
    appliance = lab.appliance
    campus = appliance.network.campus
    with Endpoint(campus) as endpoint:
        transfer = Transfer(endpoint, "Chime.raw")
        for _ in range(3):
            transfer.step()
        for _ in range(4):  # a stranger whose own hash names this very port is no stranger
            with Endpoint(campus) as stranger:
                packet = stranger.ask(ack(transfer.block), transfer.port, seconds=0.5)
            if packet:
                break
        expect_error(packet, 5, "ACK from a stranger's port")
        expect_equal(transfer.finish(), (appliance.assets / "Chime.raw").read_bytes(), "content")


@case("a repeated ACK moves nothing (the Sorcerer's Apprentice), a repeated request begins again")
def repeated(lab):
    appliance = lab.appliance
    with Endpoint(appliance.network.campus) as endpoint:
        transfer = Transfer(endpoint, "Chime.raw")
        transfer.step()
        endpoint.send(ack(1), transfer.port)
        packet = endpoint.receive(0.2)
        expect(packet is None, f"a repeated ACK was answered with {packet!r}")
        again = Transfer(endpoint, "Chime.raw")
        expect_equal(again.port, transfer.port, "port of the repeated request's transfer")
        expect_equal(again.finish(), (appliance.assets / "Chime.raw").read_bytes(), "content")


@case("a block that is not acknowledged is sent again")
def retransmission(lab):
    lab.appliance.fetch("RingList.xml")  # who has never answered may get no copy
    with Endpoint(lab.appliance.network.campus) as endpoint:
        transfer = Transfer(endpoint, "Chime.raw")
        copy = endpoint.receive(10)
        expect(copy is not None and (copy.opcode, copy.number) == (DATA, 1), f"got {copy!r}")
        expect_equal(copy.payload, bytes(transfer.content), "content of the copy")
        endpoint.send(struct.pack(">HH", 5, 0) + b"enough\0", transfer.port)


@case("ARP for the served address is answered with the served MAC, and only that")
def arp(lab):
    campus = lab.appliance.network.campus
    expect_equal(ask_arp(campus, netns.SERVER), MAC, "MAC in the ARP reply")
    expect_equal(ask_arp(campus, "10.77.0.3", seconds=0.2), None, "reply for another address")


def ask_arp(campus, address, seconds=2.0):
    """The MAC that answers; a raw socket, since the kernel's own ARP cache would hide it."""
    with netns.inside(campus):
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
        wire.bind((netns.PHONES_IF, 0))
    with wire:
        own = wire.getsockname()[4]
        hosts = own + socket.inet_aton(netns.CLIENT) + bytes(6) + socket.inet_aton(address)
        wire.send(b"\xff" * 6 + own + struct.pack(">HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + hosts)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            wire.settimeout(left)
            try:
                frame = wire.recv(2048)
            except TimeoutError:
                return None
            if frame[20:22] == b"\0\2" and frame[28:32] == socket.inet_aton(address):
                return frame[22:28]
    return None


@case("ping is answered, with the bytes that it sent")
def ping(lab):
    expect_echo(lab.appliance.network.campus, 0, 56, 1400)


def expect_echo(campus, *sizes):
    with netns.inside(campus):
        wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    with wire:
        for size in sizes:
            payload = os.urandom(size)
            wire.sendto(echo(8, size, payload), (netns.SERVER, 0))
            wire.settimeout(2)
            packet = wire.recv(2048)
            got = packet[(packet[0] & 15) * 4:]
            expect_equal(binascii.hexlify(got), binascii.hexlify(echo(0, size, payload)),
                         f"echo reply of {size} bytes")


def echo(kind, number, payload):
    body = struct.pack(">BBHHH", kind, 0, 0, 77, number) + payload
    padded = body + b"\0" * (len(body) % 2)
    total = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return body[:2] + struct.pack(">H", total ^ 0xffff) + body[4:]
