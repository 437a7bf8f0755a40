# SPDX-License-Identifier: Apache-2.0
"""Links that carry less than 1500 bytes: the appliance's own, and one behind a router."""

import contextlib
import os

import netns
from cases import case, expect, expect_equal
from clients import fetch_with_all, with_options
from folder_appliance import FolderAppliance
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
def serving(lab, tag, network, settings=""):
    appliance = FolderAppliance(lab, tag, network=network, settings=settings)
    try:
        content = os.urandom(40_000)
        appliance.write(LOAD, content)
        appliance.start()
        appliance.wait_served(LOAD, content)
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
