# SPDX-License-Identifier: Apache-2.0
"""The pages of `dialtone-emu report`, as Chromium shows and prints them."""

import pathlib
import re
import subprocess

from cases import case, expect, expect_equal
from png import Picture
from storm_record import write_record

LAYOUT = (pathlib.Path(__file__).parent / "layout.js").read_text()
WINDOWS = (1280, 400)
# Of the charts that are shown: left, top, right, bottom.
CHARTS = """[...document.querySelectorAll("figure > svg")].map((chart) => chart.getBoundingClientRect())
  .filter((box) => box.width > 0).map((box) => [box.left, box.top, box.right, box.bottom])"""
SCHEMES = ("light", "dark")
PAPER = 719  # pixels between the margins of A4


def report(lab, name, *words, code=0):
    page = lab.folder / f"{name}.html"
    done = subprocess.run([lab.emu, "report", *words, "-o", page], cwd=lab.folder, check=False,
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    expect_equal(done.returncode, code, f"exit code of dialtone-emu report: {done.stderr}")
    return page


def brightness(colour):
    return sum(colour) / 3


def expect_picture(png, boxes, width, scheme, what):
    """`boxes`: where the charts are."""
    picture = Picture(png)
    colours = picture.colours()
    expect_equal(picture.width, width, f"{what}: width of the picture")
    (page, most), *_ = colours.most_common(1)
    expect(brightness(page) > 230 if scheme == "light" else brightness(page) < 40,
           f"{what}: the page has the colour {page}")
    every = sum(colours.values())
    expect(0.5 * every < most < 0.98 * every, f"{what}: {most} of {every} pixels are the page's")
    far = sum(count for colour, count in colours.items()
              if abs(brightness(colour) - brightness(page)) > 90)
    expect(far > 0.005 * every, f"{what}: only {far} of {every} pixels stand out")
    for box in boxes:
        drawn = picture.colours(*(round(edge) for edge in box))
        vivid = [colour for colour, count in drawn.items()
                 if max(colour) - min(colour) > 60 and count >= 20]
        expect(vivid, f"{what}: the chart at {box} has no line or column in colour")


def look(lab, page, words):
    browser, name = lab.browser, page.stem
    browser.open_page(page)
    for width in WINDOWS:
        for scheme in SCHEMES:
            what = f"{name}, {width} pixels, {scheme}"
            browser.show(width, scheme)
            png = browser.picture()
            (lab.out / f"{name}-{width}-{scheme}.png").write_bytes(png)
            expect_equal(browser.value(LAYOUT), [], f"{what}: layout")
            expect_picture(png, browser.value(CHARTS), width, scheme, what)
            text = " ".join(browser.value("document.body.innerText").split())
            for each in words:
                expect(each in text, f"{what}: '{each}' is not to be read in {text[:400]}")
    expect_equal(browser.requested(), [page.as_uri()], f"{name}: what the page loads")
    expect_equal(browser.complaints(), [], f"{name}: what the browser says of the page")
    expect_equal(browser.value("document.scripts.length"), 0, f"{name}: scripts")


def print_out(lab, page, sheets):
    """Also in a dark room paper is white."""
    browser, name = lab.browser, page.stem
    browser.open_page(page)
    browser.show(PAPER, "dark", "print")
    png = browser.picture()
    (lab.out / f"{name}-print.png").write_bytes(png)
    expect_equal(browser.value(LAYOUT), [], f"{name}, printed: layout")
    expect_picture(png, browser.value(CHARTS), PAPER, "light", f"{name}, printed")
    pdf = browser.pdf()
    (lab.out / f"{name}.pdf").write_bytes(pdf)
    expect(pdf.startswith(b"%PDF-"), f"{name}: no PDF")
    printed = len(re.findall(rb"/Type\s*/Page\b", pdf))
    expect(printed in sheets, f"{name}: {printed} sheets of paper")


@case("the report of a storm: its verdict and charts are seen in light and dark, wide and narrow")
def one_storm(lab):
    write_record(lab.folder / "storm")
    page = report(lab, "storm-missed", "storm", "--budget", "phases.ready.p50_ms<=20", code=4)
    look(lab, page, ["of 1,000 phones came up", ": FAIL", "✗ failed == 0", "✓ phases.ready.p50_ms<=20",
                     "Who was last", "unserved", "It was a limit itself", "--power ramp"])
    print_out(lab, page, range(2, 5))


@case("the report of two sets of storms: figures, percentiles and conditions are seen likewise")
def two_sets(lab):
    for number in (1, 2, 3):
        write_record(lab.folder / "before" / str(number), phones=300, seed=number)
        write_record(lab.folder / "after" / str(number), phones=300, seed=10 + number, slower=1.5,
                     delay_ms=20.0)
    page = report(lab, "storms-compared", "before", "after", "--budget", "ready_p50_ms.low>1.2")
    look(lab, page, ["after against before: PASS", "3 and 3 repetitions", "✓ ready_p50_ms.low>1.2",
                     "Time to all files, each repetition a line", "delay_ms 0.0 20.0"])
    print_out(lab, page, range(1, 4))


@case("the report of a storm in which nobody came up can be read as well")
def nobody(lab):
    write_record(lab.folder / "dead", phones=20, served=0.0)
    page = report(lab, "storm-dead", "dead", code=4)
    look(lab, page, ["0 of 20 phones came up: FAIL", "✗ failed == 0"])
