# SPDX-License-Identifier: Apache-2.0
"""A switch port in access mode: what a phone sends gets VLAN tags on its way to the appliance, what
comes back with just these tags goes to the phone without them. In Python, since not every kernel has
VLAN interfaces, nor a queue that loses packets; the phone behind it is a namespace of its own with
the usual address. Several ports stand side by side, each with its number."""

import contextlib
import os
import pathlib
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
DATA, ACK = 3, 4
ETH_P_IP, ETH_P_IPV6, UDP = b"\x08\x00", b"\x86\xdd", 17


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


def udp_of(frame):
    """The UDP datagram of an untagged frame, or nothing; IPv6 without extension headers."""
    if frame[12:14] == ETH_P_IP and frame[23] == UDP:
        return frame[14 + (frame[14] & 15) * 4:]
    return frame[54:] if frame[12:14] == ETH_P_IPV6 and frame[20] == UDP else b""


class Faults:
    """What happens to TFTP on the way: of each transfer, both ways together, one packet in `every`
    is lost, and with `disorder` another one comes twice and a third one behind the next. Counted and
    not thrown: two losses in a row would only show how patient a client is (atftp gives up after a
    while, and so does a server for whom it is a stranger). Not doubled is what no client stands:
    atftp ends at an OACK that comes twice."""

    def __init__(self, seed=0, every=0, disorder=False):
        self._seed, self._every, self._disorder = seed, every, disorder
        self._counts, self._phases, self._held, self._windowed = {}, {}, {}, set()
        self.seen = self.dropped = 0

    def passed(self, way, frame):
        """The frames that go on, in their order."""
        datagram = udp_of(frame)
        if not self._every or len(datagram) < 10:
            return [frame]
        self.seen += 1
        port = datagram[0:2] if way == "up" else datagram[2:4]  # the client's
        phase = self._phases.setdefault(port, self._seed * 7 + len(self._phases) * 3)
        count = self._counts[port] = self._counts.get(port, -1) + 1
        if b"windowsize" in datagram:
            self._windowed.add(port)
        if port in self._windowed and datagram[8:12] == struct.pack(">HH", ACK, 0):
            return [frame]
        if (count + phase) % self._every == 0:
            self.dropped += 1
            return []
        held = self._held.pop((way, port), None)
        if held is not None:
            return [frame, held]
        if self._disorder and datagram[9] in (DATA, ACK):
            if (count + phase) % self._every == self._every // 3:
                self._held[way, port] = frame
                return []
            if (count + phase) % self._every == self._every * 2 // 3:
                return [frame, frame]
        return [frame]


class Capture:
    """What a port has seen on the appliance's side, as a file for tshark."""

    def __init__(self, path):
        self._file = open(path, "wb")
        self._file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        self._count = 0

    def add(self, frame):
        self._count += 1  # a microsecond each: order is all that counts
        self._file.write(struct.pack("<IIII", 1 + self._count // 1000000, self._count % 1000000,
                                     len(frame), len(frame)) + frame)

    def close(self):
        self._file.close()


class TaggingSwitch:
    """`phone` is the namespace behind the port. `tags`: (type, VLAN id) each, outermost first."""

    def __init__(self, network, tags, number=0, faults=None, capture=None):
        self._campus = network.campus
        self.phone = f"{network.campus}v{number}"
        self.address = netns.CLIENT if number == 0 else f"10.77.1.{number}"
        self.address6 = f"fd00:77::1:{number}"
        self.faults = faults or Faults()
        self._capture = Capture(capture) if capture else None
        self._port_if = f"{PORT_IF}{number}"
        self._tags = b"".join(struct.pack(">HH", *tag) for tag in tags)
        self._stop, self._wake = os.pipe()

    def __enter__(self):
        netns.ip("netns", "add", self.phone)
        with netns.inside(self.phone):
            netns.switch_ipv6_off()
        netns.ip("link", "add", PHONE_IF, "netns", self.phone, "type", "veth",
                 "peer", "name", self._port_if, "netns", self._campus)
        netns.offload_off(self.phone, PHONE_IF)
        netns.ip_in(self.phone, "addr", "add", f"{self.address}/{netns.NET_BITS}", "dev", PHONE_IF)
        for name, interface in ((self.phone, "lo"), (self.phone, PHONE_IF),
                                (self._campus, self._port_if)):
            netns.ip_in(name, "link", "set", interface, "up")
        with netns.inside(self.phone):
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            wire.bind((PHONE_IF, 0))
        with wire:
            self._mac = wire.getsockname()[4]
        with netns.inside(self._campus):
            self._port, self._trunk = _packet_socket(self._port_if), _packet_socket(netns.PHONES_IF)
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
            netns.ip_in(self._campus, "link", "del", self._port_if)
        if self._capture:
            self._capture.close()

    def speak_ipv6(self):
        """The phone has an IPv6 address as well."""
        with netns.inside(self.phone):
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{PHONE_IF}/disable_ipv6").write_text("0")
        netns.ip_in(self.phone, "addr", "add", f"{self.address6}/{netns.NET_BITS6}", "dev", PHONE_IF,
                    "nodad")

    def _is_for_phone(self, frame):
        return frame[:6] == self._mac or frame[0] & 1

    def _note(self, frame):
        if self._capture:
            self._capture.add(frame)

    def _run(self):
        end = 12 + len(self._tags)
        while True:
            ready = select.select([self._port, self._trunk, self._stop], [], [])[0]
            if self._stop in ready:
                return
            if self._port in ready:
                for frame in self.faults.passed("up", _receive(self._port)):
                    tagged = frame[:12] + self._tags + frame[12:]
                    self._note(tagged)
                    self._trunk.send(tagged)
            if self._trunk in ready:
                frame = _receive(self._trunk)
                if frame[12:end] == self._tags and self._is_for_phone(frame):
                    self._note(frame)
                    for passed in self.faults.passed("down", frame[:12] + frame[end:]):
                        self._port.send(passed)
