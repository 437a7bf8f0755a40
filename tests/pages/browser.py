# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window and without a network, steered over its DevTools pipe: messages of JSON
that end with a NUL, https://chromedevtools.github.io/devtools-protocol/ (no port that others could
reach, and no library)."""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

PATIENCE_S = 60  # for one answer
PROGRAM = "chromium"
# Nothing is looked up, and a proxy that is not there would get all that goes out.
FLAGS = ("--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
         "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-extensions", "--hide-scrollbars", "--force-color-profile=srgb",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9")


class Missing(Exception):
    """There is no Chromium here; the text says so."""


class Browser:
    def __init__(self):
        program = shutil.which(PROGRAM)
        if program is None:
            raise Missing(f"no {PROGRAM} here; apt-get install {PROGRAM}")
        self.profile = tempfile.mkdtemp(prefix="dialtone-pages-")
        self.number, self.buffer, self.events = 0, b"", []
        # Where Chromium looks for them, 3 and 4, the shell puts them: they come from above.
        theirs_in, self.to = (self._high(fd) for fd in os.pipe())
        self.of, theirs_out = (self._high(fd) for fd in os.pipe())
        with open(f"{self.profile}/log", "wb") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", program, *FLAGS,
                 f"--user-data-dir={self.profile}/data", "about:blank"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                pass_fds=(theirs_in, theirs_out), env={**os.environ, "HOME": self.profile})
        os.close(theirs_in)
        os.close(theirs_out)
        self.session = None

    @staticmethod
    def _high(fd):
        copy = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)
        os.close(fd)
        return copy

    def _log(self):
        with open(f"{self.profile}/log", errors="replace") as log:
            return log.read()[-2000:]

    def _message(self, end):
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            readable = select.select([self.of], [], [], left)[0] if left > 0 else []
            data = os.read(self.of, 1 << 20) if readable else b""
            if not data:
                raise RuntimeError(f"Chromium does not answer: {self._log()}")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE_S
        while True:
            answer = self._message(end)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, event):
        """Until an event of that name has come since open_page()."""
        end = time.monotonic() + PATIENCE_S
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._message(end))

    def open_page(self, path):
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        self.wait("Page.loadEventFired")

    def requested(self):
        """What the page has asked for since open_page(), itself among them."""
        return [each["params"]["request"]["url"] for each in self.events
                if each.get("method") == "Network.requestWillBeSent"]

    def complaints(self):
        return [each["params"]["entry"]["text"] for each in self.events
                if each.get("method") == "Log.entryAdded"]

    def show(self, width, scheme, medium="screen"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=medium,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"]["value"]

    def picture(self):
        """Of the whole page, as PNG, packed so that it is soon unpacked."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png",
                                          captureBeyondViewport=True, optimizeForSpeed=True)["data"])

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False,
                                          paperWidth=8.27, paperHeight=11.69)["data"])

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
            self.process.wait(PATIENCE_S)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its helpers too
        except ProcessLookupError:
            pass
        self.process.wait(PATIENCE_S)
        os.close(self.to)
        os.close(self.of)
        shutil.rmtree(self.profile, ignore_errors=True)
