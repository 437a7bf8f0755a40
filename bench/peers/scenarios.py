# SPDX-License-Identifier: Apache-2.0
"""The storms that all servers have in turn, and the files that they all serve."""

import dataclasses
import random

CONFIG_BYTES = 10_240
FIRMWARE_BYTES = 1_048_576
RING_LIST = "ringlist.xml"
FIRMWARE = "firmware.bin"
# Two trust lists that nobody has, a configuration, and what all phones share.
BOOT = f"CTLSEP{{MAC}}.tlv?,ITLSEP{{MAC}}.tlv?,SEP{{MAC}}.cnf.xml,{RING_LIST}"
MOST_PHONES = 10_000


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    phones: int
    options: tuple
    seconds: int = 120  # in which it ends, however slow the server is

    def words(self, seed):
        return ["--phones", self.phones, "--seed", seed, "--for", self.seconds, *self.options]


IN_A_SECOND = ("--files", BOOT, "--power", "ramp", "--window", 1)
SCENARIOS = (
    Scenario("64 at a time", MOST_PHONES, ("--files", BOOT, "--power", "in-turn:64")),
    *(Scenario(f"{phones:,} within a second", phones, IN_A_SECOND)
      for phones in (500, 2_000, MOST_PHONES)),
    Scenario("2,000 within a second, 1 % lost", 2_000, (*IN_A_SECOND, "--loss", 1)),
    *(Scenario(f"200 at once, a file of 1 MB, blocks of {size}", 200,
               ("--files", FIRMWARE, "--power", "at-once", *more))
      for size, more in ((512, ()), (1428, ("--blksize", 1428)))),
)


def write_files(folder):
    """As `dialtone-emu storm --mix` names its phones."""
    content = random.Random(1)
    folder.mkdir()
    for number in range(MOST_PHONES):
        (folder / f"SEP025E{number:08X}.cnf.xml").write_bytes(content.randbytes(CONFIG_BYTES))
    (folder / RING_LIST).write_bytes(content.randbytes(900))
    (folder / FIRMWARE).write_bytes(content.randbytes(FIRMWARE_BYTES))
