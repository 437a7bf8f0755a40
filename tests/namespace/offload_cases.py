# SPDX-License-Identifier: Apache-2.0
"""Ports that compute checksums: net_tap does. The phones' kernel verifies each of them."""

import contextlib
import os

import netns
from cases import case, expect, expect_equal
from clients import fetch_with_all, with_options
from folder_appliance import FolderAppliance
from option_cases import counter
from protocol_cases import expect_echo


def fetch_over_tap(lab, tag, offload):
    with contextlib.closing(FolderAppliance(
            lab, tag, device=f"net_tap0,iface={netns.TapNetwork.IF}", network=netns.TapNetwork,
            settings=f"checksum_offload = {offload}")) as appliance:
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
