# SPDX-License-Identifier: Apache-2.0
"""Stands on the offer socket between control and a dataplane. It passes each message on with its
descriptors, remembers what went by, and can kill one side at exactly one message."""

import contextlib
import os
import select
import socket
import struct
import threading

MAX_MESSAGE = 256
HELLO, OBJECT, OFFER, PUBLISHED, REJECTED, BUSY, RETIRED, SERVICE, SERVICE_STATE = range(1, 10)
NAMES = ("", "HELLO", "OBJECT", "OFFER", "PUBLISHED", "REJECTED", "BUSY", "RETIRED", "SERVICE",
         "SERVICE_STATE")
FROM_CONTROL = (OBJECT, OFFER)


class Trap:
    """At message `number`, counted from when it is set: `process` is killed before the message is
    passed on, which then is lost, or after."""

    def __init__(self, number, after, process):
        self.number, self.after, self.process = number, after, process
        self.fired = threading.Event()
        self.message = None


def objects_of(manifest):
    """How many memfds a generation consists of (docs/image-format.md)."""
    header = os.pread(manifest, 88, 0)
    segments = struct.unpack_from("<I", header, 12)[0]
    delta = struct.unpack_from("<Q", header, 80)[0]
    return segments + 1 + (delta != 0) + 1


class OfferProxy:
    """Its thread lives until close()."""

    def __init__(self, path, dataplane):
        self._dataplane = str(dataplane)
        self.seen = []      # (type, generation) of all messages that came
        self.offered = {}   # generation: memfds
        self._trap, self._control, self._plane = None, None, None
        self._sprung, self._trap_lock = None, threading.Lock()  # the one that was taken last
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(str(path))
        self._listener.listen(4)
        self._end, end = os.pipe()
        self._closing = end
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        os.close(self._closing)
        self._thread.join(10)
        self._hang_up()
        self._listener.close()

    def set_trap(self, trap):
        """Instead of the one before, which has killed its process then, however long that took (a process
        with packet sockets may need some 100 ms to die on a busy machine), or never will."""
        with self._trap_lock:
            self._count, self._trap = 0, trap
            sprung = self._sprung
        if sprung and not sprung.fired.wait(10):
            raise TimeoutError("a trap does not get to its end")
        return trap

    def generations(self, kind, since=0):
        return [generation for at, generation in self.seen[since:] if at == kind]

    def served(self):
        """The generation that the dataplane has named last as served; 0: none."""
        return next((generation for kind, generation in reversed(self.seen)
                     if kind in (HELLO, PUBLISHED)), 0)

    def names(self, since=0):
        return " ".join(NAMES[kind] for kind, _ in self.seen[since:])

    def _run(self):
        while True:
            sockets = [each for each in (self._control, self._plane) if each]
            ready, _, _ = select.select([self._end, self._listener, *sockets], [], [])
            if self._end in ready:
                return
            if self._listener in ready:
                self._accept()
            elif self._control in ready:
                self._pass(self._control, self._plane)
            else:
                self._pass(self._plane, self._control)

    def _accept(self):
        control, _ = self._listener.accept()
        if self._control:  # the old one is dead: its end is not yet read
            self._hang_up()
        plane = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            plane.connect(self._dataplane)
        except OSError:
            control.close()
            plane.close()
            return
        self._control, self._plane = control, plane

    def _hang_up(self):
        for each in (self._control, self._plane):
            if each:
                each.close()
        self._control = self._plane = None

    def _pass(self, source, target):
        try:
            data, descriptors, _, _ = socket.recv_fds(source, MAX_MESSAGE, 4)
        except OSError:
            data, descriptors = b"", []
        try:
            if not data:
                self._hang_up()
                return
            kind = struct.unpack_from("<H", data, 6)[0]
            generation = struct.unpack_from("<Q", data, 24 if kind == HELLO else 8)[0]
            if kind == OFFER:
                self.offered[generation] = objects_of(descriptors[0])
            # In this order: who sees a message in `seen` finds that it has sprung its trap, or never will.
            trap = self._take_trap(kind)
            self.seen.append((kind, generation))
            if trap and not trap.after:
                self._spring(trap)
                return
            with contextlib.suppress(OSError):  # a peer that is dead: its end is read next
                socket.send_fds(target, [data], descriptors)
            if trap:
                self._spring(trap)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _take_trap(self, kind):
        with self._trap_lock:
            trap = self._trap
            if trap is None:
                return None
            self._count += 1
            if self._count <= trap.number:
                return None
            self._trap, self._sprung, trap.message = None, trap, kind
            return trap

    def _spring(self, trap):
        trap.process.kill()
        self._hang_up()
        trap.fired.set()
