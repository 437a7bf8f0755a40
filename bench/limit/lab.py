# SPDX-License-Identifier: Apache-2.0
"""One link with a server at one end and the generator at the other: memif between two processes, or a
veth pair in namespaces of its own. The server has one CPU, the generator another."""

import contextlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.bench import BUILD  # noqa: E402
from support.processes import Program, free_hugepages_mb, output_of, prefer  # noqa: E402

DATA_FRAME, ACK_FRAME = 558, 60
FILE_BYTES = 8192
MEMORY_MB = 128
TARGETS = ["dataplane/app/dialtone-dataplane", "tests/support/offer_folder", "bench/limit/limit_phones"]


class Link:
    """`device` of each end, and the words before a command that put it there."""

    def __init__(self, kind, folder):
        self.kind, self.folder = kind, folder
        self._namespaces = []
        if kind == "memif":
            # The name of a Unix socket is short; this folder's is.
            self.socket = folder / "memif.sock"
            common = f"id=0,socket={self.socket},socket-abstract=no"
            self.server_device = f"net_memif0,role=server,{common}"
            self.generator_device = f"net_memif0,role=client,{common}"
            self.server_prefix = self.generator_prefix = []
        else:
            self._lay_veth()
            # testpmd gets the rings that io::driver_device() asks for.
            driver = {"af_packet": "net_af_packet0,iface={},framecnt=16384",
                      "af_xdp": "net_af_xdp0,iface={},busy_budget=0"}[kind]
            self.server_device, self.generator_device = (driver.format(end) for end in ("bs", "bg"))

    def _lay_veth(self):
        names = [f"dtbench{os.getpid()}{end}" for end in "sg"]
        for name in names:
            output_of(["ip", "netns", "add", name])
            self._namespaces.append(name)
        self.server_prefix, self.generator_prefix = (
            ["nsenter", f"--net=/run/netns/{name}", "--"] for name in names)
        for prefix in (self.server_prefix, self.generator_prefix):
            output_of([*prefix, "sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"])
        output_of(["ip", "link", "add", "bs", "netns", names[0], "type", "veth",
                   "peer", "name", "bg", "netns", names[1]])
        for prefix, end in ((self.server_prefix, "bs"), (self.generator_prefix, "bg")):
            output_of([*prefix, "ip", "link", "set", end, "up"])

    def close(self):
        for name in self._namespaces:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, timeout=20, check=False)

    def wait_server(self, program):
        if self.kind == "memif":
            program.wait_until(self.socket.exists, "made no memif socket")

    def clear(self):
        """What a server that has ended leaves."""
        if self.kind == "memif":
            self.socket.unlink(missing_ok=True)


class Lab:
    def __init__(self, kind, phones, server_cpu, generator_cpu, preferred=False):
        self.preferred = preferred
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dtbench"))
        self.server_cpu, self.generator_cpu = server_cpu, generator_cpu
        self.link = Link(kind, self.folder)
        # Both programs from huge pages, or both from ordinary ones.
        self.hugepages = free_hugepages_mb() >= 2 * MEMORY_MB + 64
        self.files = self.folder / "files"
        self.files.mkdir()
        content = random.Random(1)
        for number in range(phones):
            (self.files / f"sep0011{number:08x}.cnf.xml").write_bytes(content.randbytes(FILE_BYTES))

    def close(self):
        self.link.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def testpmd(self):
        pages = ["--in-memory"] if self.hugepages else ["--no-huge", "--no-shconf"]
        eal = ["--lcores", f"0@{self.generator_cpu},1@{self.server_cpu}", "--no-pci", "--iova-mode=va",
               "--no-telemetry", "-m", MEMORY_MB, "--file-prefix=dtbench", *pages,
               "--vdev", self.link.server_device]
        application = ["--forward-mode=5tswap", "--burst=32", "--rxd=1024", "--txd=1024",
                       "--total-num-mbufs=8192", "--no-mlockall", "--disable-link-check",
                       "--stats-period=0"]
        command = [*self.link.server_prefix, "stdbuf", "-oL", "dpdk-testpmd", *eal, "--", *application]
        with Program("testpmd", command, self.folder, self.preferred) as program:
            self.link.wait_server(program)
            program.wait_line("Press enter to exit|packet forwarding")
            yield program
        self.link.clear()

    @contextlib.contextmanager
    def dataplane(self):
        config = self.folder / "dialtone.toml"
        config.write_text(f"""[dataplane]
device = "{self.link.server_device}"
address = "10.77.0.1"
socket = "{self.offer_socket}"
lcores = [{self.server_cpu}]
memory_mb = {MEMORY_MB}
hugepages = {str(self.hugepages).lower()}
stop_within_s = 0
""")
        command = [*self.link.server_prefix, BUILD / "dataplane/app/dialtone-dataplane",
                   "--config", config]
        with Program("dataplane", command, self.folder, self.preferred) as program:
            program.wait_line("serving .* on ")
            self.publish()
            yield program
        self.link.clear()

    @property
    def offer_socket(self):
        return self.folder / "offer.sock"

    def publish_command(self, *more):
        return [BUILD / "tests/support/offer_folder", self.offer_socket, self.files, *more]

    def publish(self):
        output_of(self.publish_command())

    def generator_command(self, *options):
        pages = ["--hugepages"] if self.hugepages else []
        return [*self.link.generator_prefix, BUILD / "bench/limit/limit_phones",
                "--device", self.link.generator_device, "--folder", self.files,
                "--cpu", self.generator_cpu, *pages, *options]

    def generate(self, server, *options):
        """What the generator counted, with the share of its CPU that the server had meanwhile."""
        command = [str(word) for word in self.generator_command(*options)]
        before = server.busiest_thread_ns()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              stdin=subprocess.DEVNULL, start_new_session=True) as generator:
            if self.preferred:
                prefer(generator.pid)
            clock = os.times().elapsed
            try:
                output, errors = generator.communicate(timeout=180)
            except BaseException:
                generator.kill()
                raise
        ran = (server.busiest_thread_ns() - before) / 1e9
        if generator.returncode != 0:
            sys.exit(f"limit_phones ended with {generator.returncode}:\n{errors[-2000:]}")
        counted = json.loads(output.strip().splitlines()[-1])
        counted["server_share"] = min(1.0, ran / (os.times().elapsed - clock))
        return counted
