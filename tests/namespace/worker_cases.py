# SPDX-License-Identifier: Apache-2.0
"""Several workers behind one interface."""

import contextlib
import os

import netns
from cases import Skip, case, expect, expect_equal, figure
from clients import fetch_with_all
from folder_appliance import FolderAppliance
from option_cases import counter

DEVICE = f"net_af_packet0,iface={netns.APPLIANCE_IF}"


def two_cpus():
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        raise Skip("two workers need two CPUs")
    return f"lcores = [{cpus[-1]}, {cpus[0]}]"


@case("two workers: stock clients get every byte, whichever worker a packet comes to")
def two_workers(lab):
    # The kernel chooses a socket by a hash that takes the ports in: a request and the ACKs of its
    # transfer meet in one queue in half of the cases only.
    with contextlib.closing(FolderAppliance(lab, "x", device=f"{DEVICE},qpairs=2",
                                            settings=two_cpus())) as appliance:
        wanted = {f"file{number}.bin": os.urandom(number * 1500) for number in range(1, 33)}
        wanted["large.bin"] = os.urandom(1 << 20)
        for name, content in wanted.items():
            appliance.write(name, content)
        appliance.start()
        said = appliance.dataplane.wait_line("serving .*workers on CPU")
        expect(said, "the workers' CPUs are not said")
        appliance.dataplane.wait_line("net_af_packet steers by addresses and ports")
        appliance.wait_served("large.bin", wanted["large.bin"])
        fetch_with_all(appliance, list(wanted), wanted, "two-workers")
        handed, dropped = (counter(appliance, name) for name in ("frames_handed_off",
                                                                 "handoffs_dropped"))
        expect(handed > 0, "no packet was handed over")
        figure(f"two workers: {handed} of {counter(appliance, 'frames_received') - handed} frames "
               f"handed over, {dropped} of them dropped")
        appliance.dataplane.wait_line("% of the frames are handed over")
        appliance.write("later.bin", b"later")  # a publish, with both at work
        appliance.wait_served("later.bin", b"later")
        expect_equal(appliance.dataplane.stop(), 0, "exit code")


@case("workers and queue pairs that do not match are refused, with what to write instead")
def mismatch(lab):
    with contextlib.closing(FolderAppliance(lab, "q", settings=two_cpus())) as appliance:
        appliance.dataplane.start()
        expect_equal(appliance.dataplane.wait_end(), 2, "exit code")
        expect("add ,qpairs=2" in appliance.dataplane.text(), appliance.dataplane.text())
