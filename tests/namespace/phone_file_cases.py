# SPDX-License-Identifier: Apache-2.0
"""Dial plans, softkey templates and feature policies, as an administrator works with them and as
phones get them."""

from cases import case, expect, expect_equal

RULES = """<DIALTEMPLATE>
  <!-- as it came from elsewhere -->
  <TEMPLATE MATCH="112" Timeout="0" User="Phone" Route="emergency"/>
  <TEMPLATE MATCH="9,*" Timeout="3" Tone="Bellcore-Outside"/>
</DIALTEMPLATE>
"""
KEYS = """<softKeyCfg><softKeySets>
  <softKeySet id="On Hook"><softKey keyID="Redial"/><softKey keyID="NewCall"/></softKeySet>
</softKeySets></softKeyCfg>
"""


def expect_claims(appliance, *claims, code=0):
    """Each of `claims` is a command with its --assert or --expect-error, as features.md has them."""
    for claim in claims:
        done = appliance.dialtone_raw(*claim)
        expect_equal(done.returncode, code, f"exit code of dialtone {claim} ({done.stderr.strip()})")


@case("a dial plan and softkeys from files: listed before, served after, and refused while in use")
def from_files(lab):
    appliance = lab.appliance
    rules, keys = appliance.folder / "rules.xml", appliance.folder / "keys.xml"
    rules.write_text(RULES)
    keys.write_text(KEYS)
    expect_claims(appliance,
                  ("dialplan", "set", "hq", rules, "--dry-run", "--assert", "files>=1"),
                  ("softkey", "set", "std", keys, "--dry-run", "--assert", "files>=1"))
    expect(appliance.serves("DRhq.xml", None), "a dry run has made a file")
    expect_claims(appliance, ("dialplan", "set", "hq", rules), ("softkey", "set", "std", keys),
                  ("build", "--dialplan", "hq", "--wait"),
                  ("files", "ls", "DRhq.xml", "hq.xml", "--assert", "count==2"),
                  ("files", "ls", "XMLDefault.cnf.xml", "--assert", "count==1"),
                  ("dialplan", "ls", "--assert", "orphans==0"),
                  ("softkey", "ls", "--assert", "orphans==0"))
    expect(b'match="9,*"' in appliance.fetch("DRhq.xml"), "DRhq.xml is not served")
    expect(b'MATCH="9,*"' in appliance.fetch("hq.xml"), "hq.xml is not served")
    expect(b'keyID="Redial"' in appliance.fetch("SKstd.xml"), "SKstd.xml is not served")

    phone = appliance.phones("SIP")[7]
    appliance.dialtone("device", "set", phone, "dial_plan=hq", "softkey=std")
    served = appliance.fetch(f"{phone}.cnf.xml")
    for name in (b"DRhq.xml", b"SKstd.xml"):
        expect(name in served, f"the phone is not told of {name}")
    expect_claims(appliance, ("dialplan", "rm", "hq", "--expect-error", "E_IN_USE"))
    appliance.dialtone("device", "set", phone, "dial_plan=", "softkey=")
    expect_claims(appliance, ("dialplan", "rm", "hq"), ("softkey", "rm", "std"))
    expect(appliance.serves("DRhq.xml", None), "the file of a removed plan is served")


@case("softkeys of a model that has none are refused with a code")
def no_softkeys(lab):
    appliance = lab.appliance
    campus, keys = appliance.folder / "models.json", appliance.folder / "keys.xml"
    campus.write_text('{"models": [{"number": 99007, "protocol": "SIP", "name": "Old 7960", '
                      '"max_lines": 6, "family": "sip7960"}]}')
    keys.write_text(KEYS)
    phone = "SEP02D1A1FF0042"
    expect_claims(appliance, ("import", "json", campus), ("softkey", "set", "std", keys),
                  ("device", "add", phone, "model=Old 7960", "protocol=SIP", "line1.dn=1"),
                  ("device", "set", phone, "softkey=std", "--expect-error", "E_MODEL_NO_SOFTKEY"))
    said = appliance.dialtone("device", "set", phone, "softkey=std", code=3)
    expect_equal(said.count("cannot be configured"), 1, f"times that it is said in: {said}")
    expect_claims(appliance, ("device", "rm", phone), ("softkey", "rm", "std"))


@case("what no phone understands is refused, with its place")
def wrong_files(lab):
    appliance = lab.appliance
    path = appliance.folder / "wrong.xml"
    path.write_text(RULES.replace("Bellcore-Outside", "Bellcore-Outsid"))
    said = appliance.dialtone("dialplan", "set", "hq", path, code=3)
    expect("rules[1]: tone: " in said and "did you mean 'Bellcore-Outside'?" in said, said)
    path.write_text(RULES.replace("Route", "Rout"))
    said = appliance.dialtone("dialplan", "set", "hq", path, code=3)
    expect("wrong.xml:3: unknown-attribute: " in said, said)
