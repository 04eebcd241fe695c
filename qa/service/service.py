"""The place that wires the stages online: question → candidates → merged → read → selected → a cited Answer.

A Service is one opened index. Constructing it is cheap: the model and the index load at first use.
It follows what other processes do to the index, and may be shared between threads.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer.calibration import confidence
from qa.answer.citations import NOT_FOUND_TEXT, answer_text, cite
from qa.answer.links import sentence_link
from qa.answer.question_kind import is_no_question
from qa.answer.sentence_selection import select
from qa.answer.similarity_reader import SimilarityReader
from qa.api.answer import answer_shape
from qa.base.errors import (
    AnswerNotFound,
    ArticleNotFound,
    IndexDamaged,
    IndexMismatch,
    QuestionError,
    SentenceNotFound,
    StorageError,
    StoreError,
    VersionNotFound,
)
from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.protocols import Candidate, Encoder, EncoderIdentity, QuestionEncoder, Reader, Vectors
from qa.base.quotes import KeptQuote, VerifiedQuote
from qa.base.settings import NO_READER, PACKAGED_READER, Settings, load_settings
from qa.base.times import rfc3339
from qa.base.types import (
    NO_FILTERS,
    Answer,
    Article,
    Change,
    Citation,
    Evidence,
    Filters,
    PassageRule,
    Place,
    RankedQuestion,
    Ranking,
    Reason,
    Refusal,
    ScoredSentence,
    SearchAnswer,
    SearchHit,
    Sentence,
    Status,
    Trace,
    source_of,
)
from qa.conversation import Resolved, Turn, as_given, resolve
from qa.corpus.article_reader import ArticleReader
from qa.corpus.decode import clean
from qa.corpus.near_duplicates import words, words_key
from qa.corpus.quote_positions import locate
from qa.index.identity import index_facts, kept_settings
from qa.index.layout import STORE_FILE
from qa.index.snapshot import Snapshot, SnapshotReader
from qa.index.store import ArticleRow, Counts, Store, require_store
from qa.search.date_ranges import date_ranges
from qa.service.boilerplate import LearnedLine, learned_lines, masked_candidates, masked_sentences
from qa.service.build import AddReport, Indexer
from qa.service.quotes import verified
from qa.service.rank import PASSAGES_KEPT, Question, RankedPassages, mostly_not_english, ranked_passages
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.feedback import FeedbackLog
from qa.service.state.file import StateFile

if TYPE_CHECKING:
    from qa.answer.span_model import SpanModel

log = logging.getLogger(__name__)

_MOST_COPIES = 100  # of an article
_MOST_PLACES = 100  # where words stand again, that a citation names
_FEWEST_WORDS_AGAIN = 5  # in fewer, such as "Yes, he said.", it says nothing that the words stand elsewhere too
_MOST_EARLIER_TURNS = 20
_NEAREST = 3  # sentences shown when nothing answers
_CLOSE_PROBABILITY = 0.05  # below it, nothing was even close
_ON_SENTENCES = (Verdict.RIGHT, Verdict.WRONG)


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """One generation of an index: what it holds and what it was made with.

    Times are RFC 3339 in UTC, None before the first article; `digests` are the SHA-256 of the edition's files, by name.
    """

    generation: int
    counts: Counts
    changed_at: str | None
    last_added_at: str | None
    encoder: EncoderIdentity
    rule: PassageRule
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IndexSize:
    """What one generation of an index holds."""

    generation: int
    counts: Counts


class Service:
    """One index folder with the settings in force. `on_answer` is told of every answer that `keep` is given."""

    def __init__(self, settings: Settings, *, encoder: Encoder | None = None) -> None:
        self.settings = settings
        self.folder = settings.index.absolute()
        self.on_answer: Callable[[Answer], None] = lambda _: None
        self._given_encoder = encoder
        self._size: IndexSize | None = None
        self._lock = threading.RLock()

    @cached_property
    def _kept(self) -> Settings:
        """The settings, of which those that are kept in an index and were not given are the index's own."""
        return self._with_those_of_the_index()

    def _with_those_of_the_index(self) -> Settings:
        try:
            with self._store() as store:
                kept = kept_settings(store.facts())
        except StoreError:  # there is none yet, or none that can be read, which whoever opens it is told
            return self.settings
        return self.settings.model_copy(
            update={name: value for name, value in kept.items() if name not in self.settings.model_fields_set}
        )

    @cached_property
    def encoder(self) -> Encoder:
        if self._given_encoder is not None:
            return self._given_encoder
        from qa.index.encoder import SentenceTransformerEncoder  # torch comes with it

        held = self._kept
        return SentenceTransformerEncoder(
            held.encoder,
            precision=held.encoder_precision,
            passage_prompt=held.passage_prompt,
            question_prompt=held.question_prompt,
            title_tokens=held.title_tokens,
        )

    @cached_property
    def _span_model(self) -> SpanModel | None:
        if self.settings.reader == NO_READER:
            return None
        from qa.answer.span_model import SpanModel, reader_folder  # torch comes with it

        return SpanModel(reader_folder(self.settings.reader), precision=self.encoder.identity.precision)

    @cached_property
    def _rule(self) -> PassageRule:
        held = self._kept
        return PassageRule(held.passage_characters, held.passage_overlap_sentences, held.title_tokens)

    @cached_property
    def _reader(self) -> SnapshotReader:
        require_store(self.folder)  # before the model is loaded
        identity = self.encoder.identity
        return SnapshotReader(self.folder, index_facts(identity, self._rule), dimension=identity.dimension)

    @cached_property
    def indexer(self) -> Indexer:
        return Indexer(self.folder, self.encoder, self._rule, lock_timeout_seconds=self.settings.lock_timeout_seconds)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The index as questions see it, unchanging until the block ends. An index that was made anew by another encoder is
        followed, where the settings do not insist on the one before: its model is loaded first. Threads take turns."""
        with self._lock, contextlib.ExitStack() as opened:
            try:
                found = opened.enter_context(self._reader.snapshot())
            except IndexMismatch:
                self._forget_what_it_was_made_with()
                found = opened.enter_context(self._reader.snapshot())
            yield found

    def _follow_the_index(self) -> None:
        """Forget what was read of an index that is made otherwise now."""
        with self._lock:
            if "_kept" in self.__dict__ and self._kept != self._with_those_of_the_index():
                self._forget_what_it_was_made_with()

    def _forget_what_it_was_made_with(self) -> None:
        self.close()
        for name in ("_kept", "_rule", "indexer", "encoder"):  # where cached_property keeps them
            self.__dict__.pop(name, None)

    def exists(self) -> bool:
        """Whether there is an index in the folder, of whatever state."""
        return (self.folder / STORE_FILE).exists()

    def create(self) -> None:
        """Make an index without articles where there is none."""
        self.indexer.create()

    def load(self) -> None:
        """Load the models and open the index now rather than at the first question."""
        with self.snapshot():
            self.encoder.embed_question("ready")
            if self._span_model is not None:
                self._span_model.load()

    def check(self) -> None:
        """Read the whole store once, a second a gigabyte and more from a disk, and look for damage. The files of the edition
        are held against their digests whenever they are opened, so that together every byte has been looked at.

        Raises:
            IndexNotFound, IndexMismatch, IndexDamaged: as their names say.
        """
        with self._store() as store:
            problems = store.integrity_problems()
        if problems:
            raise IndexDamaged(self.folder, f"{self.folder / STORE_FILE} is damaged: {problems[0]}. `qa verify` looks closer.")

    def close(self) -> None:
        """Close the index; asking again opens it anew."""
        reader = self.__dict__.pop("_reader", None)  # where cached_property keeps it
        if reader is not None:
            reader.close()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Articles

    def add(self, paths: str | Path | Iterable[str | Path], *, progress: Callable[[AddReport], None] | None = None) -> AddReport:
        """Add the articles of a file or folder, or of several; what could not be read is in the report."""
        listed = [paths] if isinstance(paths, str | Path) else paths
        with ArticleReader([str(path) for path in listed], settings=self.settings) as reader:
            return self.add_articles(reader, progress=progress)

    def add_articles(
        self,
        articles: Iterable[Article | Refusal],
        *,
        progress: Callable[[AddReport], None] | None = None,
        each: Callable[[Article, Change], None] | None = None,
        only_if: Callable[[Article | None], None] | None = None,
    ) -> AddReport:
        """Add articles that are made already; `Indexer.add` says more."""
        self._follow_the_index()
        return self.indexer.add(articles, progress=progress, each=each, only_if=only_if)

    def remove(
        self, ids: str | Sequence[str], *, now: bool = False, only_if: Callable[[Article], None] | None = None
    ) -> list[str]:
        """Hide articles, or delete them `now`; `Indexer.remove` says more."""
        return self.indexer.remove(_cleaned(ids), now=now, only_if=only_if)

    def restore(self, ids: str | Sequence[str]) -> list[str]:
        """Bring removed articles back that are not purged yet."""
        return self.indexer.restore(_cleaned(ids))

    def rebuild(self, *, progress: Callable[[AddReport], None] | None = None) -> AddReport:
        """Make the index anew from its articles, also one of an earlier version; `Indexer.rebuild` says more."""
        self.upgrade()
        return self.indexer.rebuild(progress=progress)

    def upgrade(self) -> None:
        """Bring the store of an earlier version up to this one's. What it was made with holds on."""
        self.indexer.upgrade()
        self._follow_the_index()

    @contextlib.contextmanager
    def _store(self) -> Iterator[Store]:
        """The store alone, without the model."""
        with contextlib.closing(Store.open(self.folder)) as store, store.reading():
            yield store

    def articles(self, filters: Filters = NO_FILTERS) -> Iterator[ArticleRow]:
        """Every article that passes, in the order it was added."""
        with self._store() as store:
            yield from store.articles(filters)

    def page(self, words: str = "", filters: Filters = NO_FILTERS, *, limit: int, before: int | None = None) -> list[ArticleRow]:
        """The newest articles first, of which title, source, author, id or URL hold all the words; `Store.page` says more."""
        with self._store() as store:
            return store.page(clean(words).split(), filters, limit=limit, before=before)

    def count(self, words: str = "", filters: Filters = NO_FILTERS) -> int:
        """How many articles `page` goes through."""
        with self._store() as store:
            return store.count(clean(words).split(), filters)

    def sources(self) -> list[str]:
        """The names of the articles' sources, in order."""
        with self._store() as store:
            return store.sources()

    def languages(self) -> list[str]:
        """The languages that articles say they are in, in order."""
        with self._store() as store:
            return store.said_languages()

    def article(self, id_or_given_id: str, *, version: str | None = None) -> tuple[ArticleRow, list[Sentence]]:
        """An article with its sentences, as it is now or, by the digest of its text, as it was.

        Raises:
            ArticleNotFound, VersionNotFound: there is none of this id, or no such text of it is kept.
        """
        with self._store() as store:
            stored = store.article(clean(id_or_given_id))
            if stored is None:
                raise ArticleNotFound(id_or_given_id)
            sentences = store.sentences(stored.row)
            if version is not None and version != stored.article.digest:
                earlier = store.version(stored.article.id, version)
                if earlier is None:
                    raise VersionNotFound(stored.article.id, version)
                stored, sentences = earlier
            return stored, masked_sentences(stored.article, sentences, store.copies)

    def copies(self, id_or_given_id: str) -> list[ArticleRow]:
        """The articles whose text is similar, the first 100 in the order they were added. Raises as `article` does."""
        with self._store() as store:
            stored = store.article(clean(id_or_given_id))
            if stored is None:
                raise ArticleNotFound(id_or_given_id)
            rows = store.copies.similar_to(stored.row)[:_MOST_COPIES]
            return [copy for row in rows if (copy := store.article_in(row)) is not None]

    def boilerplate(self) -> list[LearnedLine]:
        """The lines that recur in the stories of a source and are never cited, and what a user overruled of them."""
        with self._store() as store:
            return learned_lines(store.copies)

    def overrule(self, sentence: str, *, boilerplate: bool | None) -> None:
        """Say whether a sentence is boilerplate, wherever its words stand; None leaves it to how often they do. ValueError
        for a sentence without words."""
        self.indexer.overrule(clean(sentence), boilerplate=boilerplate)

    def removed_article(self, id_or_given_id: str) -> Article | None:
        """An article that is hidden and not purged yet."""
        with self._store() as store:
            stored = store.article(clean(id_or_given_id), removed=True)
            return stored.article if stored else None

    def described(self) -> IndexDescription:
        """What the index is and holds now."""
        with self.snapshot() as snapshot:
            store, edition = snapshot.store, snapshot.edition
            return IndexDescription(
                generation=snapshot.generation,
                counts=store.counts(),
                changed_at=store.fact("changed_at"),
                last_added_at=store.last_added_at(),
                encoder=self.encoder.identity,
                rule=self._rule,
                digests=edition.manifest.digests if edition else {},
            )

    @property
    def generation(self) -> int:
        """How often the index has changed; cheap to ask for."""
        with self.snapshot() as snapshot:
            return snapshot.generation

    def counts(self) -> Counts:
        with self._store() as store:
            return store.counts()

    def size(self) -> IndexSize:
        """What the index holds now: counted anew only when it has changed, without the model and without waiting for
        questions in work."""
        with self._store() as store:
            if self._size is None or self._size.generation != store.generation:
                self._size = IndexSize(store.generation, store.counts())
            return self._size

    def removed_ids(self) -> list[str]:
        """Articles that are hidden and not purged yet."""
        with self._store() as store:
            return store.removed_ids(before=datetime.max.isoformat())

    # Questions

    def ask(
        self,
        question: str,
        *,
        asked_at: datetime | None = None,
        filters: Filters = NO_FILTERS,
        threshold: float | None = None,
        max_citations: int | None = None,
        earlier: Sequence[Turn] = (),
        standalone_question: str | None = None,
        on_stage: Callable[[str, float], None] | None = None,
    ) -> Answer:
        """Answer with cited sentences, or say that the articles hold no answer.

        A question that leans on the `earlier` turns of its conversation, of which the last 20 are looked at, is made to stand
        alone by them; `standalone_question` is searched for instead where it is given.

        `asked_at` is the clock that "last week" is meant by, and that recent articles are recent by; its day is UTC's.

        `on_stage` is told each stage once it is done, with its milliseconds; what it raises ends the work.

        Raises:
            QuestionError: a blank or too long question.
            IndexNotFound, IndexMismatch, IndexDamaged: as their names say.
            ValueError: a threshold outside 0..1, fewer than one citation, or a time without a zone.
        """
        asked = self._checked(question)
        meant = (
            self._resolved(asked, earlier) if standalone_question is None else as_given(asked, self._checked(standalone_question))
        )
        asking = _Asking(
            asked=meant,
            question=self._question(meant.standalone_question, asked_at, filters),
            threshold=self.settings.threshold if threshold is None else threshold,
            answered_threshold=max(self.settings.answered_threshold, threshold or 0.0),
            max_citations=self.settings.max_citations if max_citations is None else max_citations,
        )
        with self.snapshot() as snapshot:
            return self._answer(asking, snapshot, _Clock(on_stage))

    def _resolved(self, question: str, earlier: Sequence[Turn]) -> Resolved:
        """The question as it stands where, with what it leans on, it would be longer than a question may be."""
        if is_no_question(question):
            return as_given(question, question)
        questions = [turn for turn in earlier if not is_no_question(turn.question)]  # thanks and greetings are no turns
        resolved = resolve(question, questions[-_MOST_EARLIER_TURNS:])
        too_long = len(resolved.standalone_question) > self.settings.max_question_characters
        return as_given(question, question) if too_long else resolved

    def _question(self, words: str, asked_at: datetime | None, filters: Filters) -> Question:
        moment = datetime.now(UTC) if asked_at is None else asked_at
        if moment.tzinfo is None:
            raise ValueError(f"asked_at needs a time zone, got {moment}")
        checked = self._checked(words)
        today = moment.astimezone(UTC).date()
        return Question(checked, moment, today, date_ranges(checked, today), filters)

    def _checked(self, question: str) -> str:
        cleaned = clean(question).strip()
        if not cleaned:
            raise QuestionError('The question is blank. Ask about the articles, for example: "Who met whom?"')
        longest = self.settings.max_question_characters
        if len(cleaned) > longest:
            raise QuestionError(
                f"The question has {len(cleaned):,} characters, at most {longest:,} are read. Ask it in fewer words."
            )
        return cleaned

    def _answer(self, asking: _Asking, snapshot: Snapshot, clock: _Clock) -> Answer:
        question = asking.question
        if snapshot.postings is None or not snapshot.store.has_articles():
            return self._abstain(asking, snapshot, Reason.NO_ARTICLES, Trace((), (), clock.done()), ())
        if is_no_question(asking.asked.question) or is_no_question(question.words):
            return self._abstain(asking, snapshot, Reason.NOT_A_QUESTION, Trace((), (), clock.done()), ())
        if _lets_none_pass(question.filters, snapshot):
            return self._abstain(asking, snapshot, Reason.ALL_FILTERED_OUT, Trace((), (), clock.done()), ())
        self.encoder.embed_question(question.words)  # kept by the encoder for the stages; here so that it is timed alone
        clock.lap("encode")
        rankings = self._ranked_passages(question, snapshot, self.encoder, most=self.settings.read_passages).rankings
        clock.lap("search")
        best = rankings[-1].hits[: self.settings.read_passages]
        found = masked_candidates(snapshot.store.candidates([hit.passage_id for hit in best]), snapshot.store.copies)
        candidates = [replace(candidate, score=hit.score) for candidate, hit in zip(found, best, strict=True)]
        evidence = self._sentence_reader(candidates, snapshot).read(question.words, candidates)
        clock.lap("read")
        chosen = select(
            evidence,
            threshold=asking.threshold,
            answered_threshold=asking.answered_threshold,
            most=asking.max_citations,
            terms=snapshot.postings.terms,
        )
        citations = self._citations(chosen or evidence[:_NEAREST], candidates, snapshot.store)
        clock.lap("compose")
        trace = Trace(rankings, tuple(evidence), clock.done())
        if not chosen:
            close = bool(evidence) and evidence[0].probability >= _CLOSE_PROBABILITY
            reason = Reason.NO_ANSWER_READ if close else Reason.NOTHING_CLOSE
            return self._abstain(asking, snapshot, reason, trace, citations)
        return self._compose(asking, snapshot, trace, citations)

    def _sentence_reader(self, candidates: Sequence[Candidate], snapshot: Snapshot) -> Reader:
        """The reader that is set; likeness in place of the packaged one, which reads English, where most passages are not."""
        assert snapshot.postings is not None
        reads_english_alone = self.settings.reader == PACKAGED_READER
        articles = [candidate.article.id for candidate in candidates]
        if self._span_model is None or (reads_english_alone and mostly_not_english(articles, snapshot.store)):
            return SimilarityReader(self.encoder, snapshot.postings)
        from qa.answer.span_reader import SpanReader  # torch comes with it

        return SpanReader(self._span_model)

    def _ranked_passages(self, question: Question, snapshot: Snapshot, encoder: QuestionEncoder, *, most: int) -> RankedPassages:
        return ranked_passages(question, snapshot, encoder, self._kept, most=most)

    def _citations(self, shown: Sequence[Evidence], candidates: Sequence[Candidate], store: Store) -> tuple[Citation, ...]:
        articles = {candidate.article.id: candidate.article for candidate in candidates}
        return tuple(
            cite(
                number,
                found,
                articles[found.article_id],
                text_before=_text_before(found, articles[found.article_id], store),
                repeated=len(locate(found.quote, articles[found.article_id].text)) > 1,
                also_in=_also_in(found, store),
            )
            for number, found in enumerate(shown, start=1)
        )

    def _compose(self, asking: _Asking, snapshot: Snapshot, trace: Trace, citations: tuple[Citation, ...]) -> Answer:
        answered = trace.evidence[0].probability >= asking.answered_threshold
        return self._made(asking, snapshot, trace, Status.ANSWERED if answered else Status.WEAK, citations, (), None)

    def _abstain(
        self, asking: _Asking, snapshot: Snapshot, reason: Reason, trace: Trace, nearest: tuple[Citation, ...]
    ) -> Answer:
        return self._made(asking, snapshot, trace, Status.NOT_FOUND, (), nearest, reason)

    def _made(
        self,
        asking: _Asking,
        snapshot: Snapshot,
        trace: Trace,
        status: Status,
        citations: tuple[Citation, ...],
        nearest: tuple[Citation, ...],
        reason: Reason | None,
    ) -> Answer:
        return Answer(
            id=f"ans_{secrets.token_hex(8)}",
            created_at=datetime.now(UTC),
            index_generation=snapshot.generation,
            question=asking.asked.question,
            standalone_question=asking.asked.standalone_question,
            inherited=asking.asked.inherited,
            asked_at=asking.question.asked_at,
            date_ranges=asking.question.date_ranges,
            filters=asking.question.filters,
            status=status,
            text=answer_text(citations) if citations else NOT_FOUND_TEXT,
            confidence=confidence(
                trace.evidence[0].probability if trace.evidence else 0.0,
                threshold=asking.threshold,
                answered_threshold=asking.answered_threshold,
            ),
            citations=citations,
            nearest=nearest,
            reason=reason,
            trace=trace,
        )

    # Kept answers

    def keep(self, answer: Answer) -> bool:
        """Keep an answer for `keep_answers_days`, so that it can be shown again and verified; whether that was done.

        Where the folder cannot be written it is not, and the log says so: answering goes on.
        """
        self.on_answer(answer)
        days = self.settings.keep_answers_days
        if not days:
            return False
        quotes = [("citations", answer.citations), ("nearest", answer.nearest)]
        kept = KeptAnswer(
            answer.id,
            rfc3339(answer.created_at),
            answer_shape(answer).model_dump_json(),
            tuple(
                KeptQuote(shown, one.number, one.article_id, one.article_digest, one.span, one.quote)
                for shown, cited in quotes
                for one in cited
            ),
        )
        try:
            AnswerLog(StateFile(self.folder)).keep(kept, older_than=rfc3339(answer.created_at - timedelta(days)))
        except StorageError as error:
            log.warning("An answer was not kept: %s", error)
            return False
        return True

    def kept_answer(self, answer_id: str) -> KeptAnswer:
        """An answer as it was given; AnswerNotFound when it is not kept."""
        found = AnswerLog(StateFile(self.folder)).answer(answer_id)
        if found is None:
            raise AnswerNotFound(answer_id)
        return found

    def verify(self, answer_id: str) -> list[VerifiedQuote]:
        """Whether each citation of a kept answer still stands in its article, in their order. AnswerNotFound."""
        cited = [one for one in self.kept_answer(answer_id).quotes if one.shown == "citations"]
        with self._store() as store:
            found = {one.article_id: store.article(one.article_id) for one in cited}
        articles = {article_id: stored.article for article_id, stored in found.items() if stored is not None}
        return [verified(one, articles.get(one.article_id)) for one in cited]

    # What users said of answers

    def feedback(self, answer_id: str) -> JudgedAnswer:
        """What was said of an answer that is kept, or was when something was said of it; AnswerNotFound."""
        return FeedbackLog(StateFile(self.folder)).judged_answer(answer_id) or _unjudged(self.kept_answer(answer_id))

    def judge(self, answer_id: str, verdict: Verdict | None, *, sentence: tuple[str, int] | None = None) -> JudgedAnswer:
        """Say something of an answer, or of the sentence that it shows as `citations` or `nearest` under a number, in place of
        what was said of that before; None takes it back. What is said of it then.

        Raises:
            AnswerNotFound, SentenceNotFound: it is not kept, or shows no such sentence.
            StorageError: the folder cannot be written.
            ValueError: a verdict on sentences for the whole answer, or the other way round.
        """
        if verdict is not None and (verdict in _ON_SENTENCES) != (sentence is not None):
            raise ValueError(f"{verdict} is no verdict on {'a sentence' if sentence else 'a whole answer'}")
        answer = self.feedback(answer_id)
        if sentence is not None and answer.sentence(*sentence) is None:
            raise SentenceNotFound(answer_id, *sentence)
        state = FeedbackLog(StateFile(self.folder))
        state.judge(answer, verdict, said_at=datetime.now(UTC).isoformat(timespec="microseconds"), sentence=sentence)
        return state.judged_answer(answer_id) or _nothing_said(answer)

    def judged(self) -> list[JudgedAnswer]:
        """Every answer of which something was said."""
        return FeedbackLog(StateFile(self.folder)).judged()

    def search(
        self, question: str, *, k: int = 10, asked_at: datetime | None = None, filters: Filters = NO_FILTERS
    ) -> SearchAnswer:
        """The k best passages with each stage's rank and score; no answer. Raises as `ask` does."""
        if k < 1:
            raise ValueError(f"k is the number of passages, at least 1, got {k}")
        asked = self._question(question, asked_at, filters)
        with self.snapshot() as snapshot:
            clock = _Clock()
            if snapshot.postings is None or not snapshot.store.has_articles() or _lets_none_pass(filters, snapshot):
                return _searched(asked, snapshot, (), clock)
            self.encoder.embed_question(asked.words)
            clock.lap("encode")
            ranked = self._ranked_passages(asked, snapshot, self.encoder, most=k)
            rankings = ranked.rankings
            clock.lap("search")
            shown = rankings[-1].hits[:k]
            candidates = masked_candidates(snapshot.store.candidates([hit.passage_id for hit in shown]), snapshot.store.copies)
            read = SimilarityReader(self.encoder, snapshot.postings).read(asked.words, candidates)
            clock.lap("read")
            scores = {(found.article_id, found.sentence_index): found.score for found in read}
            stages = _stages(rankings)
            hits = tuple(
                _search_hit(
                    rank,
                    hit.score,
                    candidate,
                    stages[hit.passage_id],
                    scores,
                    snapshot.store.candidates(ranked.copies.get(hit.passage_id, ())[:_MOST_PLACES]),
                )
                for rank, (hit, candidate) in enumerate(zip(shown, candidates, strict=True), start=1)
            )
            return _searched(asked, snapshot, hits, clock)

    def rank_all(
        self, questions: Sequence[str], *, asked_at: Sequence[datetime | None] | None = None, filters: Filters = NO_FILTERS
    ) -> list[RankedQuestion]:
        """Each question's ranking by each search stage, over one generation: what measuring needs. Raises as `ask` does.

        `asked_at` is a clock for each of them. The questions are encoded together, which is faster; `encode` is each one's
        share of that. In bfloat16 a vector depends on its neighbours in the batch (cosine to `ask`'s at least .999), and so
        may the order of near ties.
        """
        clocks = asked_at if asked_at is not None else [None] * len(questions)
        asked = [self._question(words, clock, filters) for words, clock in zip(questions, clocks, strict=True)]
        with self.snapshot() as snapshot:
            if snapshot.postings is None or not asked or _lets_none_pass(filters, snapshot):
                return [RankedQuestion(question.words, (), {}) for question in asked]
            encoding = _Clock()
            words = [question.words for question in asked]
            encoder = _Encoded(dict(zip(words, self.encoder.embed_questions(words), strict=True)))
            milliseconds = encoding.done()["total"] / len(asked)
            return [self._ranked(question, snapshot, encoder, milliseconds) for question in asked]

    def _ranked(self, question: Question, snapshot: Snapshot, encoder: QuestionEncoder, encode_ms: float) -> RankedQuestion:
        searching = _Clock()
        rankings = self._ranked_passages(question, snapshot, encoder, most=PASSAGES_KEPT).rankings
        search_ms = searching.done()["total"]
        return RankedQuestion(
            question.words, rankings, {"encode": encode_ms, "search": search_ms, "total": encode_ms + search_ms}
        )


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A QuestionEncoder of questions that are encoded already."""

    vectors: Mapping[str, Vectors]

    def embed_question(self, question: str) -> Vectors:
        return self.vectors[question]


def _unjudged(kept: KeptAnswer) -> JudgedAnswer:
    """A kept answer of which nothing was said yet."""
    answer = json.loads(kept.body)  # maybe an earlier qa's, which may lack what the shape has now
    return JudgedAnswer(
        kept.id,
        answer["standalone_question"],
        answer["asked_at"],
        is_narrowed=any(answer["filters"].values()) or answer["reason"] == Reason.NO_ARTICLES,
        sentences=tuple(
            JudgedSentence(one.shown, one.number, one.article_id, one.article_digest, one.span) for one in kept.quotes
        ),
    )


def _nothing_said(answer: JudgedAnswer) -> JudgedAnswer:
    sentences = tuple(replace(one, verdict=None, said_at=None) for one in answer.sentences)
    return replace(answer, verdict=None, said_at=None, sentences=sentences)


def _cleaned(ids: str | Sequence[str]) -> list[str]:
    return [clean(given) for given in ([ids] if isinstance(ids, str) else ids)]


def _lets_none_pass(filters: Filters, snapshot: Snapshot) -> bool:
    selected = snapshot.selected(filters)
    return selected is not None and not len(selected)


def _searched(question: Question, snapshot: Snapshot, hits: tuple[SearchHit, ...], clock: _Clock) -> SearchAnswer:
    return SearchAnswer(
        index_generation=snapshot.generation,
        question=question.words,
        asked_at=question.asked_at,
        date_ranges=question.date_ranges,
        filters=question.filters,
        hits=hits,
        timings_ms=clock.done(),
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """A checked request for an answer: the question as asked and made to stand alone, and what is searched for."""

    asked: Resolved
    question: Question
    threshold: float
    answered_threshold: float
    max_citations: int

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"threshold is a probability from 0 to 1, got {self.threshold}")
        if self.max_citations < 1:
            raise ValueError(f"max_citations is at least 1, got {self.max_citations}")


class _Clock:
    """Milliseconds by stage; `on_lap` is told each when it is over."""

    def __init__(self, on_lap: Callable[[str, float], None] | None = None) -> None:
        self._on_lap = on_lap
        self._started = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = 1000 * (now - self._last)
        self._last = now
        if self._on_lap is not None:
            self._on_lap(stage, self._laps[stage])

    def done(self) -> dict[str, float]:
        return {**self._laps, "total": 1000 * (time.perf_counter() - self._started)}


def _also_in(evidence: Evidence, store: Store) -> list[Place]:
    """Where in other articles the same words stand, the first place in each."""
    said = words(evidence.quote)
    key = words_key(evidence.quote)
    if key is None or len(said) < _FEWEST_WORDS_AGAIN:
        return []
    places = {
        place.article_id: place
        for place in reversed(store.copies.places(key, most=_MOST_PLACES + 1))
        if place.article_id != evidence.article_id and words(place.quote) == said
    }
    return list(reversed(places.values()))[:_MOST_PLACES]


def _text_before(evidence: Evidence, article: Article, store: Store) -> str | None:
    if evidence.sentence_index == 0:
        return None
    stored = store.article(article.id)
    assert stored is not None  # the same read transaction found its passage
    before = store.sentences(stored.row, evidence.sentence_index - 1, evidence.sentence_index - 1)
    return before[0].span.of(article.text)


def _stages(rankings: Sequence[Ranking]) -> dict[str, dict[str, tuple[int, float]]]:
    """Passage id → stage → (rank, score)."""
    stages: dict[str, dict[str, tuple[int, float]]] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking.hits, start=1):
            stages.setdefault(hit.passage_id, {})[ranking.scorer] = (rank, hit.score)
    return stages


def _search_hit(
    rank: int,
    score: float,
    candidate: Candidate,
    stages: dict[str, tuple[int, float]],
    scores: dict[tuple[str, int], float],
    copies: Sequence[Candidate],
) -> SearchHit:
    article, passage = candidate.article, candidate.passage
    return SearchHit(
        rank=rank,
        score=score,
        article=article,
        passage=passage,
        sentences=tuple(
            ScoredSentence(sentence, scores[article.id, sentence.index])
            for sentence in passage.sentences
            if (article.id, sentence.index) in scores
        ),
        stages=stages,
        copies=tuple(_place(copy) for copy in copies),
        source=source_of(article),
        sentence_link=sentence_link(article.id, article.digest, passage.sentences[0].index),
    )


def _place(copy: Candidate) -> Place:
    article, passage = copy.article, copy.passage
    return Place(
        article.id, article.title, article.digest, passage.sentences[0].index, passage.span, copy.text, source_of(article)
    )


def open_index(index: str | Path | None = None, **settings: object) -> Service:
    """The index in this folder (default: `index` of the settings in force); any setting may be given by name.

    Raises:
        SettingsError: a setting that cannot be used.
    """
    given = settings if index is None else {**settings, "index": index}
    return Service(load_settings(**given))
