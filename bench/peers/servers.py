# SPDX-License-Identifier: Apache-2.0
"""TFTP servers on one CPU: those of the distribution, with the settings that make them fastest, and
Dialtone. Each is started for its turn and ended after it."""

import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.bench import BUILD  # noqa: E402
from support.processes import Program, free_hugepages_mb, output_of  # noqa: E402

SERVER = "10.77.0.1"
MEMORY_MB = 256
TARGETS = ["dataplane/app/dialtone-dataplane", "control/dialtone-control", "control/cli/dialtone",
           "bench/emu/dialtone-emu"]
MOST_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]  # as many as the machine lets them open
FETCHED = BUILD / "peers"  # programs of packages that are not installed


def cpu_ticks(cpu):
    """Of a CPU, all that it was not idle: programs, kernel, interrupts."""
    for line in pathlib.Path("/proc/stat").read_text().splitlines():
        name, *times = line.split()
        if name == f"cpu{cpu}":
            user, nice, system, _, _, irq, softirq = map(int, times[:7])
            return user + nice + system + irq + softirq
    sys.exit(f"there is no CPU {cpu}")


def fetch(package):
    """The folder in which it lies unpacked: it is not installed, so nothing of it is started."""
    folder = FETCHED / package
    if not folder.exists():
        folder.mkdir(parents=True)
        output_of(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package],
                  cwd=folder, seconds=300)
        for archive in folder.glob("*.deb"):
            output_of(["dpkg-deb", "-x", archive, folder])
    return folder


def find_program(name, package, libraries):
    """The words that start it: installed, or out of its package."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if path:
        return [path]
    machine = f"{os.uname().machine}-linux-gnu"
    places = [str(fetch(each) / part / machine) for each in libraries for part in ("lib", "usr/lib")]
    words = ["env", f"LD_LIBRARY_PATH={':'.join(places)}"]
    program = fetch(package) / "usr/sbin" / name
    lacking = [line.split()[0] for line in output_of([*words, "ldd", program]).splitlines()
               if "not found" in line]
    if lacking:
        sys.exit(f"{package} needs {', '.join(lacking)}: apt-get install {package}")
    return [*words, program]


class Peer:
    """A server over the kernel's sockets."""

    def __init__(self, name, package, program, options, libraries=()):
        self.name, self.package = name, package
        self._program, self._options = find_program(program, package, libraries), options

    def version(self):
        shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package],
                               capture_output=True, text=True, check=False).stdout
        archives = [path.name.split("_")[1] for path in FETCHED.glob(f"{self.package}/*.deb")]
        return f"{self.name}: {self.package} {shown or ' '.join(archives)}, {' '.join(self._options)}"

    @contextlib.contextmanager
    def run(self, link, files, cpu, folder):
        link.give_kernel(SERVER)
        command = [*link.server_prefix, "taskset", "-c", cpu, "prlimit", f"--nofile={MOST_FILES}",
                   *self._program,
                   *(word.format(root=files, server=SERVER) for word in self._options)]
        program = Program(self.name, command, folder)
        try:
            link.wait_port(program)
            yield Meter(cpu)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)  # a fork for each transfer, perhaps
            program.stop()
            link.take_from_kernel()


class Dialtone:
    """Both daemons; the files are its asset folder. Control is on the generator's CPU."""
    name = "Dialtone"

    def version(self):
        return "Dialtone: one worker that never sleeps, all settings as they come"

    @contextlib.contextmanager
    def run(self, link, files, cpu, folder):
        config, control_socket = folder / "dialtone.toml", folder / "control.sock"
        hugepages = free_hugepages_mb() >= 2 * MEMORY_MB
        config.write_text(f"""[dataplane]
device = "{link.server_device}"
address = "{SERVER}"
socket = "{folder}/dataplane.sock"
lcores = [{cpu}]
memory_mb = {MEMORY_MB}
hugepages = {str(hugepages).lower()}
stop_within_s = 0

[control]
socket = "{control_socket}"
dataplane = "{folder}/dataplane.sock"
assets = "{files}"
""")
        beside = ",".join(str(each) for each in sorted(os.sched_getaffinity(0) - {cpu}))
        with Program("dataplane", [*link.server_prefix, BUILD / TARGETS[0], "--config", config],
                     folder) as dataplane:
            dataplane.wait_line("serving .* on ")
            with Program("control", ["taskset", "-c", beside, BUILD / TARGETS[1], "--config", config],
                         folder) as control:
                control.wait_line("published generation", seconds=120)
                yield Meter(cpu, lambda: busy_us(control_socket))
        link.clear()


def busy_us(control_socket):
    shown = output_of([BUILD / TARGETS[2], "--socket", control_socket, "--json", "counters"])
    return json.loads(shown)["result"]["values"]["busy_us"]


class Meter:
    """Seconds that a server has used since then: of its CPU, and, where it polls, those of turns that
    found something to do."""

    def __init__(self, cpu, busy=None):
        self._cpu, self._busy = cpu, busy
        self.begin()

    def begin(self):
        self._ticks = cpu_ticks(self._cpu)
        self._busy_us = self._busy() if self._busy else 0

    def used(self):
        whole = (cpu_ticks(self._cpu) - self._ticks) / os.sysconf("SC_CLK_TCK")
        return whole, (self._busy() - self._busy_us) / 1e6 if self._busy else whole


def peers():
    return [
        Peer("dnsmasq", "dnsmasq-base", "dnsmasq",
             ["--conf-file=/dev/null", "--no-daemon", "--port=0", "--enable-tftp", "--user=root",
              "--tftp-root={root}", "--tftp-max=20000", "--quiet-tftp", "--log-facility=/dev/null",
              "--listen-address={server}", "--bind-interfaces"]),
        Peer("tftpd-hpa", "tftpd-hpa", "in.tftpd",
             ["-L", "-4", "-a", "{server}:69", "-s", "-u", "root", "{root}"], ("libwrap0",)),
        Peer("atftpd", "atftpd", "atftpd",
             ["--daemon", "--no-fork", "--bind-address", "{server}", "--port", "69", "--maxthread",
              "20000", "--user", "root.root", "--logfile", "/dev/null", "--verbose=0", "{root}"],
             ("libwrap0", "libpcre3", "libpcre2-8-0")),
    ]
