#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Scapy's TFTP client, for the namespace tests: reads "FAR NEAR" lines, fetches each FAR from the
server of its argument over IPv4 and writes it to NEAR. In Debian's Python, where Scapy is."""

import logging
import socket
import sys

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)

from scapy.config import conf  # noqa: E402
from scapy.layers.tftp import TFTP_read  # noqa: E402

FIRST_PORT = 40001


def fetch(far, server, port):
    # A socket of the kernel's own on the port: without one it would answer each DATA with ICMP port
    # unreachable, which ends the transfer.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("", port))
        return TFTP_read(far, server, sport=port, port=69).run()


def main():
    conf.verb = 0
    conf.iface = conf.route.route(sys.argv[1])[0]  # without a default route it would listen on lo
    for number, line in enumerate(sys.stdin):
        far, near = line.split()
        with open(near, "wb") as file:
            file.write(fetch(far, sys.argv[1], FIRST_PORT + number))


main()
