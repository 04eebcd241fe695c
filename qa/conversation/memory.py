"""Earlier turns → the mentions that a pronoun or "the film" may refer to, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.conversation.mentions import Kind, Mention, mentions, names
from qa.conversation.parts_of_speech import Part, singular, words_of

_FEMALE = frozenset("she her hers woman girl mother wife daughter sister queen princess actress mrs ms miss lady aunt".split())
_MALE = frozenset("he him his man boy father husband son brother king prince actor mr sir lord uncle".split())
_COLLECTIVE = frozenset(
    "band group team club company council committee government police family crew party union army staff public board court"
    " couple jury choir orchestra school college university hospital bank firm church press media".split()
)  # "they" may refer to one of these
_SENTENCE = re.compile(r"[^.!?]+")

# Weights that a turn adds to the salience of a mention, and the share that is left a turn later. Chosen one by one on
# dev/canard and dev/cast: half to twice of any of them is within noise (about .01 of recall).
_KEPT = 0.6
_INHERITED = 1.0  # inserted into the turn's question from earlier turns
_FIRST, _CENTRAL, _OBLIQUE = 1.5, 1.0, 0.5  # in its question: the first mention, another one, one of place or time
_SHORT_ANSWER, _WHO_IT_IS = 0.7, 1.6  # the second if the question was "who is …?"
_TITLE, _TITLE_OF_NAMELESS = 0.8, 1.4  # of cited articles; the second if the question has no name
_QUOTED = 0.3
_MOST_REMEMBERED = 100  # mentions


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question with its result.

    `standalone_question` is what was searched for, None if unknown. `answer` is the answer's text: the quotes one after the
    other, empty if there were none. `titles` are those of the cited articles.
    """

    question: str
    standalone_question: str | None = None
    answer: str = ""
    short_answer: str | None = None
    titles: tuple[str, ...] = ()


class Memory:
    """The mentions of the turns so far. `last` is the last stand-alone question, None before the first turn."""

    def __init__(self) -> None:
        self.last: str | None = None
        self.short_answer: str | None = None  # to the last question
        self.nouns: set[str] = set()  # all nouns of the conversation, in the singular
        self.topics: list[Mention] = []  # the most salient first
        self._salience: dict[str, float] = {}  # by the mention's key
        self._mentions: dict[str, Mention] = {}
        self._females: set[str] = set()
        self._males: set[str] = set()

    def note(self, turn: Turn, standalone: str, inherited: Sequence[Mention]) -> None:
        """Remember a turn and its stand-alone question. `inherited` are the mentions that come from earlier turns."""
        weighed = list(_weighed(turn, standalone, inherited))
        every = [*(one for one, _ in weighed), *self.topics]
        gained: dict[str, float] = {}
        for one, weight in weighed:
            if one.is_topic:
                full = _in_full(one, every)
                self._mentions.setdefault(full.key, full)
                gained[full.key] = max(gained.get(full.key, 0.0), weight)
        salience = {key: _KEPT * self._salience.get(key, 0.0) + gained.get(key, 0.0) for key in self._mentions}
        self.topics = sorted(self._mentions.values(), key=lambda one: -salience[one.key])[:_MOST_REMEMBERED]
        kept = {one.key for one in self.topics}
        self._salience = {key: weight for key, weight in salience.items() if key in kept}
        self._mentions = {key: self._mentions[key] for key in self._salience}
        self.last, self.short_answer = standalone, turn.short_answer
        for text in (standalone, turn.answer, *turn.titles):
            self.nouns.update(singular(word.lower) for word in words_of(text) if word.part in (Part.NOUN, Part.NAME))
        self._note_gender(turn, inherited)

    def _note_gender(self, turn: Turn, inherited: Sequence[Mention]) -> None:
        """Learn a person's gender from a sentence with one person and words such as "she" or "his"."""
        for sentence in (turn.question, *_SENTENCE.findall(turn.answer)):
            present = {word.lower for word in words_of(sentence)}
            named = [*names(sentence), *(inherited if sentence is turn.question else ())]
            persons = {one.key for one in named if one.kind is Kind.PERSON}
            female, male = bool(present & _FEMALE), bool(present & _MALE)
            if female != male and len(persons) == 1:
                (self._females if female else self._males).update(persons)

    def meant_by(self, pronoun: str) -> list[Mention]:
        """The mentions that a pronoun may refer to, the likeliest first."""
        gendered = self._females | self._males
        against = self._males if pronoun in _FEMALE else self._females if pronoun in _MALE else set()
        fits = [(one, fit) for one in self.topics if (fit := _FIT[pronoun](one)) is not None]

        def unlikeliness(fitting: tuple[Mention, int]) -> int:
            one, fit = fitting
            return fit + 2 * (one.key in against) + (pronoun in _MANY and one.key in gendered)

        return [one for one, _ in sorted(fits, key=unlikeliness)]

    def with_head(self, noun: str) -> Mention | None:
        """The mention that "the <noun>" refers to: the most salient one whose head is this noun and that has more words."""
        return next((one for one in self.topics if one.head == noun and one.key != noun), None)

    def in_full(self, name: str) -> Mention | None:
        """The full form of a short name: "Foreman" → "George Foreman"."""
        ending = f" {name.lower()}"
        return next((one for one in self.topics if one.kind in (Kind.PERSON, Kind.NAME) and one.key.endswith(ending)), None)


def _weighed(turn: Turn, standalone: str, inherited: Sequence[Mention]) -> Iterator[tuple[Mention, float]]:
    asked = mentions(standalone)
    is_nameless = not inherited and not any(one.is_name for one in asked)
    for one in inherited:
        yield one, _INHERITED
    for at, one in enumerate(known for one in asked if (known := _known(one, standalone)).is_topic):
        yield one, _FIRST if at == 0 else _CENTRAL if one.is_central else _OBLIQUE
    for title in turn.titles:
        for one in names(title):
            yield one, _TITLE_OF_NAMELESS if is_nameless else _TITLE
    for one in mentions(_as_inside_a_sentence(turn.short_answer or "")):
        yield one, _WHO_IT_IS if _asks_who_it_is(standalone) else _SHORT_ANSWER
    for one in names(turn.answer):
        yield one, _QUOTED


def _known(one: Mention, question: str) -> Mention:
    """The mention; what a question counts is known in the turns after it: "How many okapis …?" is about the okapis."""
    is_counted = question[: one.span.start].lower().endswith("how many ")
    return replace(one, article="the", is_asked_for=False) if is_counted else one


def _as_inside_a_sentence(phrase: str) -> str:
    """The phrase without a capital that only begins it: "Two okapis"."""
    first = next(iter(words_of(phrase)), None)
    is_common = first is not None and first.span.start == 0 and not first.names and first.text.istitle()
    return phrase[0].lower() + phrase[1:] if is_common else phrase


def _asks_who_it_is(question: str) -> bool:
    """Whether the question is about the answer itself: "Who won …?", but not "Who did he meet?"."""
    words = [word.lower for word in words_of(question)[:2]]
    return len(words) == 2 and words[0] in ("who", "which") and words[1] not in ("did", "do", "does", "else")


def _in_full(one: Mention, every: Sequence[Mention]) -> Mention:
    """The full name of the person that a mention shortens, else the mention itself."""
    if " " in one.text or not one.is_name:
        return one
    return next((other for other in every if other.kind is Kind.PERSON and one.key in other.key.split()), one)


# How well a mention fits a pronoun: 0 is best, None does not fit


def _fits_one_person(one: Mention) -> int | None:
    if one.is_plural:
        return None
    return 0 if one.kind is Kind.PERSON else 1 if one.kind is Kind.NAME else 2


def _fits_a_thing(one: Mention) -> int | None:
    if one.kind is Kind.PERSON:
        return 2 if one.is_name else None
    return 1 if one.is_plural else 0


def _fits_many(one: Mention) -> int | None:
    if one.is_plural or one.kind is Kind.NAME:
        return 0
    is_one_thing = one.kind is Kind.THING and not one.is_name and one.article == "the" and one.head not in _COLLECTIVE
    return None if is_one_thing else 1


_MANY = frozenset("they them their theirs these those".split())
_FIT: dict[str, Callable[[Mention], int | None]] = {
    **dict.fromkeys("he him his she her hers".split(), _fits_one_person),
    **dict.fromkeys("it its this that".split(), _fits_a_thing),
    **dict.fromkeys(_MANY, _fits_many),
}
