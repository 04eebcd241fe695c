"""What the articles say → statements, the one that answers first, each with how it stands to that.

A statement leads that no later article corrects. Among the others the latest leads where a later report takes the place of
an earlier one: a day, a count that grows, such as the dead, or what a sentence says has changed. Other numbers, such as the
width of a bridge, are not replaced by another paper within days: sources of one story that contradict one another are left in
the order of reading, unless twice as many say the other thing. To a yes-or-no question a denial leads before the rumour.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.answer.question_kind import is_yes_or_no
from qa.answer.statements.corrections import changes, corrects
from qa.answer.statements.matter import Matter, Means
from qa.answer.statements.rumours import denied
from qa.answer.statements.values import DaysIn, Value
from qa.answer.statements.voices import Voice, meant, voices
from qa.base.protocols import Candidate
from qa.base.types import DateRange, Evidence, Relation, ValueKind

_NEARLY = 0.2  # times the probability of an answer of other days
_OF_ONE_PAPER = 0.1  # the same, where a paper says something else than before
_HARDLY_LESS_SURE = 0.9  # times the probability of the surest sentence that says the same
_NEARLY_AS_SURE = 0.3  # times the probabilities of what a later report takes the place of
_LEAST = 0.05  # the probability of a sentence that another one calls wrong
_MOST_SETTLED = 0.7  # of what is disputed .80 is right from .6 to .9 and .74 above (136 questions); .7 to .85 are within noise
_MANY_MORE = 2  # times as many sources
_ASKS_FOR_EARLIER = re.compile(
    r"\b(?:original(?:ly)?|initial(?:ly)?|at first|first (?:said|put|given|planned|announced|estimated|reported)|previous(?:ly)?"
    r"|before|earlier|used to|former(?:ly)?|old|until(?! when))\b",
    re.IGNORECASE,
)
_GROWS = re.compile(
    r"\b(?:dead|die[ds]?|deaths?|kill\w*|tolls?|victims?|injur\w*|hurt|wounded|missing|looked for|cases?|infected|caught|ill|sick"
    r"|arrest\w*|evacuat\w*|homes|homeless|damages?|costs?|price|budget"
    r"|tote\w*|verletzt\w*|vermisst\w*|kosten|kostet|schaden|morts?|blessés?|disparus?|coûte\w*|muert\w*|herid\w*|cuesta\w*)\b",
    re.IGNORECASE,
)  # what is counted anew from day to day
_ONE_STORY = 3  # days in which papers report what they do not all know yet
_REPLACED_BY_LATER = frozenset((ValueKind.NUMBER, ValueKind.DATE, ValueKind.MONEY))


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: the voices that make it, the best first, how it stands to the answer, and how many sources are independent.

    `contradicting` are, of a leading one, the sentences of other articles with another amount or time.
    """

    voices: tuple[Voice, ...]
    relation: Relation
    sources: int
    contradicting: tuple[Evidence, ...] = ()

    @property
    def best(self) -> Voice:
        return self.voices[0]

    @property
    def value(self) -> Value:
        return self.best.value

    @property
    def days(self) -> list[date]:
        return sorted(voice.read.day for voice in self.voices if voice.read.day is not None)


def said_to(
    question: str,
    evidence: Sequence[Evidence],
    candidates: Sequence[Candidate],
    means: Means,
    *,
    asked_for: Sequence[DateRange] = (),
) -> list[Said]:
    """What the articles say to a question, the leading statement first.

    None where the best sentence has no short answer; to a yes-or-no question only what is denied beside its denial.
    `asked_for` are the days that the question names.
    """
    if not evidence:
        return []
    if is_yes_or_no(question):
        return _denied(evidence, candidates, means)
    if evidence[0].answer is None:
        return []
    of_articles = _of_days(voices(question, evidence, candidates, means.days_in), asked_for)
    first = meant(of_articles[0], means.days_in)
    matter = Matter(question, first, means)
    compared = (matter.among(one) for one in of_articles[1:])
    said = [first, *(_said_beside(first, one, means.days_in) for one in compared if one)]
    groups = _grouped(said)
    if not first.value.excludes_others:
        return [Said(tuple(groups[0]), Relation.AGREES, independent(groups[0], means))]
    grows = first.value.kind is ValueKind.DATE or _GROWS.search(question) is not None
    leading = groups[0] if _ASKS_FOR_EARLIER.search(question) else _leading(groups, means, grows=grows)
    leading = _surest_first(leading, of_articles, means)
    contradicting = _contradicting(leading, of_articles)
    beside = _others(leading, said, of_articles, means)
    value = leading[0].value
    agreeing = [*leading, *(voice for voice in beside if voice.states(value, means.days_in))]
    others = _grouped([voice for voice in beside if not voice.states(value, means.days_in)])
    return [
        Said(tuple(agreeing), Relation.AGREES, independent(agreeing, means), contradicting),
        *(Said(tuple(one), _relation(one, leading, means.days_in, grows=grows), independent(one, means)) for one in others),
    ]


def _said_beside(first: Voice, of_article: Sequence[Voice], days_in: DaysIn) -> Voice:
    """What another article says: the same amount as the first voice, where that is surer than what it says before.

    A name that an article holds beside another one may well be that of somebody else.
    """
    said = meant(of_article, days_in)
    if first.value.kind not in _REPLACED_BY_LATER:
        return said
    surer = (voice for voice in of_article if voice.evidence.probability > said.evidence.probability)
    return next((voice for voice in surer if voice.value.same(first.value) and voice.told_before(days_in) is None), said)


def _surest_first(leading: Sequence[Voice], of_articles: Sequence[Sequence[Voice]], means: Means) -> list[Voice]:
    """The voices with the surest sentence that says the same first, where it is clearly surer than the one that was read first.

    A copy of that one's article says it no better.
    """
    first = leading[0]
    speaking = {voice.evidence.article_id for voice in leading}
    alike = (voice for one in of_articles for voice in one if voice.evidence.article_id in speaking)
    surer = [
        voice
        for voice in alike
        if first.evidence.probability < _HARDLY_LESS_SURE * voice.evidence.probability
        and any(voice.value.same(other.value) for other in leading)
        and (voice.evidence.article_id == first.evidence.article_id or not _is_copy(voice, first, means))
    ]
    surest = max(surer, key=lambda voice: voice.evidence.probability, default=first)
    return [surest, *(voice for voice in leading if voice.evidence.article_id != surest.evidence.article_id)]


def _denied(evidence: Sequence[Evidence], candidates: Sequence[Candidate], means: Means) -> list[Said]:
    found = denied(evidence, candidates)
    if found is None:
        return []
    denying, rumours = found
    leading = Said((denying,), Relation.AGREES, 1)
    return [leading, Said(tuple(rumours), Relation.CORRECTED_BY, independent(rumours, means))] if rumours else [leading]


def _others(leading: Sequence[Voice], said: Sequence[Voice], of_articles: Sequence[Sequence[Voice]], means: Means) -> list[Voice]:
    """What the other articles say. Of one that says what a leading sentence itself calls wrong or past, that."""

    def is_told(voice: Voice) -> bool:
        may_answer = voice.evidence.probability >= _LEAST and _contradicts(voice, leading)
        return may_answer and any(
            one.read.tells_before(voice.value, means.days_in, [one.evidence.quote]) is not None for one in leading
        )

    speaking = {voice.evidence.article_id for voice in leading}
    told = {
        voice.evidence.article_id: voice
        for one in of_articles
        for voice in reversed(one)
        if is_told(voice) and voice.evidence.article_id not in speaking
    }
    others = (voice for voice in said if voice.evidence.article_id not in {*speaking, *told})
    return [*told.values(), *others]


def _contradicting(leading: Sequence[Voice], of_articles: Sequence[Sequence[Voice]]) -> tuple[Evidence, ...]:
    """Sentences of other articles with another amount or time; other names may be true beside the first."""
    if leading[0].value.kind not in _REPLACED_BY_LATER:
        return ()
    speaking = {voice.evidence.article_id for voice in leading}
    return tuple(
        voice.evidence
        for one in of_articles
        for voice in one
        if voice.evidence.article_id not in speaking and _contradicts(voice, leading)
    )


def _contradicts(voice: Voice, leading: Sequence[Voice]) -> bool:
    value = leading[0].value
    return voice.value.compares_with(value) and not any(voice.value.same(one.value) for one in leading)


def led_by(said: Sequence[Said], evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence with that of the leading statement first, as probable as the articles settle the question at all."""
    if not said:
        return list(evidence)
    first = said[0].best.evidence
    settled = _settled(said) if len(said) > 1 else 0.0
    surest = max(evidence[0].probability, first.probability, settled)
    return [replace(first, probability=surest), *(one for one in evidence if one is not first)]


def _settled(said: Sequence[Said]) -> float:
    """How probable it is that one of the statements answers, if they err independently.

    They share the reader's voices, so each alone is improbable where many differ. Yet what articles dispute is not sure.
    """
    return min(_MOST_SETTLED, 1 - math.prod(1 - _strength(one.voices) for one in said))


def without_others(said: Sequence[Said], evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without the sentences that say something else than the answer."""
    others = [voice.evidence for statement in said[1:] for voice in statement.voices]
    others += said[0].contradicting if said else ()
    return [one for one in evidence if not any(one is other for other in others)]


def independent(of: Sequence[Voice], means: Means) -> int:
    """How many sources speak; an agency's report in several papers, and several articles of one paper, count once."""
    counted: list[Voice] = []
    for voice in of:
        if not any(_is_dependent(voice, other, means) for other in counted):
            counted.append(voice)
    return len(counted)


def _is_dependent(one: Voice, other: Voice, means: Means) -> bool:
    if one.read.source is not None and one.read.source == other.read.source:
        return True
    return _is_copy(one, other, means)


def _is_copy(one: Voice, other: Voice, means: Means) -> bool:
    return any(means.is_copy(text, another) for text in one.read.texts for another in other.read.texts)


def _of_days(said: list[list[Voice]], asked_for: Sequence[DateRange]) -> list[list[Voice]]:
    """Those of articles of the days that are asked for, where one of these answers nearly as surely as the first of all.

    What happened in a year is often told in the next one.
    """
    inside = [one for one in said if (day := one[0].read.day) and any(days.first <= day <= days.last for days in asked_for)]
    if inside and inside[0][0].evidence.probability >= _NEARLY * said[0][0].evidence.probability:
        return inside
    return said


def _grouped(said: Sequence[Voice]) -> list[list[Voice]]:
    groups: list[list[Voice]] = []
    for voice in said:
        group = next((one for one in groups if any(voice.value.same(other.value) for other in one)), None)
        if group is None:
            groups.append([voice])
        else:
            group.append(voice)
    return groups


def _leading(groups: Sequence[list[Voice]], means: Means, *, grows: bool) -> list[Voice]:
    standing = [one for one in groups if not any(_told_before(one, other, means.days_in) for other in groups if other is not one)]
    best = (standing or groups)[0]
    for one in (standing or groups)[1:]:
        if _replaces(one, best, grows=grows):
            least = _OF_ONE_PAPER if _of_one_paper(one, best) or _tells_change(one) else _NEARLY_AS_SURE
            is_sure = _strength(one) >= least * _strength(best)
            if best[0].value.kind in _REPLACED_BY_LATER and is_sure:
                best = one
        elif not _replaces(best, one, grows=grows) and independent(one, means) >= _MANY_MORE * independent(best, means):
            best = one
    return best


def _of_one_paper(one: Sequence[Voice], other: Sequence[Voice]) -> bool:
    """Whether a paper that says one has said the other: it knows what it wrote."""
    return not {voice.read.source for voice in one if voice.read.source}.isdisjoint(voice.read.source for voice in other)


def _tells_change(of: Sequence[Voice]) -> bool:
    return any(changes(voice.evidence.quote) for voice in of)


def _strength(of: Sequence[Voice]) -> float:
    return max(voice.evidence.probability for voice in of)


def _relation(one: Sequence[Voice], leading: Sequence[Voice], days_in: DaysIn, *, grows: bool) -> Relation:
    told = _told_before(one, leading, days_in)
    if told is not None:
        return told
    if not _replaces(leading, one, grows=grows):
        return Relation.DIFFERS
    is_correction = any(corrects(voice.evidence.quote) or _corrects_its_own(voice, one) for voice in leading)
    return Relation.CORRECTED_BY if is_correction else Relation.EARLIER


def _corrects_its_own(voice: Voice, others: Sequence[Voice]) -> bool:
    """Whether an article puts right what its own paper said."""
    is_own = voice.read.source is not None and any(voice.read.source == other.read.source for other in others)
    return is_own and any(corrects(text) for text in (voice.read.article.title, *voice.read.sentences))


def _told_before(one: Sequence[Voice], by: Sequence[Voice], days_in: DaysIn) -> Relation | None:
    """What articles that say something else, and are not older, tell of this statement."""
    first = min((voice.read.day for voice in one if voice.read.day is not None), default=date.min)
    return next(
        (
            told
            for voice in by
            if (voice.read.day or date.max) >= first and (told := voice.read.tells_before(one[0].value, days_in)) is not None
        ),
        None,
    )


def _replaces(one: Sequence[Voice], other: Sequence[Voice], *, grows: bool) -> bool:
    """Whether one was first said after the other: by a day where such things are counted anew, else when the story was over."""
    days = [[voice.read.day for voice in of if voice.read.day is not None] for of in (one, other)]
    if not all(days):
        return False
    least = 1 if grows or _of_one_paper(one, other) or _tells_change(one) else _ONE_STORY
    return (min(days[0]) - min(days[1])).days >= least
