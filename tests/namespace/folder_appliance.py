# SPDX-License-Identifier: Apache-2.0
"""An appliance of a case's own that serves a folder and nothing else."""

import contextlib
import itertools
import json
import pathlib

import netns
from lab import Appliance


_numbers = itertools.count()


class FolderAppliance(Appliance):
    """Both daemons, with a folder and no database, in a network and a folder of their own. `settings`
    are further lines of [dataplane], `control` of [control], `policy` those of [policy]. With `address6`
    it serves that too."""

    def __init__(self, lab, tag, hugepages=False, device=f"net_af_packet0,iface={netns.APPLIANCE_IF}",
                 settings="", network=netns.Network, control="", policy="",
                 address6=None, idle_sleep_us=50):
        tag += str(next(_numbers))  # cases choose their tags without knowing of each other
        self.folder = lab.folder / f"folder-{tag}"
        self.assets = self.folder / "assets"
        self.assets.mkdir(parents=True)
        self.cli = lab.program("control/cli/dialtone")
        self.control_socket = self.folder / "control.sock"
        self.config = self.folder / "dialtone.toml"
        programs = (lab.program("dataplane/app/dialtone-dataplane"),
                    lab.program("control/dialtone-control"))
        self.config.write_text(f"""[dataplane]
device = "{device}"
address = {json.dumps([netns.SERVER, *([address6] if address6 else [])])}
socket = "{self.folder}/dataplane.sock"
memory_mb = 64
hugepages = false
idle_sleep_us = {idle_sleep_us}
{settings}

[control]
socket = "{self.control_socket}"
dataplane = "{self.folder}/dataplane.sock"
assets = "{self.assets}"
hugepages = {"true" if hugepages else "false"}
{control}

[policy]
{policy}
""")
        self.network = network(tag)
        self.dataplane = self._daemon("dataplane", netns.enter(self.network.appliance), programs[0])
        self.control = self._daemon("control", [], programs[1])

    def write(self, name, content):
        path = self.assets / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    def warnings(self):
        return json.loads(self.dialtone_raw("status", "--json").stdout).get("warnings", [])


class SmallDiskAppliance(FolderAppliance):
    """Control has a mount namespace of its own, with small disks in it: `disks` are folders from the
    appliance's own."""

    def __init__(self, lab, tag, disks, control=""):
        self.disks = disks
        super().__init__(lab, tag, control=control)

    def _daemon(self, name, prefix, program):
        if name == "control":
            for disk in self.disks:
                (self.folder / disk).mkdir(exist_ok=True)
            mounts = "".join(f'mount -t tmpfs -o size=2m none "{self.folder / disk}" && '
                             for disk in self.disks)
            prefix = ["unshare", "--mount", "sh", "-c", f'{mounts}exec "$@"', "sh"]
        return super()._daemon(name, prefix, program)

    def inside(self, path):
        """A path of one of the disks, seen from outside of control's mounts."""
        return pathlib.Path(f"/proc/{self.control.pid}/root{self.folder}/{path}")

    @contextlib.contextmanager
    def filled(self, disk):
        """The disk has no byte left."""
        ballast = self.inside(f"{disk}/.ballast")
        with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            yield
        finally:
            ballast.unlink()
