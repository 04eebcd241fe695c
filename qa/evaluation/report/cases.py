"""One question of a run → its words: the judged places, the hits of each stage, and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.base.stages import AFTER_READING, ANSWER, READ
from qa.base.types import Span
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.judging import Item
from qa.evaluation.report.slices import is_answered, is_best_right
from qa.evaluation.runs import QuestionOutcome, RankedSpan, Run, StageOutcome
from qa.evaluation.texts import Texts

_LONGEST = 600  # characters of a passage that are shown
_LONGEST_JUDGED = 400  # of the text around a judged place
_BEFORE = 150  # of them before the first mark
_LONGEST_WORD = 30  # characters; a cut moves at most so far, to fall between words
_HITS = 5  # of each stage
_JUDGED = 3  # judged places
_WORST = 8  # questions of each sort


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A part of an article in pieces; `title` is the article's id where the article is not there, `pieces` then are none."""

    article_id: str
    title: str
    span: Span | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownHit:
    rank: int
    score: float
    place: Place
    is_right: bool


@dataclass(frozen=True, slots=True)
class ShownStage:
    """A stage's first hits; `first_rank` is where it first held something judged, None where none of `depth` hits did."""

    name: str
    first_rank: int | None
    depth: int
    hits: tuple[ShownHit, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What a run answered in a line: `sentence` is the best one, cited or not; `ranks` are (stage, first right rank).

    No ranks where there is nothing to find.
    """

    status: str
    probability: float | None
    sentence: str
    is_right: bool
    ranks: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """`question` is the question's id where the set is not there. `stages` are those that rank."""

    id: str
    question: str
    earlier_questions: tuple[str, ...]
    answers: tuple[str, ...]
    judged: tuple[Place, ...]
    more_judged: int
    is_findable: bool
    answer: ShownAnswer
    stages: tuple[ShownStage, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions that failed in the same way."""

    name: str
    explanation: str
    outcomes: tuple[QuestionOutcome, ...]
    of: int


def worst(run: Run) -> tuple[Kind, ...]:
    """Those that failed worst, each question once: wrong and cited, never retrieved, right and not answered."""
    known = [outcome for outcome in run.outcomes if outcome.ranked or outcome.answerable is False]
    wrong = sorted((outcome for outcome in known if not is_best_right(outcome) and is_answered(outcome)), key=_doubt)
    lost = [outcome for outcome in known if outcome.ranked and not any(stage.found for stage in outcome.stages.values())]
    unanswered = sorted((outcome for outcome in known if is_best_right(outcome) and not is_answered(outcome)), key=_doubt)
    kinds = (
        ("Wrong, and cited", "The best sentence holds nothing judged and was cited; the most probable first.", wrong),
        ("Never retrieved", "No searcher ranked a passage that holds the answer, however deep.", lost),
        (
            "Right, and not answered",
            "The best sentence is right, but it is below the threshold; the nearest to it first.",
            unanswered,
        ),
    )
    seen: set[str] = set()
    shown = []
    for name, explanation, outcomes in kinds:
        new = [outcome for outcome in outcomes if outcome.id not in seen][:_WORST]
        seen |= {outcome.id for outcome in new}
        shown.append(Kind(name, explanation, tuple(new), len(outcomes)))
    return tuple(kind for kind in shown if kind.outcomes)


def _doubt(outcome: QuestionOutcome) -> float:
    return -outcome.answer.probability if outcome.answer else 0.0


def wording(question_id: str, texts: Texts) -> str:
    """The question, else its id."""
    question = texts.question(question_id)
    return question.question if question else question_id


def expected(question_id: str, texts: Texts) -> tuple[str, ...]:
    """The set's answers, else what it judges word by word; none for an unknown question."""
    question = texts.question(question_id)
    if question is None:
        return ()
    quotes = (judgement.quote for judgement in question.judgements if judgement.quote and judgement.grade > 0)
    return question.answers or tuple(dict.fromkeys(quotes))


def case(outcome: QuestionOutcome, run: Run, texts: Texts) -> Case:
    question = texts.question(outcome.id)
    items = texts.judged(outcome.id)
    return Case(
        id=outcome.id,
        question=wording(outcome.id, texts),
        earlier_questions=question.earlier_questions if question else (),
        answers=question.answers if question else (),
        judged=tuple(_judged(item, outcome, texts) for item in items[:_JUDGED]),
        more_judged=max(0, len(items) - _JUDGED),
        is_findable=outcome.ranked,
        answer=shown_answer(outcome, run, texts),
        stages=tuple(
            _stage(stage, outcome.stages[stage], outcome.judged_by, items, texts)
            for stage in run.facts.stages
            if stage != ANSWER and stage in outcome.stages
        ),
    )


def shown_answer(outcome: QuestionOutcome, run: Run, texts: Texts) -> ShownAnswer:
    best = next((hit for stage in (READ, ANSWER) if stage in outcome.stages for hit in outcome.stages[stage].hits[:1]), None)
    searched = [stage for stage in (*run.searching_stages[-1:], AFTER_READING, READ) if stage in outcome.stages]
    return ShownAnswer(
        status=_status(outcome),
        probability=outcome.answer.probability if outcome.answer else None,
        sentence=_shown(best, texts) if best else "",
        is_right=is_best_right(outcome),
        ranks=tuple((stage, outcome.stages[stage].first_rank) for stage in searched if outcome.ranked),
    )


def _status(outcome: QuestionOutcome) -> str:
    if outcome.answer is not None:
        return outcome.answer.status.value.replace("_", " ")
    return "searched" if outcome.stages else "not asked"


def _shown(hit: RankedSpan, texts: Texts) -> str:
    """The hit's characters, else their place."""
    quote = texts.quote(hit.article_id, hit.span)
    return f"{hit.article_id} {hit.span.start}–{hit.span.end}" if quote is None else quote


def _judged(item: Item, outcome: QuestionOutcome, texts: Texts) -> Place:
    """The item's first place with the text around it; for an article judged as a whole, its title."""
    article = texts.article(item.article_id)
    if article is None or not item.spans or outcome.judged_by is JudgedBy.ARTICLES:
        return Place(item.article_id, article.title if article else item.article_id, None, ())
    span = item.spans[0]
    return Place(
        article.id, article.title, span, pieces(article.text, Span(0, len(article.text)), [span], longest=_LONGEST_JUDGED)
    )


def _stage(name: str, outcome: StageOutcome, judged_by: JudgedBy, items: Sequence[Item], texts: Texts) -> ShownStage:
    ranks = {one.rank for one in outcome.found}
    hits = tuple(
        ShownHit(
            rank,
            hit.score,
            _place(hit, [] if judged_by is JudgedBy.ARTICLES else items, texts),
            is_right=rank in ranks or any(item.is_held_by(hit, judged_by) for item in items),
        )
        for rank, hit in enumerate(outcome.hits[:_HITS], start=1)
    )
    return ShownStage(name, outcome.first_rank, outcome.depth, hits)


def _place(hit: RankedSpan, items: Iterable[Item], texts: Texts) -> Place:
    article = texts.article(hit.article_id)
    if article is None or hit.span.end > len(article.text):
        return Place(hit.article_id, article.title if article else hit.article_id, hit.span, ())
    marks = [span for item in items if item.article_id == article.id for span in item.spans]
    return Place(article.id, article.title, hit.span, pieces(article.text, hit.span, marks, longest=_LONGEST))


def pieces(text: str, shown: Span, marks: Iterable[Span], *, longest: int) -> tuple[Piece, ...]:
    """The shown part of the text, cut where it is marked; a part over `longest` characters is cut around its first mark.

    Joined, the pieces are the shown characters, but for a … at each end that was cut.
    """
    inside = sorted(Span(max(mark.start, shown.start), min(mark.end, shown.end)) for mark in marks if mark.overlaps(shown))
    start, end = _window(text, shown, inside[0] if inside else None, longest)
    made = [Piece("… ")] if start > shown.start else []
    at = start
    for mark in inside:
        first, last = max(at, mark.start), min(mark.end, end)
        if first < last:
            made += [Piece(text[at:first]), Piece(text[first:last], is_marked=True)]
            at = last
    made.append(Piece(text[at:end]))
    if end < shown.end:
        made.append(Piece(" …"))
    return tuple(piece for piece in made if piece.text)


def _window(text: str, shown: Span, first: Span | None, longest: int) -> tuple[int, int]:
    """The shown range of a long part: around its first mark, else its beginning. Cuts fall between words where possible."""
    start, end = shown.start, shown.end
    if end - start <= longest:
        return start, end
    if first is not None and first.start - start > _BEFORE:
        start = min(first.start - _BEFORE, end - longest)
        blank = text.find(" ", start, min(start + _LONGEST_WORD, first.start))
        start = blank + 1 if blank >= 0 else start
    if end - start > longest:
        cut = start + longest
        blank = text.rfind(" ", max(cut - _LONGEST_WORD, first.end if first else start), cut)
        end = blank if blank >= 0 else cut
    return start, end
