# SPDX-License-Identifier: Apache-2.0
"""Several workers behind one interface."""

import contextlib
import os
import time

import netns
import tftp
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


def first_answers(lab, idle_sleep_us, rounds=300):
    """Microseconds from a request, after a pause of 5 ms, to its DATA 1; sorted."""
    times = []
    with contextlib.closing(FolderAppliance(lab, "i", idle_sleep_us=idle_sleep_us)) as appliance:
        appliance.write("short.bin", b"short")
        appliance.start()
        appliance.wait_served("short.bin", b"short")
        for _ in range(rounds):
            with tftp.Endpoint(appliance.network.campus) as phone:
                time.sleep(0.005)
                begin = time.perf_counter_ns()
                answer = phone.ask(tftp.request("short.bin"))
                times.append((time.perf_counter_ns() - begin) / 1000)
                expect_equal((answer.opcode, answer.payload), (tftp.DATA, b"short"), "the answer")
                phone.send(tftp.ack(1), answer.address[1])
    return sorted(times)


@case("a worker that sleeps when idle answers the first packet after a pause (idle_sleep_us)")
def idle_sleep(lab):
    for idle_sleep_us in (0, 100):
        times = first_answers(lab, idle_sleep_us)
        figure(f"idle_sleep_us {idle_sleep_us}: request to DATA 1 after a pause, of {len(times)}: "
               f"least {times[0]:.0f}, median {times[len(times) // 2]:.0f}, "
               f"90 % within {times[len(times) * 9 // 10]:.0f} us")
