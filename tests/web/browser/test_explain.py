"""The page that shows how an answer was found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
TITLE = "Wilhelmina Sorrowby, the last sailmaker of Candle Lane"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page], samples: object) -> Page:
    return open_page(samples.url, java_script_enabled=request.param)  # type: ignore[attr-defined]


def asked(page: Page, **fields: object) -> dict:
    """An answer that is kept."""
    answer: dict = page.request.post("/v1/answers", data={"question": QUESTION, **fields}).json()
    return answer


def opened(page: Page) -> None:
    """With the tables, which are folded at first."""
    for summary in page.locator(".behind > summary").all():
        summary.click()


def test_each_turn_leads_to_every_stage_with_its_ranks_and_to_the_sentences_read(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("link", name="How this answer was found").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How this answer was found")
    opened(page)
    passages, _more, sentences, _others, times = page.locator("table").all()
    for stage in ("dense", "lexical", "merged", "ranked", "distinct", "after reading"):
        expect(passages.get_by_role("columnheader", name=stage, exact=True)).to_be_visible()
    best = passages.get_by_role("row").nth(1)
    expect(best).to_contain_text(TITLE)
    expect(best).to_contain_text("cited")
    expect(best.get_by_role("cell").nth(4)).to_have_text(re.compile(r"^1-?\d+\.\d{3}$"))  # the rank, and the score below it
    cited = sentences.locator("tr.cited")
    expect(cited).to_have_count(1)
    expect(cited).to_contain_text("at the age of 94.")
    expect(cited.get_by_role("cell").last).to_have_text("1")
    expect(times.get_by_role("rowheader")).to_have_text(["encode", "search", "read", "compose", "total"])
    expect(page.locator(".facts")).to_contain_text("Index generation")
    expect(page.locator("main .notice")).to_have_count(0)


def test_it_shows_the_ranks_that_the_question_had(page: Page) -> None:
    answer = asked(page)
    found = page.request.post(
        "/v1/search", data={"question": QUESTION, "k": 5, "read": 0, "asked_at": answer["asked_at"]}
    ).json()["hits"]
    page.goto(f"/answers/{answer['id']}/explain")
    opened(page)
    for rank, hit in enumerate(found, start=1):
        row = page.locator("table").first.get_by_role("row").nth(rank)
        expect(row).to_contain_text(hit["passage"]["article_title"])
        written = [f"{stage['rank']}{stage['score']:.3f}" for stage in hit["stages"].values()]
        shown = [text for text in row.get_by_role("cell").all_inner_texts()[:-1] if "not ranked" not in text]
        assert [re.sub(r"\s", "", text) for text in shown] == written  # but for the last, the order after reading


def test_every_candidate_is_there_and_those_behind_the_first_20_are_folded(page: Page) -> None:
    answer = asked(page)
    found = page.request.post("/v1/explain", data={"question": QUESTION, "asked_at": answer["asked_at"]}).json()["candidates"]
    page.goto(f"/answers/{answer['id']}/explain")
    opened(page)
    assert len(found) > 20
    first, rest = page.get_by_role("table").first, page.locator("details.rest").first
    expect(first.get_by_role("row")).to_have_count(1 + 20)
    expect(rest.locator("summary")).to_have_text(f"The other {len(found) - 20} candidates")
    expect(rest.get_by_role("table")).to_have_count(0)
    rest.locator("summary").click()
    expect(rest.get_by_role("row")).to_have_count(1 + len(found) - 20)


def test_its_first_words_are_for_anybody(page: Page) -> None:
    page.goto(f"/answers/{asked(page)['id']}/explain")
    searched, looked, why, sure = page.locator(".steps > li").all()
    expect(searched).to_contain_text(f"“{QUESTION}”, in all 44 articles, by its meaning and by its words.")
    expect(looked.locator(".read li").first).to_have_text(re.compile(rf"^{TITLE}\s+cited$"))
    expect(why.locator("blockquote")).to_contain_text("at the age of 94.")
    expect(why).to_contain_text("it is the one that most probably answers the question. Its passage ")
    expect(sure.locator(".confidence")).to_have_text(re.compile("^Likely"))
    expect(sure).to_contain_text(re.compile(r"The chance that it answers is put at \d\d in 100"))
    expect(page.locator("table:visible")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollHeight") < 2_000


def explained(page: Page, article: str, **fields: object) -> Locator:
    """The fate of an article, which was named on the page."""
    page.goto(f"/answers/{asked(page, **fields)['id']}/explain")
    page.get_by_label("An article’s id, or words of its title").fill(article)
    page.get_by_role("button", name="Explain").click()
    return page.locator(".fate")


def test_an_article_is_named_by_its_id_and_its_fate_is_told(page: Page) -> None:
    fate = explained(page, "parrot-tram")
    expect(fate.get_by_role("link", name="Parrot rides line 2 to the terminus").first).to_be_visible()
    expect(fate).to_contain_text("Missing")
    expect(fate.locator("dd").last).to_have_text("Wilhelmina, Sorrowby, died")
    expect(page.get_by_label("An article’s id, or words of its title")).to_have_value("parrot-tram")


def test_an_article_is_named_by_words_of_its_title(page: Page) -> None:
    expect(explained(page, "last sailmaker Candle").locator(".because")).to_have_text("It is cited: [1].")


def test_where_several_articles_have_the_words_one_is_chosen(page: Page) -> None:
    expect(explained(page, "Eider")).to_have_count(0)
    matches = page.locator(".matches li")
    assert matches.count() > 1
    title = matches.first.inner_text()
    matches.first.get_by_role("link").click()
    expect(page.locator(".fate").get_by_role("link", name=title).first).to_be_visible()


def test_where_no_article_has_the_words_it_says_so(page: Page) -> None:
    expect(explained(page, "zeppelin")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("No article has this id, or all of these words")


def test_a_candidate_leads_to_why_it_is_not_cited(page: Page) -> None:
    page.goto(f"/answers/{asked(page)['id']}/explain")
    opened(page)
    page.locator("table").first.get_by_role("row").last.get_by_role("link", name="Why not?").click()
    expect(page.locator(".because")).to_contain_text("It was outranked: its best passage came")
    expect(page.locator(".fate tr.own")).to_have_count(1)


def test_an_article_that_a_filter_leaves_out_is_told_as_such(page: Page) -> None:
    fate = explained(page, "parrot-tram", filters={"sources": ["The Harbour Post"]})
    expect(fate.locator(".because")).to_have_text(
        "A filter leaves it out: source “The Harbour Post” was asked for, and its source is “Radio Skerry”."
    )


def test_a_question_that_no_article_may_answer_says_so(page: Page) -> None:
    page.goto(f"/answers/{asked(page, filters={'sources': ['nobody']})['id']}/explain")
    expect(page.get_by_role("heading", level=1)).to_have_text("How qa searched")
    expect(page.locator("main")).to_contain_text("no article passes the filters")
    expect(page.locator(".steps")).to_contain_text("source “nobody”")


def test_an_answer_with_fewer_citations_than_the_default_is_the_same_when_asked_again(page: Page) -> None:
    page.goto(f"/answers/{asked(page, max_citations=1, threshold=0)['id']}/explain")
    expect(page.locator("tr.cited")).to_have_count(1)
    expect(page.locator("main .notice")).to_have_count(0)


def test_when_the_index_has_changed_since_it_says_so(page: Page) -> None:
    before = asked(page)
    page.request.post("/v1/articles", data={"articles": [{"id": "later", "text": "The tide was high at noon."}]})
    try:
        page.goto(f"/answers/{before['id']}/explain")
        expect(page.locator("main .notice")).to_have_text(
            "Articles were added or removed since. The same question, asked now, finds the same answer."
        )
    finally:
        page.request.delete("/v1/articles/later?now=true")


def test_an_answer_that_is_not_kept_is_told_as_such(page: Page) -> None:
    response = page.goto("/answers/ans_0/explain")
    assert response is not None and response.status == 404
    expect(page.locator("main")).to_contain_text("for as long as it is kept: for 90 days")
