# SPDX-License-Identifier: Apache-2.0
"""SIGKILL of control or of the dataplane at each message that passes between them: what is served is
one whole generation, no memory is kept, and the generation numbers go on."""

import contextlib
import os
import pathlib
import random
import re
import signal
import time

import hugepages
import tftp
from cases import Failed, Skip, case, expect, expect_equal, figure
from folder_appliance import FolderAppliance
from offer_proxy import NAMES, OFFER, PUBLISHED, RETIRED, OfferProxy, Trap

SIZES = {"empty.txt": 0, "one.cnf.xml": 300, "block.bin": 512, "two.cnf.xml": 5000,
         "list/ring.xml": 1500, "large.bin": 40_000}
BALLAST = 5_000_000  # that brings an image to huge pages; it is not fetched
WANTED_PAGES = 40
ROUNDS = 10  # of the random part
MOST_MESSAGES = 12


def content(name, version):
    line = f"{name} {version:06}\n".encode()
    return (line * (SIZES[name] // len(line) + 1))[:SIZES[name]]


class KillLab(FolderAppliance):
    """Control talks to the dataplane through a proxy. With `huge`, most of an image lies on huge pages,
    and all of those that are taken are accounted for."""

    def __init__(self, lab, tag, huge=False):
        super().__init__(lab, tag, hugepages=huge)
        self.huge = huge
        self.pages_before = hugepages.used() if huge else 0
        proxy_socket = self.folder / "proxy.sock"
        text = self.config.read_text()
        self.config.write_text(text.replace(f'dataplane = "{self.folder}/dataplane.sock"',
                                            f'dataplane = "{proxy_socket}"'))
        self.proxy = OfferProxy(proxy_socket, self.folder / "dataplane.sock")
        self.version = 0

    def close(self):
        super().close()
        self.proxy.close()

    def change(self):
        """All files at once: control does not see them change one by one."""
        self.version += 1
        if self.control.is_alive():
            self.control.send(signal.SIGSTOP)
        for name in SIZES:
            self.put(name, content(name, self.version))
        if self.huge:
            self.put("ballast.bin", (b"%06d\n" % self.version) * (BALLAST // 7))
        if self.control.is_alive():
            self.control.send(signal.SIGCONT)

    def put(self, name, data):
        path = self.assets / name
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{path.name}")
        new.write_bytes(data)
        new.rename(path)

    def served_version(self):
        """Of which version every file is, byte for byte."""
        first = self.fetch("large.bin")
        found = int(re.match(rb"large\.bin (\d+)\n", first)[1])
        for name in SIZES:
            expect_equal(self.fetch(name), content(name, found), f"{name} beside version {found}")
        return found

    def wait_newest(self):
        self.wait_served("large.bin", content("large.bin", self.version), 30)
        expect_equal(self.served_version(), self.version, "version served")

    def mapped(self):
        """Memfds of images in the dataplane."""
        maps = pathlib.Path(f"/proc/{self.dataplane.pid}/maps").read_text()
        return len(re.findall(r"/memfd:dialtone \(deleted\)", maps))

    def held(self):
        """Memfds of images in control."""
        count = 0
        for each in pathlib.Path(f"/proc/{self.control.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                count += os.readlink(each).startswith("/memfd:dialtone (")
        return count

    def expect_no_leak(self, generation=None):
        """The dataplane maps the objects of the one generation that it serves and nothing else."""
        # Control may offer once more meanwhile: the newest counts, each time.
        def memfds():
            return self.proxy.offered[generation or self.proxy.served()]
        self.wait_for(lambda: self.mapped() == memfds(),
                      lambda: f"{memfds()} memfds mapped, where there are {self.mapped()}")
        # Control keeps no more than that and a base that is not offered yet.
        if self.control.is_alive():
            expect(self.held() <= 2 * memfds(), f"control holds {self.held()} memfds of {memfds()}")
        if self.huge:
            alive = [each.pid for each in (self.control, self.dataplane) if each.is_alive()]
            expect(hugepages.held([self.dataplane.pid]) > 0, "nothing is served from huge pages")
            self.wait_pages(lambda: hugepages.held(alive), "what the two map or keep open")

    def wait_pages(self, wanted, what):
        """The machine has given away as many huge pages as `wanted` says, and those of before."""
        try:
            self.wait_for(lambda: hugepages.used() - self.pages_before == wanted(),
                          lambda: f"huge pages: {hugepages.used() - self.pages_before} are "
                          f"taken, where {what} is {wanted()}")
        except Failed:
            ours = [each.pid for each in (self.control, self.dataplane) if each.is_alive()]
            if others := hugepages.strangers(ours):
                raise Skip(f"others take huge pages meanwhile: {', '.join(others)}") from None
            raise

    def expect_numbers_go_on(self):
        published = self.proxy.generations(PUBLISHED)
        expect_equal(published, sorted(set(published)), "generations published")

    def recover(self, victim):
        self.restart(victim, "ready:" if victim is self.control else "serving .* on ")


def kill_at(lab, victim, number, after):
    """One change with a trap in it. False: it had fewer messages."""
    mark, before, generation = len(lab.proxy.seen), lab.version, lab.proxy.served()
    trap = lab.proxy.set_trap(Trap(number, after, victim))
    lab.change()
    what = f"{victim.name}, {'behind' if after else 'before'} message {number}"

    def ended():
        return trap.fired.is_set() or lab.proxy.generations(RETIRED, mark)
    lab.wait_for(ended, lambda: f"{what}: neither killed nor retired; {lab.proxy.names(mark)}", 20)
    lab.proxy.set_trap(None)
    fired = trap.fired.is_set()
    if victim is lab.control and fired:
        # Nobody changes anything now. An OFFER that has arrived is published without him.
        version = lab.served_version()
        expect(version in (before, before + 1), f"{what}: version {version} is served")
        if lab.proxy.generations(PUBLISHED, mark):
            expect_equal(version, lab.version, f"{what}: version served after PUBLISHED")
        # What was only staged is forgotten.
        lab.expect_no_leak(generation if version == before else max(lab.proxy.offered))
    if fired:
        lab.recover(victim)
    lab.wait_newest()
    lab.wait_for(lambda: lab.proxy.served() > generation, f"{what}: no newer generation", 20)
    lab.expect_no_leak()
    lab.expect_numbers_go_on()
    return NAMES[trap.message] if fired else None


@contextlib.contextmanager
def kill_lab(lab, tag, huge=False):
    with contextlib.closing(KillLab(lab, tag, huge)) as own:
        own.change()
        own.start()
        own.wait_newest()
        yield own


def kill_at_each(lab, tag, name, huge=False):
    with kill_lab(lab, tag, huge) as own:
        start, places = time.monotonic(), []
        for after in (False, True):
            for number in range(MOST_MESSAGES):
                place = kill_at(own, getattr(own, name), number, after)
                if place is None:
                    break
                places.append(place)
        for message in ("OBJECT", "OFFER", "PUBLISHED", "RETIRED"):
            expect(places.count(message) >= 2, f"{message} is not among {places}")
        figure(f"{name} killed at {len(places)} messages in {time.monotonic() - start:.1f} s")
        if huge:
            figure(f"huge pages: {hugepages.held([own.dataplane.pid])} of 2 MB in one image")
            own.control.stop()
            own.dataplane.stop()
            own.wait_pages(lambda: 0, "what is left of both")


@case("SIGKILL of control before and behind each message of an offer: one whole generation is served")
def control_at_each(lab):
    kill_at_each(lab, "k", "control")


@case("SIGKILL of the dataplane before and behind each message of an offer: all is served again")
def dataplane_at_each(lab):
    kill_at_each(lab, "l", "dataplane")


@case("SIGKILL of control at each message, on huge pages: each page taken is one that is served")
def control_on_huge_pages(lab):
    with hugepages.at_least_free(WANTED_PAGES):
        kill_at_each(lab, "hk", "control", huge=True)


@case("SIGKILL of the dataplane at each message, on huge pages: each page taken is one that is served")
def dataplane_on_huge_pages(lab):
    with hugepages.at_least_free(WANTED_PAGES):
        kill_at_each(lab, "hl", "dataplane", huge=True)


def begin_drain(lab, endpoint):
    """A transfer of the old files goes on, and control, started anew, has built all of them again: the
    old segment is mapped for that transfer alone."""
    transfer = tftp.Transfer(endpoint, "large.bin")
    transfer.step()
    lab.control.kill()
    mark = len(lab.proxy.seen)
    lab.change()
    lab.recover(lab.control)
    lab.wait_newest()
    transfer.step()
    lab.wait_for(lambda: lab.proxy.generations(PUBLISHED, mark), "PUBLISHED")
    expect_equal(lab.proxy.generations(RETIRED, mark), [], "retired while a transfer reads it")
    expect_equal(lab.mapped(), lab.proxy.offered[lab.proxy.served()] + 1, "memfds while it drains")
    return transfer


@case("SIGKILL of control while an old generation drains: the transfer ends on its bytes, the memory goes")
def control_while_draining(lab):
    with kill_lab(lab, "n") as own, tftp.Endpoint(own.network.campus) as endpoint:
        old = own.version
        transfer = begin_drain(own, endpoint)
        own.control.kill()
        expect_equal(transfer.finish(), content("large.bin", old), "the transfer that drains")
        own.expect_no_leak()
        own.recover(own.control)
        own.change()
        own.wait_newest()
        own.expect_no_leak()


@case("SIGKILL of the dataplane amid transfers: no old port answers with DATA, a repeated request is served")
def dataplane_while_draining(lab):
    with kill_lab(lab, "o") as own, tftp.Endpoint(own.network.campus) as endpoint:
        transfer = begin_drain(own, endpoint)
        own.dataplane.kill()
        start = time.monotonic()
        own.recover(own.dataplane)
        own.wait_newest()
        figure(f"dataplane killed amid transfers, to all served again: "
               f"{(time.monotonic() - start) * 1000:.0f} ms")
        answer = endpoint.ask(tftp.ack(transfer.block), transfer.port, 0.5)
        expect(answer is None or answer.is_error(5), f"an ACK of the dead transfer got {answer!r}")
        again = tftp.Transfer(endpoint, "large.bin")  # from the same port, as a phone does
        expect_equal(again.finish(), content("large.bin", own.version), "the request repeated")
        own.expect_no_leak()


def random_round(lab, dice):
    """A change with a trap somewhere, and perhaps one more in what follows."""
    victims = (lab.control, lab.dataplane)
    lab.proxy.set_trap(Trap(dice.randrange(7), dice.random() < 0.5, dice.choice(victims)))
    lab.change()
    deadline = time.monotonic() + 60
    while not lab.serves("large.bin", content("large.bin", lab.version), 0.05):
        for daemon in victims:
            if not daemon.is_alive():
                if dice.random() < 0.5:
                    lab.proxy.set_trap(Trap(dice.randrange(7), dice.random() < 0.5,
                                            dice.choice(victims)))
                daemon.start()
        if time.monotonic() > deadline:
            raise Failed(f"version {lab.version} is not served; {lab.proxy.names()}")
    lab.proxy.set_trap(None)
    for daemon in victims:  # it may have died behind the publish
        if not daemon.is_alive():
            lab.recover(daemon)
    lab.wait_newest()
    lab.wait_for(lambda: lab.proxy.served() != 0, "a generation that is served")
    lab.expect_no_leak()


@case("SIGKILL of both sides at random messages, recoveries included: all is served again")
def at_random(lab):
    seed = int(os.environ.get("DIALTONE_SEED") or random.SystemRandom().randrange(1 << 32))
    figure(f"seed of the kills: {seed} (DIALTONE_SEED)")
    with kill_lab(lab, "r") as own:
        dice = random.Random(seed)
        for _ in range(ROUNDS):
            random_round(own, dice)
