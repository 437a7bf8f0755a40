# SPDX-License-Identifier: Apache-2.0
"""Stock clients with larger blocks and with windows (RFC 2347, 2348, 2349, 7440)."""

from cases import case, expect_equal
from client_cases import LOAD
from clients import fetch_with_all, in_netascii, with_options


def counter(appliance, name):
    counters = appliance.dialtone("counters", "--all")["counters"]
    return next(each["value"] for each in counters if each["name"] == name)


@case("curl, atftp and busybox with blksize 1428, atftp with a window of 16: byte for byte")
def options(lab):
    appliance = lab.appliance
    sizes = (0, 1, 1427, 1428, 1429, 2856, 16 * 1428, 33 * 1428 + 7)
    wanted = {f"block{size}.bin": bytes(at * 11 % 253 for at in range(size)) for size in sizes}
    for name, content in wanted.items():
        (appliance.assets / name).write_bytes(content)
    for name, content in wanted.items():
        appliance.wait_served(name, content)
    wanted[LOAD] = (appliance.assets / LOAD).read_bytes()
    before = counter(appliance, "oacks_sent"), counter(appliance, "data_sent")
    fetch_with_all(appliance, list(wanted), wanted, "options", with_options(1428, 16))
    oacks, data = (counter(appliance, "oacks_sent") - before[0],
                   counter(appliance, "data_sent") - before[1])
    expect_equal(oacks >= 3 * len(wanted), True, f"OACKs, {oacks}, of {3 * len(wanted)} at least")
    # Copies aside, no more packets than blocks of 1428 bytes need.
    blocks = 3 * sum(len(content) // 1428 + 1 for content in wanted.values())
    expect_equal(blocks <= data <= blocks * 1.1, True, f"DATA packets, {data}, for {blocks} blocks")
    for name in wanted:
        if name != LOAD:
            (appliance.assets / name).unlink()


@case("netascii: curl gets CR LF and CR NUL, tftp-hpa the file as it is (RFC 1350, 1123 4.2.2.1)")
def netascii(lab):
    appliance = lab.appliance
    lines = b"".join(b"line %d\n" % at for at in range(500))
    files = {"text.txt": lines, "edge.txt": b"x" * 511 + b"\n", "returns.txt": b"a\rb\r\nc" * 100}
    for name, content in files.items():
        (appliance.assets / name).write_bytes(content)
    for name, content in files.items():
        appliance.wait_served(name, content)
    clients = in_netascii()
    sent = {name: content.replace(b"\r", b"\r\0").replace(b"\n", b"\r\n")
            for name, content in files.items()}
    fetch_with_all(appliance, list(files), sent, "netascii-sent", {"curl": clients["curl"]})
    fetch_with_all(appliance, list(files), files, "netascii-kept", {"tftp-hpa": clients["tftp-hpa"]})
    for name in files:
        (appliance.assets / name).unlink()
