"""Passages → their sentences scored by a trained span model, each with its short answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.answer_fit import can_answer
from qa.answer.calibration import Logistic, margins
from qa.answer.citable_sentences import CitableSentence, citable_sentences
from qa.answer.question_kind import has_short_answer
from qa.answer.reading import ReadingModel
from qa.answer.typed_names import with_names
from qa.base.protocols import Candidate, EncodedQuestion, TitledText
from qa.base.types import Evidence, Span

# Fitted by tests/quality/fit_support.py for the reader before this one; tests/quality/README.md says on which data. On 189
# questions of dev/realtimeqa_2024 the packaged reader has 0.136, -0.841 and 0.101, and an AUROC of .81 of right against wrong.
FITTED = Logistic(slope=0.160, intercept=-1.073, margin_slope=0.139)
RANKING_WEIGHT = 3.0  # of the log-odds that a ranker gives a passage


class SpanReader:
    """score = score of the sentence's best span + weight x ranking score of its passage.

    The probability also depends on the margin to the best score of another answer. If a few words cannot answer the
    question, or are not of the sort that can, no short answer is given. A short answer across a sentence end belongs to both
    sentences, each with its part. Names in lower case are read as the passages write them.

    A sentence without tokens for the model, such as a blank one, is left out. A sentence of two passages is read in the
    first that contains it whole.
    """

    def __init__(self, model: ReadingModel, *, support: Logistic = FITTED, ranking_weight: float = RANKING_WEIGHT) -> None:
        self._model = model
        self._support = support
        self._ranking_weight = ranking_weight

    def read(self, question: EncodedQuestion, candidates: Sequence[Candidate]) -> list[Evidence]:
        sentences = citable_sentences(candidates)
        passages = [TitledText(candidate.embedded_title, candidate.text) for candidate in candidates]
        words = with_names(question.words, (passage.text for passage in passages))
        readings = self._model.read(words, passages, [[sentence.inside for sentence in of_passage] for of_passage in sentences])
        scored = [
            (best.score + self._ranking_weight * candidate.score, sentence, best.span)
            for candidate, of_passage, reading in zip(candidates, sentences, readings, strict=True)
            for sentence, best in zip(of_passage, reading.sentences, strict=True)
            if best is not None
        ]
        scored.sort(key=lambda one: -one[0])  # stable: ties keep the order of reading
        scores = [score for score, _, _ in scored]
        answers = [span.of(sentence.candidate.text).casefold() for _, sentence, span in scored]
        distances = margins(scores, answers, [sentence.quote for _, sentence, _ in scored])
        is_short = has_short_answer(question.words)
        return [
            sentence.evidence(
                score=score,
                probability=self._support.probability(score, margin),
                answer=_short_answer(question.words, sentence, span) if is_short else None,
            )
            for (score, sentence, span), margin in zip(scored, distances, strict=True)
        ]


def _short_answer(question: str, sentence: CitableSentence, span: Span) -> Span | None:
    """The part of the span in its sentence, where words of that sort can answer; both in code points of the passage's text."""
    inside = sentence.inside
    part = span.common(inside)
    found = Span(part.start - inside.start, part.end - inside.start)
    return part if can_answer(question, inside.of(sentence.candidate.text), found) else None
