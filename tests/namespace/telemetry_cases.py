# SPDX-License-Identifier: Apache-2.0
"""What DPDK's telemetry socket says about an appliance."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess

from cases import Skip, case, expect, expect_equal
from folder_appliance import FolderAppliance
from option_cases import counter

COMMANDS = ("/dialtone/stats", "/dialtone/drops", "/dialtone/sessions", "/dialtone/image")


def sockets():
    """Where DPDK puts them: the lab has set the runtime directory."""
    return os.path.join(os.environ["RUNTIME_DIRECTORY"], "dpdk/dialtone")


def ask(path, command):
    """As dpdk-telemetry.py does: one packet with the command, one with the answer."""
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)) as end:
        end.settimeout(5)
        end.connect(path)
        limit = json.loads(end.recv(1024))["max_output_len"]
        end.send(command.encode())
        return json.loads(end.recv(limit))[command]


def socket_of(pid):
    """The socket of one process: those that came first have the names without a number."""
    for name in os.listdir(sockets()):
        path = os.path.join(sockets(), name)
        with contextlib.suppress(OSError):
            with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)) as end:
                end.settimeout(5)
                end.connect(path)
                if json.loads(end.recv(1024))["pid"] == pid:
                    return path
    return None


@case("dpdk-telemetry.py: /dialtone/stats, drops, sessions and image say what dialtone says")
def telemetry(lab):
    with contextlib.closing(FolderAppliance(lab, "y")) as appliance:
        appliance.write("one.bin", b"x" * 3000)
        appliance.start()
        appliance.wait_served("one.bin", b"x" * 3000)
        pid = appliance.dialtone("status")["dataplane"]["pid"]
        path = socket_of(pid)
        expect(path, f"no telemetry socket of {pid} in {sockets()}")
        stats, drops, sessions, image = (ask(path, command) for command in COMMANDS)
        expect_equal(stats["transfers_completed"], counter(appliance, "transfers_completed"),
                     "transfers_completed of /dialtone/stats")
        expect(stats["transfers_completed"] >= 1, "a transfer was completed")
        expect("drop_port" in drops and "drop_port" not in stats, "drops are in /dialtone/drops")
        expect_equal(sessions["sessions_active"], 0, "sessions_active of /dialtone/sessions")
        status = appliance.dialtone("status")
        expect_equal((image["generation"], image["files"]), (status["generation"], status["files"]),
                     "generation and files of /dialtone/image")
        every = {**stats, **drops}
        all_of_them = appliance.dialtone("counters", "--all")["counters"]
        expect_equal(sorted(every), sorted(each["name"] for each in all_of_them),
                     "the names of stats and drops together")


@case("the stock dpdk-telemetry.py shows the four commands")
def stock_script(lab):
    script = shutil.which("dpdk-telemetry.py")
    if script is None:
        raise Skip("dpdk-telemetry.py (package dpdk-dev) is not installed")
    with contextlib.closing(FolderAppliance(lab, "Y")) as appliance:
        appliance.write("one.bin", b"x")
        appliance.start()
        pid = appliance.dialtone("status")["dataplane"]["pid"]
        path = socket_of(pid)
        expect(path, f"no telemetry socket of {pid} in {sockets()}")
        number = path.rpartition(":")[2] if ":" in os.path.basename(path) else "0"
        done = subprocess.run([script, "-f", "dialtone", "-i", number], text=True, timeout=20,
                              input="\n".join(COMMANDS) + "\nquit\n", capture_output=True)
        for command, key in zip(COMMANDS, ("frames_received", "drop_port", "sessions_active", "files")):
            shown = re.search(rf'"{command}":\s*{{[^}}]*"{key}":\s*\d+', done.stdout)
            expect(shown, f"no number of {key} in {command}: {done.stdout} {done.stderr}")


@case("telemetry = false: no socket is made")
def switched_off(lab):
    with contextlib.closing(FolderAppliance(lab, "z", settings="telemetry = false")) as appliance:
        appliance.write("one.bin", b"x")
        appliance.start()
        expect_equal(socket_of(appliance.dialtone("status")["dataplane"]["pid"]), None,
                     "a telemetry socket of it")
