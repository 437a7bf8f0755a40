# SPDX-License-Identifier: Apache-2.0
"""The stock clients of Debian, a batch of files at a time: a process for each file costs more than
the file does. tftp-hpa ends with 0 after some failures, so a fetch is judged by the bytes alone."""

import pathlib
import subprocess

import netns
from cases import Failed
from processes import dies_with_parent

SECONDS = 120


def local_name(name):
    return name.replace("/", "_")


def curl(names, server):
    host = f"[{server}]" if ":" in server else server
    urls = "".join(f'url = "tftp://{host}/{name}"\noutput = "{local_name(name)}"\n'
                   for name in names)
    return ["curl", "-sS", "--max-time", str(SECONDS), "--config", "-"], urls


def tftp_hpa(names, server):
    gets = "".join(f"get {name} {local_name(name)}\n" for name in names)
    return ["tftp", "-m", "octet", server], f"{gets}quit\n"


def atftp(names, server):
    gets = "".join(f"get {name} {local_name(name)}\n" for name in names)
    return ["atftp", server], f"{gets}quit\n"


def busybox(names, server):
    pairs = "".join(f"{name} {local_name(name)}\n" for name in names)
    loop = f"while read -r far near; do busybox tftp -g -r $far -l $near {server}; done"
    return ["sh", "-c", loop], pairs


CLIENTS = {"curl": curl, "tftp-hpa": tftp_hpa, "atftp": atftp, "busybox": busybox}


def in_netascii():
    """curl keeps what is sent; tftp-hpa turns it back."""
    def curl_text(names, server):
        command, text = curl(names, server)
        return command, text.replace('"\noutput', ';mode=netascii"\noutput')

    def tftp_text(names, server):
        command, text = tftp_hpa(names, server)
        return [*command[:2], "netascii", *command[3:]], text

    return {"curl": curl_text, "tftp-hpa": tftp_text}


def with_options(block_size, window):
    """The same clients with RFC 2348 blocks, and RFC 7440 windows where they have them."""
    def curl_sized(names, server):
        command, text = curl(names, server)
        return [*command, "--tftp-blksize", str(block_size)], text

    def atftp_windowed(names, server):
        command, text = atftp(names, server)
        return ["atftp", "--option", f"blksize {block_size}", "--option", f"windowsize {window}",
                *command[1:]], text

    def busybox_sized(names, server):
        command, text = busybox(names, server)
        return [*command[:-1], command[-1].replace("tftp -g", f"tftp -b {block_size} -g")], text

    return {"curl": curl_sized, "atftp": atftp_windowed, "busybox": busybox_sized}


class Batch:
    """One client that fetches `names` into `folder`, in the background."""

    def __init__(self, campus, client, names, folder, clients=None, server=netns.SERVER):
        self.client, self.names, self.folder = client, list(names), pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        command, text = (clients or CLIENTS)[client](self.names, server)
        script, self._log = self.folder / ".commands", self.folder / ".log"
        script.write_text(text)
        with open(script, "rb") as commands, open(self._log, "wb") as log:
            self._popen = subprocess.Popen(
                [*netns.enter(campus), *command], cwd=self.folder, stdin=commands, stdout=log,
                stderr=subprocess.STDOUT, preexec_fn=dies_with_parent())

    def is_running(self):
        return self._popen.poll() is None

    def contents(self):
        """name → bytes, of all that came, when the client has ended."""
        try:
            self._popen.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
        return {name: path.read_bytes() for name in self.names
                if (path := self.folder / local_name(name)).exists()}

    def expect(self, wanted):
        """Every file of the batch came, byte for byte as wanted[name]."""
        got = self.contents()
        for name in self.names:
            if got.get(name) != wanted[name]:
                size = f"{len(got[name])} bytes" if name in got else "nothing"
                log = self._log.read_text(errors="replace")[-300:]
                raise Failed(f"{self.client}: {name}: {size} of {len(wanted[name])}, or other bytes;"
                             f" it said: {log.strip()}")


def fetch_with_all(appliance, names, wanted, tag, clients=None, server=netns.SERVER, campus=None):
    """Each of the four clients, or of `clients`, fetches all of `names`; they run side by side."""
    folder = appliance.folder / "fetched" / tag
    campus = campus or appliance.network.campus
    batches = [Batch(campus, client, names, folder / client, clients, server)
               for client in clients or CLIENTS]
    for batch in batches:
        batch.expect(wanted)
