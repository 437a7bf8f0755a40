# SPDX-License-Identifier: Apache-2.0
"""A switch port in access mode: what a phone sends gets VLAN tags on its way to the appliance, what
comes back with just these tags goes to the phone without them. In Python, since not every kernel has
VLAN interfaces; the phone behind it is a namespace of its own with the usual address."""

import contextlib
import os
import select
import socket
import struct
import threading

import netns

ETH_P_ALL = 3
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC = 263, 1, 1
PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 8, 23
TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 0x10, 0x40
PHONE_IF, PORT_IF = "phone", "port"


def _packet_socket(interface):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    opened.bind((interface, 0))
    membership = struct.pack("IHH8s", socket.if_nametoindex(interface), PACKET_MR_PROMISC, 0, b"")
    opened.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership)
    opened.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    opened.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    return opened


def _receive(source):
    """A frame as the wire had it: the kernel keeps the outer tag apart."""
    frame, control, _, _ = source.recvmsg(2048, 256)
    for level, kind, data in control:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tag, tpid = struct.unpack("IIIHHHH", data[:20])
            if status & TP_STATUS_VLAN_VALID:
                tpid = tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100
                return frame[:12] + struct.pack(">HH", tpid, tag) + frame[12:]
    return frame


class TaggingSwitch:
    """`phone` is the namespace behind the port. `tags`: (type, VLAN id) each, outermost first."""

    def __init__(self, network, tags):
        self._campus = network.campus
        self.phone = f"{network.campus}v"
        self._tags = b"".join(struct.pack(">HH", *tag) for tag in tags)
        self._stop, self._wake = os.pipe()

    def __enter__(self):
        netns.ip("netns", "add", self.phone)
        netns.ip("link", "add", PHONE_IF, "netns", self.phone, "type", "veth",
                 "peer", "name", PORT_IF, "netns", self._campus)
        netns.offload_off(self.phone, PHONE_IF)
        netns.ip_in(self.phone, "addr", "add", f"{netns.CLIENT}/{netns.NET_BITS}", "dev", PHONE_IF)
        for name, interface in ((self.phone, "lo"), (self.phone, PHONE_IF), (self._campus, PORT_IF)):
            netns.ip_in(name, "link", "set", interface, "up")
        with netns.inside(self._campus):
            self._port, self._trunk = _packet_socket(PORT_IF), _packet_socket(netns.PHONES_IF)
        self._relay = threading.Thread(target=self._run)
        self._relay.start()
        return self

    def __exit__(self, *_):
        os.write(self._wake, b"x")
        self._relay.join()
        for each in (self._port, self._trunk):
            each.close()
        os.close(self._stop)
        os.close(self._wake)
        netns.remove_namespace(self.phone)
        with contextlib.suppress(Exception):  # it goes with its peer, at some time
            netns.ip_in(self._campus, "link", "del", PORT_IF)

    def _run(self):
        end = 12 + len(self._tags)
        while True:
            ready = select.select([self._port, self._trunk, self._stop], [], [])[0]
            if self._stop in ready:
                return
            if self._port in ready:
                frame = _receive(self._port)
                self._trunk.send(frame[:12] + self._tags + frame[12:])
            if self._trunk in ready:
                frame = _receive(self._trunk)
                if frame[12:end] == self._tags:
                    self._port.send(frame[:12] + frame[end:])
