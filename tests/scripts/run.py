#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the scripts themselves: the checks see what they should, the demo campus is reproducible,
results are added up. No root, no network."""

import pathlib
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/scripts")]

import cases  # noqa: E402
import campus_cases  # noqa: E402,F401
import check_cases  # noqa: E402,F401
import conformance_cases  # noqa: E402,F401
import library_cases  # noqa: E402,F401
import option_cases  # noqa: E402,F401
import state_cases  # noqa: E402,F401

sys.exit(1 if cases.run_cases(ROOT, sys.argv[1] if len(sys.argv) > 1 else "") else 0)
