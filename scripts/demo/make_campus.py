#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the demo campus into a folder: the same bytes for the same seed.

    make_campus.py [--seed 1] [--phones 1000] FOLDER

FOLDER/campus.json  what phones share, for `dialtone import json`
FOLDER/phones.csv   the phones, for `dialtone import csv`
FOLDER/assets/      ring list, ringers, a background, a load of 1 MB
"""

import argparse
import csv
import io
import json
import pathlib

from assets import asset_files
from phones import HEADER, phone_rows
from tables import shared_tables


def campus_files(seed, phones):
    """(path, content) of each file."""
    yield "campus.json", (json.dumps(shared_tables(), indent=2) + "\n").encode()
    table = io.StringIO()
    writer = csv.DictWriter(table, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(phone_rows(seed, phones))
    yield "phones.csv", table.getvalue().encode()
    for name, content in asset_files(seed):
        yield f"assets/{name}", content


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phones", type=int, default=1000)
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    for name, content in campus_files(arguments.seed, arguments.phones):
        path = arguments.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
