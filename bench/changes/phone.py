# SPDX-License-Identifier: Apache-2.0
"""A phone that asks through the kernel, at the other end of a veth pair, and what it asks for after a
change."""

import sys
import time

from support.bench import ROOT

sys.path[1:1] = [str(ROOT / "tests/namespace"), str(ROOT / "tests/support")]

import netns  # noqa: E402
import tftp  # noqa: E402

DEVICE = f"net_af_packet0,iface={netns.APPLIANCE_IF}"


class Phone:
    def __init__(self):
        self._network = netns.Network("b")
        self.prefix = netns.enter(self._network.appliance)  # of the dataplane's command

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._network.remove()

    def ready(self):
        """A port to ask from, made before the clock runs."""
        return tftp.Endpoint(self._network.campus)

    def fetch(self, endpoint, device, wanted):
        """When the first packet had come, microseconds since 1970. The rest is fetched too, and has to
        hold the text `wanted`."""
        transfer = tftp.Transfer(endpoint, f"{device}.cnf.xml")
        first = time.time_ns() // 1000
        if wanted.encode() not in transfer.finish():
            sys.exit(f"{device}.cnf.xml is served without {wanted!r}, though its change is published")
        return first
