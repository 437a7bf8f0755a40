# SPDX-License-Identifier: Apache-2.0
"""Foreign and broken processes on the two sockets: a clear answer, and everything is served on."""

import fcntl
import json
import os
import socket
import struct

from cases import case, expect, expect_equal
from processes import run

# dataplane/abi/offer_protocol.h
MAGIC, VERSION = 0x4c414944, 4
HELLO, OBJECT, OFFER, REJECTED = 1, 2, 3, 5
SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL


def connect(path):
    end = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    end.settimeout(5)
    end.connect(str(path))
    return end


def header(kind):
    return struct.pack("<IHH", MAGIC, VERSION, kind)


def memfd(content, seals=SEALS):
    descriptor = os.memfd_create("test", os.MFD_ALLOW_SEALING)
    os.write(descriptor, content)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


def greeted(appliance):
    """A connection to the dataplane with its HELLO read: (socket, generation served)."""
    end = connect(appliance.offer_socket)
    message, descriptors, *_ = socket.recv_fds(end, 256, 4)
    for each in descriptors:
        os.close(each)
    expect_equal(message[:8], header(HELLO), "HELLO")
    return end, struct.unpack_from("<Q", message, 24)[0]


def send(end, message, descriptor):
    socket.send_fds(end, [message], [descriptor])
    os.close(descriptor)


def rejected(end):
    """The text of the REJECTED that must come now."""
    reply = end.recv(256)
    expect_equal(reply[:8], header(REJECTED), "reply")
    return reply[24:].split(b"\0")[0].decode()


def without_control(appliance, act):
    """Runs act() while no control is connected, then brings it back; what is served stays the same."""
    name = f"{appliance.phones()[23]}.cnf.xml"
    wanted = appliance.fetch(name)
    appliance.control.stop()
    try:
        act()
        expect_equal(appliance.fetch(name), wanted, "what is served")
    finally:
        appliance.restart(appliance.control, "ready:")
    appliance.wait_for(lambda: appliance.dialtone("status")["dataplane"]["connected"], "reconnect")
    appliance.dialtone("device", "set", name[:15], "description=after strangers")
    expect_equal(appliance.fetch(name), appliance.built(name), "what is served after all")


@case("a truncated, an unsealed and a senseless image are refused with the reason; the old is served")
def bad_images(lab):
    appliance = lab.appliance

    def offer():
        end, generation = greeted(appliance)
        with end:
            for what, content, size, seals, part in (
                    ("truncated", b"x" * 100, 1000, SEALS, "bytes"),
                    ("unsealed", b"x" * 1000, 1000, fcntl.F_SEAL_SHRINK, "seal"),
                    ("senseless", b"x" * 1000, 1000, SEALS, "manifest")):
                message = header(OFFER) + struct.pack("<QQ16x", generation + 1, size)
                send(end, message, memfd(content, seals))
                text = rejected(end)
                expect(part in text, f"{what} manifest: {text!r} does not say {part!r}")
            mark = appliance.dataplane.mark()
            message = header(OBJECT) + struct.pack("<IIQQ16x", 1, 0, 4711, 1 << 20)
            send(end, message, memfd(b"x" * 4096))
            appliance.dataplane.wait_line("refused .*4711|refused .*1267", mark, 5)

    without_control(appliance, offer)


@case("garbage on the offer socket closes that connection with one line, and harms nothing")
def garbage_on_offer_socket(lab):
    appliance = lab.appliance

    def shout():
        for garbage in (b"x", b"GET / HTTP/1.1\r\n\r\n", os.urandom(256), b"y" * 5000, header(OFFER),
                        header(99)):
            mark = appliance.dataplane.mark()
            end, _ = greeted(appliance)
            with end:
                end.send(garbage)
                expect_equal(end.recv(256), b"", f"after {garbage[:20]}")
            appliance.dataplane.wait_line("closed the connection of pid", mark, 5)

    without_control(appliance, shout)


@case("a second control is turned away with the pid of the first")
def second_control(lab):
    appliance = lab.appliance
    with connect(appliance.offer_socket) as end:
        expect(str(appliance.control.pid) in rejected(end), "the pid of the first is not named")
        expect_equal(end.recv(256), b"", "the connection")
    done = run([appliance.control_program, "--config", appliance.config], seconds=20)
    expect_equal(done.returncode, 1, f"exit code of a second daemon ({done.stderr.strip()})")
    expect("already listens" in done.stderr, f"the reason: {done.stderr.strip()}")
    expect(appliance.dialtone("status")["dataplane"]["connected"], "the first lost its connection")


@case("garbage on the control socket is answered with an error, and the next client is served")
def garbage_on_control_socket(lab):
    appliance = lab.appliance
    digest = appliance.digest()
    for garbage in (b"x", b"@", b"{", b"[" * 50000, os.urandom(256), b"{}", b'{"command": 1}',
                    b'{"command": "format disk"}', b'{"command": "status", "arguments": []}',
                    b'{"command": "import csv", "arguments": {"file": "x"}}',
                    b'{"command": "files cat", "arguments": {"name": "../../etc/passwd"}}'):
        with connect(appliance.control_socket) as end:
            end.send(garbage)
            reply = json.loads(end.recv(1 << 16))
            expect(not reply["ok"] and reply["error"], f"{garbage[:40]}: {reply}")
    with connect(appliance.control_socket) as end:  # one that says nothing holds nobody up
        expect_equal(appliance.digest(), digest, "content digest")
        end.send(b"y" * 100000)  # longer than a message may be
        end.recv(1 << 16)
    expect_equal(appliance.digest(), digest, "content digest after all")


@case("a client that hands over a pipe which never ends does not hold up the others")
def pipe_on_control_socket(lab):
    appliance = lab.appliance
    read_end, write_end = os.pipe()
    with connect(appliance.control_socket) as end:
        socket.send_fds(end, [b"@"], [read_end])
        try:
            done = appliance.dialtone_raw("status", seconds=15)
        finally:
            os.close(read_end)
            os.close(write_end)
    expect_equal(done.returncode, 0, f"exit code of status ({done.stderr.strip()})")
