# SPDX-License-Identifier: Apache-2.0
"""A network of the tests' own: two namespaces with a veth pair between them, so that no packet of a
test is ever seen by an interface of the machine. docs/testing.md, "The veth lab", says why the
appliance's end has no address and why the phones' end has no checksum offload.

Names hold the pid of the test run: what a killed run left behind is found and taken away by the next.
"""

import contextlib
import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

PREFIX = "dtns"  # dtns<pid><letters>
CLONE_NEWNET = 0x40000000
APPLIANCE_IF, PHONES_IF = "appl", "phones"
SERVER, CLIENT, NET_BITS = "10.77.0.1", "10.77.0.2", 16
SERVER6, CLIENT6, NET_BITS6 = "fd00:77::1", "fd00:77::2", 64

_libc = ctypes.CDLL(None, use_errno=True)


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=20)


def ip_in(name, *arguments):
    """Not `ip -n`: that mounts a /sys of its own, which fails in a chroot."""
    subprocess.run([*enter(name), "ip", *arguments], check=True, capture_output=True, timeout=20)


class Network:
    """`appliance` and `campus` are the names of its namespaces."""

    def __init__(self, tag, client=CLIENT):
        self.appliance = f"{PREFIX}{os.getpid()}{tag}a"
        self.campus = f"{PREFIX}{os.getpid()}{tag}c"
        try:
            self._lay(client)
        except BaseException:
            self.remove()
            raise

    def _lay(self, client):
        for name in (self.appliance, self.campus):
            ip("netns", "add", name)
            with inside(name):
                switch_ipv6_off()
        ip("link", "add", APPLIANCE_IF, "netns", self.appliance, "type", "veth",
           "peer", "name", PHONES_IF, "netns", self.campus)
        offload_off(self.campus, PHONES_IF)
        ip_in(self.campus, "addr", "add", f"{client}/{NET_BITS}", "dev", PHONES_IF)
        ip_in(self.campus, "link", "set", "lo", "up")
        ip_in(self.campus, "link", "set", PHONES_IF, "up")
        ip_in(self.appliance, "link", "set", APPLIANCE_IF, "up")

    @contextlib.contextmanager
    def with_ipv6(self):
        """The phones' end speaks IPv6 too. Only as long as a case needs it: a kernel with IPv6 sends
        packets that no test asked for."""
        switch = f"/proc/sys/net/ipv6/conf/{PHONES_IF}/disable_ipv6"
        with inside(self.campus):
            pathlib.Path(switch).write_text("0")
        ip_in(self.campus, "addr", "add", f"{CLIENT6}/{NET_BITS6}", "dev", PHONES_IF, "nodad")
        try:
            yield
        finally:
            with inside(self.campus):
                pathlib.Path(switch).write_text("1")

    def remove(self):
        for name in (self.appliance, self.campus):
            remove_namespace(name)


def offload_off(name, interface):
    """The kernel computes its checksums itself, as a phone does."""
    subprocess.run([*enter(name), "ethtool", "-K", interface, "tx", "off"], check=True,
                   capture_output=True, timeout=20)


class TapNetwork:
    """One namespace with no link in it: net_tap makes the interface to the phones' kernel itself."""

    IF = "dtap0"

    def __init__(self, tag):
        self.appliance = self.campus = f"{PREFIX}{os.getpid()}{tag}t"
        ip("netns", "add", self.campus)
        with inside(self.campus):
            switch_ipv6_off()

    def connect(self, client=CLIENT):
        """When the dataplane is up."""
        ip_in(self.campus, "addr", "add", f"{client}/{NET_BITS}", "dev", self.IF)
        ip_in(self.campus, "link", "set", self.IF, "up")

    def remove(self):
        remove_namespace(self.campus)


def switch_ipv6_off():
    """Here: router solicitations would reach the dataplane."""
    for which in ("all", "default"):
        key = pathlib.Path(f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6")
        if key.exists():
            key.write_text("1")


def enter(name):
    """The beginning of a command line that runs in the namespace, with the same pid."""
    return ["nsenter", f"--net=/run/netns/{name}", "--"]


@contextlib.contextmanager
def inside(name):
    """This thread's network is that of the namespace: sockets made here stay in it."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    there = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _enter(there)
        yield
    finally:
        _enter(home)
        os.close(there)
        os.close(home)


def _enter(descriptor):
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def remove_namespace(name):
    if os.path.exists(f"/run/netns/{name}"):
        subprocess.run(["ip", "netns", "del", name], capture_output=True, timeout=20)


def sweep():
    """Takes away the namespaces and folders of runs whose process is gone."""
    for path in (*pathlib.Path("/run/netns").glob(f"{PREFIX}*"),
                 *pathlib.Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        found = re.match(rf"{PREFIX}(\d+)[a-z-]", path.name)
        if found and not os.path.exists(f"/proc/{found[1]}"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                remove_namespace(path.name)
