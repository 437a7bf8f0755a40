#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does each header compile alone?

A header that is the first include of its own .cc is proven by every build. The others are compiled
here, each as a source file of its own, with the first compiler that is there.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

FOLDERS = ("dataplane", "generator", "control", "bench", "tests")
PACKAGES = ("libdpdk", "libxml-2.0", "tbb", "sqlite3", "libcrypto", "gtest")
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-march=x86-64-v2"]
COMPILERS = ("g++-12", "g++", "clang++-14")
FIRST_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def proven_by_build(root, header):
    source = header.with_suffix(".cc")
    if not source.exists():
        return False
    first = FIRST_INCLUDE.search(source.read_text())
    return first is not None and first.group(1) == str(header.relative_to(root))


def package_flags():
    """Their headers as system headers: warnings there are not ours."""
    flags = []
    for package in PACKAGES:
        run = subprocess.run(["pkg-config", "--cflags", package], capture_output=True, text=True)
        flags += [word.replace("-I", "-isystem", 1) for word in run.stdout.split()
                  if word.startswith(("-I", "-D", "-include", "rte_"))]
    return flags


def compile_alone(root, folder, compiler, flags, header):
    name = str(header.relative_to(root))
    stem = os.path.join(folder, compiler + "-" + name.replace("/", "_"))
    with open(stem + ".cc", "w", encoding="ascii") as source:
        source.write(f'#include "{name}"\n')
    # A real object file, so that ccache can answer.
    command = [compiler, *FLAGS, *flags, f"-I{root}", "-c", stem + ".cc", "-o", stem + ".o"]
    if shutil.which("ccache"):
        command.insert(0, "ccache")
    run = subprocess.run(command, capture_output=True, text=True)
    return None if run.returncode == 0 else f"{name} does not compile alone ({compiler}):\n{run.stderr}"


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    headers = [header for folder in FOLDERS for header in sorted((root / folder).rglob("*.h"))
               if not proven_by_build(root, header)]
    compiler = next(name for name in COMPILERS if shutil.which(name))
    flags = package_flags()
    # A fixed folder lets ccache find the same path again; one for each checkout.
    name = f"dialtone-headers-{os.getuid()}-{zlib.crc32(str(root).encode()):08x}"
    folder = os.path.join(tempfile.gettempdir(), name)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(compile_alone, root, folder, compiler, flags, header)
                for header in headers]
        faults = [fault for job in jobs if (fault := job.result())]
    shutil.rmtree(folder)
    print("\n".join(faults), end="")
    return 1 if faults else 0


sys.exit(main())
