# SPDX-License-Identifier: Apache-2.0
"""Numbers that depend on nothing but a seed and a label: the same with every version of Python."""

import hashlib


class Stream:
    def __init__(self, seed, label):
        self._prefix = f"dialtone demo campus/{seed}/{label}/".encode()
        self._count = 0

    def below(self, limit):
        """A number from 0 to limit - 1."""
        self._count += 1
        digest = hashlib.sha256(self._prefix + str(self._count).encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def pick(self, values):
        return values[self.below(len(values))]

    def bytes(self, count):
        self._count += 1
        return hashlib.shake_256(self._prefix + str(self._count).encode()).digest(count)
