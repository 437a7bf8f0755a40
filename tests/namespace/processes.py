# SPDX-License-Identifier: Apache-2.0
"""Processes that a test started: only these are ever signalled, and none of them outlives the run."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from cases import Failed

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def dies_with_parent(number=signal.SIGKILL):
    """For preexec_fn: the signal that the child gets when the run is killed and can stop nothing."""
    return lambda: _libc.prctl(PR_SET_PDEATHSIG, number)


class Process:
    """One daemon: its log goes on over a restart."""

    def __init__(self, name, command, log, cwd, death_signal=signal.SIGKILL):
        self.name, self._command, self.log, self._cwd = name, command, log, cwd
        self._before = dies_with_parent(death_signal)
        self._popen = None

    def start(self):
        with open(self.log, "ab") as output:
            self._popen = subprocess.Popen(
                self._command, cwd=self._cwd, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=self._before)

    @property
    def pid(self):
        return self._popen.pid

    def is_alive(self):
        return self._popen is not None and self._popen.poll() is None

    def mark(self):
        """Where the log ends now: wait_line() looks at what comes after it."""
        return self.log.stat().st_size if self.log.exists() else 0

    def text(self, mark=0):
        return self.log.read_bytes()[mark:].decode(errors="replace") if self.log.exists() else ""

    def wait_line(self, pattern, mark=0, seconds=20):
        deadline = time.monotonic() + seconds
        while True:
            alive = self.is_alive()
            found = re.search(pattern, self.text(mark), re.MULTILINE)
            if found:
                return found
            if not alive or time.monotonic() > deadline:
                why = f"did not say {pattern!r} within {seconds} s" if alive else "has ended"
                raise Failed(f"{self.name} {why}; its log ends with:\n{self.text(mark)[-1500:]}")
            time.sleep(0.01)

    def send(self, number):
        self._popen.send_signal(number)

    def wait_end(self, seconds=10):
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
            raise Failed(f"{self.name} did not end within {seconds} s; it was killed") from None

    def kill(self):
        self.send(signal.SIGKILL)
        self._popen.wait()

    def stop(self, seconds=10, number=signal.SIGTERM):
        """Its exit code."""
        if self.is_alive():
            self.send(number)
        return self.wait_end(seconds) if self._popen else 0


def is_running(pid):
    """False as well for a process that has ended and that its parent has not yet asked for."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def run(command, seconds=60, **options):
    """Ended, with its output as text; a test looks at the exit code itself."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **options) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except BaseException:
            process.terminate()  # not killed: a script takes down what it started
            try:
                process.communicate(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def run_script_as_nobody(root, script, *arguments):
    """A copy of the scripts, since the clone may lie where only root can read."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copytree(root / "scripts", f"{folder}/scripts")
        return run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                    f"{folder}/scripts/{script}", *arguments])
