# SPDX-License-Identifier: Apache-2.0
"""The grid of stock clients: each of them with its options, over IPv4 and IPv6, with and without a
VLAN, on a way that loses, doubles and swaps packets by a pattern. The ports of one switch run side by
side, so that the clients' timers run at the same time. Every file is compared byte for byte, and a
second decoder reads what was on the wire."""

import contextlib
import functools
import shutil
import subprocess

import netns
from cases import Skip, case, expect, expect_equal, figure
from clients import Batch, busybox, curl, with_options
from processes import run
from tagging_switch import Faults, TaggingSwitch

VLAN = [(0x8100, 100)]
QINQ = [(0x8100, 7), (0x8100, 100)]
SMALL = (0, 1, 511, 512, 513, 1428, 2856, 10_000)
LOSSY = (0, 1, 512, 513, 1428, 10_000)
LARGE = 1 << 20
SCAPY_PYTHON = "/usr/bin/python3"


def curl_plain(names, server):
    command, text = curl(names, server)
    return [*command, "--tftp-no-options"], text


def one_by_one(fetch, names):
    """A process, and so a port, for each file. From one port the late copy of a file that is over is
    taken for the first block of the next, where that one's request was lost: RFC 1350 has no cure."""
    pairs = "".join(f"{name} {name}\n" for name in names)
    return ["sh", "-c", f"while read -r far near; do {fetch} </dev/null; done"], pairs


def tftp_hpa(names, server):
    return one_by_one(f"tftp -m octet {server} -c get $far $near", names)


def atftp(names, server, options=""):
    return one_by_one(f"atftp {options} -g -r $far -l $near {server}", names)


def atftp_all_options(names, server):
    asked = ("blksize 1428", "tsize 0", "timeout 2", "windowsize 8")
    return atftp(names, server, " ".join(f"--option '{option}'" for option in asked))


def scapy(script, names, server):
    return ([SCAPY_PYTHON, "-B", str(script), server],
            "".join(f"{name} {name}\n" for name in names))


def grid_clients(root):
    """name → builder of its command, as Batch wants it."""
    large = with_options(1428, 8)
    return {"curl": curl, "curl-plain": curl_plain, "curl-1428": large["curl"], "tftp-hpa": tftp_hpa,
            "atftp": atftp, "atftp-options": atftp_all_options, "busybox": busybox,
            "busybox-1428": large["busybox"],
            "scapy": functools.partial(scapy, root / "tests/namespace/scapy_read.py")}


ALL = ("curl", "curl-plain", "curl-1428", "tftp-hpa", "atftp", "atftp-options", "busybox",
       "busybox-1428")
# curl asks for a timeout of 6 s, which is kept then: too long to wait for at each twentieth packet,
# so it loses each fiftieth.
PATIENT = tuple(client for client in ALL if client != "curl")


def needs_scapy():
    done = run([SCAPY_PYTHON, "-c", "import scapy.layers.tftp"])
    if done.returncode:
        raise Skip(f"{SCAPY_PYTHON} has no Scapy (Debian's python3-scapy)")


def content(size):
    return bytes((at * 131 + at // 251) % 256 for at in range(size))


@contextlib.contextmanager
def grid_files(appliance, sizes):
    """name → content of files that are served."""
    files = {f"grid{size}.bin": content(size) for size in sizes}
    for name, wanted in files.items():
        (appliance.assets / name).write_bytes(wanted)
    for name, wanted in files.items():
        appliance.wait_served(name, wanted)
    try:
        yield files
    finally:
        for name in files:
            (appliance.assets / name).unlink()


class Way:
    """One port of the switch, and what is fetched behind it."""

    def __init__(self, title, tags=(), ipv6=False, clients=ALL, **faults):
        self.title, self.tags, self.ipv6, self.clients = title, tags, ipv6, clients
        self.faults = faults


def plain_ways(title="", **settings):
    """Both families, untagged and in a VLAN."""
    return [Way(f"{family}{vlan}{title}", tags, family == "IPv6", **settings)
            for family in ("IPv4", "IPv6") for vlan, tags in (("", ()), (", VLAN", VLAN))]


def fetch_over(appliance, root, ways, files, tag, capture=None):
    """All clients of all ways at once."""
    clients = grid_clients(root)
    with contextlib.ExitStack() as stack:
        batches = []
        for number, way in enumerate(ways, 1):
            switch = stack.enter_context(TaggingSwitch(
                appliance.network, way.tags, number, Faults(number, **way.faults),
                capture and capture / f"{number}.pcap"))
            if way.ipv6:
                switch.speak_ipv6()
            server = netns.SERVER6 if way.ipv6 else netns.SERVER
            batches += [(way, Batch(switch.phone, client, files, appliance.folder /
                                    f"fetched/{tag}{number}" / client, clients, server))
                        for client in way.clients]
            way.switch = switch
        for way, batch in batches:
            batch.client = f"{way.title}: {batch.client}"
            batch.expect(files)
    for way in ways:
        faults = way.switch.faults
        expect_equal(faults.dropped > 0, bool(way.faults), f"{way.title}: packets lost")
        figure(f"{way.title}: {len(way.clients)} clients, {faults.dropped} of {faults.seen} lost")


@case("the grid of stock clients, IPv4 and IPv6, untagged, VLAN and QinQ, with loss: byte for byte")
def grid_with_loss(lab):
    with grid_files(lab.appliance, LOSSY) as files:
        fetch_over(lab.appliance, lab.root, [
            *plain_ways(", 5 % lost", clients=PATIENT, every=20, disorder=True),
            *plain_ways(", 2 % lost", clients=("curl",), every=50, disorder=True),
            Way("IPv4, QinQ, 1 % lost", QINQ, every=100),
            Way("IPv6, QinQ, 1 % lost", QINQ, ipv6=True, every=100),
        ], files, "loss")


@case("the grid of stock clients, IPv4 and IPv6, untagged and VLAN, no loss: 1 MB too")
def grid_without_loss(lab):
    with grid_files(lab.appliance, (*SMALL, LARGE)) as files:
        fetch_over(lab.appliance, lab.root, plain_ways(), files, "clean")


@case("1 MB with large blocks and windows, through loss: curl, busybox and atftp, byte for byte")
def grid_large_with_loss(lab):
    large = ("curl-1428", "busybox-1428", "atftp-options")
    with grid_files(lab.appliance, (LARGE,)) as files:
        fetch_over(lab.appliance, lab.root, [
            Way("1 MB, IPv4, VLAN", VLAN, clients=large, every=1000, disorder=True),
            Way("1 MB, IPv6", ipv6=True, clients=large, every=1000, disorder=True),
        ], files, "large")


@case("Scapy's TFTP client, IPv4 and IPv6, untagged and VLAN, without loss and 5 % lost: byte for byte")
def grid_scapy(lab):
    needs_scapy()
    with grid_files(lab.appliance, LOSSY) as files:
        fetch_over(lab.appliance, lab.root, [
            Way(f"Scapy, {way.title}{title}", way.tags, way.ipv6, ("scapy",), **faults)
            for title, faults in (("", {}), (", 5 % lost", {"every": 20})) for way in plain_ways()],
            files, "scapy")


@case("RFC 3617: curl takes ;mode=octet and ;mode=netascii from the address of a file")
def uri_modes(lab):
    appliance = lab.appliance
    text = b"one\ntwo\r\nthree\rfour\n" * 60
    name = "mode.txt"
    (appliance.assets / name).write_bytes(text)
    appliance.wait_served(name, text)
    sent = text.replace(b"\r", b"\r\0").replace(b"\n", b"\r\n")
    for mode, wanted in (("octet", text), ("netascii", sent), ("OCTET", text)):
        got = subprocess.run([*netns.enter(appliance.network.campus), "curl", "-sS", "--max-time",
                              "20", f"tftp://{netns.SERVER}:69/{name};mode={mode}"],
                             capture_output=True, timeout=30)
        expect_equal(got.stdout, wanted, f";mode={mode} ({got.stderr.decode().strip()})")
    (appliance.assets / name).unlink()


SERVER_FRAMES = f"(ip.src == {netns.SERVER} || ipv6.src == {netns.SERVER6}) && "
SOUND = "udp.checksum.status == 1 && (ipv6 || ip.checksum.status == 1)"


def frames(path, display_filter):
    """How many frames of a capture a filter of tshark shows; its own decoding, with all checksums."""
    done = run(["tshark", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
                "-Y", display_filter, "-T", "fields", "-e", "frame.number"])
    expect_equal(done.returncode, 0, f"exit code of tshark ({done.stderr.strip()[-200:]})")
    return len(done.stdout.split())


@case("tshark reads what the appliance sends: TFTP without a fault, every checksum right")
def judged_by_tshark(lab):
    if not shutil.which("tshark"):
        raise Skip("tshark is not installed (Debian's tshark)")
    appliance = lab.appliance
    folder = appliance.folder / "captures"
    folder.mkdir(exist_ok=True)
    clients = ("curl", "curl-1428", "atftp-options", "tftp-hpa")
    with grid_files(appliance, (0, 1, 512, 1428, 10_000)) as files:
        fetch_over(appliance, lab.root, [Way("capture, IPv4, VLAN", VLAN, clients=clients),
                                         Way("capture, IPv6", ipv6=True, clients=clients)],
                   files, "captured", folder)
    for path in sorted(folder.glob("*.pcap")):
        sent = frames(path, f"{SERVER_FRAMES}udp")
        expect(sent > 60, f"{path.name}: {sent} packets of the appliance")
        expect_equal(frames(path, f"{SERVER_FRAMES}tftp"), sent, "those that are TFTP")
        expect_equal(frames(path, f"{SERVER_FRAMES}udp && {SOUND}"), sent, "with right checksums")
        expect_equal(frames(path, "_ws.malformed || _ws.expert.severity == error"), 0, "malformed")
        expect(frames(path, f"{SERVER_FRAMES}tftp.opcode == 6") >= len(files), "OACKs are there")
