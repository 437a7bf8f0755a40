# SPDX-License-Identifier: Apache-2.0
"""The lab that the cases share: one appliance with the demo campus of 1,000 phones, in a network and
a folder of its own. It is made when the first case asks for it."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import netns
import tftp
from cases import Failed, Skip, expect_equal
from processes import Process, run

MEMORY_MB = 64
HUGEPAGES_FREE = pathlib.Path("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages")


class Lab:
    def __init__(self, root, build):
        self.root, self.build = root, build
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{netns.PREFIX}{os.getpid()}-"))
        self._appliance = None
        self._trouble = None
        # For DPDK's telemetry sockets; else they would lie in /var/run and stay there.
        os.environ["RUNTIME_DIRECTORY"] = str(self.folder)

    def program(self, path):
        program = self.build / path
        if not program.exists():
            raise Skip(f"{program} is not built")
        return program

    @property
    def appliance(self):
        if self._trouble:
            raise Failed(f"the lab is not up: {self._trouble}")
        if self._appliance is None:
            try:
                self._appliance = Appliance(self)
                self._appliance.start()
                self._appliance.import_campus()
            except Skip:
                raise
            except Exception as trouble:
                self._trouble = str(trouble)
                raise
        return self._appliance

    def close(self):
        if self._appliance:
            self._appliance.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Appliance:
    """Both daemons on one network, and the command line."""

    def __init__(self, lab):
        self.folder = lab.folder
        self.dataplane_program = lab.program("dataplane/app/dialtone-dataplane")
        self.control_program = lab.program("control/dialtone-control")
        self.cli = lab.program("control/cli/dialtone")
        self.campus, self.assets = self.folder / "campus", self.folder / "campus/assets"
        self.database = self.folder / "devices.db"
        self.control_socket = self.folder / "control.sock"
        self.offer_socket = self.folder / "dataplane.sock"
        self.config = self.folder / "dialtone.toml"
        subprocess.run([sys.executable, "-B", lab.root / "scripts/demo/make_campus.py", self.campus],
                       check=True)
        self.config.write_text(self.config_text())
        self.network = netns.Network("m")
        self.dataplane = self._daemon("dataplane", netns.enter(self.network.appliance),
                                      self.dataplane_program)
        self.control = self._daemon("control", [], self.control_program)

    def _daemon(self, name, prefix, program):
        return Process(name, [*prefix, program, "--config", self.config],
                       self.folder / f"{name}.log", self.folder)

    def config_text(self):
        # Ordinary pages unless enough huge ones lie free: the tests reserve none.
        free_mb = int(HUGEPAGES_FREE.read_text()) * 2 if HUGEPAGES_FREE.exists() else 0
        hugepages = "true" if free_mb >= MEMORY_MB + 128 else "false"
        # The worker rests when idle: the clients of the tests have to share two cores with it.
        return f"""[dataplane]
device = "net_af_packet0,iface={netns.APPLIANCE_IF}"
address = ["{netns.SERVER}", "{netns.SERVER6}"]
socket = "{self.offer_socket}"
memory_mb = {MEMORY_MB}
hugepages = {hugepages}
idle_sleep_us = 50

[control]
socket = "{self.control_socket}"
dataplane = "{self.offer_socket}"
database = "{self.database}"
assets = "{self.assets}"
hugepages = {hugepages}
"""

    def start(self):
        self.dataplane.start()
        self.control.start()
        self.dataplane.wait_line("serving .* on ")
        self.control.wait_line("ready:")
        self.control.wait_line("published generation")

    def restart(self, daemon, line):
        """Starts a daemon that has ended, and waits for its line."""
        mark = daemon.mark()
        daemon.start()
        return daemon.wait_line(line, mark)

    def import_campus(self):
        self.dialtone("import", "json", self.campus / "campus.json")
        self.dialtone("import", "csv", self.campus / "phones.csv")

    def dialtone(self, *arguments, code=0):
        """The result of its --json output; with another `code` than 0, what it wrote to standard error."""
        done = self.dialtone_raw(*arguments, "--json")
        expect_equal(done.returncode, code, f"exit code of dialtone {arguments} ({done.stderr.strip()})")
        return done.stderr if code else json.loads(done.stdout)["result"]

    def dialtone_raw(self, *arguments, **options):
        return run([self.cli, "--socket", self.control_socket, *map(str, arguments)], **options)

    def built(self, name):
        """What control has built, by `dialtone files cat`."""
        done = subprocess.run([self.cli, "--socket", self.control_socket, "files", "cat", name],
                              capture_output=True, timeout=20, stdin=subprocess.DEVNULL)
        expect_equal(done.returncode, 0, f"exit code of files cat {name} ({done.stderr.decode()})")
        return done.stdout

    def fetch(self, name, patience=2.0):
        return tftp.fetch(self.network.campus, name, patience)

    def wait_for(self, condition, what, seconds=10):
        """Seconds until the condition held; what the daemons do by themselves is waited for with it. `what`
        is a text, or gives one when it is too late."""
        start = time.monotonic()
        while not condition():
            if time.monotonic() - start > seconds:
                raise Failed(f"{what() if callable(what) else what}: not within {seconds} s")
            time.sleep(0.002)
        return time.monotonic() - start

    def serves(self, name, content, patience=2.0):
        """True when a fetch gets `content`; None: when it gets ERROR 1."""
        try:
            return self.fetch(name, patience) == content
        except tftp.NotServed:
            return content is None
        except tftp.NoAnswer:  # a dataplane without an image drops requests
            return False

    def wait_served(self, name, content, seconds=10):
        return self.wait_for(lambda: self.serves(name, content, 0.02), f"{name} is served", seconds)

    def digest(self):
        return self.dialtone("status")["content_digest"]

    def phones(self, protocol=""):
        """Names of the campus, in the order of its table."""
        lines = (self.campus / "phones.csv").read_text().splitlines()[1:]
        return [line.split(",")[0] for line in lines if f",{protocol}," in line or not protocol]

    def close(self):
        for daemon in (self.control, self.dataplane):
            if daemon.is_alive():
                daemon.stop(number=signal.SIGINT)  # no transfer is waited for
        self.network.remove()
