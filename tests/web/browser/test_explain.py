"""The page that shows how an answer was found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
TITLE = "Wilhelmina Sorrowby, the last sailmaker of Candle Lane"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page], samples: object) -> Page:
    return open_page(samples.url, java_script_enabled=request.param)  # type: ignore[attr-defined]


def asked(page: Page, **fields: object) -> dict:
    """An answer that is kept."""
    answer: dict = page.request.post("/v1/answers", data={"question": QUESTION, **fields}).json()
    return answer


def test_each_turn_leads_to_every_stage_with_its_ranks_and_to_the_sentences_read(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("link", name="How this answer was found").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How this answer was found")
    passages, sentences, times = page.locator("table").all()
    for stage in ("dense", "lexical", "merged", "recency", "distinct"):
        expect(passages.get_by_role("columnheader", name=stage, exact=True)).to_be_visible()
    best = passages.get_by_role("row").nth(1)
    expect(best).to_contain_text(TITLE)
    expect(best).to_contain_text("read")
    expect(best.get_by_role("cell").last).to_have_text(re.compile(r"^1\d\.\d{3}$"))  # the rank, and the score below it
    cited = sentences.locator("tr.cited")
    expect(cited).to_have_count(1)
    expect(cited).to_contain_text("at the age of 94.")
    expect(cited.get_by_role("cell").last).to_have_text("1")
    expect(times.get_by_role("rowheader")).to_have_text(["encode", "search", "read", "compose", "total"])
    expect(page.locator(".facts")).to_contain_text("Index generation")
    expect(page.locator("main .notice")).to_have_count(0)


def test_it_shows_the_ranks_that_the_question_had(page: Page) -> None:
    answer = asked(page)
    found = page.request.post("/v1/search", data={"question": QUESTION, "k": 5, "asked_at": answer["asked_at"]}).json()["hits"]
    page.goto(f"/answers/{answer['id']}/explain")
    for rank, hit in enumerate(found, start=1):
        row = page.locator("table").first.get_by_role("row").nth(rank)
        expect(row).to_contain_text(hit["passage"]["article_title"])
        written = [f"{stage['rank']}{stage['score']:.3f}" for stage in hit["stages"].values()]
        shown = [text for text in row.get_by_role("cell").all_inner_texts() if "not found" not in text]
        assert [re.sub(r"\s", "", text) for text in shown] == written


def test_a_question_that_no_article_may_answer_says_so(page: Page) -> None:
    page.goto(f"/answers/{asked(page, filters={'sources': ['nobody']})['id']}/explain")
    expect(page.get_by_role("heading", level=1)).to_have_text("How qa searched")
    expect(page.locator("main")).to_contain_text("no article passes the filters")
    expect(page.locator(".facts")).to_contain_text("source “nobody”")


def test_an_answer_with_fewer_citations_than_the_default_is_the_same_when_asked_again(page: Page) -> None:
    page.goto(f"/answers/{asked(page, max_citations=1, threshold=0)['id']}/explain")
    expect(page.locator("tr.cited")).to_have_count(1)
    expect(page.locator("main .notice")).to_have_count(0)


def test_when_the_index_has_changed_since_it_says_so(page: Page) -> None:
    before = asked(page)
    page.request.post("/v1/articles", data={"articles": [{"id": "later", "text": "The tide was high at noon."}]})
    try:
        page.goto(f"/answers/{before['id']}/explain")
        expect(page.locator("main .notice")).to_contain_text(
            f"The index has changed since: the answer is of generation {before['index_generation']}"
        )
        expect(page.locator("main .notice")).to_contain_text("It finds the same answer.")
    finally:
        page.request.delete("/v1/articles/later?now=true")


def test_an_answer_that_is_not_kept_is_told_as_such(page: Page) -> None:
    response = page.goto("/answers/ans_0/explain")
    assert response is not None and response.status == 404
    expect(page.locator("main")).to_contain_text("for as long as it is kept: for 90 days")
