#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dialtone-control over a PostgreSQL server, without a dataplane: what it builds, what it follows, and
what it does while the server is gone.

    run.py DIALTONE_CONTROL DIALTONE [--only REGEX]
"""

import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from cases import Failed, case, expect, expect_equal, run_cases  # noqa: E402
from postgres import SKIPPED, Missing, Server  # noqa: E402

PHONE = "SEP001122334455"
FILE = f"{PHONE}.cnf.xml"
PATIENCE_S = 40


class Control:
    def __init__(self, server, programs):
        self.server = server
        self.control, self.cli = programs
        self.folder = tempfile.TemporaryDirectory(prefix="dialtone-pg-control-", dir="/tmp")
        self.path = pathlib.Path(self.folder.name)
        self.log = self.path / "log"
        server.sql("CREATE DATABASE phones")
        (self.path / "dialtone.toml").write_text(
            f'[control]\nsocket = "{self.path}/control.sock"\n'
            f'dataplane = "{self.path}/dataplane.sock"\n'
            f'database = "{server.where("phones")} password=secret"\n'
            'hugepages = false\n[dataplane]\n')
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.control, "--config", self.path / "dialtone.toml"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_for(lambda: "ready:" in self.lines(), "no line 'ready:'")

    def lines(self):
        return self.log.read_text(errors="replace")

    def wait_for(self, condition, what):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                raise Failed(f"{what}: not within {PATIENCE_S} s; the log: {self.lines()[-2000:]}")
            time.sleep(0.05)

    def run(self, *arguments):
        return subprocess.run([self.cli, "--socket", self.path / "control.sock", *arguments],
                              capture_output=True, text=True, check=False, timeout=60,
                              stdin=subprocess.DEVNULL)

    def dialtone(self, *arguments):
        done = self.run(*arguments, "--json")
        return json.loads(done.stdout)["result"] if done.stdout else Failed(done.stderr)

    def warnings(self):
        done = self.run("status")
        return done.stdout + done.stderr

    def built(self, name=FILE):
        done = self.run("files", "cat", name)
        return done.stdout if done.returncode == 0 else ""

    def sql(self, text):
        return self.server.sql(text, "phones")

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.folder.cleanup()
        return code


@case("postgresql: a new database gets its tables, and a device its file")
def device(control):
    control.run("device", "add", PHONE, "model=8841", "line1.dn=1001", "label=Lobby")
    expect("<phoneLabel>Lobby</phoneLabel>" in control.built(), "the file is not built")
    expect_equal(control.sql("SELECT name FROM devices"), [PHONE], "the table")
    status = control.dialtone("status")
    expect_equal(status["devices"], 1, "devices")
    expect("secret" not in json.dumps(status) + control.lines(), "the password is shown")


@case("postgresql: a write of another program is followed at once, by its notice")
def notice(control):
    control.sql(f"UPDATE devices SET phone_label = 'By hand' WHERE name = '{PHONE}'")
    begin = time.monotonic()
    control.wait_for(lambda: "<phoneLabel>By hand<" in control.built(), "the change is not built")
    print(f"# write of another program to built: at most {(time.monotonic() - begin) * 1000:.0f} ms")


@case("postgresql: a shared row changes the files of its devices")
def shared(control):
    control.sql("UPDATE cm_nodes SET address = '192.0.2.77'")
    control.wait_for(lambda: "192.0.2.77" in control.built(), "the change is not built")


@case("postgresql: a device that is deleted has no file")
def deleted(control):
    control.run("device", "add", "SEP001122334466", "model=8841", "line1.dn=1002")
    name = "SEP001122334466.cnf.xml"
    expect(control.built(name), "the file is not built")
    control.sql("DELETE FROM devices WHERE name = 'SEP001122334466'")
    control.wait_for(lambda: not control.built(name), "the file stays")


@case("postgresql: a server that is gone: the old files stay, status says it, all is caught up")
def gone(control):
    before = control.built()
    control.server.stop()
    control.wait_for(lambda: "cannot be reached" in control.warnings(), "status does not say it")
    expect_equal(control.built(), before, "the file")
    refused = control.run("device", "set", PHONE, "label=Lost")
    expect(refused.returncode != 0, "a change was taken")
    expect("cannot be reached" in refused.stderr, f"it says {refused.stderr}")
    control.server.start()
    control.sql(f"UPDATE devices SET phone_label = 'Meanwhile' WHERE name = '{PHONE}'")
    control.wait_for(lambda: "<phoneLabel>Meanwhile<" in control.built(), "it does not catch up")
    control.wait_for(lambda: "cannot be reached" not in control.warnings(), "the warning stays")
    expect(re.search("cannot be reached.*is back", control.lines(), re.DOTALL), "the log")
    done = control.run("device", "set", PHONE, "label=Again")
    expect("<phoneLabel>Again<" in control.built(), f"no change is taken: {done.stderr}")


@case("postgresql: a command does not wait for the next try")
def hurry(control):
    control.server.stop()
    control.wait_for(lambda: "cannot be reached" in control.warnings(), "status does not say it")
    time.sleep(5)  # tries after 1, 2 and 4 s; the next one is after 8
    control.server.start()
    done = control.run("device", "set", PHONE, "label=At once")
    if done.returncode != 0:  # on a slow machine the last try was within the second
        time.sleep(1.1)
        done = control.run("device", "set", PHONE, "label=At once")
    expect_equal(done.returncode, 0, f"exit code; it says {done.stderr}")


@case("postgresql: many phones are imported while control answers")
def many(control):
    rows = "".join(f"SEP00AA{i:08X},8841,{i}\n" for i in range(2000))
    path = control.path / "phones.csv"
    path.write_text("name,model,line1.dn\n" + rows)
    done = control.dialtone("import", "csv", str(path), "--check")
    expect_equal(done["added"], 2000, "added")
    done = control.dialtone("import", "csv", str(path), "--no-wait")
    expect_equal(done["added"], 2000, "added")
    expect_equal(control.sql("SELECT count(*) FROM lines WHERE dn = '1999'"), ["1"], "the table")
    path.write_text("name,model,line1.dn\n" + rows.replace(",8841,", ",8841,9") + "SEPx,,\n")
    refused = control.run("import", "csv", str(path))
    expect_equal(refused.returncode, 3, "exit code")
    expect("phones.csv:2002:1: bad-value" in refused.stderr, f"it says {refused.stderr}")
    expect_equal(control.sql("SELECT count(*) FROM lines WHERE dn = '91999'"), ["0"], "the table")


@case("postgresql: nothing is changed in the schema of a newer program")
def newer(control):
    control.sql("UPDATE dialtone_schema SET version = version + 1")
    try:
        refused = control.run("device", "set", PHONE, "label=Newer")
        expect_equal(refused.returncode, 3, f"exit code; it says {refused.stderr}")
        expect("newer version" in refused.stderr, f"it says {refused.stderr}")
    finally:
        control.sql("UPDATE dialtone_schema SET version = version - 1")
    control.wait_for(lambda: control.run("device", "set", PHONE, "label=Again").returncode == 0,
                     "no change is taken again")


@case("postgresql: control ends as ever")
def ends(control):
    expect_equal(control.close(), 0, "exit code")


def main():
    try:
        server = Server()
    except Missing as missing:
        print(f"SKIP control over PostgreSQL: {missing}")
        return SKIPPED
    only = sys.argv[4] if sys.argv[3:4] == ["--only"] else ""
    with server:
        control = Control(server, sys.argv[1:3])
        try:
            return 1 if run_cases(control, only) else 0
        finally:
            if control.process.poll() is None:
                control.process.kill()
                control.process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
