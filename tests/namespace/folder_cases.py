# SPDX-License-Identifier: Apache-2.0
"""What people do to an asset folder that is being served."""

import contextlib

from cases import case, expect_equal, figure
from folder_appliance import FolderAppliance


@case("another folder takes the place of the one that is served: it is served, and followed")
def replaced(lab):
    with contextlib.closing(FolderAppliance(lab, "r")) as appliance:
        assets, folder = appliance.assets, appliance.folder
        appliance.write("sub/a.txt", b"first")
        appliance.start()
        expect_equal(appliance.fetch("sub/a.txt"), b"first", "sub/a.txt")
        second = folder / "second/sub"
        second.mkdir(parents=True)
        (second / "a.txt").write_bytes(b"second")
        assets.rename(folder / "old")
        (folder / "second").rename(assets)
        seconds = appliance.wait_served("sub/a.txt", b"second")
        figure(f"another folder by rename: served after {seconds * 1000:.0f} ms")
        appliance.write("sub/a.txt", b"followed")
        appliance.wait_served("sub/a.txt", b"followed")

        # And by a symlink, of which no event tells.
        assets.rename(folder / "v1")
        assets.symlink_to("v1")
        appliance.write("b.txt", b"v1")
        appliance.wait_served("b.txt", b"v1")
        (folder / "v2").mkdir()
        (folder / "v2/b.txt").write_bytes(b"v2")
        (folder / "next").symlink_to("v2")
        (folder / "next").rename(assets)
        seconds = appliance.wait_served("b.txt", b"v2")
        figure(f"another folder by symlink: served after {seconds * 1000:.0f} ms")
        appliance.write("b.txt", b"v2 followed")
        appliance.wait_served("b.txt", b"v2 followed")
