# SPDX-License-Identifier: Apache-2.0
"""Links that carry less than 1500 bytes: the appliance's own, and one behind a router."""

import contextlib
import os
import pathlib

import netns
from cases import case, expect, expect_equal
from clients import fetch_with_all, with_options
from folder_appliance import FolderAppliance
from health_cases import wait_warning
from network_cases import ping
from option_cases import counter
from processes import run

NARROW = 1400
LOAD = "load.bin"


class NarrowNetwork(netns.Network):
    """Both ends of the veth pair carry packets of 1400 bytes."""

    def _lay(self, client):
        super()._lay(client)
        for name, interface in ((self.appliance, netns.APPLIANCE_IF), (self.campus, netns.PHONES_IF)):
            netns.ip_in(name, "link", "set", interface, "mtu", str(NARROW))


@contextlib.contextmanager
def serving(lab, tag, network, **settings):
    appliance = FolderAppliance(lab, tag, network=network, **settings)
    try:
        content = os.urandom(40_000)
        appliance.write(LOAD, content)
        appliance.start()
        appliance.wait_for(lambda: appliance.serves(LOAD, content, 0.5), f"{LOAD} is served")
        yield appliance, content
    finally:
        appliance.close()


def fetch_large(appliance, namespace, server, block_size=1468):
    path = appliance.folder / "fetched.bin"
    done = run([*netns.enter(namespace), "curl", "-sS", "--max-time", "20", "--tftp-blksize",
                str(block_size), "-o", path, f"tftp://{server}/{LOAD}"], seconds=30)
    return done.returncode, path.read_bytes() if done.returncode == 0 else done.stderr


@case("an interface with an MTU of 1400: blocks are cut to it, with one warning (S16, RFC 2348)")
def narrow_interface(lab):
    with serving(lab, "n", NarrowNetwork) as (appliance, content):
        said = appliance.dataplane.wait_line("carries packets of .*").group()
        expect("1400" in said and "1368" in said and "1348" in said, said)
        expect(" MTU 1400," in appliance.dataplane.wait_line("serving .*").group(), "serving")
        expect_equal(fetch_large(appliance, appliance.network.campus, netns.SERVER), (0, content),
                     "a transfer with blksize 1468")
        fetch_with_all(appliance, [LOAD], {LOAD: content}, "narrow", with_options(1468, 8))
    with serving(lab, "n", NarrowNetwork, settings=f"mtu = {NARROW}") as (appliance, _):
        expect("carries packets of" not in appliance.dataplane.text(), "no warning when it fits")


@case("an MTU that is set while it serves: one warning, and a line when it is set back (S16)")
def mtu_that_changes(lab):
    with serving(lab, "c", netns.Network) as (appliance, _):
        def set_mtu(number):
            netns.ip_in(appliance.network.appliance, "link", "set", netns.APPLIANCE_IF, "mtu",
                        str(number))
        set_mtu(NARROW)
        said = appliance.dataplane.wait_line("carries packets of 1400 bytes now.*").group()
        expect(f"ip link set {netns.APPLIANCE_IF} mtu 1500" in said, said)
        set_mtu(1500)
        appliance.dataplane.wait_line("carries packets of 1500 bytes now; clients get packets of 1500")
        expect_equal(appliance.dataplane.text().count("bytes now"), 2, "lines about it")


class RoutedNetwork(netns.Network):
    """Behind the phones' end is a router, and behind that a link of 1400 bytes to a phone far away."""

    FAR, ROUTER = "10.78.0.2", "10.78.0.1"
    FAR6, ROUTER6 = "fd00:78::2", "fd00:78::1"

    def _lay(self, client):
        self.far = f"{self.campus[:-1]}f"
        super()._lay(client)
        netns.ip("netns", "add", self.far)
        netns.ip("link", "add", "far", "netns", self.campus, "type", "veth", "peer", "name", "far",
                 "netns", self.far)
        for name in (self.campus, self.far):
            with netns.inside(name):
                for which in ("all", *os.listdir("/proc/sys/net/ipv6/conf")):
                    self._set(f"ipv6/conf/{which}/disable_ipv6", 0)
        with netns.inside(self.campus):
            self._set("ipv4/ip_forward", 1)
            self._set("ipv6/conf/all/forwarding", 1)
        for name, address, address6 in ((self.campus, self.ROUTER, self.ROUTER6),
                                        (self.far, self.FAR, self.FAR6)):
            netns.offload_off(name, "far")
            netns.ip_in(name, "addr", "add", f"{address}/24", "dev", "far")
            netns.ip_in(name, "addr", "add", f"{address6}/64", "dev", "far", "nodad")
            netns.ip_in(name, "link", "set", "far", "mtu", str(NARROW), "up")
        netns.ip_in(self.campus, "addr", "add", f"{netns.CLIENT6}/{netns.NET_BITS6}", "dev",
                    netns.PHONES_IF, "nodad")
        netns.ip_in(self.far, "route", "add", "default", "via", self.ROUTER)
        netns.ip_in(self.far, "-6", "route", "add", "default", "via", self.ROUTER6)

    @staticmethod
    def _set(key, value):
        pathlib.Path(f"/proc/sys/net/{key}").write_text(str(value))

    def remove(self):
        super().remove()
        netns.remove_namespace(self.far)


@case("a link of 1400 bytes behind a router: ICMP says so, and the file arrives (S16, RFC 1191)")
def narrow_hop(lab):
    with serving(lab, "h", RoutedNetwork) as (appliance, content):
        far = appliance.network.far
        expect_equal(fetch_large(appliance, far, netns.SERVER), (0, content),
                     "a transfer whose packets the router cuts")
        said = counter(appliance, "packets_too_big")
        expect(said > 0, "no ICMP was believed")
        appliance.dataplane.wait_line("routers say of .* a link to a client carries less")
        wait_warning(appliance, "a link to clients carries less than mtu: ")
        expect_equal(fetch_large(appliance, far, netns.SERVER), (0, content), "the next one")
        expect_equal(counter(appliance, "packets_too_big"), said, "packets too big, of the next one")


@case("the same over IPv6: an ERROR ends the transfer, and the next one fits (S16, RFC 8201)")
def narrow_hop_v6(lab):
    with serving(lab, "h", RoutedNetwork, address6=netns.SERVER6) as (appliance, content):
        far, server = appliance.network.far, f"[{netns.SERVER6}]"
        ping(far, netns.SERVER6)
        code, said = fetch_large(appliance, far, server)
        expect(code != 0, "a transfer whose packets nobody cuts")
        expect_equal(counter(appliance, "transfers_too_big"), 1, "transfers ended")
        expect_equal(fetch_large(appliance, far, server), (0, content), "the next one")
