# SPDX-License-Identifier: Apache-2.0
"""Stock clients fetch what is built, byte for byte."""

import subprocess
import xml.etree.ElementTree as xml

from cases import case, expect, expect_equal, figure
from clients import CLIENTS, Batch, fetch_with_all
from netns import SERVER, enter
from processes import run

LOAD = "demo88xx.1-0-0.sbn"
FILE_NOT_FOUND = 68  # CURLE_TFTP_NOTFOUND
BACKGROUNDS = "Desktops/320x212x16/List.xml"


def built_files(appliance, names):
    """name → content, by `dialtone files cat`: one shell for all, a process for each."""
    folder = appliance.folder / "built"
    folder.mkdir(exist_ok=True)
    loop = f'while read -r name; do "{appliance.cli}" --socket "{appliance.control_socket}" ' \
           'files cat "$name" >"$name"; done'
    subprocess.run(["sh", "-ec", loop], cwd=folder, input="".join(f"{name}\n" for name in names),
                   text=True, check=True, timeout=60)
    return {name: (folder / name).read_bytes() for name in names}


@case("curl, tftp-hpa, atftp and busybox fetch all 1,000 configurations as they are built")
def all_configurations(lab):
    appliance = lab.appliance
    names = [f"{phone}.cnf.xml" for phone in appliance.phones()]
    expect_equal(len(set(names)), 1000, "phones")
    wanted = built_files(appliance, names)
    expect(all(b"</device>" in content for content in wanted.values()),
           "a built file is no device configuration")
    batches = [Batch(appliance.network.campus, client, names[at::len(CLIENTS)],
                     appliance.folder / "fetched/configurations" / client)
               for at, client in enumerate(CLIENTS)]
    for batch in batches:
        expect_equal(len(batch.names), 250, f"share of {batch.client}")
        batch.expect(wanted)


@case("ring list, background list and the load of 1 MB arrive as they lie in the asset folder")
def assets(lab):
    appliance = lab.appliance
    names = ("RingList.xml", BACKGROUNDS, LOAD)
    wanted = {name: (appliance.assets / name).read_bytes() for name in names}
    expect_equal(len(wanted[LOAD]), 1 << 20, "bytes of the load")
    for name in names:
        expect_equal(appliance.built(name), wanted[name], f"files cat {name}")
    fetch_with_all(appliance, names, wanted, "assets")


@case("names are found in any case, with backslashes and with a leading slash")
def names_as_phones_write_them(lab):
    appliance = lab.appliance
    wanted = (appliance.assets / BACKGROUNDS).read_bytes()
    for name in (BACKGROUNDS.lower(), BACKGROUNDS.replace("/", "\\"), f"/{BACKGROUNDS.upper()}"):
        expect_equal(appliance.fetch(name), wanted, name)


@case("a missing file: curl says so, by its exit code")
def missing_file_with_curl(lab):
    appliance = lab.appliance
    done = run([*enter(appliance.network.campus), "curl", "-sS", "--max-time", "10",
                f"tftp://{SERVER}/nothing.xml"])
    expect_equal(done.returncode, FILE_NOT_FOUND, f"exit code of curl ({done.stderr.strip()})")


@case("a configuration says whom its phone registers with, its load, URLs and locales")
def what_a_configuration_says(lab):
    appliance = lab.appliance
    appliance.dialtone("param", "set", "directory_url", "http://192.0.2.11/directory")
    for protocol in ("SCCP", "SIP"):
        name = f"{appliance.phones(protocol)[0]}.cnf.xml"
        fetched = xml.fromstring(appliance.fetch(name))
        members = fetched.findall("devicePool/callManagerGroup/members/member")
        order = [member.findtext("callManager/processNodeName") for member in members]
        expect(order, f"{name} names no server")
        appliance.dialtone("files", "cat", name, "--assert", " && ".join(
            [f'cm[{at}].name == "{server}" && cm[{at}].port == 2000 && cm[{at}].priority == {at}'
             for at, server in enumerate(order)] +
            [f'load == "{fetched.findtext("loadInformation")}"', 'load != ""',
             f'urls.directories == "{fetched.findtext("directoryURL")}"',
             f'locale.user == "{fetched.findtext("userLocale/name")}"']))
        appliance.dialtone("files", "cat", name, "--assert",
                           'urls.directories!="" && locale.user!=""')
        appliance.dialtone("files", "cat", name, "--assert", 'cm[0].port == 2001', code=4)
    appliance.dialtone("param", "unset", "directory_url")


@case("an unknown phone is told that it has no file of its own, and gets the default")
def unknown_phone(lab):
    appliance = lab.appliance
    own = "SEP00DEAD000001.cnf.xml"
    done = run([*enter(appliance.network.campus), "curl", "-sS", "--max-time", "10",
                f"tftp://{SERVER}/{own}"])
    expect_equal(done.returncode, FILE_NOT_FOUND, f"curl's exit code: {done.stderr}")
    default = "XMLDefault.cnf.xml"
    fetch_with_all(appliance, [default], {default: appliance.built(default)}, "default")


@case("files of 0 bytes, of one and two whole blocks, and of one byte more or less")
def block_edges(lab):
    appliance = lab.appliance
    sizes = (0, 1, 511, 512, 513, 1023, 1024, 1025)
    wanted = {f"edge{size}.bin": bytes(at * 7 % 251 for at in range(size)) for size in sizes}
    for name, content in wanted.items():
        (appliance.assets / name).write_bytes(content)
    for name, content in wanted.items():
        appliance.wait_served(name, content)
    # tftp-hpa and atftp make no file, or leave an old one, when nothing comes: 0 bytes is theirs too.
    fetch_with_all(appliance, list(wanted), wanted, "edges")
    for name in wanted:
        (appliance.assets / name).unlink()


def length_of(appliance, name):
    files = appliance.dialtone("files", "ls", name)["files"]
    return files[0]["length"] if files else None


@case("a file of more than 65,535 blocks: the block number goes on at 0")
def block_rollover(lab):
    appliance = lab.appliance
    name, size = "rollover.bin", (65536 + 1000) * 512 + 77
    pattern = bytes(range(256)) * 2
    content = b"".join(at.to_bytes(4, "big") + pattern[4:] for at in range(size // 512 + 1))[:size]
    (appliance.assets / name).write_bytes(content)
    appliance.wait_for(lambda: length_of(appliance, name) == size, f"{name} is built", 20)
    appliance.dialtone("build")  # returns when it is served
    fetch_with_all(appliance, [name], {name: content}, "rollover")
    (appliance.assets / name).unlink()
    figure(f"rollover: {size >> 20} MB with each of four clients at a time")
