# SPDX-License-Identifier: Apache-2.0
"""A change reaches the phones: by the command line, by another process in the database, by a file in
the asset folder. Nothing is restarted."""

import sqlite3
import statistics
import time

from cases import case, expect, expect_equal, figure
from tftp import Endpoint, Transfer

CHANGES = 50


def milliseconds(values):
    ordered = sorted(values)
    p99 = ordered[-(len(ordered) // 100) - 1]
    return f"{statistics.median(ordered):.2f} / {p99:.2f} / {ordered[-1]:.2f} ms"


@case("device set returns when the change is served")
def change_is_served(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[3]
    name = f"{phone}.cnf.xml"
    before = appliance.fetch(name)
    result = appliance.dialtone("device", "set", phone, "label=Front desk & <co>",
                                "description=Front desk")
    expect_equal(result["publish"]["state"], "published", "state")
    expect_equal(sorted(result["changed"]), ["description", "label"], "changed")
    after = appliance.fetch(name)
    expect(b"<phoneLabel>Front desk &amp; &lt;co&gt;</phoneLabel>" in after, "the label is not served")
    expect(before != after, "the same bytes are served as before")
    expect_equal(after, appliance.built(name), "what is served, and what is built")
    shown = appliance.dialtone("device", "show", phone)["device"]
    expect_equal(shown["description"], "Front desk", "description")


@case("device set with what is there already publishes nothing")
def unchanged(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[3]
    appliance.dialtone("device", "set", phone, "label=Once")
    before = appliance.dialtone("status")
    result = appliance.dialtone("device", "set", phone, "label=Once")
    expect_equal(result["publish"]["state"], "unchanged", "state")
    after = appliance.dialtone("status")
    expect_equal(after["generation"], before["generation"], "generation")


@case("change to served, with 1,000 phones: 50 changes, each fetched")
def latency(lab):
    appliance = lab.appliance
    command, build, publish = [], [], []
    for at, phone in enumerate(appliance.phones("SIP")[:CHANGES]):
        start = time.monotonic()
        done = appliance.dialtone("device", "set", phone, f"label=Change {at}")["publish"]
        command.append((time.monotonic() - start) * 1000)
        expect_equal(done["state"], "published", f"state of change {at}")
        build.append(done["build_us"] / 1000)
        publish.append(done["publish_us"] / 1000)
        expect(f"<phoneLabel>Change {at}<".encode() in appliance.fetch(f"{phone}.cnf.xml"),
               f"change {at} is not served")
    expect_equal(len(command), CHANGES, "changes")
    figure(f"change to served, `dialtone device set` from start to end (median / p99 / max of "
           f"{CHANGES}): {milliseconds(command)}")
    figure(f"  of which the build {milliseconds(build)}, offer to PUBLISHED {milliseconds(publish)}")


@case("a transfer in flight over a swap ends on its old bytes")
def in_flight(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[5]
    name = f"{phone}.cnf.xml"
    old = appliance.fetch(name)
    with Endpoint(appliance.network.campus) as endpoint:
        transfer = Transfer(endpoint, name)
        transfer.step()
        for turn in range(5):  # more swaps than generations that may be mapped
            appliance.dialtone("device", "set", phone, f"label=Swap {turn}")
            transfer.step()
        expect(b"<phoneLabel>Swap 4<" in appliance.fetch(name), "the new bytes are not served")
        expect_equal(transfer.finish(pause=0.02), old, "content of the transfer that was in flight")


@case("an edit of the database by another process is served by itself")
def foreign_edit(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[7]
    database = sqlite3.connect(appliance.database, timeout=5)
    start = time.monotonic()
    with database:
        changed = database.execute("UPDATE devices SET phone_label = 'By hand' WHERE name = ?",
                                   (phone,)).rowcount
    expect_equal(changed, 1, "rows")
    name = f"{phone}.cnf.xml"
    appliance.wait_for(lambda: b"<phoneLabel>By hand<" in appliance.fetch(name), f"{name} by hand")
    figure(f"edit of a device row by another process, to served: "
           f"{(time.monotonic() - start) * 1000:.0f} ms")
    with database:
        database.execute("DELETE FROM devices WHERE name = ?", (phone,))
    database.close()
    appliance.wait_served(name, None)
    expect_equal(appliance.dialtone("status")["devices"], 999, "devices")
    appliance.dialtone("import", "csv", appliance.campus / "phones.csv")
    expect_equal(appliance.dialtone("status")["devices"], 1000, "devices after the import")


@case("a device that is added is served, and one that is removed is not")
def add_and_remove(lab):
    appliance = lab.appliance
    name = "SEP02D1A1FFFFFF.cnf.xml"
    appliance.dialtone("device", "add", name[:15], "model=Cisco 8841", "protocol=SIP", "pool=London",
                       "line1.dn=4711")
    expect(b"<name>4711</name>" in appliance.fetch(name), "the new phone's line is not served")
    appliance.dialtone("device", "rm", name[:15])
    expect(appliance.serves(name, None), "a phone that was removed is still served")


@case("a change is traced from its row to the phone that fetched it")
def trace(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[11]
    for claim in (("device", "set", phone, "desc=x", "load=new", "--wait", "--assert",
                   "rebuilt==1"),
                  ("served", "--device", phone, "--assert", "stale==false")):
        done = appliance.dialtone_raw(*claim)
        expect_equal(done.returncode, 0, f"exit code of dialtone {claim} ({done.stderr.strip()})")
    unasked = appliance.dialtone("change", "trace", "last")
    expect_equal((len(unasked["steps"]), unasked["state"], unasked["devices"]),
                 (5, "published", [phone]), "the trace before anybody asks")
    expect(b"<loadInformation>new<" in appliance.fetch(f"{phone}.cnf.xml"), "the load is not served")
    for claim in (("change", "trace", "last", "--assert", "steps==6 && ok"),
                  ("served", "--device", phone, "--assert", "files[0].fetched.is_newest")):
        done = appliance.dialtone_raw(*claim)
        expect_equal(done.returncode, 0, f"exit code of dialtone {claim} ({done.stderr.strip()})")
    traced = appliance.dialtone("change", "trace", unasked["id"])
    expect_equal(traced["first"]["client"], "10.77.0.2", "who asked first")
    expect_equal(sum(step["took_us"] for step in traced["steps"]), traced["total_us"], "the sum")
    figure("row to the first packet of a phone that asks at once, step by step: " +
           ", ".join(f"{each['step']} {each['took_us'] / 1000:.1f}" for each in traced["steps"]) +
           " ms")
    appliance.dialtone("device", "set", phone, "load=")


@case("a file that comes, changes, moves or goes in the asset folder: so it is served")
def asset_changes(lab):
    appliance = lab.appliance
    path = appliance.assets / "Locale/new.txt"
    path.parent.mkdir()
    path.write_bytes(b"one")
    took = [appliance.wait_served("Locale/new.txt", b"one")]
    path.write_bytes(b"two" * 1000)
    took.append(appliance.wait_served("Locale/new.txt", b"two" * 1000))
    path.rename(path.parent / "other.txt")
    took.append(appliance.wait_served("Locale/new.txt", None))
    expect(appliance.serves("locale/other.txt", b"two" * 1000), "the file is not at its new name")
    (path.parent / "other.txt").unlink()
    took.append(appliance.wait_served("Locale/other.txt", None))
    path.parent.rmdir()
    figure(f"asset folder to served (median / p99 / max of 4): "
           f"{milliseconds([each * 1000 for each in took])}")
