# SPDX-License-Identifier: Apache-2.0
"""What the commands of this folder share: the build to measure, and a line that says where and how
it was measured."""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build-bench"


def build(targets, native=False):
    options = ["-Dbuildtype=release", "-Db_lto=true", f"-Dnative={str(native).lower()}"]
    known = (BUILD / "build.ninja").exists()
    environment = dict(os.environ)
    if shutil.which("ccache"):
        environment.setdefault("CXX", "ccache g++")
    for command in (["meson", "configure" if known else "setup", BUILD, *options],
                    ["nice", "ninja", "-C", BUILD, *targets]):
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode != 0:
            sys.exit(done.stdout.decode())


def print_machine(command):
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT,
                            capture_output=True, text=True).stdout.strip()
    print(f"{command}\n{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} CPUs, Linux "
          f"{platform.release()}, commit {commit or 'unknown'}, load {os.getloadavg()[0]:.1f} before",
          flush=True)
