# SPDX-License-Identifier: Apache-2.0
"""Real DHCP servers on the appliance's side of the link, with addresses of their own there.

dnsmasq is installed. Kea and ISC dhcpd are not, since their packages start a service for the
machine's own networks: scripts/test lays their files into build-test-unpacked (packages_unpack in
scripts/lib/packages.sh)."""

import contextlib
import json
import pathlib
import re

import netns
from cases import Skip
from netns import APPLIANCE_IF, enter
from processes import Process

ANSWERER = "10.77.0.3"
ANSWERER6 = "fd00:77::3"
FIRST, LAST = "10.77.40.1", "10.77.40.99"  # what they give away
FIRST6, LAST6 = "fd00:77::4000", "fd00:77::4fff"
RANGE = f"--dhcp-range={FIRST},{LAST},255.255.0.0"
RANGE6 = f"--dhcp-range={FIRST6},{LAST6},64"


@contextlib.contextmanager
def answerer(lab, name, command, line, addresses):
    """A server that has begun when it says `line`."""
    network = lab.appliance.network
    log = lab.folder / f"{name}.log"
    log.unlink(missing_ok=True)
    server = Process(name, [*enter(network.appliance), *command], log, lab.folder)
    for address in addresses:
        netns.ip_in(network.appliance, "addr", "add", address, "dev", APPLIANCE_IF)
    try:
        server.start()
        server.wait_line(line)
        yield server
    finally:
        if server.is_alive():
            server.stop()
        for address in addresses:
            netns.ip_in(network.appliance, "addr", "del", address, "dev", APPLIANCE_IF)
        (lab.folder / "leases").unlink(missing_ok=True)


def dnsmasq(lab, *options, addresses=(f"{ANSWERER}/16",), config="/dev/null"):
    return answerer(lab, "dnsmasq", [
        "dnsmasq", "--keep-in-foreground", "--user=root",
        f"--conf-file={config}", f"--interface={APPLIANCE_IF}", "--except-interface=lo",
        "--bind-interfaces",
        "--no-resolv", "--no-hosts", "--log-facility=-", "--log-dhcp", "--no-ping",
        "--dhcp-authoritative", f"--dhcp-leasefile={lab.folder / 'leases'}", *options],
        "started", addresses)


def unpacked(lab, program):
    """The command of a program that is not installed, with its libraries."""
    root = lab.root / "build-test-unpacked"
    path = root / "usr/sbin" / program
    if not path.exists():
        raise Skip(f"{path} is not there; scripts/test lays it there")
    libraries = ":".join(map(str, sorted(root.glob("usr/lib/*-linux-gnu*"))))
    # Kea's own folders are on the machine.
    return ["env", f"LD_LIBRARY_PATH={libraries}", f"KEA_LOCKFILE_DIR={lab.folder}",
            f"KEA_PIDFILE_DIR={lab.folder}", path]


def kea(lab, printed, v6=False):
    """`printed` is of `dialtone dhcp snippet kea`, for one family; it gets an interface and a subnet."""
    config = json.loads(re.sub(r"^//.*$", "", printed, flags=re.MULTILINE))
    part, subnet = ("Dhcp6", "subnet6") if v6 else ("Dhcp4", "subnet4")
    config[part]["interfaces-config"] = {"interfaces": [APPLIANCE_IF]}
    config[part]["lease-database"] = {"type": "memfile", "persist": False}
    if v6:
        config[part]["server-id"] = {"type": "LL", "persist": False}
    config[part][subnet] = [{"subnet": "fd00:77::/64" if v6 else "10.77.0.0/16",
                             "pools": [{"pool": f"{FIRST6} - {LAST6}" if v6 else f"{FIRST} - {LAST}"}],
                             "interface": APPLIANCE_IF}]
    path = lab.folder / "kea.json"
    path.write_text(json.dumps(config))
    return answerer(lab, "kea", [*unpacked(lab, "kea-dhcp6" if v6 else "kea-dhcp4"), "-c", path],
                    "DHCP6_STARTED" if v6 else "DHCP4_STARTED",
                    () if v6 else (f"{ANSWERER}/16",))


def isc(lab, printed, v6=False):
    """`printed` is of `dialtone dhcp snippet isc`, for one family; it gets a subnet."""
    path, leases = lab.folder / "dhcpd.conf", lab.folder / "leases"
    path.write_text(printed + (f"subnet6 fd00:77::/64 {{ range6 {FIRST6} {LAST6}; }}\n" if v6 else
                               f"subnet 10.77.0.0 netmask 255.255.0.0 {{ range {FIRST} {LAST}; }}\n"))
    leases.touch()
    return answerer(lab, "isc", [*unpacked(lab, "dhcpd"), "-6" if v6 else "-4", "-f", "-d",
                                 "--no-pid", "-cf", path, "-lf", leases, APPLIANCE_IF],
                    "Server starting service", () if v6 else (f"{ANSWERER}/16",))


@contextlib.contextmanager
def with_ipv6(lab):
    """The appliance's side of the link speaks IPv6 too, beside the dataplane."""
    settings = pathlib.Path("/proc/sys/net/ipv6/conf") / APPLIANCE_IF
    switch = settings / "disable_ipv6"
    with netns.inside(lab.appliance.network.appliance):
        # Else Kea finds its link-local address while nobody may use it yet, and does not look again.
        (settings / "accept_dad").write_text("0")
        switch.write_text("0")
    netns.ip_in(lab.appliance.network.appliance, "addr", "add", f"{ANSWERER6}/64", "dev",
                APPLIANCE_IF, "nodad")
    try:
        yield
    finally:
        with netns.inside(lab.appliance.network.appliance):
            switch.write_text("1")
