# SPDX-License-Identifier: Apache-2.0
"""The exception TAP: the appliance's kernel on the port that the dataplane owns."""

import contextlib
import os
import pathlib
import socket
import threading

import netns
from cases import case, expect, expect_equal
from folder_appliance import FolderAppliance
from network_cases import ping
from option_cases import counter
from processes import run
from tftp import Endpoint, Transfer

TAP = "tftp0"
KERNEL, KERNEL6 = "10.77.0.3", "fd00:77::3"


def leave_arp_to_the_tap(appliance):
    """The packet sockets' interface has its frames too, and an answer for every address."""
    with netns.inside(appliance.network.appliance):
        pathlib.Path(f"/proc/sys/net/ipv4/conf/{netns.APPLIANCE_IF}/arp_ignore").write_text("1")


class EchoService:
    """Sends back what comes over TCP connections, one after the other."""

    def __init__(self, namespace, address, port):
        with netns.inside(namespace):
            self._listener = socket.create_server(
                (address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        with contextlib.suppress(OSError):  # closed
            while True:
                end, _ = self._listener.accept()
                with end:
                    while data := end.recv(1 << 16):
                        end.sendall(data)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


def echo_over_tcp(campus, address, port, content, between=lambda: None):
    """What comes back, 64 KiB at a time; `between` each of them something else happens."""
    with netns.inside(campus):
        end = socket.create_connection((address, port), timeout=20)
    back = bytearray()
    with end:
        for at in range(0, len(content), 1 << 16):
            part = content[at:at + (1 << 16)]
            end.sendall(part)
            wanted = len(back) + len(part)
            while len(back) < wanted:
                data = end.recv(1 << 16)
                expect(data, f"the connection ended after {len(back)} bytes")
                back += data
            between()
    return bytes(back)


@contextlib.contextmanager
def appliance_with_tap(lab, tag):
    with contextlib.closing(FolderAppliance(lab, tag, settings=f'exception_tap = "{TAP}"')) as appliance:
        leave_arp_to_the_tap(appliance)
        appliance.start()
        appliance.write("large.bin", bytes(range(256)) * 4096)
        appliance.wait_served("large.bin", bytes(range(256)) * 4096)
        yield appliance


@case("exception TAP: ping and TCP reach the kernel's own address while a transfer runs, byte for byte")
def own_address(lab):
    with appliance_with_tap(lab, "e") as appliance:
        network = appliance.network
        netns.ip_in(network.appliance, "addr", "add", f"{KERNEL}/{netns.NET_BITS}", "dev", TAP)
        large = (appliance.assets / "large.bin").read_bytes()
        with Endpoint(network.campus) as endpoint:
            transfer = Transfer(endpoint, "large.bin")
            ping(network.campus, KERNEL)
            ping(network.appliance, netns.CLIENT)  # and from there
            content = os.urandom(2 << 20)
            service = EchoService(network.appliance, KERNEL, 6970)
            with contextlib.closing(service):
                back = echo_over_tcp(network.campus, KERNEL, 6970, content,
                                     lambda: [transfer.step() for _ in range(10)])
            expect(back == content, "other bytes over TCP")
            expect(transfer.finish() == large, "other bytes over TFTP")
        ping(network.campus, netns.SERVER)
        for name in ("frames_punted", "kernel_frames"):
            expect(counter(appliance, name) > 100, f"{name}: {counter(appliance, name)}")
        for name in ("punts_refused", "drop_protocol", "drop_port"):
            expect_equal(counter(appliance, name), 0, name)
        # A refused connection is the kernel's answer too, not silence.
        done = run([*netns.enter(network.campus), "curl", "-sS", "--max-time", "5",
                    f"http://{KERNEL}:6971/"])
        expect_equal(done.returncode, 7, f"exit code of curl to a closed port ({done.stderr.strip()})")
        expect_equal(appliance.dataplane.stop(), 0, "exit code")
        expect(run([*netns.enter(network.appliance), "ip", "link", "show", TAP]).returncode != 0,
               "the TAP is left behind")


@case("exception TAP: the kernel's IPv6 address is found and answers, ping and TCP")
def ipv6(lab):
    with appliance_with_tap(lab, "g") as appliance, appliance.network.with_ipv6():
        network = appliance.network
        with netns.inside(network.appliance):
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{TAP}/disable_ipv6").write_text("0")
        netns.ip_in(network.appliance, "addr", "add", f"{KERNEL6}/{netns.NET_BITS6}", "dev", TAP,
                    "nodad")
        ping(network.campus, KERNEL6)
        ping(network.appliance, netns.CLIENT6)
        content = os.urandom(1 << 18)
        with contextlib.closing(EchoService(network.appliance, KERNEL6, 6970)):
            expect(echo_over_tcp(network.campus, KERNEL6, 6970, content) == content,
                   "other bytes over TCP")


@case("exception TAP: TCP on the served address itself, beside TFTP and ping")
def served_address(lab):
    with appliance_with_tap(lab, "s") as appliance:
        network = appliance.network
        netns.ip_in(network.appliance, "addr", "add", f"{netns.SERVER}/{netns.NET_BITS}", "dev", TAP)
        content = os.urandom(1 << 20)
        with contextlib.closing(EchoService(network.appliance, netns.SERVER, 6970)):
            back = echo_over_tcp(network.campus, netns.SERVER, 6970, content)
        expect(back == content, "other bytes over TCP")
        echoes = counter(appliance, "echo_replies")
        ping(network.campus, netns.SERVER)
        expect(counter(appliance, "echo_replies") > echoes, "the worker did not answer the ping")
        expect_equal(appliance.fetch("large.bin"), (appliance.assets / "large.bin").read_bytes(),
                     "large.bin")


@case("exception TAP: one that was made beforehand keeps its address over a restart")
def made_beforehand(lab):
    with contextlib.closing(FolderAppliance(lab, "b", settings=f'exception_tap = "{TAP}"')) as appliance:
        namespace = appliance.network.appliance
        netns.ip_in(namespace, "tuntap", "add", "mode", "tap", TAP)
        netns.ip_in(namespace, "addr", "add", f"{KERNEL}/{netns.NET_BITS}", "dev", TAP)
        appliance.dataplane.start()
        appliance.dataplane.wait_line("serving .* on ")
        warned = appliance.dataplane.wait_line("arp_ignore=1").group()
        expect(warned, "no word of ARP")
        leave_arp_to_the_tap(appliance)
        ping(appliance.network.campus, KERNEL)
        expect_equal(appliance.dataplane.stop(), 0, "exit code")
        appliance.restart(appliance.dataplane, "serving .* on ")
        ping(appliance.network.campus, KERNEL)


@case("exception TAP: a name that another interface has is refused, with what to look at")
def name_taken(lab):
    with contextlib.closing(FolderAppliance(
            lab, "n", settings=f'exception_tap = "{netns.APPLIANCE_IF}"')) as appliance:
        appliance.dataplane.start()
        expect_equal(appliance.dataplane.wait_end(), 1, "exit code")
        expect("another interface's name" in appliance.dataplane.text(), appliance.dataplane.text())
