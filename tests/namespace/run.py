#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests with real processes, a real kernel and stock clients, in network namespaces of their own.

    sudo tests/namespace/run.py --build DIR [--only REGEX]

Prints PASS, FAIL and SKIP lines (tests/support/cases.py); exit code 1 when a case failed.
"""

import argparse
import os
import pathlib
import signal
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/namespace")]

import cases  # noqa: E402
import client_cases  # noqa: E402,F401
import protocol_cases  # noqa: E402,F401
import address_cases  # noqa: E402,F401
import admission_cases  # noqa: E402,F401
import asset_cases  # noqa: E402,F401
import bad_input_cases  # noqa: E402,F401
import busy_cases  # noqa: E402,F401
import change_cases  # noqa: E402,F401
import crash_cases  # noqa: E402,F401
import em_cases  # noqa: E402,F401
import emu_address_cases  # noqa: E402,F401
import emu_cases  # noqa: E402,F401
import emu_registration_cases  # noqa: E402,F401
import emu_storm_cases  # noqa: E402,F401
import event_cases  # noqa: E402,F401
import exception_cases  # noqa: E402,F401
import explain_cases  # noqa: E402,F401
import folder_cases  # noqa: E402,F401
import format_cases  # noqa: E402,F401
import fragment_cases  # noqa: E402,F401
import generation_cases  # noqa: E402,F401
import grid_cases  # noqa: E402,F401
import health_cases  # noqa: E402,F401
import hugepage_cases  # noqa: E402,F401
import import_cases  # noqa: E402,F401
import import_dir_cases  # noqa: E402,F401
import kill_cases  # noqa: E402,F401
import metrics_cases  # noqa: E402,F401
import miss_cases  # noqa: E402,F401
import mtu_cases  # noqa: E402,F401
import network_cases  # noqa: E402,F401
import option_cases  # noqa: E402,F401
import reset_cases  # noqa: E402,F401
import gateway_cases  # noqa: E402,F401
import phone_file_cases  # noqa: E402,F401
import signing_cases  # noqa: E402,F401
import single_port_cases  # noqa: E402,F401
import scenario_cases  # noqa: E402,F401
import stranger_cases  # noqa: E402,F401
import refusal_cases  # noqa: E402,F401
import service_cases  # noqa: E402,F401
import setup_cases  # noqa: E402,F401
import tap_cases  # noqa: E402,F401
import telemetry_cases  # noqa: E402,F401
import worker_cases  # noqa: E402,F401
import storm_cases  # noqa: E402,F401
import serve_cases  # noqa: E402,F401
import quickstart_cases  # noqa: E402
import lab  # noqa: E402
import netns  # noqa: E402
import processes  # noqa: E402


def stop(number, _):
    sys.exit(128 + number)  # the finally below takes everything down


def why_not():
    """Why nothing of this can run here; empty when it can."""
    if os.geteuid() != 0:
        return "they need root, for namespaces and packet sockets"
    probe = f"{netns.PREFIX}{os.getpid()}p"
    made = processes.run(["ip", "netns", "add", probe])
    netns.remove_namespace(probe)
    return f"no network namespace can be made here: {made.stderr.strip()}" if made.returncode else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", metavar="REGEX")
    arguments = parser.parse_args()
    if reason := why_not():
        print(f"SKIP namespace tests: {reason}")
        return 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    netns.sweep()
    quickstart_cases.sweep(ROOT)
    context = lab.Lab(ROOT, (ROOT / arguments.build).resolve())
    try:
        return 1 if cases.run_cases(context, arguments.only) else 0
    finally:
        context.close()


sys.exit(main())
