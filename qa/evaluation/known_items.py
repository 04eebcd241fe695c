"""An index → synthetic questions made of its own text, whose answers are therefore known.

One kind is an article's headline, which should find its article. The other is half of the words of a sentence, in their
order, which should find its passage. They show whether the index finds its own content, and how one setting compares with
another. People ask in other words, so these figures are far above those of real questions.

Source: known-item queries after Azzopardi, de Rijke & Balog, SIGIR 2007.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.answer.word_weights import FUNCTION_WORDS
from qa.base.errors import DatasetError
from qa.base.types import SentenceKind
from qa.corpus.articles import default_title
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion, Judgement
from qa.index.store import ArticleRow, Store

FORMAT = "known items"
MOST = 200  # questions, without another limit
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_FEWEST_WORDS = 6  # telling words of a sentence that a question is made of
_KEPT_SHARE = 0.5  # of a sentence's telling words


def known_items(store: Store, folder: Path, *, most: int, seed: int) -> Dataset:
    """At most so many questions, half of each kind: the same ones for the same articles and seed.

    Raises:
        DatasetError: no article has a headline of its own or a sentence long enough.
    """
    rows = list(_shuffled(store, seed))
    headlines = [question for row in rows if (question := _headline(row)) is not None]
    sentences = [question for row in rows if (question := _sentence(row, store, seed)) is not None]
    half = (most + 1) // 2
    taken = (*headlines[:half], *sentences[: most - len(headlines[:half])])
    if not taken:
        raise DatasetError(
            f"No known-item question can be made of the {len(rows):,} articles of {folder}: none has a headline of its own or a "
            f"sentence of {_FEWEST_WORDS} words or more."
        )
    digest = hashlib.sha256("\n".join(f"{question.id} {question.question}" for question in taken).encode()).hexdigest()
    note = f"the questions are synthetic, made of the index's own headlines and sentences with seed {seed}"
    return Dataset("known items", folder, FORMAT, digest, taken, articles=None, notes=(note,), seed=seed)


def _shuffled(store: Store, seed: int) -> Iterator[ArticleRow]:
    """The articles in an order that does not depend on when they were added."""
    ids = sorted(row.article.id for row in store.articles())
    random.Random(seed).shuffle(ids)
    return (row for id_ in ids if (row := store.article(id_)) is not None)


def _headline(row: ArticleRow) -> JudgedQuestion | None:
    """None for an article whose title was made of its text."""
    article = row.article
    if article.title == default_title(article.text) or len(_telling(article.title)) < 3:
        return None
    judged = Judgement(article.id, None, grade=1)
    return JudgedQuestion(f"{article.id}-headline", article.title, JudgedBy.ARTICLES, (judged,), kind="headline")


def _sentence(row: ArticleRow, store: Store, seed: int) -> JudgedQuestion | None:
    """Half of the content words of one sentence, in their order; None where no sentence has enough."""
    article = row.article
    chosen = random.Random(f"{seed} {article.id}")
    prose = [sentence.span for sentence in store.sentences(row.row) if sentence.kind is SentenceKind.PROSE]
    long_enough = [span for span in prose if len(_telling(span.of(article.text))) >= _FEWEST_WORDS]
    if not long_enough:
        return None
    span = chosen.choice(long_enough)
    words = _telling(span.of(article.text))
    kept = sorted(chosen.sample(range(len(words)), k=round(len(words) * _KEPT_SHARE)))
    judged = Judgement(article.id, span, grade=1, quote=span.of(article.text))
    asked = " ".join(words[which] for which in kept)
    return JudgedQuestion(f"{article.id}-sentence", asked, JudgedBy.SPANS, (judged,), kind="sentence")


def _telling(text: str) -> Sequence[str]:
    return [word for word in _WORD.findall(text) if word.lower() not in FUNCTION_WORDS]
