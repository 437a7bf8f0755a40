# SPDX-License-Identifier: Apache-2.0
"""What people do to an asset folder that is being served."""

import contextlib

from cases import case, expect, expect_equal, figure
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


@case("a file that is being written is served when its writer closes it, and never by half")
def slow_writer(lab):
    with contextlib.closing(FolderAppliance(lab, "w")) as appliance:
        appliance.write("old.bin", b"old")
        with open(appliance.assets / "half.bin", "wb", buffering=0) as before:
            before.write(b"half")
            appliance.start()  # it lies there already when control comes
            expect(appliance.serves("half.bin", None), "a half-written file is served")
            expect(appliance.serves("old.bin", b"old"), "the other one is not")
            before.write(b" and half")
        appliance.wait_served("half.bin", b"half and half")

        with open(appliance.assets / "old.bin", "wb", buffering=0) as rewritten, \
                open(appliance.assets / "new.bin", "wb", buffering=0) as copied:
            rewritten.write(b"ne")
            copied.write(b"co")
            appliance.write("other.txt", b"x")
            appliance.wait_served("other.txt", b"x")  # a scan has been there
            expect(appliance.serves("old.bin", b"old"), "the old content is not served on")
            expect(appliance.serves("new.bin", None), "a half-copied file is served")
            said = " ".join(map(str, appliance.warnings()))
            expect("old.bin is being written" in said, f"status does not say so: {said}")
            rewritten.write(b"w")
            copied.write(b"py")
        appliance.wait_served("old.bin", b"new")
        appliance.wait_served("new.bin", b"copy")
        appliance.wait_for(lambda: not appliance.warnings(), "the warnings go")
