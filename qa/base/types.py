"""The nouns: the frozen values that the stages exchange. Standard library only.

Offsets are 0-based Unicode code points of an article's text; ranges are half-open. Ranks and citation numbers start at 1.
An article or passage never owns a score or a vector.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from qa.base.in_words import day_in_words


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, 0 <= start < end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got {self.start}-{self.end}")

    def of(self, text: str) -> str:
        """The characters of `text` in this span; ValueError if it ends after the text."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}-{self.end} ends behind a text of {len(text)} characters")
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def common(self, other: Span) -> Span:
        """The overlap with another span; ValueError if there is none."""
        return Span(max(self.start, other.start), min(self.end, other.end))


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `first` to `last`, both included, that the words at `span` of a question mean.

    "last week" means its Monday to its Sunday. `date.min` and `date.max` are the ends of a range that has none.
    """

    span: Span
    first: date
    last: date

    def __str__(self) -> str:
        """The days, as in `4 March 2024 to 10 March 2024`, `until 10 March 2024` or `4 March 2024 and later`."""
        if self.first == date.min:
            return f"until {day_in_words(self.last)}"
        if self.last == date.max:
            return f"{day_in_words(self.first)} and later"
        days = (self.first,) if self.first == self.last else (self.first, self.last)
        return " to ".join(map(day_in_words, days))


def text_digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Article:
    """One text with its metadata, checked by `corpus.articles.make_article`.

    `given_id` is the id that the input gave, else the canonical URL, else the path, else the text's digest. `id` is
    `art_` and 16 hexadecimal digits of its hash, safe in addresses. `text` is the input's, code point for code point.
    `published_at` is an ISO 8601 date, or a time in UTC. `language` is as declared. `digest` is the SHA-256 of the text.
    `guessed_language` is what the index took a stored article's language to be (ISO 639-1), where it declares no such code.
    `is_markdown`: the text is the source of a Markdown file.
    """

    id: str
    given_id: str
    title: str
    text: str
    url: str | None = None
    source: str | None = None
    author: str | None = None
    published_at: str | None = None
    language: str | None = None
    guessed_language: str | None = field(default=None, compare=False)
    is_markdown: bool = False
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", text_digest(self.text))


MOST_NAMED = 3  # articles that filters in words name
ANY_TIME = date.max  # as the day of `Filters.as_of`: articles from after the clock of the question answer as well


class DaysOutOfOrder(ValueError):
    """The first day of a filter is after its last."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.last = last
        super().__init__(f"published_from {first} is after published_to {last}; expected it to be no later")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer: those that match every field. An empty field or None matches all.

    `sources` match a whole name or its part before a dot: "cnn" matches "cnn.com". Case, punctuation, accents and an article
    before the name are ignored: "harbour post" matches "The Harbour-Post". `article_ids` may be given ids or generated ones.
    Both days are included; an article without a date matches no day. `language` "en" matches "en-GB", and articles of which
    the language was guessed to be English. Articles published after the day `as_of` are left out, but none without a date;
    a question whose `asked_at` is given has its day for that, unless it is ANY_TIME.
    """

    sources: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    language: str | None = None
    as_of: date | None = None

    def __post_init__(self) -> None:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise DaysOutOfOrder(self.published_from, self.published_to)

    def __bool__(self) -> bool:
        """Whether any field is set that leaves articles out."""
        return self not in (NO_FILTERS, OF_ANY_TIME)

    def __str__(self) -> str:
        return self.in_words({})

    def in_words(self, titles: Mapping[str, str]) -> str:
        """The fields that are set, as in `source “cnn”, published from 1 March 2024`; "none" without any.

        `titles` name articles by their ids; those that it lacks are named by the id itself.
        """
        set_ones = [
            *(f"source “{name}”" for name in self.sources),
            *_articles_in_words(self.article_ids, titles),
            *([f"published from {day_in_words(self.published_from)}"] if self.published_from else []),
            *([f"published until {day_in_words(self.published_to)}"] if self.published_to else []),
            *([f"language {self.language}"] if self.language is not None else []),
            *([f"as of {day_in_words(self.as_of)}"] if self.as_of and self.as_of != ANY_TIME else []),
        ]
        return ", ".join(set_ones) or "none"


def _articles_in_words(ids: tuple[str, ...], titles: Mapping[str, str]) -> list[str]:
    if len(ids) > MOST_NAMED:
        return [f"one of {len(ids):,} articles"]
    return [f"article “{titles[id_]}”" if id_ in titles else f"article {id_}" for id_ in ids]


NO_FILTERS = Filters()
OF_ANY_TIME = Filters(as_of=ANY_TIME)


class ArticleOrder(StrEnum):
    """How a list of articles is ordered: added last first; published last or first first, undated at the end; by title."""

    ADDED = "added"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


class FilterName(StrEnum):
    """The filters, by the names of their JSON; `published` is both days."""

    SOURCES = "sources"
    ARTICLE_IDS = "article_ids"
    PUBLISHED = "published"
    LANGUAGE = "language"
    AS_OF = "as_of"


@dataclass(frozen=True, slots=True)
class FilterAdvice:
    """Why one filter lets nothing pass, and what to ask for instead.

    `unmatched` are its values that no article has, `nearest` values that some have. `passing_without` is how many articles
    pass when this filter is lifted and the others stay; 0 also where the filters let some pass. `text` says it in sentences.
    """

    filter: FilterName
    unmatched: tuple[str, ...]
    nearest: tuple[str, ...]
    passing_without: int
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or record that did not become an article: its path or address, the reason, and its line (from 1) if known."""

    origin: str
    reason: str
    line: int | None = None


class NoticeCode(StrEnum):
    """What somebody who reads an answer should know of how its question was taken."""

    AFTER_NEWEST = "after_newest"
    NO_SUCH_DAY = "no_such_day"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark on how a question was taken: a code for programs, and whole sentences."""

    code: NoticeCode
    text: str


class Change(StrEnum):
    """The effect of adding an article."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class SentenceKind(StrEnum):
    """The kind of a sentence. Prose and list items can be cited."""

    PROSE = "prose"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The `index`-th sentence (from 0) of an article. Sentences and the gaps between them join to the text again."""

    index: int
    span: Span
    kind: SentenceKind

    @property
    def citable(self) -> bool:
        return self.kind in (SentenceKind.PROSE, SentenceKind.LIST_ITEM)


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences without boilerplate between them, or a part of one sentence that exceeds the token budget.

    `span` is in the article's text. `sentences` are all that it contains, whole or in part, in order.
    """

    id: str
    article_id: str
    span: Span
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class PassageRule:
    """How articles are cut into passages. An index records its rule: another rule needs another index.

    `characters` is the target length. `overlap_sentences` is how many sentences a passage shares with the one before.
    `title_tokens` is how many tokens of the title are embedded with it.
    """

    characters: int
    overlap_sentences: int
    title_tokens: int


def passage_id(article: Article, span: Span) -> str:
    """`<article id>@<first 8 digits of the text's digest>:<start>-<end>`."""
    return f"{article.id}@{article.digest[:8]}:{span.start}-{span.end}"


def article_id_of(passage_id: str) -> str:
    """The article's id in a passage's."""
    return passage_id.rpartition("@")[0]


def parse_passage_id(id_: str) -> tuple[str, Span]:
    """(article id, span) of a passage id; ValueError for a string of another form."""
    article_id, _, rest = id_.rpartition("@")
    start, dash, end = rest.partition(":")[2].partition("-")
    if not (article_id and dash and start.isdecimal() and end.isdecimal()):
        raise ValueError(f"{id_!r} is not a passage id; expected <article id>@<digest>:<start>-<end>")
    return article_id, Span(int(start), int(end))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for a question; higher is better."""

    passage_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits of one scorer for one question, ordered by (-score, passage_id), each passage once.

    Scores of different scorers have no common scale.
    """

    question: str
    scorer: str
    hits: tuple[Hit, ...]

    def __post_init__(self) -> None:
        keys = [(-hit.score, hit.passage_id) for hit in self.hits]
        if keys != sorted(keys):
            raise ValueError(f"hits of {self.scorer} are not ordered by (-score, passage_id)")


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence, and against it.

    `score` is its own, without `votes`: what other passages with the same answer add. `share` is the part of all voices that its
    answer has. `span` is the score of its best span.
    """

    score: float
    votes: float
    share: float
    span: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that a reader read for a question; `quote == span.of(article.text)`.

    `score` is on the reader's own scale; higher is better. `probability`, in [0, 1], is that the sentence supports an
    answer. `answer` is the span of the short answer in the article's text, inside `span`; None without one. `signs` are what
    the probability was made of; None where similarity reads.
    """

    passage_id: str
    article_id: str
    article_digest: str
    sentence_index: int
    span: Span
    quote: str
    score: float
    probability: float
    answer: Span | None = None
    signs: Signs | None = None

    def __post_init__(self) -> None:
        if self.answer is not None and not self.span.contains(self.answer):
            raise ValueError(f"the short answer {self.answer} is not inside its sentence {self.span}")


class ValueKind(StrEnum):
    """What a short answer is: an amount, of money or of something else, a time, a name, or other words."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    NAME = "name"
    YES_NO = "yes_no"
    TEXT = "text"


class Relation(StrEnum):
    """How a statement stands to the answer.

    `agrees`: it is what the answer says. `corrected_by`: a later article says that it was wrong. `earlier`: it was so, or was
    reported so, before. `differs`: other sources say something else, and no article says which is right.
    """

    AGREES = "agrees"
    DIFFERS = "differs"
    CORRECTED_BY = "corrected_by"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Source:
    """The origin of an article; None for what is unknown. `published_at` and both languages are as in `Article`."""

    name: str | None
    url: str | None
    author: str | None
    published_at: str | None
    language: str | None
    guessed_language: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in another article with the same content: a sentence with the same words, or a near-duplicate passage.

    `span` and `quote` are those of that article. `sentence_index` is that of the sentence, or of the passage's first one.
    """

    article_id: str
    article_title: str
    article_digest: str
    sentence_index: int
    span: Span
    quote: str
    source: Source


def source_of(article: Article) -> Source:
    return Source(article.source, article.url, article.author, article.published_at, article.language, article.guessed_language)


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote as people read it, which is not how it is written. `answer` is where the short answer stands in `text`."""

    text: str
    answer: Span | None
    lead_in: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote at `span` in the version `article_digest` of an article, with its origin.

    `quote == span.of(article.text)`. `number` starts at 1. `prefix` and `suffix` are up to 32 characters on either side
    (W3C TextQuoteSelector). `text_before` is the sentence before it in the article, of a long one the end, None for the first
    one. `lead_in` is the text that a quote such as "She is 63." goes on from, None for one that stands alone. `also_in` are
    other articles with the same sentence. `answer` is the span of the short answer in the article's text, inside `span`. `shown`
    is the quote as people read it; None where it is shown as it stands.
    """

    number: int
    article_id: str
    given_id: str
    article_digest: str
    article_title: str
    sentence_index: int
    span: Span
    quote: str
    prefix: str
    suffix: str
    text_before: str | None
    also_in: tuple[Place, ...]
    source: Source
    sentence_link: str
    original_link: str | None
    score: float
    answer: Span | None = None
    lead_in: str | None = None
    shown: ShownQuote | None = None

    @property
    def shown_pieces(self) -> tuple[str, str, str]:
        """The quote as people read it, before, in and after the short answer; without one, all of it is before."""
        if self.shown is None:
            return self.pieces
        return around(self.shown.text, Span(0, len(self.shown.text)), self.shown.answer)

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The quote before, in and after the short answer; without one, all of it is before."""
        return around(self.quote, self.span, self.answer)


def around(quote: str, span: Span, part: Span | None) -> tuple[str, str, str]:
    """The quote at `span` before, in and after a part of it; without a part, all of it is before."""
    if part is None:
        return quote, "", ""
    start, end = part.start - span.start, part.end - span.start
    return quote[:start], quote[start:end], quote[end:]


@dataclass(frozen=True, slots=True)
class Statement:
    """What some articles say to a question, where others may say something else.

    `citation` is their best sentence, with the short answer. `articles` are how many say it, `sources` how many of these are
    independent: an agency's report in several papers counts once. `first_day` and `last_day` are those on which it was
    published, None where nobody knows.
    """

    kind: ValueKind
    relation: Relation
    citation: Citation
    articles: int
    sources: int
    first_day: date | None
    last_day: date | None

    @property
    def value(self) -> str:
        """The short answer as it stands in the article; empty to a yes-or-no question, where the whole sentence says it."""
        return self.citation.pieces[1]


class Status(StrEnum):
    """ANSWERED: above both thresholds. WEAK: above the lower one only. NOT_FOUND: above neither, so nothing is cited."""

    ANSWERED = "answered"
    WEAK = "weak"
    NOT_FOUND = "not_found"


class Reason(StrEnum):
    """Why an answer is not_found."""

    NOTHING_CLOSE = "nothing_close"
    NO_ANSWER_READ = "no_answer_read"
    ALL_FILTERED_OUT = "all_filtered_out"
    NO_ARTICLES = "no_articles"
    NOT_A_QUESTION = "not_a_question"


class Band(StrEnum):
    """A probability in words: high from 0.75, medium from 0.5, else low."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Confidence:
    """The probability that the best sentence supports an answer, and the two thresholds it was compared with.

    All three are in [0, 1]. From `threshold` on an answer is weak; from `answered_threshold` on it is answered.
    """

    probability: float
    band: Band
    threshold: float
    answered_threshold: float


@dataclass(frozen=True, slots=True)
class Trace:
    """One ranking per search stage, the evidence that was read, and milliseconds per stage.

    The evidence is best first, but for what a leading statement or a settled question puts before it.
    """

    rankings: tuple[Ranking, ...]
    evidence: tuple[Evidence, ...]
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """Cited sentences, or an abstention with the nearest ones. `status` is NOT_FOUND exactly if there are no citations.

    `standalone_question` is what was searched for and read. `inherited` are the words in it that come from earlier turns.
    `searched_for` are the wordings of the search: one, or a second one with what the conversation is about; none without
    a search.
    `agreeing` is how many articles give this answer, those of the first citation's `also_in` among them; 0 without an answer.
    `statements` are what the articles say, that of the first citation first; none where the answer has no short one. The
    citations of the others are numbered on from those of the answer, of which they are no part.
    `date_ranges` are those that it names, counted from `asked_at`. `filters` are those of the request, with the day `as_of`
    where that leaves articles out. `notices` say what is odd about how it was taken.
    `filter_advice` is on filters that let nothing pass, or name what no article has.
    `text` joins the quotes by a blank, each followed by ` [n]`.
    The same index generation, request, settings and machine give the same answer.
    Only `id`, `created_at` and the timings of `trace` differ.
    """

    id: str
    created_at: datetime
    index_generation: int
    question: str
    standalone_question: str
    inherited: tuple[Span, ...]
    asked_at: datetime
    date_ranges: tuple[DateRange, ...]
    filters: Filters
    status: Status
    text: str
    confidence: Confidence
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    reason: Reason | None
    trace: Trace
    searched_for: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    filter_advice: tuple[FilterAdvice, ...] = ()
    agreeing: int = 0
    statements: tuple[Statement, ...] = ()

    def __post_init__(self) -> None:
        if (self.status is Status.NOT_FOUND) != (not self.citations):
            raise ValueError(f"an answer is not_found exactly when it cites nothing, got {self.status}")

    @property
    def other_statements(self) -> tuple[Statement, ...]:
        """Those that say something else than the answer."""
        return self.statements[1:]

    @property
    def all_citations(self) -> tuple[Citation, ...]:
        """Those of the answer and of the other statements, in the order of their numbers."""
        return (*self.citations, *(other.citation for other in self.other_statements))

    @property
    def short_answer(self) -> str | None:
        """The short answer in the first citation; None without one."""
        return (self.citations[0].pieces[1] or None) if self.citations else None

    @property
    def shown_short_answer(self) -> str | None:
        """The short answer as people read it; None without one."""
        return (self.citations[0].shown_pieces[1] or self.short_answer) if self.citations else None


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with its similarity to the question; higher is better."""

    sentence: Sentence
    score: float


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One hit with its passage, its article, and the (rank, score) that each stage gave it.

    `rank` starts at 1. `near_duplicates` are the passages that were left out in its favour.
    """

    rank: int
    score: float
    article: Article
    passage: Passage
    sentences: tuple[ScoredSentence, ...]
    stages: Mapping[str, tuple[int, float]]
    near_duplicates: tuple[Place, ...]
    source: Source
    sentence_link: str


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """One question's rankings, one per search stage in order, and the milliseconds of each step."""

    question: str
    rankings: tuple[Ranking, ...]
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Ranked passages for a question, without an answer. `filters`, `notices` and `filter_advice` are as in `Answer`."""

    index_generation: int
    question: str
    asked_at: datetime
    date_ranges: tuple[DateRange, ...]
    filters: Filters
    hits: tuple[SearchHit, ...]
    timings_ms: Mapping[str, float]
    notices: tuple[Notice, ...] = ()
    filter_advice: tuple[FilterAdvice, ...] = ()
