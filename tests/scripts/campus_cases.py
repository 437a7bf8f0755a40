# SPDX-License-Identifier: Apache-2.0
"""The demo campus: its bytes depend on the seed alone, and it is as varied as it should be."""

import csv
import filecmp
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

from cases import case, expect, expect_equal

# Of the files of seed 1 with 1,000 phones. A change of the campus changes this line on purpose.
DIGEST = "396cee45a72f85d1313f89c02b113b181208fb977017121c6de15824d6af9243"


def make(root, folder, *options):
    subprocess.run([sys.executable, "-B", root / "scripts/demo/make_campus.py", *options, folder],
                   check=True)
    return pathlib.Path(folder)


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@case("the demo campus has the same bytes for the same seed, on any machine")
def reproducible(root):
    with tempfile.TemporaryDirectory() as one:
        folder = make(root, one)
        digest = hashlib.sha256()
        for name in files(folder):
            digest.update(str(name).encode() + b"\0" + (folder / name).read_bytes())
        expect_equal(digest.hexdigest(), DIGEST, "digest of all files")


@case("another seed makes another demo campus")
def seeded(root):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        make(root, one, "--seed", "1", "--phones", "50")
        make(root, two, "--seed", "2", "--phones", "50")
        for name in ("phones.csv", "assets/demo88xx.1-0-0.sbn"):
            expect(not filecmp.cmp(f"{one}/{name}", f"{two}/{name}", shallow=False),
                   f"{name} is the same for seeds 1 and 2")


@case("the demo campus has 1,000 phones of many models, both protocols and three pools")
def varied(root):
    with tempfile.TemporaryDirectory() as one:
        folder = make(root, one)
        with open(folder / "phones.csv", encoding="utf-8", newline="") as table:
            phones = list(csv.DictReader(table))
        shared = json.loads((folder / "campus.json").read_text())
    expect_equal(len({phone["name"] for phone in phones}), 1000, "distinct names")
    expect(len({phone["model"] for phone in phones}) >= 6, "fewer than six models")
    expect_equal({phone["protocol"] for phone in phones}, {"SCCP", "SIP"}, "protocols")
    pools = {pool["name"]: pool for pool in shared["device_pools"]}
    expect_equal({phone["pool"] for phone in phones}, set(pools), "pools in use")
    for field in ("cm_group", "date_time_group", "user_locale", "network_locale"):
        expect_equal(len({pool[field] for pool in pools.values()}), 3, f"distinct {field}")
