"""The results page says what the result files say, and its pictures can be read without color."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from bench.page import files
from bench.peers import rates, threshold_for
from bench.plot import Axis, Plot, Point, Series, drawn, worded
from tests.support.tree import ROOT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.rule("R-42")
def test_the_page_is_that_of_the_result_files() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.page", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_picture_is_well_formed_and_told_in_words() -> None:
    pictures = {name: text for name, text in files().items() if name.endswith(".svg")}
    for text in pictures.values():
        root = ElementTree.fromstring(text)  # noqa: S314 -- our own picture
        assert root.get("role") == "img" and root.find(f"{SVG}title") is not None
        assert len(root.findtext(f"{SVG}desc", "")) > 40


def test_a_logarithmic_axis_puts_powers_at_equal_distances_and_zero_at_its_floor() -> None:
    axis = Axis("", (10, 100, 1_000), is_log=True, floor=1)
    assert [round(axis.place(value), 3) for value in (0, 1, 10, 100, 1_000)] == [0, 0, 0.333, 0.667, 1]
    assert Axis("", (0, 0.5, 1)).place(0.25) == 0.25


def test_series_differ_in_shape_and_an_interval_is_drawn() -> None:
    plot = Plot("a title", "a description", Axis("x", (0, 1)), Axis("y", (0, 10)))
    series = [
        Series("one", [Point(0.5, 2, 1, 4)]),
        Series("two", [Point(0.5, 2)]),
        Series("three", [Point(0, 9)]),
    ]
    root = ElementTree.fromstring(drawn(plot, series))  # noqa: S314 -- our own picture
    shapes = [len(root.findall(f"{SVG}{shape}")) for shape in ("circle", "rect", "polygon")]
    assert shapes == [2, 3, 2]  # each with its sign in the legend; the ground is a rect too
    assert any(line.get("stroke-dasharray") for line in root.findall(f"{SVG}line"))
    assert [worded(value) for value in (0.5, 100, 1_000, 1_280_000)] == ["0.5", "100", "1k", "1.28 M"]


def test_the_threshold_is_the_highest_at_which_recall_is_still_ours() -> None:
    points = [{"threshold": t, "recall": 1 - t / 100} for t in range(0, 50, 10)]
    assert threshold_for(points, 0.8) == 20
    assert threshold_for(points, 1.1) == 0  # none is as good: the one of best recall
    made = rates({"released": 200, "right": 90, "faults": {"wrong_person": 1}}, 100)
    assert (made["recall"], made["wrong_per_million"]) == (0.9, 5_000.0)
