# SPDX-License-Identifier: Apache-2.0
"""A client of dialtone-control that stays connected (docs/control-api.md)."""

import fcntl
import json
import os
import socket
import sys
import time

PATIENCE_S = 120
SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


def sealed(content):
    descriptor = os.memfd_create("bench", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(descriptor, content)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    return descriptor


class Control:
    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(str(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _exchange(self, command, arguments, attachment):
        """The result, and the descriptors that came with it."""
        request = json.dumps({"command": command, "arguments": arguments}).encode()
        attached = [] if attachment is None else [sealed(attachment)]
        try:
            socket.send_fds(self._socket, [request], attached)
        finally:
            for descriptor in attached:
                os.close(descriptor)
        reply, descriptors, _, _ = socket.recv_fds(self._socket, 1 << 17, 4)
        if reply == b"@":  # a long one
            body = descriptors.pop(0)
            reply = os.pread(body, os.fstat(body).st_size, 0)
            os.close(body)
        reply = json.loads(reply)
        if not reply["ok"]:
            faults = "".join(f"\n  {each['text']}" for each in reply.get("faults", []))
            sys.exit(f"dialtone-control refuses {command}: {reply['error']}{faults}")
        return reply["result"], descriptors

    def call(self, command, arguments=None, attachment=None):
        result, descriptors = self._exchange(command, arguments or {}, attachment)
        for descriptor in descriptors:
            os.close(descriptor)
        return result

    def import_rows(self, tables):
        """Of what phones share."""
        return self.call("import json", {"file": "bench.json"}, json.dumps(tables).encode())

    def content(self, name):
        """Of a file as it is built."""
        result, (descriptor,) = self._exchange("files cat", {"name": name}, None)
        try:
            return os.pread(descriptor, result["length"], result["offset"])
        finally:
            os.close(descriptor)

    def wait_published(self):
        self._wait(lambda status: status["publish"]["state"] == "published",
                   "what was changed is not served")

    def wait_kept(self):
        """What is served is on the disk as well."""
        self._wait(lambda status: status["generations"]["pending"] == 0,
                   "what is served is not on the disk")

    def _wait(self, condition, otherwise):
        deadline = time.monotonic() + PATIENCE_S
        while not condition(self.call("status")):
            if time.monotonic() > deadline:
                sys.exit(f"{otherwise} within {PATIENCE_S} s")
            time.sleep(0.01)

    def trace(self, publish):
        """Of the change that a reply's "publish" is of."""
        return self.call("change trace", {"id": publish["change"]})


def times_of(trace):
    """Microseconds since 1970 of each step that the change has come to."""
    return {step["step"]: step["time_us"] for step in trace["steps"]}
