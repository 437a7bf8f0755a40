# SPDX-License-Identifier: Apache-2.0
"""A TFTP client that does what a test says and nothing else: it sends odd packets, acknowledges late
or from the wrong port, and shows each packet that came."""

import socket
import struct
import time

import netns
from cases import Failed

RRQ, WRQ, DATA, ACK, ERROR = 1, 2, 3, 4, 5
BLOCK = 512
PORT = 69


def request(name, mode=b"octet", opcode=RRQ):
    return struct.pack(">H", opcode) + name.encode() + b"\0" + mode + b"\0"


def ack(block):
    return struct.pack(">HH", ACK, block & 0xffff)


class NotServed(Failed):
    """ERROR 1 came."""


class NoAnswer(Failed):
    """Not even to copies of the packet."""


class Packet:
    def __init__(self, datagram, address):
        if len(datagram) < 4:
            raise Failed(f"a packet of {len(datagram)} bytes came")
        self.opcode, self.number = struct.unpack_from(">HH", datagram)
        self.payload, self.address = datagram[4:], address

    def __repr__(self):
        return f"opcode {self.opcode}, number {self.number}, {len(self.payload)} bytes"

    def is_error(self, code):
        return self.opcode == ERROR and self.number == code and self.payload.endswith(b"\0")


class Endpoint:
    """A UDP socket of the campus, of one of its addresses."""

    def __init__(self, campus, server=netns.SERVER, address=""):
        self._server = server
        with netns.inside(campus):
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def send(self, datagram, port=PORT):
        self._socket.sendto(datagram, (self._server, port))

    def receive(self, seconds=2.0):
        """The next packet; None when none came in time."""
        self._socket.settimeout(seconds)
        try:
            return Packet(*self._socket.recvfrom(2048))
        except TimeoutError:
            return None

    def ask(self, datagram, port=PORT, seconds=2.0):
        self.send(datagram, port)
        return self.receive(seconds)


class Transfer:
    """A read that goes on one block at a time, when the test wants it to."""

    def __init__(self, endpoint, name, patience=2.0):
        self.endpoint, self.name, self._patience = endpoint, name, patience
        self.content, self.block, self.port, self.ended = bytearray(), 0, None, False
        self._take(request(name), PORT)

    def _take(self, datagram, port):
        # A copy now and then: a test machine may be busy for a second.
        for _ in range(5):
            packet = self.endpoint.ask(datagram, port, self._patience)
            while packet and packet.opcode == DATA and packet.number == self.block & 0xffff:
                packet = self.endpoint.receive(self._patience)  # a retransmission of what we have
            if packet:
                break
        if packet is None:
            raise NoAnswer(f"{self.name}: no answer after block {self.block}")
        if packet.is_error(1):
            raise NotServed(f"{self.name}: ERROR 1 after block {self.block}")
        if packet.opcode != DATA or packet.number != (self.block + 1) & 0xffff:
            raise Failed(f"{self.name}: {packet!r} {packet.payload[:60]} after block {self.block}")
        self.content += packet.payload
        self.block += 1
        self.port = packet.address[1]
        self.ended = len(packet.payload) < BLOCK

    def step(self):
        self._take(ack(self.block), self.port)

    def finish(self, pause=0.0):
        """The rest; the whole content."""
        while not self.ended:
            if pause:
                time.sleep(pause)
            self.step()
        self.endpoint.send(ack(self.block), self.port)
        return bytes(self.content)


def fetch(campus, name, patience=2.0):
    with Endpoint(campus) as endpoint:
        return Transfer(endpoint, name, patience).finish()


def ask_error(campus, datagram):
    """The answer to one odd packet."""
    with Endpoint(campus) as endpoint:
        return endpoint.ask(datagram)
