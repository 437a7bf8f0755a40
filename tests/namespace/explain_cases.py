# SPDX-License-Identifier: Apache-2.0
"""What `dialtone explain` says of a name is what a stock client gets that asks for it."""

import contextlib

import netns
from admission_cases import CONTENT, start
from cases import case, expect, expect_equal
from phone_file_cases import expect_claims
from processes import run
from tftp import Endpoint, Transfer

CLUSTERS = """{"remote_clusters": [
  {"name": "b", "is_enabled": false, "servers": [{"address": "10.0.0.8"}]},
  {"name": "c", "servers": [{"address": "10.0.0.9"}]}]}
"""


def fetched(appliance, name):
    """The bytes that tftp-hpa has written, and what it said."""
    path = appliance.folder / "explained"
    path.unlink(missing_ok=True)
    done = run([*netns.enter(appliance.network.campus), "tftp", "-m", "octet", netns.SERVER, "-c", "get",
                name, path])
    return path.read_bytes() if path.exists() else b"", done.stdout + done.stderr


def expect_same(appliance, name, answer, *options):
    """`answer` is what explain is to say of the name; the client is to agree."""
    explained = appliance.dialtone("explain", name, *options)
    content, said = fetched(appliance, name)
    expect_equal(explained["answer"], answer, f"answer of {name} ({explained['why']})")
    error = explained["error"]
    if answer == "data":
        expect_equal(len(content), explained["length"], f"bytes of {name} ({said})")
    else:
        wanted = f"Error code {error['code']}: {error['text']}"
        expect(wanted in said, f"{name}: {wanted!r} was explained, the client said {said!r}")
    return explained


@case("explain says what a stock client gets: found, not found, refused names, trust lists, defaults")
def explained_names(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[21]
    built = expect_same(appliance, f"{phone}.cnf.xml", "data")
    expect_equal((built["origin"], built["device"]["name"]), ("device", phone), "whose it is")
    expect_equal(built["generation"], appliance.dialtone("status")["generation"], "generation")
    again = appliance.dialtone("explain", f"{phone}.cnf.xml")
    expect_equal(again["last_request"]["client"], netns.CLIENT, "who asked last")
    for name, origin in (("RINGLIST.XML", "asset"), ("/desktops\\320x212x16/list.xml", "asset"),
                         ("XMLDefault.cnf.xml", "default")):
        expect_equal(expect_same(appliance, name, "data")["origin"], origin, f"origin of {name}")
    for name in ("nosuch.xml", "../etc/passwd", "a//b", "DRnone.xml", "n" * 300,
                 f"{phone}.cnf.xml.sgn"):
        expect(expect_same(appliance, name, "not-found")["why"] != "", f"{name} has no reason")
    unknown = expect_same(appliance, "SEP00DEAD000001.cnf.xml", "not-found")
    expect("no device SEP00DEAD000001" in unknown["why"], unknown["why"])
    expect_equal(unknown["next"]["name"], "XMLDefault.cnf.xml", "what is asked for next")
    expect_equal(len(fetched(appliance, unknown["next"]["name"])[0]), unknown["next"]["length"],
                 "bytes of the default")
    trust = appliance.assets / f"ITL{phone}.tlv"
    trust.write_bytes(b"list")
    appliance.wait_served(trust.name, b"list")
    expect_equal(expect_same(appliance, trust.name, "data")["origin"], "home-cluster", "origin")
    trust.unlink()
    appliance.wait_served(trust.name, None)


@case("row 37: a phone gets the trust list of its cluster under its own name, and no other phone does")
def trust_list_of_the_cluster(lab):
    appliance = lab.appliance
    phone = appliance.phones("SIP")[22]
    cluster = appliance.assets / "ITLFile.tlv"
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: appliance.wait_served(cluster.name, None))
        stack.callback(cluster.unlink)
        cluster.write_bytes(b"the cluster's list")
        appliance.wait_served(cluster.name, b"the cluster's list")
        expect_claims(appliance, ("explain", f"ITL{phone}.tlv", "--assert", 'origin=="home-cluster"'))
        expect_same(appliance, f"ITL{phone}.tlv", "data")
        expect_equal(fetched(appliance, f"ITL{phone}.tlv")[0], b"the cluster's list", "its bytes")
        expect_same(appliance, "ITLSEP00DEAD000001.tlv", "not-found")
        expect_same(appliance, f"CTL{phone}.tlv", "not-found")


@case("explain searches in the order of each profile, and shows it")
def search_orders(lab):
    appliance = lab.appliance
    clusters = appliance.folder / "clusters.json"
    clusters.write_text(CLUSTERS)
    expect_claims(
        appliance, ("import", "json", clusters),
        ("explain", "nosuch.xml", "--assert", 'answer=="not-found"'),
        ("--profile", "cm3", "explain", "f.xml", "--assert", 'steps==["primary","alt1"]'),
        ("--profile", "cm5", "explain", "f.xml", "--assert", 'steps[0]=="cache"'),
        ("--profile", "cm9", "explain", "f.xml", "--assert",
         'count("cache")==3 && after("disk","cache")'),
        ("--profile", "cm14", "explain", "f.xml", "--assert", 'last=="cluster:c"'))
    shown = appliance.dialtone_raw("--profile", "cm5", "explain", "RINGLIST.XML").stdout
    for line in ("origin ", "cache      nothing ", "primary    file ", "alt1       not reached ",
                 "cluster:b  disabled "):
        expect(line in shown, f"no line '{line}' in: {shown}")


@case("explain says busy while a stock client is told so, and data when a session is free")
def explained_busy(lab):
    with contextlib.closing(start(lab, "x", 'profile = "cm3"\nmax_serving_count = 1')) as appliance:
        appliance.wait_served("file.bin", CONTENT)
        with Endpoint(appliance.network.campus) as endpoint:
            held = Transfer(endpoint, "file.bin")
            held.step()
            appliance.wait_for(
                lambda: appliance.dialtone("explain", "file.bin")["answer"] == "busy", "busy")
            expect_same(appliance, "file.bin", "busy")
            expect_same(appliance, "nosuch.bin", "not-found")
            expect_equal(held.finish(), CONTENT, "what is served goes on")
        appliance.wait_for(
            lambda: appliance.dialtone("explain", "file.bin")["answer"] == "data", "data")
        expect_same(appliance, "file.bin", "data")
