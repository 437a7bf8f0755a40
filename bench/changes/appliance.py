# SPDX-License-Identifier: Apache-2.0
"""Both daemons with the phones of the demo campus in a database, on CPUs of a benchmark's choice."""

import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from control import Control  # noqa: E402
from support.bench import BUILD, ROOT  # noqa: E402
from support.processes import Program, free_hugepages_mb, output_of  # noqa: E402

CPUS = os.sched_getaffinity(0)
MEMORY_MB = 128
TARGETS = ["dataplane/app/dialtone-dataplane", "control/dialtone-control", "control/cli/dialtone"]


@dataclasses.dataclass(frozen=True)
class Placement:
    """The worker has a CPU, control may use others, and perhaps that one too."""
    server_cpu: int
    control_cpus: tuple
    nice: int = 0           # of control
    idle_sleep_us: int = 0  # of the worker; 0: it never sleeps

    def __str__(self):
        rest = f"sleeps {self.idle_sleep_us} us when idle" if self.idle_sleep_us else "never sleeps"
        nice = f", nice {self.nice}" if self.nice else ""
        cpus = " and ".join(map(str, self.control_cpus))
        return f"worker on CPU {self.server_cpu}, {rest}; control on CPU {cpus}{nice}"


def check_machine():
    if os.geteuid() != 0:
        sys.exit("run as root: DPDK and namespaces need it")
    if len(CPUS) < 2:
        sys.exit("the worker needs a CPU of its own, so this needs two")
    # What was laid and started is taken down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped by SIGTERM"))


def cpus_beside(server_cpu):
    return tuple(sorted(CPUS - {server_cpu}))


def on_cpus(cpus):
    """The beginning of a command line."""
    return ["taskset", "-c", ",".join(map(str, cpus))]


def keep_off(server_cpu):
    """This program, and the commands that it runs."""
    os.sched_setaffinity(0, CPUS - {server_cpu})


@contextlib.contextmanager
def new_folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dtbench"))
    # For DPDK's telemetry sockets; else they would lie in /var/run and stay there.
    os.environ["RUNTIME_DIRECTORY"] = str(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Appliance:
    """`device` is the worker's port; `prefix` puts the dataplane where that is. What `folder` has of an
    appliance before it, database and generations, is this one's too."""

    def __init__(self, folder, placement, device, prefix=()):
        self.folder, self._placement, self._prefix = folder, placement, prefix
        self.control_socket = folder / "control.sock"
        self.database = folder / "devices.db"
        self.dataplane = self.control = None
        self._config = folder / "dialtone.toml"
        free_mb = free_hugepages_mb()
        self._config.write_text(f"""[dataplane]
device = "{device}"
address = "10.77.0.1"
socket = "{folder}/dataplane.sock"
lcores = [{placement.server_cpu}]
memory_mb = {MEMORY_MB}
hugepages = {str(free_mb >= MEMORY_MB + 64).lower()}
idle_sleep_us = {placement.idle_sleep_us}
stop_within_s = 0

[control]
socket = "{self.control_socket}"
dataplane = "{folder}/dataplane.sock"
database = "{self.database}"
hugepages = {str(free_mb >= 2 * MEMORY_MB).lower()}
""")

    def __enter__(self):
        try:
            self.dataplane = self._start("dataplane", "dataplane/app/dialtone-dataplane",
                                         [*self._prefix, *on_cpus(CPUS)])
            self.dataplane.wait_line("serving .* on ")
            self.control = self._start("control", "control/dialtone-control",
                                       [*on_cpus(self._placement.control_cpus),
                                        "nice", "-n", self._placement.nice])
            self.control.wait_line("ready:")
            self.control.wait_line("published generation|with the same files")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for program in (self.control, self.dataplane):
            if program:
                program.stop()

    def _start(self, name, program, prefix):
        return Program(name, [*prefix, BUILD / program, "--config", self._config], self.folder)

    def dialtone(self, *words):
        """The result of a command of the operator's."""
        command = [BUILD / "control/cli/dialtone", "--socket", self.control_socket, *words, "--json"]
        return json.loads(output_of(command))["result"]

    def import_campus(self, phones):
        campus = self.folder / "campus"
        subprocess.run([sys.executable, "-B", ROOT / "scripts/demo/make_campus.py", "--phones",
                        str(phones), campus], check=True)
        begin = time.monotonic()
        with Control(self.control_socket) as control:
            for kind, file in (("json", "campus.json"), ("csv", "phones.csv")):
                control.call(f"import {kind}", {"file": file, "wait": False},
                             (campus / file).read_bytes())
            control.wait_published()
            seconds = time.monotonic() - begin
            # What is measured is a day behind an import, not the copy of all files to the disk.
            control.wait_kept()
        print(f"{phones:,} phones imported and served in {seconds:.1f} s, and on the disk in "
              f"{time.monotonic() - begin:.1f}", flush=True)

    def campus_tables(self):
        """What its phones share, as `import json` takes it."""
        return json.loads((self.folder / "campus/campus.json").read_text())

    def phones(self, protocol="", pool=""):
        """Names, in the order of the campus' table."""
        lines = (self.folder / "campus/phones.csv").read_text().splitlines()[1:]
        return [line.split(",")[0] for line in lines
                if f",{protocol}," in line and (not pool or f",{pool}," in line)]

    def control_cpu_s(self):
        """Seconds of CPU that control has used, all its threads."""
        fields = pathlib.Path(f"/proc/{self.control.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
