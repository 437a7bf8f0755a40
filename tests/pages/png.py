# SPDX-License-Identifier: Apache-2.0
"""Pictures as browsers write them: PNG (ISO/IEC 15948) of 8 bits a channel, RGB or RGBA, not interlaced."""

import collections
import itertools
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}  # by colour type


def chunks(data):
    if not data.startswith(SIGNATURE):
        raise ValueError("no PNG")
    at = len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8:at + 8 + length]
        at += 12 + length


def paeth(left, up, corner):
    guess = left + up - corner
    to_left, to_up, to_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def unfiltered(kind, row, above, step):
    """A row of bytes, from its differences to its neighbours (9.2)."""
    if kind == 1:  # to the left
        out = bytearray(row)
        for channel in range(step):
            sums = itertools.accumulate(row[channel::step])
            out[channel::step] = bytes(each & 255 for each in sums)
        return out
    if kind == 2:  # to the row above: all bytes at once, the carry of each kept from the next
        high = int.from_bytes(b"\x80" * len(row), "big")
        a, b = int.from_bytes(row, "big"), int.from_bytes(above, "big")
        return bytearray((((a & ~high) + (b & ~high)) ^ ((a ^ b) & high)).to_bytes(len(row), "big"))
    if kind in (3, 4):
        out = bytearray(row)
        for i, value in enumerate(row):
            left = out[i - step] if i >= step else 0
            corner = above[i - step] if i >= step else 0
            guess = (left + above[i]) // 2 if kind == 3 else paeth(left, above[i], corner)
            out[i] = (value + guess) & 255
        return out
    return bytearray(row)


class Picture:
    def __init__(self, data):
        parts = collections.defaultdict(bytes)
        for kind, body in chunks(data):
            parts[kind] += body
        self.width, self.height, depth, colour, _, _, interlace = struct.unpack(
            ">IIBBBBB", parts[b"IHDR"])
        if depth != 8 or interlace or colour not in CHANNELS:
            raise ValueError(f"a PNG of {depth} bits, colour type {colour}, interlace {interlace}")
        self.step = CHANNELS[colour]
        packed = zlib.decompress(parts[b"IDAT"])
        size = self.width * self.step
        self.rows, above = [], bytearray(size)
        for start in range(0, (size + 1) * self.height, size + 1):
            above = unfiltered(packed[start], packed[start + 1:start + 1 + size], above, self.step)
            self.rows.append(above)

    def colours(self, left=0, top=0, right=None, bottom=None):
        """How many pixels of a part have which (red, green, blue)."""
        cut = slice(left * self.step, (self.width if right is None else right) * self.step)
        rows = collections.Counter(bytes(row[cut]) for row in self.rows[top:bottom])
        counts = collections.Counter()
        for row, times in rows.items():
            pixels = collections.Counter(zip(*(row[i::self.step] for i in range(3))))
            for colour, count in pixels.items():
                counts[colour] += times * count
        return counts
