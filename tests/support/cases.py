# SPDX-License-Identifier: Apache-2.0
"""Test cases as plain functions, and one line of output for each: "PASS name", "FAIL name: why" or
"SKIP name: why", which scripts/lib/count_results.py adds up. Lines that begin with "#" are figures and notes.

    @case("a missing file is answered with ERROR 1")
    def missing_file(lab): ...

A case fails by any exception; expect() says what was wanted. Skip(reason) skips it.
"""

import re
import sys
import time
import traceback

_CASES = []


class Skip(Exception):
    """The case cannot run here; the text says why."""


class Failed(Exception):
    pass


def case(name):
    def register(function):
        _CASES.append((name, function))
        return function
    return register


def expect(condition, text):
    if not condition:
        raise Failed(text)


def expect_equal(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: got {short(got)}, wanted {short(wanted)}")


def short(value):
    text = repr(value)
    if len(text) <= 160:
        return text
    return f"{text[:120]}... ({len(value)} long)" if hasattr(value, "__len__") else text[:160]


def figure(text):
    """A measured value: shown, never asserted."""
    print(f"# {text}", flush=True)


def run_cases(context, only=""):
    """Runs the registered cases in order; the number of those that failed."""
    failed = 0
    for name, function in _CASES:
        if only and not re.search(only, name):
            continue
        start = time.monotonic()
        try:
            function(context)
        except Skip as reason:
            print(f"SKIP {name}: {reason}", flush=True)
            continue
        except Exception as fault:  # any fault of one case must not end the others
            failed += 1
            print(f"FAIL {name}: {type(fault).__name__}: {fault}", flush=True)
            if not isinstance(fault, Failed):
                traceback.print_exc(file=sys.stdout)
            continue
        print(f"PASS {name} ({time.monotonic() - start:.2f} s)", flush=True)
    return failed
