#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of a test's own: in a folder under /tmp, on a Unix socket alone, as a user
without rights, gone with the test. As a program:

    postgres.py PROGRAM ARGUMENT...

runs the program with DIALTONE_TEST_POSTGRES set to where a server with an empty database "postgres"
is. Exit code 77 with the reason, which Meson and scripts/test count as skipped, where there is no
PostgreSQL.
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PORT = 54321  # names the socket's file; nothing listens on the network
PATIENCE_S = 60
SKIPPED = 77


class Missing(Exception):
    """There is no PostgreSQL here; the text says why."""


def programs():
    """The folder with initdb and postgres: Debian puts each version into one of its own."""
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Missing("no /usr/lib/postgresql/*/bin/initdb; apt-get install postgresql-15")


class Server:
    def __init__(self):
        self.bin = programs()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dialtone-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.process = None
        self.user = self._user()
        try:
            self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                      "--locale=C", "--no-sync")
            self.start()
        except BaseException:
            self.close()
            raise

    def _user(self):
        """initdb refuses root: then it is the user that Debian's package made, or nobody."""
        if os.geteuid() != 0:
            return {}
        names = {entry.pw_name for entry in pwd.getpwall()}
        entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *arguments], cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              timeout=PATIENCE_S, env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                              **self.user)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout}")

    def where(self, database="postgres"):
        return f"host={self.folder} port={PORT} user=postgres dbname={database}"

    def start(self):
        """Also after stop(): the same data."""
        log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.data, "-p", str(PORT), "-k", self.folder,
             "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=32MB",
             "-c", "max_connections=40"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.user)
        log.close()
        end = time.monotonic() + PATIENCE_S
        while "ready to accept" not in self._lines():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("postgres does not start: " + self._lines())
            time.sleep(0.02)

    def _lines(self):
        """Of the log since start()."""
        return (self.folder / "log").read_text(errors="replace")

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # sessions are ended, no one is waited for
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(PATIENCE_S)

    def sql(self, text, database="postgres"):
        """Runs statements as another program does; the rows of the last one as lines."""
        done = subprocess.run([self.bin / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                               "-d", self.where(database), "-c", text],
                              text=True, capture_output=True, check=False, timeout=PATIENCE_S)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout.splitlines()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main():
    try:
        server = Server()
    except Missing as missing:
        print(f"skipped: {missing}")
        return SKIPPED
    with server:
        environment = dict(os.environ, DIALTONE_TEST_POSTGRES=server.where())
        return subprocess.call(sys.argv[1:], env=environment)


if __name__ == "__main__":
    sys.exit(main())
