from __future__ import annotations

import pytest

from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.markdown import read_markdown


def read(source: str) -> ArticleDraft:
    return read_markdown(source.encode(), origin="f")


def test_the_text_is_the_source_and_the_title_its_first_heading() -> None:
    source = "Intro **bold** \u00a0👩‍👧\n\n# The bridge #\n\n* item e\u0301\n"
    assert read(source.replace("\n", "\r\n")) == ArticleDraft(source, "The bridge", is_markdown=True)


def test_front_matter_is_facts_and_not_text() -> None:
    source = (
        "---\ntitle: 'A: bridge'\ndate: 2024-01-31\nauthor:\n  - Ann\n  - Bo\ntags: [x, y]\nid: b-1\nurl: https://a.example/x\n"
        "---\n\n# Other\n\nText.\n"
    )
    assert read(source) == ArticleDraft(
        "# Other\n\nText.\n", "A: bridge", "b-1", "https://a.example/x", None, "Ann, Bo", "2024-01-31", is_markdown=True
    )


def test_authors_in_brackets_are_joined() -> None:
    assert read('---\nauthors: ["Ann", Bo]\n---\nText.').author == "Ann, Bo"


def test_two_rules_are_not_front_matter() -> None:
    source = "---\nJust words here\n---\nText."
    assert read(source) == ArticleDraft(source, is_markdown=True)


def test_a_comment_in_a_fence_is_no_heading() -> None:
    assert read("```\n# comment\n```\n\n## Two\n\n# One\n").title == "One"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("#  One \t", "One"),
        ("# One ##", "One"),
        ("# One # two #", "One # two"),
        ("# In C#", "In C#"),
        ("# ##\n\n# One", "One"),
        (f"# a{' ' * 3_000}b #", f"a{' ' * 3_000}b"),
    ],
)
def test_a_heading_ends_before_the_marks_that_close_it(line: str, title: str) -> None:
    assert read(f"{line}\n\nText.").title == title


def test_front_matter_alone_leaves_no_text() -> None:
    assert read("---\ntitle: T\n---\n").text == ""
