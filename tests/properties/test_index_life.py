"""An index that lives: any order of adding, changing, removing and asking agrees with a dictionary that keeps everything."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from qa.base.errors import ArticleNotFound
from qa.base.quotes import QuoteState
from qa.base.settings import load_settings
from qa.base.types import Article, Filters, text_digest
from qa.service.service import Service

sys.path.insert(0, str(Path(__file__).parents[1] / "faults" / "programs"))
from word_encoder import WordEncoder

IDS = ("a", "b", "c", "d", "e", "f")
SOURCES = (None, "Post", "Courier")
WORDS = ("ferry", "harbour", "pilot", "lantern")
STEPS, EXAMPLES = 50, 20  # 1,000 steps


def text_of(words: list[str]) -> str:
    return " ".join(f"The {word} of Skerrin was seen at noon." for word in words)


class IndexLife(RuleBasedStateMachine):
    """The dictionary: `live` and `hidden` articles by id, every text that an id ever had, and the answers that were kept."""

    answers = Bundle("answers")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="qa-life-"))
        self.service = Service(load_settings(index=self.folder / "index", reader="none"), encoder=WordEncoder())
        self.service.create()
        self.live: dict[str, Article] = {}
        self.hidden: dict[str, Article] = {}

    def teardown(self) -> None:
        self.service.close()
        shutil.rmtree(self.folder)

    @rule(
        ids=st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True),
        words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
        source=st.sampled_from(SOURCES),
    )
    def add(self, ids: list[str], words: list[str], source: str | None) -> None:
        articles = [Article(id_, id_, "Title", text_of(words), source=source) for id_ in ids]
        report = self.service.add_articles(articles)
        same = [article for article in articles if self.live.get(article.id) == article]
        known = self.live | self.hidden  # what was removed and comes back with another text has changed
        changed = [article for article in articles if known.get(article.id, article) != article]
        assert (report.unchanged, report.changed) == (len(same), len(changed))
        for article in articles:
            self.hidden.pop(article.id, None)
            self.live[article.id] = article

    @rule(id_=st.sampled_from(IDS), now=st.booleans())
    def remove(self, id_: str, now: bool) -> None:
        there = id_ in self.live or (now and id_ in self.hidden)
        if not there:
            with pytest.raises(ArticleNotFound):
                self.service.remove(id_, now=now)
            return
        self.service.remove(id_, now=now)
        article = self.live.pop(id_, None) or self.hidden.pop(id_)
        self.hidden.pop(id_, None)
        if not now:
            self.hidden[id_] = article

    @rule(id_=st.sampled_from(IDS))
    def restore(self, id_: str) -> None:
        if id_ not in self.hidden:
            with pytest.raises(ArticleNotFound):
                self.service.restore(id_)
            return
        self.service.restore(id_)
        self.live[id_] = self.hidden.pop(id_)

    @rule()
    def rebuild(self) -> None:
        self.service.rebuild()
        self.hidden.clear()

    @rule(target=answers, word=st.sampled_from(WORDS))
    def ask(self, word: str) -> str:
        answer = self.service.ask(f"What {word} was seen?", threshold=0)
        assert self.service.keep(answer)
        for cited in answer.citations:
            assert cited.span.of(self.live[cited.article_id].text) == cited.quote
        return answer.id

    @rule(answer_id=answers)
    def verify(self, answer_id: str) -> None:
        for found in self.service.verify(answer_id):
            cited, article = found.cited, self.live.get(found.cited.article_id)
            if article is None or not cited.quote:
                assert found.state is QuoteState.REMOVED
                continue
            starts = [start for start in range(len(article.text)) if article.text.startswith(cited.quote, start)]
            stands = cited.span.start in starts
            expected = QuoteState.UNCHANGED if stands else QuoteState.MOVED if starts else QuoteState.EDITED
            assert (found.state, [place.start for place in found.places]) == (expected, starts)
            stored, _ = self.service.article(article.id, version=cited.article_digest)
            assert cited.span.of(stored.article.text) == cited.quote

    @invariant()
    def the_articles_are_those_of_the_dictionary(self) -> None:
        assert {row.article.id: row.article for row in self.service.articles()} == self.live
        assert sorted(self.service.removed_ids()) == sorted(self.hidden)

    @invariant()
    def search_finds_each_live_article_and_no_other(self) -> None:
        for filters in (Filters(), Filters(sources=("post",))):
            passing = {id_ for id_, article in self.live.items() if not filters or article.source == "Post"}
            hits = self.service.search("Skerrin", k=100, filters=filters).hits
            copies = {copy.article_id for hit in hits for copy in hit.near_duplicates}
            assert {hit.article.id for hit in hits} | copies == passing
            assert all(text_digest(hit.article.text) == self.live[hit.article.id].digest for hit in hits)


@pytest.mark.timeout(900)  # two minutes on 2 cores that do nothing else
def test_any_thousand_steps_agree_with_a_dictionary() -> None:
    run_state_machine_as_test(
        IndexLife,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
