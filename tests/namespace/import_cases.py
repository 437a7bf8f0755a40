# SPDX-License-Identifier: Apache-2.0
"""Wrong inputs: each fault is named with its place, and what was good is served on."""

import re

from cases import case, expect, expect_equal
from processes import run

FAULT = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?:\d+:)? (?P<code>[a-z-]+): \S.*$", re.M)


def refuse_csv(appliance, text, wanted):
    """`dialtone import csv` refuses the text; `wanted`: (line, part of the fault's text) of each fault."""
    path = appliance.folder / "wrong.csv"
    path.write_text(text)
    before = appliance.dialtone("status")
    for options in (("--check",), ()):
        done = appliance.dialtone_raw("import", "csv", path, *options)
        said = done.stdout + done.stderr
        expect_equal(done.returncode, 3, f"exit code of import csv {options} ({said.strip()})")
        faults = list(FAULT.finditer(said))
        for line, part in wanted:
            expect(any(int(fault["line"]) == line and part in fault[0] for fault in faults),
                   f"no fault in line {line} with {part!r} in: {said}")
        expect_equal(len(faults), len(wanted), f"number of faults in: {said}")
        expect(all(fault["file"].endswith("wrong.csv") for fault in faults), f"other file: {said}")
    after = appliance.dialtone("status")
    for key in ("content_digest", "devices", "generation"):
        expect_equal(after[key], before[key], f"{key} after what was refused")
    return said


@case("a broken CSV line is refused, every fault with its line and column, and nothing of the file is taken")
def broken_csv(lab):
    appliance = lab.appliance
    said = refuse_csv(appliance, "name,model,protocol,pool,line1.dn\n"
                      "SEP02D1A1FF0001,Cisco 8841,SIP,London,1\n"
                      "SEP02D1A1FF0002,Cisco 8841,SIP\n"
                      "SEP02D1A1FF0003,Cisco 9999,SIP,London,3\n"
                      "SEP02D1A1FF0004,Cisco 8841,SIP,Atlantis,4\n",
                      ((3, ""), (4, "9999"), (5, "Atlantis")))
    for place in (":3:31: broken-row", ":4:17: unknown-model", ":5:32: unknown-pool"):
        expect(place in said, f"no fault at {place} in: {said}")
    expect(appliance.serves("SEP02D1A1FF0001.cnf.xml", None), "the good line was taken")


@case("a MAC address that stands twice in a CSV is refused, with both lines")
def duplicate_mac(lab):
    said = refuse_csv(lab.appliance, "name,model,protocol,pool\n"
                      "SEP02D1A1FF0001,Cisco 8841,SIP,London\n"
                      "SEP02D1A1FF0005,Cisco 8841,SIP,London\n"
                      "sep02d1a1ff0001,Cisco 8841,SIP,London\n", ((4, "dup-mac"),))
    expect(re.search(r"\b2\b", said), f"the first line is not named: {said}")
    for code, wanted in (("E_DUP_MAC", 0), ("E_BAD_VALUE", 4)):
        done = lab.appliance.dialtone_raw("import", "csv", lab.appliance.folder / "wrong.csv", "--check",
                                          "--expect-error", code)
        expect_equal(done.returncode, wanted, f"exit code of --expect-error {code} ({done.stderr.strip()})")


@case("import csv says once, with --json too, of what columns of a BAT export nothing is kept")
def ignored_columns(lab):
    appliance = lab.appliance
    path = appliance.folder / "bat.csv"
    path.write_text("MAC ADDRESS,Device Type,Device Protocol,Location,CSS\n02D1A1FF0001,Cisco 8841,SIP,Hub,All\n")
    done = appliance.dialtone_raw("import", "csv", path, "--check")
    expect_equal(done.stderr.count("'Location', 'CSS'"), 1, f"warnings in: {done.stderr}")
    told = appliance.dialtone("import", "csv", path, "--check")
    expect_equal(told["ignored_columns"], ["Location", "CSS"], "ignored_columns")
    done = appliance.dialtone_raw("import", "csv", path, "--check", "--map", "Location=", "--map", "CSS=")
    expect_equal((done.returncode, done.stderr), (0, ""), "with --map, the exit code and standard error")


@case("a column that is no key is refused, with what was probably meant")
def wrong_column(lab):
    said = refuse_csv(lab.appliance, "name,model,protocol,pool,descripton\n"
                      "SEP02D1A1FF0001,Cisco 8841,SIP,London,x\n", ((1, "descripton"),))
    expect("description" in said, f"no hint in: {said}")


@case("import json refuses what is no JSON with the line, and what names a group that is not there with "
      "the row")
def broken_json(lab):
    appliance = lab.appliance
    path = appliance.folder / "wrong.json"
    digest = appliance.digest()
    wrong = {'{"device_pools": [\n  {"name" "X"}\n]}': f"{path}:2:13: bad-json: ",
             "[" * 1000000: f"{path}:1:65: too-deep: ",
             '{"device_pools": [{"name": "X", "cm_group": "none", "date_time_group": "London"}]}':
                 f"{path}:1:33: unknown-reference: device_pools[0]: cm_group: 'none' ",
             '{"what": []}': f"{path}:1:2: unknown-table: 'what' "}
    for text, fault in wrong.items():
        path.write_text(text)
        done = appliance.dialtone_raw("import", "json", path)
        said = done.stdout + done.stderr
        expect_equal(done.returncode, 3, f"exit code for {text[:80]!r} ({said.strip()})")
        expect(any(line.startswith(fault) for line in done.stderr.splitlines()),
               f"no fault {fault!r} in: {said}")
    expect_equal(appliance.digest(), digest, "content digest")


@case("a wrong key or value on the command line is refused, and the device stays as it is")
def wrong_key(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[19]
    before = appliance.dialtone("device", "show", phone)
    for pair in ("labl=x", "pool=Atlantis", "protocol=H323", "line1.dn="):
        done = appliance.dialtone_raw("device", "set", phone, pair)
        expect_equal(done.returncode, 3, f"exit code for {pair} ({done.stderr.strip()})")
        expect(done.stderr.strip(), f"nothing was said about {pair}")
    expect_equal(appliance.dialtone("device", "show", phone), before, "device")
    expect_equal(appliance.dialtone_raw("device", "show", "SEP000000000000").returncode, 3,
                 "exit code for a device that is not there")


@case("--check of both daemons names every fault as file:line: code: text, and ends with 2")
def configuration(lab):
    appliance = lab.appliance
    path = appliance.folder / "wrong.toml"
    good = appliance.config_text()
    wrong = good.replace("idle_sleep_us", "idle_slep_us").replace('"10.77.0.1"', '"10.77.0.999"')
    wrong = wrong.replace("assets = ", "asets = ") + "threads = 0\n"
    keys = {appliance.dataplane_program: ("idle_slep_us", "10.77.0.999"),
            appliance.control_program: ("asets", "threads")}
    for program, names in keys.items():
        done = run([program, "--config", appliance.config, "--check"])
        expect_equal(done.returncode, 0, f"{program.name}: exit code for what is good ({done.stderr})")
        path.write_text(wrong)
        done = run([program, "--config", path, "--check"])
        expect_equal(done.returncode, 2, f"{program.name}: exit code ({done.stderr})")
        lines = done.stderr.splitlines()
        expect(lines and all(FAULT.fullmatch(line) for line in lines), f"{program.name}: {done.stderr}")
        for name in names:
            number = next(at for at, line in enumerate(wrong.splitlines(), 1) if name in line)
            expect(any(name in line and f":{number}:" in line for line in lines),
                   f"{program.name}: {name}, line {number}, is not in: {done.stderr}")
        path.write_text("[dataplane\n")
        done = run([program, "--config", path, "--check"])
        expect_equal(done.returncode, 2, f"{program.name}: exit code for broken TOML")
        expect(FAULT.search(done.stderr), f"{program.name}: {done.stderr}")
