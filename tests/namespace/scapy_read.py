#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Scapy's TFTP client, for the namespace tests: reads "FAR NEAR" lines, fetches each FAR from the
server of its argument and writes it to NEAR. Its packets and its reading of ours are Scapy's; it was
written for IPv4, and is given IPv6's header where the server has such an address. In Debian's
Python, where Scapy is."""

import logging
import socket
import sys

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)

from scapy.config import conf  # noqa: E402
from scapy.layers import tftp  # noqa: E402
from scapy.layers.inet6 import IPv6  # noqa: E402

FIRST_PORT = 40001


def fetch(far, server, port, family):
    # A socket of the kernel's own on the port: without one it would answer each DATA with ICMP port
    # unreachable, which ends the transfer.
    with socket.socket(family, socket.SOCK_DGRAM) as holder:
        holder.bind(("", port))
        return tftp.TFTP_read(far, server, sport=port, port=69).run()


def main():
    conf.verb = 0
    server = sys.argv[1]
    family, routes = socket.AF_INET, conf.route
    if ":" in server:
        family, routes, tftp.IP = socket.AF_INET6, conf.route6, IPv6
    conf.iface = routes.route(server)[0]  # without a default route it would listen on lo
    for number, line in enumerate(sys.stdin):
        far, near = line.split()
        with open(near, "wb") as file:
            file.write(fetch(far, server, FIRST_PORT + number, family))


main()
