# SPDX-License-Identifier: Apache-2.0
"""What `dialtone setup` and `dialtone doctor` find."""

import json

import netns
from cases import case, expect, expect_equal
from service_cases import serving


@case("setup: measured steps, with the cure of what is to do; doctor says over what it listens")
def setup(lab):
    with serving(lab, "su") as (appliance, _):
        done = appliance.dialtone_raw("setup", "--check", "--assert", "todo==0")
        expect_equal(done.returncode, 0, f"exit code of setup ({done.stdout}{done.stderr})")
        appliance.dialtone("service", "stop")
        done = appliance.dialtone_raw("setup", "--check", "--assert", "todo==0")
        expect_equal(done.returncode, 4, "exit code of setup while it is stopped")
        expect("dialtone service start" in done.stdout, done.stdout)
        expect_equal(appliance.dialtone_raw("doctor").returncode, 4, "doctor while it is stopped")
        appliance.dialtone("service", "start")
        proxy = appliance.dialtone("setup", "--proxy", "--check")
        steps = {each["id"]: each for each in proxy["steps"]}
        expect_equal(list(steps), ["addresses", "ctl", "tvl", "files", "restart", "dhcp"], "steps")
        expect(steps["dhcp"]["done"] and not steps["addresses"]["done"], json.dumps(proxy))
        expect_equal(appliance.dialtone_raw("doctor").returncode, 0, "doctor when all is well")
        expect_equal(appliance.dialtone_raw("doctor", "--assert", "listen.v6").returncode, 4,
                     "doctor of an IPv4 address alone")
        found = appliance.dialtone("doctor")
        expect(any("no IPv6 address" in note for note in found["notes"]), json.dumps(found))


@case("doctor --assert 'listen.v6' where both families are served")
def doctor(lab):
    with serving(lab, "sx", address6=netns.SERVER6) as (appliance, _):
        done = appliance.dialtone_raw("doctor", "--assert", "listen.v6 && listen.v4")
        expect_equal(done.returncode, 0, f"exit code of doctor ({done.stdout}{done.stderr})")
