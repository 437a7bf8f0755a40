# SPDX-License-Identifier: Apache-2.0
"""Extension Mobility: a login and a logout, as the phone gets them at its next fetch."""

import json

from cases import case, expect, expect_equal
from phone_file_cases import expect_claims

PROFILE = {"dial_plans": [{"name": "jo", "rules": [{"pattern": "*"}]}],
           "em_profiles": [{"name": "jo", "dial_plan": "jo", "lines": [{"button": 1, "dn": "7001"}]}]}


@case("row 44: a login gives the phone's file the names of the profile, a logout its own back")
def login(lab):
    appliance = lab.appliance
    path, phone = appliance.folder / "em.json", appliance.phones("SIP")[40]
    name = f"{phone}.cnf.xml"
    path.write_text(json.dumps(PROFILE))
    expect_claims(appliance, ("import", "json", path))
    own = appliance.fetch(name)
    expect_claims(appliance, ("em", "login", phone, "profile=jo", "--wait", "--assert",
                              'rebuilt==1 && has("DRjo.xml")'))
    served = appliance.fetch(name)
    expect(b"DRjo.xml" in served and b"7001" in served, "the profile is not in what is served")
    expect(b'match="*"' in appliance.fetch("DRjo.xml").lower(), "the profile's dial plan is not served")
    expect_claims(appliance, ("em", "ls", "--assert", f'logged_in==1 && profiles[0].device=="{phone}"'),
                  ("em", "login", appliance.phones("SIP")[41], "profile=jo", "--expect-error",
                   "E_PROFILE_IN_USE"),
                  ("em", "logout", phone, "--wait", "--assert", 'rebuilt==1 && none("DRjo.xml")'))
    after = appliance.fetch(name)
    expect(b"DRjo.xml" not in after and b"7001" not in after, "the profile is served behind the logout")
    expect_equal(len(after), len(own), "bytes of the phone's own file")
