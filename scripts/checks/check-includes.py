#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does every #include keep to the layers?

The rules are the table in docs/architecture.md: a row gives a folder, the project folders and
headers that it may include (besides itself), and the libraries that it may link. A header of a library may be
included only where the library is linked. Nothing includes from tests or bench but they themselves.
"""

import pathlib
import re
import sys

FOLDERS = ("dataplane", "generator", "control", "bench", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# Which headers belong to which word of the table's "may link".
HEADERS = {
    "DPDK": r"rte_.*",
    "librte_rcu": r"rte_rcu.*",
    "librte_eal": r"rte_(common|memory|lcore|errno|pause|version)\.h",
    "xxHash": r"xxhash\.h",
    "toml++": r"toml(\+\+|plusplus)/.*",
    "libxml2": r"libxml/.*",
    "oneTBB": r"(oneapi/)?tbb/.*|tbb\.h",
    "mimalloc": r"mimalloc.*",
    "SQLite": r"sqlite3.*\.h",
    "libpq": r"libpq-fe\.h",
    "libmicrohttpd": r"microhttpd\.h",
    "libpcap": r"pcap(/.*|\.h)",
    "libarchive": r"archive(_entry)?\.h",
    "OpenSSL": r"openssl/.*",
    "nlohmann": r"nlohmann/.*",
    "spdlog": r"spdlog/.*",
    "CLI11": r"CLI/.*",
    "GoogleTest": r"(gtest|gmock)/.*",
    "Google Benchmark": r"benchmark/.*",
}


def read_table(page):
    """Rows of the layers table: folder -> (folders it may include, libraries it may link)."""
    rows = {}
    inside = False
    for line in page.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[:3] == ["folder", "may include", "may link"]:
            inside = True
        elif inside and not line.startswith("|"):
            break
        elif inside and not set(cells[0]) <= set("-: "):
            for folder in cells[0].split(","):
                rows[folder.strip()] = (cells[1], cells[2])
    if not rows:
        sys.exit(f"{page}: no table 'folder | may include | may link'")
    return rows


def resolve(word, rows):
    """A folder as the table writes it: 'base' is dataplane/base, 'all of dataplane' is a prefix."""
    word = word.strip()
    if word.startswith("all of "):
        return word[len("all of "):]
    return word if word in rows else f"dataplane/{word}"


def layer_of(path, rows):
    """The longest row that holds the path."""
    best = None
    for folder in rows:
        if path.startswith(folder + "/") and (best is None or len(folder) > len(best)):
            best = folder
    return best


def includes(file):
    for number, line in enumerate(file.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


class Layer:
    def __init__(self, folder, rows):
        may_include, may_link = rows[folder]
        self.folder = folder
        self.anything = may_include == "what they test"
        self.allowed = [folder] + [
            resolve(word, rows) for word in may_include.split(",")
            if word.strip() not in ("std", "Linux", "-", "") and not self.anything
        ]
        linked = [word.strip() for word in may_link.split(",")]
        self.libraries = {name for name in HEADERS if name in linked}

    def may_include(self, path):
        if path.startswith(("tests/", "bench/")) and not path.startswith(f"{self.folder}/"):
            return self.folder in ("tests", "bench")
        return self.anything or any(path == allowed or path.startswith(f"{allowed}/")
                                    for allowed in self.allowed)

    def library_fault(self, header):
        owners = [name for name, pattern in HEADERS.items() if re.fullmatch(pattern, header)]
        if owners and not self.anything and not self.libraries.intersection(owners):
            return f"<{header}> belongs to {owners[0]}, which {self.folder} may not link"
        return None


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    rows = read_table(root / "docs/architecture.md")
    layers = {folder: Layer(folder, rows) for folder in rows}
    faults = []
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".h", ".cc"):
                continue
            path = str(file.relative_to(root))
            layer = layers.get(layer_of(path, rows))
            if layer is None:
                faults.append(f"{path}: is in no folder of the table in docs/architecture.md")
                continue
            for line, kind, name in includes(file):
                in_project = name.split("/")[0] in FOLDERS and (root / name).exists()
                if kind == '"' and not in_project:
                    faults.append(f'{path}:{line}: "{name}" is no path from the source root')
                elif in_project and not layer.may_include(name):
                    faults.append(f'{path}:{line}: {layer.folder} may not include "{name}"')
                elif not in_project and (fault := layer.library_fault(name)):
                    faults.append(f"{path}:{line}: {fault}")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
