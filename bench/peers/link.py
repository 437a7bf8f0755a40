# SPDX-License-Identifier: Apache-2.0
"""The link of bench/limit, of which a server of the kernel's may have the end as well. The phones are
behind a router, so that nobody asks for ten thousand MAC addresses."""

import pathlib
import sys

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "limit"))

from lab import Link  # noqa: E402
from support.processes import output_of  # noqa: E402

ROUTER = "10.77.0.254"
ROUTER_MAC = "02:5f:00:00:00:01"
PHONES = "10.77.64.0/18"


class PeerLink(Link):
    def _in_server(self, *words):
        output_of([*self.server_prefix, "ip", *words])

    def give_kernel(self, address):
        self._in_server("addr", "add", f"{address}/18", "dev", "bs")
        self._in_server("neigh", "replace", ROUTER, "lladdr", ROUTER_MAC, "dev", "bs")
        self._in_server("route", "add", PHONES, "via", ROUTER)

    def take_from_kernel(self):
        self._in_server("addr", "flush", "dev", "bs")
        self._in_server("neigh", "flush", "dev", "bs")

    def wait_port(self, program):
        """Somebody has UDP port 69 there."""
        program.wait_until(
            lambda: ":69 " in output_of([*self.server_prefix, "ss", "-Hlun", "sport", "=", ":69"]),
            "does not listen on UDP port 69")
