# SPDX-License-Identifier: Apache-2.0
"""The appliance behind net_tap, which computes checksums, and does not join fragments as the packet
sockets of net_af_packet do. The phones' kernel verifies and cuts."""

import contextlib
import os

import netns
from cases import case, expect, expect_equal
from clients import fetch_with_all, with_options
from folder_appliance import FolderAppliance
from option_cases import counter
from protocol_cases import expect_echo


def tap_appliance(lab, tag, settings=""):
    return contextlib.closing(FolderAppliance(
        lab, tag, device=f"net_tap0,iface={netns.TapNetwork.IF}", network=netns.TapNetwork,
        settings=settings))


def fetch_over_tap(lab, tag, offload):
    with tap_appliance(lab, tag, f"checksum_offload = {offload}") as appliance:
        # 512 bytes have stored sums, 1428 and the odd rest have not.
        wanted = {f"file{size}.bin": os.urandom(size) for size in (0, 1, 511, 512, 100_000, 100_001)}
        for name, content in wanted.items():
            appliance.write(name, content)
        appliance.start()
        appliance.network.connect()
        said = appliance.dataplane.wait_line("serving .*").group()
        expect_equal("with checksum offload" in said, offload == "true", said)
        appliance.wait_served("file100001.bin", wanted["file100001.bin"])
        fetch_with_all(appliance, list(wanted), wanted, f"tap-{tag}")
        fetch_with_all(appliance, list(wanted), wanted, f"tap-{tag}-1428", with_options(1428, 8))
        expect(appliance.serves("nothing.bin", None), "no ERROR 1 for a missing file")
        expect_echo(appliance.network.campus, 56)
        for name in ("drop_udp_checksum", "drop_ip_checksum", "partial_checksums"):
            expect_equal(counter(appliance, name), 0, name)


@case("net_tap computes the checksums of DATA, OACK, ERROR and echo replies")
def offloaded(lab):
    fetch_over_tap(lab, "o", "true")


@case("checksum_offload = false: software computes them, on the same port")
def in_software(lab):
    fetch_over_tap(lab, "p", "false")


@case("requests that the phone's kernel sends in fragments are served")
def fragmented_requests(lab):
    with tap_appliance(lab, "f") as appliance:
        name, content = "long-name-" * 20 + ".bin", os.urandom(5000)
        appliance.write(name, content)
        appliance.start()
        appliance.network.connect()
        appliance.wait_served(name, content)
        expect_equal(counter(appliance, "fragments"), 0, "fragments at an MTU of 1500")
        netns.ip_in(appliance.network.campus, "link", "set", netns.TapNetwork.IF, "mtu", "128")
        for _ in range(3):
            expect_equal(appliance.fetch(name), content, name)
        expect_equal(counter(appliance, "datagrams_joined"), 3, "requests joined")
        expect_equal(counter(appliance, "fragments"), 3 * 3, "fragments")


@case("frames that the port takes and cannot send are counted (port_not_sent)")
def not_sent(lab):
    with tap_appliance(lab, "n") as appliance:
        appliance.start()
        expect_equal(counter(appliance, "port_not_sent"), 0, "frames of a port that is up")
        netns.ip_in(appliance.network.campus, "link", "set", netns.TapNetwork.IF, "down")
        # Two seconds after the first its address is announced once more.
        appliance.wait_for(lambda: counter(appliance, "port_not_sent") > 0, "frames not sent")
