# SPDX-License-Identifier: Apache-2.0
"""Programs that a benchmark starts and ends, and nothing else; a folder and pages that it leaves as
it found them."""

import ctypes
import pathlib
import re
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
HUGEPAGES_FREE = pathlib.Path("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages")


def free_hugepages_mb():
    return int(HUGEPAGES_FREE.read_text()) * 2 if HUGEPAGES_FREE.exists() else 0


def prefer(pid):
    """Before the other programs of a busy machine; the process leads a session of its own. Where the
    kernel groups processes by session, `nice` says nothing between groups."""
    group = pathlib.Path(f"/proc/{pid}/autogroup")
    if group.exists():
        group.write_text("-11")


class Program:
    """One that runs until it is stopped; its output goes to a file."""

    def __init__(self, name, command, folder, preferred=False):
        self.name, self.log = name, folder / f"{name}.log"
        with open(self.log, "wb") as output:
            self._popen = subprocess.Popen(
                [str(word) for word in command], cwd=folder, stdin=subprocess.PIPE, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=lambda: _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        if preferred:
            prefer(self.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self._popen.pid

    def stop(self):
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
        try:
            self._popen.wait(10)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def text(self):
        return self.log.read_text(errors="replace")

    def wait_until(self, condition, what, seconds=30):
        deadline = time.monotonic() + seconds
        while not condition():
            if self._popen.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{self.name} {what}; its last lines:\n{self.text()[-2000:]}")
            time.sleep(0.01)

    def wait_line(self, pattern, seconds=30):
        self.wait_until(lambda: re.search(pattern, self.text()), f"did not say {pattern!r}", seconds)

    def busiest_thread_ns(self):
        """Nanoseconds that the thread with the most has run: a worker never rests."""
        ran = []
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                ran.append(int((task / "schedstat").read_text().split()[0]))
            except OSError:
                continue  # it has ended
        return max(ran)


def output_of(command, seconds=120, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=seconds, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout
