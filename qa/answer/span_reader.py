"""Passages → their sentences scored by a trained span model, each with its short answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.answer.answer_fit import can_answer
from qa.answer.answer_trimming import trimmed
from qa.answer.calibration import Support
from qa.answer.citable_sentences import CitableSentence, citable_sentences
from qa.answer.passage_scores import SPAN_WEIGHT, Floats, best_answers, own_scores, votes
from qa.answer.question_kind import asks_who_somebody_is, has_short_answer
from qa.answer.reading import AnswerSpan, ReadingModel
from qa.answer.typed_names import with_names
from qa.base.languages import language_read
from qa.base.protocols import Candidate, EncodedQuestion, TitledText
from qa.base.types import Evidence, Signs, Span

# Fitted by tests/quality/fit_support.py for the packaged reader; tests/quality/README.md says on which data. Scores of other
# readers may differ.
FITTED = Support(weights={"score": 0.190, "votes": 0.696, "share": 2.105, "span": 0.142}, intercept=-1.995)
UNFIT = 2.0  # logits that a sentence loses whose words cannot answer; from 1 to 4 the samples and the news of autumn are alike


class SpanReader:
    """score = score of the sentence's passage, less what its best span lacks to that of the passage, weighed.

    So a passage's best sentence has the score of its passage, its own and the votes for it. If a few words cannot answer the
    question, or are not of the sort that can, no short answer is given. A short answer across a sentence end belongs to both
    sentences, each with its part. Names in lower case are read as the passages write them.

    A sentence without tokens for the model, such as a blank one, is left out. A sentence of two passages is read in the
    first that contains it whole.
    """

    def __init__(self, model: ReadingModel, *, support: Support = FITTED) -> None:
        self._model = model
        self._support = support

    def read(self, question: EncodedQuestion, candidates: Sequence[Candidate]) -> list[Evidence]:
        sentences = citable_sentences(candidates)
        passages = [TitledText(candidate.embedded_title, candidate.text) for candidate in candidates]
        words = with_names(question.words, (passage.text for passage in passages))
        readings = self._model.read(words, passages, [[sentence.inside for sentence in of_passage] for of_passage in sentences])
        own, answers = own_scores(candidates, readings), best_answers(candidates, readings)
        added = votes(own, answers, range(len(own)), own, answers).added
        is_short = has_short_answer(question.words)
        unfit = 0.0 if not is_short or asks_who_somebody_is(words) else UNFIT
        scored = [
            _scored(question.words if is_short else None, place, sentence, best, reading.best.score, unfit)
            for place, (of_passage, reading) in enumerate(zip(sentences, readings, strict=True))
            for sentence, best in zip(of_passage, reading.sentences, strict=True)
            if best is not None and reading.best is not None
        ]
        scores = [float(own[one.place] + added[one.place] + one.lowered) for one in scored]
        signs = _signs(scored, own, answers)
        found = [
            one.sentence.evidence(
                score=score,
                probability=self._support.probability(its_signs),
                answer=one.answer,
                signs=its_signs,
            )
            for one, score, its_signs in zip(scored, scores, signs, strict=True)
        ]
        return sorted(found, key=lambda one: -one.score)  # stable: ties keep the order of reading


@dataclass(frozen=True, slots=True)
class _Scored:
    """A sentence of the passage at this place with its best span, and how much that lowers the passage's score.

    `answer` is the short answer, in code points of the passage's text.
    """

    place: int
    lowered: float
    sentence: CitableSentence
    best: AnswerSpan
    answer: Span | None


def _scored(
    question: str | None, place: int, sentence: CitableSentence, best: AnswerSpan, best_of_passage: float, unfit: float
) -> _Scored:
    """`question` is None where no few words can answer it. `unfit` is what a sentence loses whose words cannot."""
    answer = None if question is None else _short_answer(question, sentence, best.span)
    lowered = SPAN_WEIGHT * (best.score - best_of_passage)
    return _Scored(place, lowered - (unfit if answer is None else 0.0), sentence, best, answer)


def _signs(scored: Sequence[_Scored], own: Floats, answers: Sequence[str]) -> list[Signs]:
    """What speaks for each sentence. `own` (n,) and `answers` are the passages' own scores and best answers."""
    places = [one.place for one in scored]
    scores = own[places] + np.array([one.lowered for one in scored])  # (s,)
    said = [one.best.span.of(one.sentence.candidate.text) for one in scored]
    voted = votes(scores, said, places, own, answers)
    return [
        Signs(score, added, share, one.best.score)
        for one, score, added, share in zip(scored, scores.tolist(), voted.added.tolist(), voted.share.tolist(), strict=True)
    ]


def _short_answer(question: str, sentence: CitableSentence, span: Span) -> Span | None:
    """The part of the span in its sentence, where words of that sort can answer; both in code points of the passage's text."""
    inside = sentence.inside
    part = trimmed(question, sentence.candidate.text, span.common(inside))
    found = Span(part.start - inside.start, part.end - inside.start)
    article = sentence.candidate.article
    language = language_read(article.language, article.guessed_language)
    return part if can_answer(question, inside.of(sentence.candidate.text), found, language) else None
