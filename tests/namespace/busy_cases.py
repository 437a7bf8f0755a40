# SPDX-License-Identifier: Apache-2.0
"""What a phone does with a server that is full, or that builds everything anew: rows 24 to 28, with
emulated phones and a stock TFTP server as their second one."""

import contextlib
import json
import subprocess

import netns
from admission_cases import curl, with_policy
from cases import case, expect, expect_equal
from emu_cases import emulation
from folder_appliance import FolderAppliance
from format_cases import OLD_PHONE, PHONE, write_encoder
from phone_file_cases import expect_claims
from processes import Process
from tftp import ERROR, Endpoint, Transfer, request

SECOND = "10.77.0.4"
BUILD_S = 3  # of a rebuild: more than a phone takes to ask, less than it waits then
MAC = "00:11:22:33:44:55"


@contextlib.contextmanager
def phones_served(lab, tag, policy):
    """An appliance with one phone, and an old one whose encoder is slow while the file `slow` is there."""
    slow = lab.folder / f"{tag}-slow"
    encoder = write_encoder(lab.folder / f"{tag}-encoder", f"[ ! -e {slow} ] || sleep {BUILD_S}")
    control = f'database = "phones.db"\nencoder_cnf = "{encoder}"'
    with contextlib.closing(FolderAppliance(lab, tag, control=control, policy=policy)) as appliance:
        appliance.write("file.bin", bytes(5000))
        appliance.start()
        for name, model, protocol in ((PHONE, "Cisco 8841", "SIP"), (OLD_PHONE, "Cisco 12 SP+", "SCCP")):
            appliance.dialtone("device", "add", name, f"model={model}", f"protocol={protocol}",
                               "line1.dn=1001")
        appliance.wait_served("file.bin", bytes(5000))
        appliance.slow = slow
        yield appliance


@contextlib.contextmanager
def held(appliance, count):
    """So many transfers that go on for as long as this lasts."""
    with contextlib.ExitStack() as endpoints:
        transfers = [Transfer(endpoints.enter_context(Endpoint(appliance.network.campus)), "file.bin")
                     for _ in range(count)]
        for transfer in transfers:
            transfer.step()
        yield
        for transfer in transfers:
            expect_equal(transfer.finish(), bytes(5000), "a transfer that was held")


def told_busy(appliance):
    """The names that were asked for, and answered with "busy", as one text."""
    return " ".join(each["name"] for each in appliance.dialtone("events")["events"]
                    if each["outcome"] == "requests_busy")


@contextlib.contextmanager
def second_server(lab, appliance):
    """A stock server beside it, with the same file for the phone."""
    folder = appliance.folder / "second"
    folder.mkdir()
    (folder / f"{PHONE}.cnf.xml").write_bytes(appliance.built(f"{PHONE}.cnf.xml"))
    network = appliance.network.appliance
    netns.ip_in(network, "addr", "add", f"{SECOND}/16", "dev", netns.APPLIANCE_IF)
    server = Process("dnsmasq", [
        *netns.enter(network), "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
        "--user=root", f"--listen-address={SECOND}", "--bind-interfaces", "--log-facility=-",
        "--enable-tftp", f"--tftp-root={folder}"], folder / ".log", folder)
    try:
        server.start()
        server.wait_line("started")
        yield
    finally:
        if server.is_alive():
            server.stop()


@contextlib.contextmanager
def phone(lab, appliance, claim, *words):
    """A phone that boots beside what is done meanwhile; at the end its claim holds."""
    command, environment = emulation(lab, appliance.network, "phone", "--mac", MAC, "--tftp",
                                     f"{netns.SERVER},{SECOND}", "--expect", claim, *words)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:
        try:
            yield process
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    expect_equal(process.returncode, 0, f"exit code of the phone ({errors.strip()})")
    expect_equal([each["bytes"] for each in json.loads(output)["files"] if each["role"] == "config"],
                 [len(appliance.built(f"{PHONE}.cnf.xml"))], "bytes of its configuration")


@case("row 24: another serving count is in force at once, and neither daemon is restarted")
def serving_count(lab):
    with phones_served(lab, "sc", 'profile = "cm5"') as appliance:
        pids = appliance.dataplane.pid, appliance.control.pid
        for count in (2, 3):
            expect_claims(appliance, ("param", "set", "maximum-serving-count", count))
            with held(appliance, count):
                expect(curl(appliance).returncode != 0, f"curl got the file beside {count} clients")
            with held(appliance, count - 1):
                expect_equal(curl(appliance).returncode, 0, f"exit code of curl as number {count}")
        expect_claims(appliance, ("param", "unset", "maximum-serving-count"))
        with held(appliance, 4):
            expect_equal(curl(appliance).returncode, 0, "exit code of curl with the default")
        expect_equal((appliance.dataplane.pid, appliance.control.pid), pids, "the daemons")


def answers(appliance, text):
    """True when whoever asks is told this."""
    with Endpoint(appliance.network.campus) as endpoint:
        packet = endpoint.ask(request("file.bin"))
        return packet is not None and packet.opcode == ERROR and text in packet.payload


@case("rows 25, 26: a phone comes back to a server that is busy, and asks the second of a full one")
def busy(lab):
    with phones_served(lab, "bu", 'profile = "cm9"\nmax_serving_count = 1') as appliance, \
            second_server(lab, appliance):
        with phone(lab, appliance, 'retries>=1 && served_by=="server1"'):
            with held(appliance, 1):
                appliance.wait_for(lambda: PHONE in told_busy(appliance), "the phone is told")
        with_policy(appliance, 'profile = "cm5"\nmax_serving_count = 1')
        with held(appliance, 1), phone(lab, appliance, 'served_by=="server2"', "--profile", "cm5"):
            appliance.wait_for(lambda: PHONE in told_busy(appliance), "the phone is told")


@case("rows 26 to 28: the same with a first server that is played as busy, and as rebuilding")
def played(lab):
    with phones_served(lab, "pl", 'profile = "cm5"') as appliance, second_server(lab, appliance):
        for words, claim in ((("busy", "--profile", "cm5"), 'served_by=="server2"'),
                             (("rebuilding", "--profile", "cm5"), 'served_by=="server1" && retries>=1'),
                             (("rebuilding", "--profile", "cm9", "--while-busy", "1s"),
                              'served_by=="server1" && retries==1')):
            with phone(lab, appliance, claim, "--server1", *words):
                pass


@case("rows 27, 28: a phone waits for a server that builds everything anew, in the words of its profile")
def rebuilding(lab):
    policy = "answer_while_rebuilding = true\n"
    with phones_served(lab, "re", f'{policy}profile = "cm5"') as appliance, \
            second_server(lab, appliance):
        for profile, text in (("cm5", b"Disk"), ("cm9", b"elay")):
            with_policy(appliance, f'{policy}profile = "{profile}"')
            appliance.slow.touch()
            build = [appliance.cli, "--socket", appliance.control_socket, "build"]
            with subprocess.Popen(build, stdout=subprocess.DEVNULL) as building:
                appliance.wait_for(lambda: answers(appliance, text), f"the answer of {profile}", 2)
                with phone(lab, appliance, 'retries>=1 && served_by=="server1"', "--profile", profile):
                    expect_equal(building.wait(30), 0, "exit code of the build")
                    appliance.slow.unlink()
