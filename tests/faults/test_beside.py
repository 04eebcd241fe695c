"""An index beside the one that answers: made, brought up to date, exchanged, and exchanged again."""

from __future__ import annotations

import contextlib
from pathlib import Path

import harbour
import pytest
from word_encoder import WordEncoder

from qa.base.errors import ArticleNotFound, CopyUnusable, NothingBeside
from qa.base.settings import Settings
from qa.index.layout import BESIDE_FOLDER, STORE_FILE, VECTORS_FILE
from qa.index.store import Store
from qa.service.beside import Beside
from qa.service.engine import Engine


class Embedding:
    """Opens engines, and counts the passages that they embed."""

    def __init__(self) -> None:
        self.encoders: list[WordEncoder] = []

    def __call__(self, settings: Settings) -> Engine:
        self.encoders.append(WordEncoder(settings.encoder))
        return Engine(settings, self.encoders[-1])

    @property
    def passages(self) -> int:
        return sum(len(encoder.embedded) for encoder in self.encoders)


@pytest.fixture
def embedding() -> Embedding:
    return Embedding()


@pytest.fixture
def beside(folder: Path, embedding: Embedding) -> Beside:
    """The index of ships 1 to 5 with other words."""
    Beside(folder, Settings(encoder="other words"), engine_of=embedding).make()
    return Beside(folder, Settings(), engine_of=embedding)


def found(folder: Path, encoder: str) -> set[int]:
    """The numbers of the articles of an index that has this encoder; each is found by a question, and intact."""
    with contextlib.closing(Store.open(folder)) as store:
        assert store.integrity_problems(indexes=True) == []
        assert (store.damaged_articles(), store.changed_rows(), store.cut_otherwise()) == ([], [], [])
    with contextlib.closing(harbour.reader(folder, WordEncoder(encoder))) as reader, reader.snapshot() as snapshot:
        ids = {row.article.id for row in snapshot.store.articles()}
        assert harbour.found(snapshot, "harbour") == ids
    return {int(id_.removeprefix("art-")) for id_ in ids}


def test_both_answer_until_one_is_switched_to(folder: Path, beside: Beside) -> None:
    assert found(folder, "words") == found(beside.folder, "other words") == {1, 2, 3, 4, 5}
    switched = beside.switch()
    assert (switched.holds.encoder, switched.holds.articles, switched.other_encoder) == ("other words", 5, "words")
    assert found(folder, "other words") == found(beside.folder, "words") == {1, 2, 3, 4, 5}


def test_switching_and_switching_back_make_no_vector_where_nothing_was_changed(
    folder: Path, beside: Beside, embedding: Embedding
) -> None:
    before = embedding.passages
    for back in (False, True, False):
        beside.switch(back=back)
    assert embedding.passages == before > 0
    assert found(folder, "other words") == {1, 2, 3, 4, 5}


def test_what_was_changed_since_is_brought_over_and_is_all_that_is_embedded(
    folder: Path, beside: Beside, embedding: Embedding
) -> None:
    harbour.indexer(folder).add([harbour.article(6), harbour.edition(2, 3)])
    harbour.indexer(folder).remove(["art-1"], now=True)
    before = embedding.passages
    beside.switch()
    assert embedding.passages - before == 2 + 1  # those of article 6, and what is new in article 2
    assert found(folder, "other words") == {2, 3, 4, 5, 6}
    harbour.indexer(folder, WordEncoder("other words")).add([harbour.article(7)])
    beside.switch(back=True)
    assert found(folder, "words") == {2, 3, 4, 5, 6, 7}
    assert harbour.state_of(folder)[2] == 3


def test_earlier_texts_that_answers_may_cite_come_along(folder: Path, beside: Beside) -> None:
    first = harbour.article(2)
    harbour.indexer(folder).add([harbour.edition(2, 1)])
    beside.switch()
    with contextlib.closing(Store.open(folder)) as store:
        version = store.version("art-2", first.digest)
    assert version is not None and version[0].article.text == first.text


def test_a_hidden_article_is_deleted_with_the_switch_as_by_a_rebuild(folder: Path, beside: Beside) -> None:
    harbour.indexer(folder).remove(["art-3"])
    beside.switch()
    assert found(folder, "other words") == {1, 2, 4, 5}
    with pytest.raises(ArticleNotFound):
        harbour.indexer(folder, WordEncoder("other words")).restore(["art-3"])


def test_an_interrupted_make_keeps_its_vectors(folder: Path, embedding: Embedding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.service.build._BATCH_ARTICLES", 1)

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    beside = Beside(folder, Settings(encoder="other words"), engine_of=embedding)
    with pytest.raises(KeyboardInterrupt):
        beside.make(progress=interrupt)
    before = embedding.passages
    assert before > 0 and not beside.folder.exists()
    beside.make()
    with contextlib.closing(Store.open(folder)) as store:
        assert embedding.passages == store.counts().passages


def test_where_there_is_nothing_to_switch_to_it_is_said(folder: Path, embedding: Embedding) -> None:
    beside = Beside(folder, Settings(), engine_of=embedding)
    for back in (False, True):
        with pytest.raises(NothingBeside, match="qa rebuild --encoder NAME --beside"):
            beside.switch(back=back)
    Beside(folder, Settings(encoder="other words"), engine_of=embedding).make()
    with pytest.raises(NothingBeside, match="nothing to switch back to"):
        beside.switch(back=True)
    beside.switch()
    with pytest.raises(NothingBeside, match="qa switch --back"):
        beside.switch()


@pytest.mark.parametrize("which", [STORE_FILE, VECTORS_FILE])
def test_a_damaged_index_beside_is_not_switched_to(folder: Path, beside: Beside, which: str) -> None:
    file = next((folder / BESIDE_FOLDER).rglob(which))
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    with pytest.raises(CopyUnusable, match="is damaged"):
        beside.switch()
    assert found(folder, "words") == {1, 2, 3, 4, 5}
