# SPDX-License-Identifier: Apache-2.0
"""The asset folder of the demo campus: ringers, a background, a load of 1 MB. All of it is made here;
the names are of the kind that phones ask for, the contents are ours."""

import struct
import zlib

from streams import Stream

LOAD = "demo88xx.1-0-0"
LOAD_BYTES = 1 << 20
RING_SAMPLES = 4800  # 0.6 s of 8 kHz mu-law; phones take 240 to 16,080 in steps of 240
BACKGROUND = "Desktops/320x212x16"
WIDTH, HEIGHT = 320, 212


def asset_files(seed):
    """(name, content) of each file."""
    rings = ("Chime", "Marimba", "Signal")
    yield "RingList.xml", ring_list(rings)
    for ring in rings:
        yield f"{ring}.raw", ring_tone(ring)
    yield f"{BACKGROUND}/List.xml", background_list()
    yield f"{BACKGROUND}/Dusk.png", picture(WIDTH, HEIGHT)
    yield f"{BACKGROUND}/TN-Dusk.png", picture(WIDTH // 4, HEIGHT // 4)
    yield f"{LOAD}.loads", f"{LOAD}.sbn\n".encode()
    yield f"{LOAD}.sbn", Stream(seed, "load").bytes(LOAD_BYTES)


def ring_list(rings):
    items = "".join(
        f"  <Ring>\n    <DisplayName>{ring}</DisplayName>\n    <FileName>{ring}.raw</FileName>\n"
        "  </Ring>\n" for ring in rings)
    return f"<CiscoIPPhoneRingList>\n{items}</CiscoIPPhoneRingList>\n".encode()


def background_list():
    path = f"TFTP:{BACKGROUND}"
    return (f'<CiscoIPPhoneImageList>\n  <ImageItem Image="{path}/TN-Dusk.png" '
            f'URL="{path}/Dusk.png"/>\n</CiscoIPPhoneImageList>\n').encode()


def ring_tone(name):
    """A square wave with the ringer's own pitch, as mu-law: two values are enough."""
    period = 8 + sum(name.encode()) % 16
    loud, soft = 0x90, 0x10
    return bytes(loud if at // period % 2 else soft for at in range(RING_SAMPLES))


def picture(width, height):
    """A PNG with a grey gradient, four bits a pixel, not compressed: the same bytes everywhere."""
    rows = b"".join(
        b"\0" + bytes([(shade := 15 - row * 16 // height) << 4 | shade]) * (width // 2)
        for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 0))
            + chunk(b"IEND", b""))


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(
        ">I", zlib.crc32(kind + content))
