# SPDX-License-Identifier: Apache-2.0
"""scripts/serve end to end: it serves a folder, follows it, says what is wrong, and leaves nothing."""

import os
import re
import signal
import time

import netns
import tftp
from cases import case, expect, expect_equal
from processes import Process, is_running, run, run_script_as_nobody


class Serve:
    """One scripts/serve in a network of its own, with an address of its own."""

    def __init__(self, lab, tag, address):
        self.lab, self.address = lab, address
        lab.program("control/dialtone-control")  # or the case is skipped
        self.network = netns.Network(tag)
        self.folder = lab.folder / f"serve {tag}"  # with a blank, as folders have it
        self.folder.mkdir()
        (self.folder / "one.txt").write_bytes(b"one")
        (self.folder / "sub").mkdir()
        (self.folder / "sub/two.bin").write_bytes(bytes(2000))
        self.run_folder = lab.root / f"run/serve-{address}"
        self.process = Process(f"serve {tag}", self.command(), lab.folder / f"serve-{tag}.log",
                               self.folder.parent, death_signal=signal.SIGTERM)

    def command(self, **changes):
        options = {"interface": netns.APPLIANCE_IF, "address": self.address, "build": self.lab.build,
                   "folder": self.folder.name, **changes}
        folder = options.pop("folder")
        flags = [text for key, value in options.items() if value for text in (f"--{key}", value)]
        return [*netns.enter(self.network.appliance),
                self.lab.root / "scripts/serve", *([folder] if folder else []), *flags]

    def start(self):
        self.process.start()
        return self.process.wait_line(r"serving (\d+) files of (.*) at tftp://(\S+), on (\S+)")

    def fetch(self, name):
        with tftp.Endpoint(self.network.campus, self.address) as endpoint:
            return tftp.Transfer(endpoint, name).finish()

    def pids(self):
        return [int((self.run_folder / f"{name}.pid").read_text().split()[0])
                for name in ("control", "dataplane")]

    def close(self):
        if self.process.is_alive():
            self.process.stop(15)
        self.network.remove()


@case("scripts/serve: serves a folder, follows it, and Ctrl-C takes everything down")
def serve(lab):
    one = Serve(lab, "s", f"10.77.1.{os.getpid() % 200 + 1}")
    try:
        said = one.start()
        expect_equal(said.groups(), ("2", str(one.folder), one.address, netns.APPLIANCE_IF), "line")
        expect_equal(one.fetch("one.txt"), b"one", "one.txt")
        expect_equal(one.fetch("SUB\\Two.bin"), bytes(2000), "sub/two.bin")
        got = run([*netns.enter(one.network.campus), "curl", "-sS", "--max-time", "10",
                   f"tftp://{one.address}/one.txt"])
        expect_equal(got.stdout, "one", f"with curl ({got.stderr.strip()})")
        mark = one.process.mark()
        (one.folder / "three.txt").write_bytes(b"three")
        expect_equal(one.process.wait_line(r"generation \d+: (\d+) files", mark)[1], "3", "files")
        expect_equal(one.fetch("three.txt"), b"three", "three.txt")
        pids = one.pids()
        os.killpg(one.process.pid, signal.SIGINT)  # as a terminal does it
        expect_equal(one.process.wait_end(15), 0, f"exit code ({one.process.text()[-300:]})")
        expect(not any(map(is_running, pids)), "a daemon was left behind")
        expect(not one.run_folder.exists(), f"{one.run_folder} was left behind")
    finally:
        one.close()


@case("scripts/serve: what control warns of is shown, once")
def serve_warnings(lab):
    one = Serve(lab, "w", f"10.77.5.{os.getpid() % 200 + 1}")
    try:
        (one.folder / "bad\x01name").write_bytes(b"x")
        one.start()
        one.process.wait_line("warning: .*bad")
        mark = one.process.mark()
        away = one.folder.with_name("moved away")
        one.folder.rename(away)
        one.process.wait_line("warning: asset folder: .*No such file or directory", mark)
        expect_equal(one.fetch("one.txt"), b"one", "one.txt with the folder moved away")
        time.sleep(6)  # control tries again
        expect_equal(one.process.text().count("No such file or directory"), 1, one.process.text())
        expect("no dataplane" not in one.process.text(), one.process.text())
        away.rename(one.folder)
    finally:
        one.close()


@case("scripts/serve: two at a time; one that loses its daemon ends with an error, the other stays")
def serve_two(lab):
    first = Serve(lab, "t", f"10.77.2.{os.getpid() % 200 + 1}")
    second = None
    try:
        second = Serve(lab, "u", f"10.77.3.{os.getpid() % 200 + 1}")
        (second.folder / "one.txt").write_bytes(b"another one")
        first.process.start()
        second.start()
        first.process.wait_line("serving 2 files")
        expect_equal(first.fetch("one.txt"), b"one", "one.txt of the first")
        expect_equal(second.fetch("one.txt"), b"another one", "one.txt of the second")
        again = run(first.command(), cwd=lab.folder)
        expect_equal(again.returncode, 1, f"exit code of a second one for an address ({again.stderr})")
        expect("at work already" in again.stderr, f"the reason: {again.stderr}")
        os.kill(first.pids()[1], signal.SIGKILL)
        expect_equal(first.process.wait_end(15), 1, "exit code without its dataplane")
        expect("dataplane has ended" in first.process.text(), "the reason is not said")
        expect(not first.run_folder.exists(), f"{first.run_folder} was left behind")
        expect_equal(second.fetch("one.txt"), b"another one", "one.txt of the second, after that")
        pids = second.pids()
        for _ in range(3):  # by somebody who is in a hurry
            second.process.send(signal.SIGTERM)
            time.sleep(0.02)
        expect_equal(second.process.wait_end(15), 0, "exit code on SIGTERM")
        expect(not any(map(is_running, pids)), "a daemon was left behind")
        expect(not second.run_folder.exists(), f"{second.run_folder} was left behind")
    finally:
        first.close()
        if second:
            second.close()


@case("scripts/serve: what is wrong is said with its cure, and nothing is left behind")
def serve_errors(lab):
    one = Serve(lab, "v", f"10.77.4.{os.getpid() % 200 + 1}")
    try:
        netns.ip_in(one.network.appliance, "link", "add", "down0", "type", "veth", "peer", "down1")
        wrong = (({"folder": "nothing here"}, 2, "there is no folder"),
                 ({"folder": "serve v/one.txt"}, 2, "is no folder"),
                 ({"folder": ""}, 2, "which folder"),
                 ({"interface": "nope0"}, 1, "this machine has: .*appl"),
                 ({"interface": "down0"}, 1, "ip link set down0 up"),
                 ({"interface": ""}, 2, "--interface IF"),
                 ({"address": "10.77.4.256"}, 2, "no address"),
                 ({"address": "224.0.0.1"}, 2, "no address"),
                 ({"address": ""}, 2, "--address A.B.C.D"),
                 ({"mac": "02:44"}, 2, "no MAC"),
                 ({"mac": "01:44:0a:4d:00:01"}, 2, "mac"),
                 ({"lcores": "999"}, 2, "CPU 999"),
                 ({"lcores": "0,x"}, 2, "no CPU"),
                 ({"idle-sleep-us": "100001"}, 2, "0 to 100000"),
                 ({"idle-sleep-us": "1ms"}, 2, "0 to 100000"),
                 ({"bogus": "x"}, 2, "--help"))
        for change, code, text in wrong:
            done = run(one.command(**change), cwd=lab.folder)
            expect_equal(done.returncode, code, f"exit code with {change} ({done.stderr.strip()})")
            expect(re.search(text, done.stderr), f"{change}: no {text!r} in: {done.stderr}")
        netns.ip_in(one.network.appliance, "addr", "add", f"{one.address}/24",
                    "dev", netns.APPLIANCE_IF)
        done = run(one.command(), cwd=lab.folder)
        expect_equal(done.returncode, 1, f"exit code with the address on the interface ({done.stderr})")
        expect(f"ip addr del {one.address}" in done.stderr, f"no cure in: {done.stderr}")
        expect(not one.run_folder.exists(), f"{one.run_folder} was left behind")
        nobody = run_script_as_nobody(lab.root, "serve", "/tmp", "--interface", "lo", "--address",
                                      "10.9.9.9")
        expect_equal(nobody.returncode, 7, f"exit code without root ({nobody.stderr})")
    finally:
        one.close()
