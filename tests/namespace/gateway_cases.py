# SPDX-License-Identifier: Apache-2.0
"""Gateways, as an administrator describes them and as stock clients fetch their files."""

import xml.etree.ElementTree

from cases import case, expect, expect_equal

TEMPLATE = """<mine xmlns:t="urn:dialtone:template">
  <?each units?><?each subunits?><?each ports?>
  <p n="{{port.endpoint}}">{{port.settings.own}}</p>
  <?end?><?end?><?end?>
</mine>
"""


def fetched(appliance, name):
    """The file as a TFTP client gets it, read back."""
    return xml.etree.ElementTree.fromstring(appliance.fetch(name))


@case("a gateway's file: fetched by its name, and with it the files of its ports")
def described(lab):
    appliance = lab.appliance
    appliance.dialtone("gateway", "add", "gw1", "kind=mgcp", "domain=example.com", "product=VG310",
                       "unit0.product=ANALOG", "subunit0/1.product=24FXS-MGCP", "ports0/1=0-23",
                       "port0/1/3.dn=4003", "settings.tftpRetries=2")
    tree = fetched(appliance, "gw1.example.com.cnf.xml")
    ports = tree.findall("units/unit/subunits/subunit/ports/port")
    expect_equal(len(ports), 24, "ports in the file")
    expect_equal(ports[3].findtext("endpointName"), "AALN/S0/SU1/3@gw1.example.com", "endpoint")
    expect_equal(ports[3].findtext("directoryNumber"), "4003", "its number")
    expect_equal(tree.findtext("gatewayConfig/tftpRetries"), "2", "a setting")
    expect(tree.findtext("devicePool/callManagerGroup/members/member/callManager/processNodeName"),
           "the file names no call manager")

    appliance.dialtone("gateway", "add", "00:1f:ca:c3:de:10", "kind=sccp", "product=VG224",
                       "unit2.product=ANALOG", "subunit2/0.product=24FXS-SCCP", "ports2/0=0-1",
                       "port2/0/1.dn=4101")
    tree = fetched(appliance, "SKIGW1FCAC3DE10.cnf.xml")
    names = [each.text for each in tree.iter("endpointName")]
    expect_equal(names, ["AN1FCAC3DE10400", "AN1FCAC3DE10401"], "endpoints")
    for name in names:
        expect_equal(fetched(appliance, f"{name}.cnf.xml").findtext("deviceProtocol"), "SCCP", name)
    expect(b"gw1.example.com" in appliance.fetch("GW1.EXAMPLE.COM.cnf.xml"),
           "a name in other letters is not found")

    files = appliance.dialtone("files", "ls", "gw1*", "SKIGW*", "AN1F*")["files"]
    expect_equal([file["name"] for file in files if file.get("unverified")],
                 ["gw1.example.com.cnf.xml", "skigw1fcac3de10.cnf.xml"], "unverified files")
    expect_equal(appliance.dialtone("status")["gateways"], {"count": 2, "files": 4, "unverified": 2},
                 "what status says of gateways")


@case("a gateway that cannot be built is refused with the row and the cure, and its file stays")
def refused(lab):
    appliance = lab.appliance
    before = appliance.fetch("gw1.example.com.cnf.xml")
    said = appliance.dialtone("gateway", "set", "gw1", "settings.tftpRetrys=2", code=3)
    expect("gateway 'gw1'" in said and "did you mean 'tftpRetries'?" in said, said)
    said = appliance.dialtone("gateway", "set", "gw1", "domain=exa mple", code=3)
    expect("'exa mple' is no domain" in said, said)
    expect_equal(appliance.fetch("gw1.example.com.cnf.xml"), before, "the file")


@case("an administrator's template: faults at line and column, then served in place of ours")
def templates(lab):
    appliance = lab.appliance
    path = appliance.folder / "vg310.xml"
    path.write_text(TEMPLATE.replace("port.endpoint", "port.endpiont"))
    said = appliance.dialtone("gatewaytemplate", "set", "vg310", path, code=3)
    expect("vg310.xml:3:11: unknown-field: " in said and 'did you mean "port.endpoint"?' in said, said)
    path.write_text(TEMPLATE)
    appliance.dialtone("gatewaytemplate", "set", "vg310", path, "--product", "VG310")
    appliance.dialtone("gateway", "set", "gw1", "port0/1/3.settings.own=x")
    tree = fetched(appliance, "gw1.example.com.cnf.xml")
    expect_equal(tree.tag, "mine", "the root of the file")
    expect_equal(tree.findall("p")[3].text, "x", "the setting that the template names")
    expect_equal(appliance.dialtone("gatewaytemplate", "show", "vg310")["body"], TEMPLATE,
                 "what is shown")
    appliance.dialtone("gateway", "rm", "gw1", "SKIGW1FCAC3DE10")
    appliance.dialtone("gatewaytemplate", "rm", "vg310")
    expect(appliance.serves("AN1FCAC3DE10400.cnf.xml", None), "the file of a removed port is served")
