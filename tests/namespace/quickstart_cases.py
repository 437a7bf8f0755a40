# SPDX-License-Identifier: Apache-2.0
"""scripts/quickstart end to end, under a name of its own: a demo that the developer runs stays."""

import os
import pathlib
import re
import shlex
import subprocess

from cases import Skip, case, expect, expect_equal, figure
from processes import is_running, run, run_script_as_nobody

HUGEPAGES = pathlib.Path("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages")


class Quickstart:
    def __init__(self, lab):
        lab.program("control/dialtone-control")  # or the case is skipped
        self.root, self.build = lab.root, lab.build
        self.name = f"q{os.getpid()}"
        self.env_file = lab.root / f"run/{self.name}.env"

    def run(self, *options):
        return run([self.root / "scripts/quickstart", "--name", self.name, *options], seconds=150)

    def environment(self):
        pairs = (line.split("=", 1) for line in self.env_file.read_text().splitlines())
        return {key: shlex.split(value)[0] for key, value in pairs}


def sweep(root):
    """Takes down what the runs of this test left whose process is gone."""
    names = (re.match(r"q(\d+)", path.name) for path in (root / "run").glob("q*"))
    for name, pid in {(found[0], found[1]) for found in names if found}:
        if not is_running(pid):
            run([root / "scripts/quickstart", "--name", name, "--stop"])


def machine():
    """What a quick start may not change for good."""
    links = subprocess.run(["ip", "-br", "link"], capture_output=True, text=True, check=True).stdout
    return {"hugepages": HUGEPAGES.read_text() if HUGEPAGES.exists() else "",
            "links": sorted(line.split()[0] for line in links.splitlines()),
            "namespaces": sorted(path.name for path in pathlib.Path("/run/netns").glob("q*"))}


def try_as_printed(output, root):
    """Runs the commands that the quick start offers, as they stand there."""
    lines = [line.strip() for line in output.partition("\nTry:\n")[2].splitlines()]
    expect_equal(len(lines), 4, f"commands to try in: {output}")
    expect("--stop" in lines[-1], f"the last one is no --stop: {lines[-1]}")
    for line in lines[:-1]:
        done = run(["bash", "-c", line], cwd=root)
        expect_equal(done.returncode, 0, f"exit code of {line!r} ({done.stderr.strip()})")
    expect("Front desk" in done.stdout, f"{line!r} shows {done.stdout!r}")


@case("scripts/quickstart: twice, then --stop; the machine is as it was before")
def quickstart(lab):
    demo, before = Quickstart(lab), machine()
    try:
        first = demo.run("--build", demo.build)
        expect_equal(first.returncode, 0, f"exit code ({(first.stdout + first.stderr)[-1500:]})")
        for client in ("curl", "tftp-hpa", "atftp", "busybox"):
            expect(len(re.findall(rf"{client} fetches SEP", first.stdout)) == 2, f"{client}: {first.stdout}")
        expect(re.search(r"^1000 phones are served at tftp://\S+,", first.stdout, re.M), first.stdout)
        old = demo.environment()
        expect_equal(sorted(old), ["CAMPUS_IF", "CAMPUS_NETNS", "CONTROL_PID", "CONTROL_SOCKET",
                                   "DATAPLANE_PID", "SERVER_IP"], "names in the .env file")
        fetch = run(["bash", "-c", f". {demo.env_file}; nsenter --net=/run/netns/$CAMPUS_NETNS curl -sS "
                     "--max-time 10 tftp://$SERVER_IP/RingList.xml"])
        expect("<CiscoIPPhoneRingList>" in fetch.stdout, f"by the .env file: {fetch.stderr}")
        try_as_printed(first.stdout, demo.root)

        second = demo.run("--build", demo.build)
        expect_equal(second.returncode, 0, f"second run ({(second.stdout + second.stderr)[-1500:]})")
        expect("Taking down" in second.stdout, f"the first run's state: {second.stdout}")
        new = demo.environment()
        for key in ("CONTROL_PID", "DATAPLANE_PID"):
            expect(not is_running(old[key]), f"{key} of the first run lives")
            expect(is_running(new[key]), f"{key} of the second run is dead")
        figure(f"quickstart without build: {seconds(first.stdout)}, again: {seconds(second.stdout)}")
    finally:
        stopped = demo.run("--stop")
    expect_equal(stopped.returncode, 0, f"exit code of --stop ({stopped.stderr})")
    for what in ("dialtone-control, pid", "dialtone-dataplane, pid", "namespace"):
        expect(what in stopped.stdout, f"--stop does not say {what!r}: {stopped.stdout}")
    expect_equal(machine(), before, "the machine")
    expect(not is_running(new["CONTROL_PID"]) and not is_running(new["DATAPLANE_PID"]),
           "a daemon was left behind")
    left = [path.name for path in (demo.root / "run").glob(f"{demo.name}*")]
    expect_equal(left, [], "files in run/")
    again = demo.run("--stop")
    expect_equal(again.returncode, 0, f"--stop with nothing to stop ({again.stderr})")
    expect("Nothing" in again.stdout, f"--stop with nothing to stop says: {again.stdout}")


def seconds(output):
    return re.search(r"\((\S+ s) in all\)", output)[1]


@case("scripts/quickstart: on a machine that gives no hugepages it says so and goes on")
def quickstart_without_hugepages(lab):
    demo, before = Quickstart(lab), machine()
    if not HUGEPAGES.exists():
        raise Skip("this kernel has no hugepages of 2 MB")
    if run(["unshare", "--mount", "true"]).returncode != 0:
        raise Skip("mounts of one's own cannot be made here, as in a chroot")
    # Mounts of its own, in which the count cannot be written. The namespace is known there only.
    script = """set -e
      mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift
      code=0; "$@" --build "$0" || code=$?
      "$@" --stop
      exit $code"""
    done = run(["unshare", "--mount", "bash", "-c", script, demo.build, HUGEPAGES,
                demo.root / "scripts/quickstart", "--name", demo.name, "--phones", "10"], seconds=60)
    expect_equal(done.returncode, 0, f"exit code ({(done.stdout + done.stderr)[-1500:]})")
    expect("going on with ordinary pages" in done.stdout, f"it does not say so: {done.stdout}")
    expect("10 phones are served" in done.stdout, done.stdout)
    expect("hugepages given back" not in done.stdout, f"it returned pages: {done.stdout}")
    expect_equal(machine(), before, "the machine")


@case("scripts/quickstart: wrong options and a failure half-way are said, and leave nothing")
def quickstart_errors(lab):
    demo, before = Quickstart(lab), machine()
    for options, code, text in ((("--phones", "0"), 2, "--phones"), (("--what",), 2, "--help"),
                                (("--name", "Too long a name"), 2, "--name")):
        done = demo.run(*options)
        expect_equal(done.returncode, code, f"exit code with {options} ({done.stderr})")
        expect(text in done.stderr, f"{options}: {done.stderr}")
    blocked = f"{demo.name}-campus"  # the namespace is there already
    subprocess.run(["ip", "netns", "add", blocked], check=True)
    try:
        done = demo.run("--build", demo.build)
    finally:
        subprocess.run(["ip", "netns", "del", blocked], check=True)
    expect_equal(done.returncode, 1, f"exit code ({done.stderr})")
    expect(f"ip netns del {blocked}" in done.stderr, f"no cure in: {done.stderr}")
    broken = demo.run("--build", "/nowhere")
    expect_equal(broken.returncode, 1, f"exit code without programs ({broken.stderr})")
    expect("/nowhere" in broken.stderr, f"without programs: {broken.stderr}")
    expect_equal(machine(), before, "the machine")
    left = [path.name for path in (demo.root / "run").glob(f"{demo.name}*")]
    expect_equal(left, [], "files in run/")
    nobody = run_script_as_nobody(demo.root, "quickstart")
    expect_equal(nobody.returncode, 7, f"exit code without root ({nobody.stderr})")
    expect("sudo scripts/quickstart" in nobody.stderr, f"no cure: {nobody.stderr}")
