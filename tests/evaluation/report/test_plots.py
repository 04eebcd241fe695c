"""Plots: markup that lives in a page, with the page's colours and the numbers it was given."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest

from qa.evaluation.measures import Bin
from qa.evaluation.report.curves import Latency
from qa.evaluation.report.plots import (
    Line,
    calibration_plot,
    latency_plot,
    probability_plot,
    recall_plot,
    risk_coverage_plot,
)
from qa.evaluation.report.svg import Words

WORDS = Words("a", "A title", "What it shows.")
DEPTH = np.arange(1, 101, dtype=np.float64)
RISING = np.linspace(0.4, 0.9, 100)


def recall(words: Words, label: str = "merged") -> str:
    return recall_plot([Line(label, DEPTH, RISING), Line("dense", DEPTH, RISING - 0.01)], words, read_passages=5)


def risk(words: Words) -> str:
    return risk_coverage_plot([Line("all", np.array([0.25, 0.5, 1.0]), np.array([0.0, 0.0, 0.5]))], words)


def calibration(words: Words) -> str:
    return calibration_plot([Bin(0.1, 0.2, 12, 0.15, 0.25), Bin(0.9, 1.0, 1_234, 0.95, 1.0)], words)


def given_probabilities(words: Words) -> str:
    groups = [("right", np.array([0.9, 0.8])), ("wrong", np.array([0.3]))]
    return probability_plot(groups, words, marks=[("answered from 0.2", 0.2), ("sure from 0.25", 0.25)])


def latency(words: Words) -> str:
    return latency_plot([Latency("search", 5.25, 18.4), Latency("total", 12.0, 1_204.0)], words)


EVERY = pytest.mark.parametrize("plot", [recall, risk, calibration, given_probabilities, latency], ids=lambda plot: plot.__name__)


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter("text")]


@EVERY
def test_it_is_an_image_with_a_title_and_a_description(plot: Callable[[Words], str]) -> None:
    root = ElementTree.fromstring(plot(WORDS))
    assert (root.tag, root.attrib["role"], root.attrib["aria-labelledby"]) == ("svg", "img", "a-title a-desc")
    assert [(child.tag, child.attrib["id"], child.text) for child in list(root)[:2]] == [
        ("title", "a-title", "A title"),
        ("desc", "a-desc", "What it shows."),
    ]


@EVERY
def test_equal_values_give_equal_bytes(plot: Callable[[Words], str]) -> None:
    assert plot(WORDS) == plot(WORDS)


@EVERY
def test_every_id_is_the_drawings_own_and_every_reference_has_one(plot: Callable[[Words], str]) -> None:
    svg = plot(WORDS)
    ids = re.findall(r' id="([^"]*)"', svg)
    assert len(set(ids)) == len(ids)
    assert all(id_.startswith("a-") for id_ in ids)
    assert set(re.findall(r'href="#([^"]*)"', svg) + re.findall(r"url\(#([^)]*)\)", svg)) <= set(ids)


@EVERY
def test_every_colour_is_the_pages(plot: Callable[[Words], str]) -> None:
    svg = plot(WORDS)
    assert re.findall(r"(?:fill|stroke): ?#\w+", svg) == []
    assert {"var(--muted)", "var(--line)", "var(--series-1)"} <= set(re.findall(r"var\(--[\w-]+\)", svg))


@EVERY
def test_it_brings_no_font_no_style_for_the_page_and_no_size(plot: Callable[[Words], str]) -> None:
    svg = plot(WORDS)
    assert "font-family" not in svg
    assert "<style" not in svg
    assert {"width", "height"} & set(ElementTree.fromstring(svg).attrib) == set()


def test_lines_are_labelled_at_their_end_with_name_and_last_value() -> None:
    written = " ".join(texts(recall(WORDS)))
    assert "merged 90\u202f%" in written
    assert "dense 89\u202f%" in written
    assert "5 are read" in written


def test_labels_of_lines_that_end_together_do_not_cover_one_another() -> None:
    root = ElementTree.fromstring(recall(WORDS))
    places = [text.attrib["transform"] for text in root.iter("text") if text.text in ("merged", "dense")]
    merged, dense = (float(re.findall(r"[\d.]+", place)[1]) for place in places)
    assert dense - merged >= 23  # two lines of 11.5


def test_two_lines_differ_by_more_than_their_colour() -> None:
    svg = recall(WORDS)
    assert (
        len(set(re.findall(r"stroke-dasharray: ([^;\"]*)[^>]*stroke: var\(--series-\d\)|stroke-dasharray: ([^;\"]*)", svg))) > 1
    )


def test_bins_say_how_many_answers_they_hold() -> None:
    assert {"12", "1,234"} <= set(texts(calibration(WORDS)))


def test_groups_say_how_many_probabilities_they_hold() -> None:
    assert {"right: 2", "wrong: 1", "answered from 0.2", "sure from 0.25"} <= set(texts(given_probabilities(WORDS)))


def test_milliseconds_have_a_digit_only_where_it_is_more_than_noise() -> None:
    assert {"5.2 · 18", "12 · 1,204"} <= set(texts(latency(WORDS)))


@pytest.mark.parametrize("label", ["$x^", "</text><script>alert(1)</script>", "評価", "a\x00b", "x" * 400], ids=ascii)
def test_a_name_is_text_whatever_it_holds(label: str) -> None:
    svg = recall(Words("a", label, label), label)
    assert "<script" not in svg
    shown = texts(svg)
    assert any(text.startswith(label.replace("\x00", "\ufffd")[:5]) for text in shown)
    assert max(map(len, shown)) <= 18


@pytest.mark.parametrize(
    "plot",
    [
        lambda: recall_plot([], WORDS),
        lambda: risk_coverage_plot([Line("none", np.zeros(0), np.zeros(0))], WORDS),
        lambda: calibration_plot([], WORDS),
        lambda: probability_plot([], WORDS),
        lambda: latency_plot([], WORDS),
    ],
    ids=["recall", "risk", "calibration", "probabilities", "latency"],
)
def test_nothing_gives_an_empty_plot(plot: Callable[[], str]) -> None:
    assert ElementTree.fromstring(plot()).tag == "svg"
