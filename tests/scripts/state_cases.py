# SPDX-License-Identifier: Apache-2.0
"""scripts/lib: what a script writes down about a run is believed, or not, as it should be."""

import pathlib
import subprocess
import tempfile

from cases import case, expect, expect_equal

# A machine with hugepages in a file of the test, of which it gives 100 at most.
HUGEPAGES = """
  hugepages_count() { cat pages; }
  hugepages_set() { echo $(($1 < 100 ? $1 : 100)) >pages; }
  echo 40 >pages
"""


# `! command` would not end a script that runs with -e.
NOT = 'not() { if "$@"; then echo "$* holds" >&2; exit 9; fi; }; '


def bash(root, folder, script):
    libraries = ("output", "state", "hugepages", "addresses", "process", "appliance")
    sources = "".join(f"source {root}/scripts/lib/{name}.sh; " for name in libraries)
    return subprocess.run(["bash", "-c", f"set -euo pipefail; {sources}{NOT}{script}"], cwd=folder,
                          capture_output=True, text=True, timeout=30)


def check(root, script):
    """The script must end well; its output."""
    with tempfile.TemporaryDirectory() as folder:
        done = bash(root, folder, script)
    expect_equal(done.returncode, 0, f"exit code ({(done.stdout + done.stderr).strip()})")
    return done.stdout


@case("hugepages: what was added is given back, and nothing else")
def hugepages_added(root):
    said = check(root, HUGEPAGES + """
      hugepages_add 30 state; cat pages
      echo $(($(<pages) + 5)) >pages  # somebody else's
      hugepages_restore state; cat pages
      hugepages_restore state; cat pages; [[ ! -e state ]]
    """)
    expect_equal(said.split(), ["70", "45", "45"], "pages")


@case("hugepages: when the machine gives too few, it gets all of them back")
def hugepages_too_few(root):
    said = check(root, HUGEPAGES + "not hugepages_add 61 state; cat pages; [[ ! -e state ]]")
    expect_equal(said.split(), ["40"], "pages")


@case("hugepages: a script that was killed while it asked takes nothing that it did not get")
def hugepages_killed(root):
    said = check(root, HUGEPAGES + """
      echo "30 40" >state; hugepages_restore state; cat pages
      echo "30 40" >state; echo 52 >pages; hugepages_restore state; cat pages
    """)
    expect_equal(said.split(), ["40", "40"], "pages")


@case("state: of this boot it is there, of another boot it is removed unread")
def boots(root):
    check(root, """
      not state_exists run/x
      state_open run/x; touch run/x/file; state_exists run/x; [[ -e run/x/file ]]
      echo another >run/x/boot; not state_exists run/x; [[ ! -e run/x ]]
    """)


@case("state: the second of two scripts is told that the first is at work")
def locked(root):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "daemon.sh").write_text("sleep 30\n")
        # A daemon must not hold the lock on after its script.
        done = bash(root, folder, """
          (state_lock lock first; process_start . one sh daemon.sh; sleep 0.5) &
          sleep 0.2
          (state_lock lock second) && exit 9
          wait $!
          (state_lock lock third)
          process_stop . one
        """)
    expect_equal(done.returncode, 0, f"exit code ({done.stderr.strip()})")
    expect("at work already" in done.stderr, f"the reason: {done.stderr}")


@case("addresses: what can be served, and what cannot")
def addresses(root):
    good = ("10.77.0.1", "1.2.3.4", "223.255.255.255", "192.168.0.10")
    bad = ("", "10.77.0", "10.77.0.1.1", "10.77.0.256", "010.77.0.1", "127.0.0.1", "0.1.2.3",
           "224.0.0.1", "255.255.255.255", "10.77.0.x", "10.77.0.1/16", "::1")
    check(root, "".join(f"is_ipv4_host '{text}'; " for text in good)
          + "".join(f"not is_ipv4_host '{text}'; " for text in bad)
          + "is_mac 02:44:0a:4D:00:01; not is_mac 02:44; not is_mac 02-44-0a-4d-00-01")


@case("TOML: any folder name can be written into a configuration")
def toml(root):
    said = check(root, r"""toml_text 'a "b" \c'"'"'d'""")
    expect_equal(said, '"a \\"b\\" \\\\c\'d"', "TOML text")
