# SPDX-License-Identifier: Apache-2.0
"""The endpoint that a scraper reads, with a stock HTTP client and with clients that mean harm."""

import contextlib
import re
import shutil
import socket
import subprocess
import time

from cases import case, expect, expect_equal, figure
from folder_appliance import FolderAppliance
from processes import run

CONTENT = b"<device/>" * 100


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def scraped(lab, tag):
    port = free_port()
    with contextlib.closing(
            FolderAppliance(lab, tag, control=f'metrics = "127.0.0.1:{port}"')) as appliance:
        appliance.write("a.xml", CONTENT)
        appliance.start()
        appliance.wait_served("a.xml", CONTENT)
        yield appliance, port


def curl(port, *options):
    done = run(["curl", "-sS", "--max-time", "20", *options, f"http://127.0.0.1:{port}/metrics"])
    expect_equal(done.returncode, 0, f"exit code of curl ({done.stderr.strip()})")
    return done.stdout


def samples(text):
    return dict(re.findall(r"^(dialtone_[^ ]+) (\S+)$", text, re.MULTILINE))


@case("metrics: curl reads what counters --json has, and the sum of the outcomes is all requests")
def scrape(lab):
    with scraped(lab, "mx") as (appliance, port):
        appliance.serves("nosuch.xml", None)
        appliance.serves("CTLSEP001122334455.tlv", None)

        def settled():
            values = appliance.dialtone("counters")["values"]
            return values["sessions_active"] == 0 and values["parked_now"] == 0
        appliance.wait_for(settled, "the end of all transfers")
        found = samples(curl(port))
        values = appliance.dialtone("counters", "--all")["values"]
        for name in ("requests", "transfers_completed", "requests_not_found", "bytes_sent"):
            expect_equal(int(found[f"dialtone_dataplane_{name}_total"]), values[name], name)
        outcomes = {name: int(value) for name, value in found.items()
                    if name.startswith("dialtone_requests_total{")}
        expect_equal(sum(outcomes.values()), values["requests"], f"the sum of {outcomes}")
        expect(outcomes['dialtone_requests_total{outcome="not_found_trust",proto="tftp"}'] >= 1,
               f"no trust list among {outcomes}")
        saved = appliance.folder / "c.json"
        saved.write_text(appliance.dialtone_raw("counters", "--json").stdout)
        done = appliance.dialtone_raw("counters", "--check-metrics", saved)
        expect_equal(done.returncode, 0, f"exit code of --check-metrics ({done.stderr.strip()})")
        expect(re.search(r", [1-9]\d+ metrics of a scrape, 0 disagreements", done.stdout), done.stdout)
        text = curl(port, "-H", "Accept: application/openmetrics-text; version=1.0.0")
        expect(text.endswith("# EOF\n"), "OpenMetrics without its end")
        if promtool := shutil.which("promtool"):
            judged = subprocess.run([promtool, "check", "metrics"], input=curl(port), text=True,
                                    capture_output=True, timeout=60, check=False)
            expect_equal(judged.returncode, 0, f"promtool ({judged.stderr.strip()[:300]})")
        else:
            figure("promtool (package prometheus) is not installed: the text was not judged by it")


@case("metrics: clients that say nothing, or ask without end, hold up neither control nor others")
def hostile(lab):
    with scraped(lab, "mh") as (appliance, port), contextlib.ExitStack() as stack:
        for number in range(300):
            each = stack.enter_context(contextlib.closing(socket.socket()))
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
            with contextlib.suppress(OSError):
                each.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + (b"\r\n" if number % 2 else b""))
        slowest = 0
        for number in range(20):
            begin = time.monotonic()
            appliance.write("b.xml", b"%d" % number)
            appliance.wait_served("b.xml", b"%d" % number)
            appliance.dialtone("status")
            slowest = max(slowest, time.monotonic() - begin)
        figure(f"amid 300 hostile connections: a changed file is served, and status answers, "
               f"within {slowest * 1000:.0f} ms at the most")
        stack.close()
        appliance.wait_for(lambda: run(["curl", "-s", "--max-time", "5", "-o", "/dev/null",
                                        f"http://127.0.0.1:{port}/metrics"]).returncode == 0,
                           "a scrape when they have gone", 30)


@case("metrics: a port that is taken is a warning, and nothing else stops")
def taken(lab):
    with contextlib.closing(socket.socket()) as owner:
        owner.bind(("127.0.0.1", 0))
        owner.listen()
        port = owner.getsockname()[1]
        with contextlib.closing(
                FolderAppliance(lab, "mt", control=f'metrics = "127.0.0.1:{port}"')) as appliance:
            appliance.write("a.xml", CONTENT)
            appliance.start()
            appliance.wait_served("a.xml", CONTENT)
            expect(any("Address already in use" in text for text in appliance.warnings()),
                   f"no warning: {appliance.warnings()}")
            owner.close()
            appliance.wait_for(lambda: not appliance.warnings(), "the endpoint is there", 20)
            expect("dialtone_dataplane_up 1" in curl(port), "no metrics")
