# SPDX-License-Identifier: Apache-2.0
"""Records of storms as `dialtone-emu storm --record` writes them (bench/emu/storm/storm_record.cc), of
phones whose times are drawn: the same seed gives the same record."""

import json
import random

MODELS = ("7941", "7960", "8841", "8865")
FATES = ("served", "not_found", "later", "refused", "unanswered", "open")
PHASES = ("first_answer", "trust", "config", "ready")
RAMP_US = 8_000_000
GAVE_UP_US = 60_000_000
RETRY_US = 4_000_000


def draw_phone(number, draw, slower, served):
    """A line of run.jsonl, and the time and the fate of each of its requests."""
    planned = draw.randrange(RAMP_US)
    steps = [int(slower * 400 * draw.lognormvariate(0, 0.8)) + 1 for _ in range(5)]
    retries = 1 if draw.random() < 0.02 else 0
    is_served = draw.random() < served
    first = steps[0] + retries * RETRY_US
    times = [first, first + steps[1], first + sum(steps[1:3]), first + sum(steps[1:])]
    if not is_served:
        retries, times = 14, [0, 0, 0, GAVE_UP_US]
    mac = f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}"
    sent = [(planned + i * RETRY_US, "unanswered") for i in range(retries)]
    if is_served:
        fates = ("not_found", "not_found", "served", "served")
        sent += [(planned + at, fate) for at, fate in zip(times, fates)]
    line = {"mac": mac, "model": draw.choice(MODELS), "planned_us": planned,
            "outcome": "ready" if is_served else "unserved",
            "file": "RINGLIST.XML" if is_served else f"CTLSEP0200000{number:05x}.tlv",
            "requests": len(sent), "retries": retries, "come_backs": 0,
            "files": 2 if is_served else 0, "not_found": 2 if is_served else 0,
            "verified": 2 if is_served else 0, "bytes": 9000 if is_served else 0}
    line.update({f"{phase}_us": time for phase, time in zip(PHASES, times)})
    return line, sent


def percentiles(times):
    if not times:
        return {"count": 0}
    ordered = sorted(times)
    at = {"p50_ms": 0.5, "p90_ms": 0.9, "p99_ms": 0.99, "p999_ms": 0.999}
    values = {key: ordered[min(int(share * len(ordered)), len(ordered) - 1)] / 1e3
              for key, share in at.items()}
    return {"count": len(ordered), "max_ms": ordered[-1] / 1e3, **values}


def fates_of(sent):
    seconds = [[0] * len(FATES) for _ in range(max(at for at, _ in sent) // 1_000_000 + 1)]
    for at, fate in sent:
        seconds[at // 1_000_000][FATES.index(fate)] += 1
    sums = [sum(row[i] for row in seconds) for i in range(len(FATES))]
    return {"names": FATES, "seconds": seconds, "sums": dict(zip(FATES, sums))}


def write_record(folder, phones=1000, seed=1, slower=1.0, served=0.995, **conditions):
    """Makes the folder. `slower` stretches the times of all, `served` is the share of phones that gets
    answers, `conditions` are added to those written."""
    draw = random.Random(seed)
    drawn = [draw_phone(number, draw, slower, served) for number in range(phones)]
    lines = [line for line, _ in drawn]
    sent = [each for _, requests in drawn for each in requests]
    ready = [line for line in lines if line["outcome"] == "ready"]
    times = {phase: [line[f"{phase}_us"] for line in ready] for phase in PHASES}
    meta = {
        "phones": phones, "ready": len(ready), "failed": phones - len(ready), "vanished": 0,
        "wrong_bytes": 0, "torn": 0, "withheld": 0, "defaults": 0, "seconds": 60.4,
        "requests": len(sent), "retries": sum(line["retries"] for line in lines), "come_backs": 0,
        "unaccounted": 0, "ended": "all over",
        **{key: sum(line[key] for line in lines) for key in ("files", "not_found", "verified", "bytes")},
        "phases": {phase: percentiles(times[phase]) for phase in PHASES}, "fates": fates_of(sent),
        "generator": {"sent": 3 * len(sent), "received": 21 * phones + seed, "not_sent": 0,
                      "no_buffer": 0, "dropped": 0, "doubled": 0, "strays": 0, "late_polls": 3,
                      "longest_poll_ms": 7.2, "latest_start_ms": 6.9, "port_missed": 12,
                      "limits": ["12 frames were lost before it read them"], "busy": 0.31},
        "conditions": {
            "command": f"dialtone-emu storm --link eth1 --tftp 10.77.0.1 --first 10.77.64.1 --devices "
                       f"/srv/campus/devices.txt --origin-list /srv/campus/origin.json --power ramp "
                       f"--window 8 --seed {seed} --record {folder}",
            "link": "eth1", "server": "10.77.0.1", "seed": seed, "loss_percent": 0.0, "delay_ms": 0.0,
            "kernel": "6.1.0-18-amd64", "processor": "one of two", **conditions}}
    folder.mkdir(parents=True)
    (folder / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n")
