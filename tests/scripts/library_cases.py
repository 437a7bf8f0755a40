# SPDX-License-Identifier: Apache-2.0
"""scripts/lib: results are added up, processes start and stop by their own pid."""

import pathlib
import subprocess
import sys
import tempfile

from cases import case, expect, expect_equal


def count(root, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (pathlib.Path(folder) / name).write_text(text)
        run = subprocess.run([sys.executable, "-B", root / "scripts/lib/count_results.py", folder],
                             capture_output=True, text=True)
        return run.returncode, run.stdout.splitlines()


@case("results: reports of GoogleTest and lines of cases are added up")
def results(root):
    report = ('<testsuites><testsuite name="s"><testcase name="a" classname="S" status="run"/>'
              '<testcase name="b" classname="S"><skipped/></testcase></testsuite></testsuites>')
    code, lines = count(root, {"unit.xml": report, "ns.cases": "PASS x\nSKIP y: no root\n# note\n"})
    expect_equal(lines[-1], "2 passed, 0 failed, 2 skipped", "closing line")
    expect_equal(code, 0, "exit code")
    expect(any("no root" in line for line in lines), "the reason of a skip is not shown")


@case("results: one failed case fails the run")
def failed_results(root):
    report = ('<testsuites><testsuite name="s"><testcase name="a" classname="S">'
              '<failure message="m"/></testcase></testsuite></testsuites>')
    code, lines = count(root, {"unit.xml": report, "ns.cases": "PASS x\nFAIL y: broken\n"})
    expect_equal(lines[-1], "1 passed, 2 failed", "closing line")
    expect_equal(code, 1, "exit code")


@case("results: a run without any case is a failed run")
def no_results(root):
    code, lines = count(root, {})
    expect_equal((code, lines[-1]), (1, "0 passed, 0 failed"), "exit code and closing line")


def bash(root, script):
    prelude = (f"set -euo pipefail; cd {root}/scripts/lib; "
               "source output.sh; source process.sh; source cases.sh; ")
    return subprocess.run(["bash", "-c", prelude + script], capture_output=True, text=True)


def appliance(root, script):
    done = subprocess.run(["bash", "-c", f"set -euo pipefail; cd {root}/scripts/lib; source output.sh; "
                           f"source appliance.sh; {script}"], capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines(), done.stderr


@case("appliance: control's socket is told by a path that a socket can have")
def socket_path(root):
    for clone, wanted in (("/opt/dialtone", "/opt/dialtone/run/demo/control.sock"),
                          ("/" + "d" * 84, "/" + "d" * 84 + "/run/demo/control.sock"),
                          ("/" + "d" * 85, "run/demo/control.sock"),
                          ("/" + "é" * 44, "run/demo/control.sock")):
        code, lines, _ = appliance(root, f"ROOT={clone}; appliance_socket run/demo")
        expect_equal((code, lines), (0, [wanted]), f"path in {clone}")


@case("appliance: warnings of control's log are found; a wrong configuration keeps the daemon's exit code")
def appliance_log(root):
    for text, wanted in (("info: a warning: b", 1), ("warning: no dataplane: connecting", 1),
                         ("warning: w", 0), ("error: e", 0)):
        line = f"2026-01-01 00:00:00.000 control {text}"
        expect_equal(appliance(root, f"appliance_warns '{line}'")[0], wanted, text)
    with tempfile.TemporaryDirectory() as run:
        check = pathlib.Path(run) / "daemon"
        check.write_text("#!/bin/sh\nexit 2\n")
        check.chmod(0o755)
        code, _, said = appliance(root, f"appliance_check {check} c.toml; echo on")
        expect_equal(code, 2, f"exit code ({said})")
        expect("daemon does not accept c.toml" in said, said)


@case("processes: started, waited for, stopped by pid; a pid file of a stranger is not believed")
def processes(root):
    with tempfile.TemporaryDirectory() as run:
        script = f"""
          process_start {run} one sh -c 'echo ready; exec sleep 60'
          process_wait_line {run} one '^ready$' 5
          pid=$(process_pid {run} one)
          echo "$pid 1" >{run}/two.pid
          if process_pid {run} two; then exit 9; fi
          process_stop {run} two
          kill -0 "$pid"
          process_stop {run} one
          if kill -0 "$pid" 2>/dev/null; then exit 8; fi
          [[ ! -e {run}/one.pid ]]
        """
        done = bash(root, script)
        expect_equal(done.returncode, 0, f"exit code ({done.stderr.strip()})")


@case("processes: one that ends before it is ready is reported with its log")
def dead_process(root):
    with tempfile.TemporaryDirectory() as run:
        done = bash(root, f"""
          process_start {run} one sh -c 'echo cannot open the port; exit 3'
          process_wait_line {run} one '^ready$' 5
        """)
        expect_equal(done.returncode, 1, "exit code")
        expect("cannot open the port" in done.stderr, f"the log is not shown: {done.stderr!r}")


def run_lines(root, program):
    """The lines that case_lines writes down for a program, and what it shows of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "program.py"
        path.write_text(program)
        done = bash(root, f"RESULTS={folder}; case_lines ns 'the cases' {sys.executable} {path}; "
                          "case_run ns 'what comes next' true")
        expect_equal(done.returncode, 0, f"exit code ({done.stderr.strip()})")
        lines = (pathlib.Path(folder) / "ns.cases").read_text().splitlines()
    expect_equal(lines.pop(), "PASS what comes next", "the case behind it")
    return lines, done.stdout


@case("cases: a program that tells of its failures is believed")
def told_failures(root):
    lines, _ = run_lines(root, "print('PASS a\\nFAIL b: broken\\nSKIP c: no root\\nnoise'); exit(1)")
    expect_equal(lines, ["PASS a", "FAIL b: broken", "SKIP c: no root"], "lines")
    lines, said = run_lines(root, "print('PASS a (\\0)\\nPASS b')")
    expect_equal(lines, ["PASS a (\0)", "PASS b"], "lines")
    expect("2 cases passed, 0 failed" in said, f"the number of cases: {said}")


@case("cases: a program that dies before its first case, or after it, is a failed case")
def dead_programs(root):
    died = "import os; print('PASS a', flush=True); os.kill(os.getpid(), 9)"
    lines, _ = run_lines(root, died)
    expect_equal(lines, ["PASS a", "FAIL the cases: ended with exit code 137"], "killed")
    lines, said = run_lines(root, "import no_such_module")
    expect_equal(lines, ["FAIL the cases: ended with exit code 1"], "import error")
    expect("no_such_module" in said, f"what it said is not shown: {said}")


@case("cases: a program that ends well without any case is a failed case")
def empty_program(root):
    lines, _ = run_lines(root, "print('nothing matched')")
    expect_equal(lines, ["FAIL the cases: ended without a line of any case"], "lines")


FAKE_APT = """#!/bin/bash
echo "$*" >>"$CALLS"
for word; do
  case $word in
    Dir::Cache::archives=/*) mkdir -p a/DEBIAN a/usr/sbin && touch a/usr/sbin/server &&
      printf 'Package: a\\nVersion: 1\\nArchitecture: all\\nMaintainer: x\\nDescription: x\\n' >a/DEBIAN/control &&
      dpkg-deb -b a "${word#*=}/a.deb" >/dev/null ;;
  esac
done
"""


@case("packages: a server that tests need is laid into a folder once, and never installed")
def unpacked(root):
    with tempfile.TemporaryDirectory() as folder:
        apt = pathlib.Path(folder) / "bin/apt-get"
        apt.parent.mkdir()
        apt.write_text(FAKE_APT)
        apt.chmod(0o755)
        done = bash(root, f"source packages.sh; cd {folder}; export PATH={apt.parent}:$PATH CALLS={folder}/calls; "
                          "packages_unpack log here unpacked; packages_unpack log here unpacked; ls here/usr/sbin")
        expect_equal((done.returncode, done.stdout), (0, "server\n"), done.stderr)
        calls = (pathlib.Path(folder) / "calls").read_text().splitlines()
        expect_equal(len(calls), 1, f"calls of apt-get: {calls}")
        expect("--download-only" in calls[0] and "isc-dhcp-server" in calls[0], calls[0])
