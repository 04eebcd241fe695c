"""What one evaluation found, question by question, as a file: ids, offsets, scores and figures, never text.

A run file is JSON lines, gzipped when its name ends in .gz: first the run's facts, then one line per question of
the set, those that were forgotten included. It holds how each stage fared against the judgements, so that two runs
are compared without the set; questions and sentences are joined when a report is made.
"""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from qa.base.errors import RunError
from qa.base.stages import AFTER_READING, ANSWER, READ
from qa.base.types import Span, Status
from qa.evaluation.judgements import JudgedBy

T = TypeVar("T")

FORMAT = 1
_GZIP = b"\x1f\x8b"
RECORDED_SETTINGS = (  # those that change which passages are found or what is answered
    "encoder",
    "passage_prompt",
    "passage_characters",
    "passage_overlap_sentences",
    "title_tokens",
    "question_prompt",
    "encoder_precision",
    "candidates",
    "lexical_weight",
    "ranker",
    "dates_count",
    "reader",
    "read_passages",
    "threshold",
    "answered_threshold",
    "max_citations",
    "max_question_characters",
    "max_article_characters",
)


@dataclass(frozen=True, slots=True)
class RankedSpan:
    """One passage or sentence of a stage, best first: its place and its score."""

    article_id: str
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """Something judged that a stage found: the rank (from 1) it was first held at, and its grade."""

    rank: int
    grade: int


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """How one stage fared on one question.

    `hits` are the first few it ranked, `depth` is how many it ranked in all. `found` has one entry for each hit that
    holds something judged that none before it held, by rank; `missed` has the grade of each judged item that no hit
    holds. `any_article_rank` is the first rank that holds an answer in whatever article, None where none does or
    where the set has no answer strings.
    """

    hits: tuple[RankedSpan, ...]
    depth: int
    found: tuple[Found, ...]
    missed: tuple[int, ...]
    any_article_rank: int | None = None

    @property
    def first_rank(self) -> int | None:
        """The rank of the first hit that holds something judged."""
        return self.found[0].rank if self.found else None


@dataclass(frozen=True, slots=True)
class StatementsOutcome:
    """What an answer made of articles that say different things.

    `leads` is whether its first citation makes the statement that answers. Of the others, `right` were shown with their
    relation, `false` otherwise or without reason, and `missed` were not shown rightly.
    """

    leads: bool
    right: int
    false: int
    missed: int


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """An answer: its status, the probability that was compared with the threshold, and how right it was.

    `best_right` (accuracy@1) is whether the best sentence that was read holds something judged, cited or not. `citations` are
    how many sentences were cited, `right_citations` how many of them hold something judged, `exact_citations` how
    many equal the stored text at their offsets. `exact_match` and `f1` are SQuAD's, of the short answer,
    else of the first cited sentence, against the set's answer strings; None where it has none. `statements` is None where
    the set does not judge them.
    """

    status: Status
    probability: float
    best_right: bool
    citations: int
    right_citations: int
    exact_citations: int
    exact_match: float | None
    f1: float | None
    statements: StatementsOutcome | None = None


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """One question of a run.

    `judged_by` is how it was judged. `items` is how many things are to be found; `answerable` is whether the set's
    articles answer it, None where nobody knows. `stages` are in the order of the trace; empty when the run forgot it.
    `wording_f1` is SQuAD's F1 of the question as it was searched for against a human's stand-alone wording, None for
    one that no other came before. `question_word`, `words`, `answer_type`, `age_days` (of the newest judged article
    when it was asked) and `kind` are what reports are sliced by.
    """

    id: str
    judged_by: JudgedBy
    answerable: bool | None
    items: int
    stages: Mapping[str, StageOutcome]
    answer: AnswerOutcome | None
    timings_ms: Mapping[str, float]
    wording_f1: float | None
    question_word: str
    words: int
    answer_type: str | None
    age_days: int | None
    kind: str | None

    @property
    def ranked(self) -> bool:
        """Whether ranking measures count it: there is something to find."""
        return self.items > 0


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """The set as it was read; `questions` is how many were asked, `split` that of a BEIR set, `seed` that of synthetic ones."""

    name: str
    path: str
    format: str
    digest: str
    questions: int
    notes: tuple[str, ...]
    split: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class IndexFacts:
    path: str
    generation: int
    articles: int
    passages: int
    encoder: str
    encoder_digest: str
    precision: str


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run was made with.

    `stages` are those measured, in the order of the trace; `read_passages` is how many passages of the last searching
    one were read, None when none were. `wording` is whether conversations were asked as typed or in a human's
    stand-alone form. `source` is "qa", or the TREC run file that was judged; `index` is None for the latter. `limit`
    is how many of the set's questions were taken, evenly spread, None for all. `seconds` is how long asking took,
    loading left out.
    """

    name: str
    created_at: str
    version: str
    dataset: DatasetFacts
    index: IndexFacts | None
    settings: Mapping[str, str]
    stages: tuple[str, ...]
    read_passages: int | None
    wording: Literal["question", "standalone"]
    source: str
    limit: int | None
    seconds: float
    processors: int
    notes: tuple[str, ...]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Run:
    facts: RunFacts
    outcomes: tuple[QuestionOutcome, ...]

    @property
    def searching_stages(self) -> tuple[str, ...]:
        return tuple(stage for stage in self.facts.stages if stage not in (AFTER_READING, READ, ANSWER))


_FACTS = TypeAdapter(RunFacts)
_OUTCOME = TypeAdapter(QuestionOutcome)


def named(run: Run, path: Path) -> Run:
    """The run under the name of the file it is to be written to."""
    return replace(run, facts=replace(run.facts, name=path.name.removesuffix(".gz").removesuffix(".jsonl")))


def check_writable(path: Path) -> None:
    """RunError now, before the work, where a run could not be written to `path` after it."""
    with _writing(path):
        is_new = not path.exists()
        path.open("ab").close()
        if is_new:
            path.unlink()


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise RunError(f"The run cannot be written to {path}: {error}. Choose another file with --out.") from error


def write_run(run: Run, path: Path) -> None:
    """Write the run; gzipped when the name ends in .gz, always with the same bytes for the same run."""
    lines = [_FACTS.dump_json(run.facts), *map(_OUTCOME.dump_json, run.outcomes)]
    data = b"\n".join(lines) + b"\n"
    with _writing(path):
        path.write_bytes(gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data)


def read_run(path: Path) -> Run:
    """The run of a file.

    Raises:
        RunError: no such file, not a run, damaged, of another format, or a question that is there twice or not at all.
    """
    facts, *outcomes = _lines(path)
    run = Run(
        _parsed(_FACTS, facts, path, 1), tuple(_parsed(_OUTCOME, line, path, at) for at, line in enumerate(outcomes, start=2))
    )
    if run.facts.format != FORMAT:
        raise RunError(f"{path} is a run of format {run.facts.format}, this version reads {FORMAT}. Evaluate the set again.")
    ids = [outcome.id for outcome in run.outcomes]
    if len(set(ids)) != len(ids):
        raise RunError(f"{path} holds {len(ids) - len(set(ids))} questions twice. Evaluate the set again.")
    if len(ids) != run.facts.dataset.questions:
        raise RunError(
            f"{path} says {run.facts.dataset.questions:,} questions and holds {len(ids):,}: cut short? Evaluate the set again."
        )
    return run


def _lines(path: Path) -> list[bytes]:
    try:
        data = path.read_bytes()
        lines = (gzip.decompress(data) if data[:2] == _GZIP else data).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise RunError(f"The run {path} cannot be read: {error}. `qa evaluate … --out FILE` writes one.") from error
    if not lines:
        raise RunError(f"{path} is empty; expected a run as `qa evaluate … --out FILE` writes it.")
    return lines


def _parsed(shape: TypeAdapter[T], line: bytes, path: Path, number: int) -> T:
    try:
        return shape.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the line"
        raise RunError(
            f"{path}, line {number}: {place}: {first['msg']}. Expected a run as `qa evaluate … --out FILE` writes it."
        ) from error
