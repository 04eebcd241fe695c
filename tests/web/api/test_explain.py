"""POST /v1/explain: every candidate, and where an article fell out."""

from __future__ import annotations

import httpx
import pytest

from qa.api.answer import AnswerShape
from qa.api.explanation import ExplanationShape

QUESTION = "How old was Wilhelmina Sorrowby when she died?"


def explained(client: httpx.Client, **fields: object) -> ExplanationShape:
    response = client.post("/v1/explain", json={"question": QUESTION, **fields})
    assert response.status_code == 200
    return ExplanationShape.model_validate_json(response.content)


def test_the_candidates_have_the_ranks_that_a_search_gives(client: httpx.Client) -> None:
    asked = {"question": QUESTION, "asked_at": "2025-04-14T08:30:00Z"}
    hits = client.post("/v1/search", json={**asked, "k": 5, "read": 0}).json()["hits"]
    candidates = explained(client, **asked).candidates
    assert len(candidates) > 20
    for hit, candidate in zip(hits, candidates, strict=False):
        assert (candidate.article_id, candidate.text) == (hit["passage"]["article_id"], hit["passage"]["text"])
        stages = {name: stage.model_dump() for name, stage in candidate.stages.items() if name != "after_reading"}
        assert stages == hit["stages"]
        assert candidate.text[:10] == candidate.text[: candidate.end_char_index - candidate.start_char_index][:10]


def test_an_article_has_its_fate_in_a_word_and_in_a_sentence(client: httpx.Client) -> None:
    cited = explained(client, article_id="sorrowby-obituary").article
    assert cited is not None and (cited.fate, cited.because, cited.citations) == ("cited", "It is cited: [1].", [1])
    out = explained(client, article_id="sorrowby-obituary", filters={"language": "de"}).article
    assert out is not None and out.fate == "filtered_out"
    assert [one.model_dump() for one in out.failed_filters] == [{"filter": "language", "wanted": "language de", "found": "en"}]
    assert explained(client).article is None


def test_a_kept_answer_is_explained_by_its_own_words_clock_and_filters(client: httpx.Client) -> None:
    kept = AnswerShape.model_validate(client.post("/v1/answers", json={"question": QUESTION}).json())
    again = explained(client, question=kept.standalone_question, asked_at=kept.asked_at).answer
    assert (again.answer, again.citations) == (kept.answer, kept.citations)
    assert client.get(f"/v1/answers/{again.id}").status_code == 404  # an explanation keeps nothing


def test_a_follow_up_is_explained_by_the_question_that_is_searched_for(client: httpx.Client) -> None:
    messages = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "She died at the age of 94."}]
    found = explained(client, question="Where was she born?", messages=messages, article_id="sorrowby-obituary")
    assert "Sorrowby" in found.answer.standalone_question
    assert found.article is not None and found.article.words is not None and "Sorrowby" in found.article.words.in_passage


@pytest.mark.parametrize("article_id", ["nobody", "", "art_0000000000000000"])
def test_an_article_that_is_not_there_is_a_problem(client: httpx.Client, article_id: str) -> None:
    response = client.post("/v1/explain", json={"question": QUESTION, "article_id": article_id})
    assert response.status_code == 404
    assert f"There is no article {article_id!r}" in response.json()["detail"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [({"question": " "}, "#/question"), ({"article_id": 7}, "#/article_id"), ({"conversation_id": "cnv_1"}, "#/conversation_id")],
)
def test_what_cannot_be_explained_is_named(client: httpx.Client, fields: dict[str, object], pointer: str) -> None:
    response = client.post("/v1/explain", json={"question": QUESTION, **fields})
    assert response.status_code == 422
    assert [place["pointer"] for place in response.json()["errors"]] == [pointer]
