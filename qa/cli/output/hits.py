"""The hits of a search → each passage with its best sentence, the words of the question in it, and its source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.text import Text

from qa.answer.links import original_link
from qa.answer.word_weights import FUNCTION_WORDS
from qa.api.filters import filter_advice_of, filters_of
from qa.api.notice import notice_of
from qa.api.place import place_of
from qa.api.question import date_range_of
from qa.api.search import HitShape, SearchShape, SentenceScoreShape
from qa.api.source import source_of
from qa.api.span import span_of
from qa.base.languages import language_read
from qa.base.stages import SEARCH_STAGES
from qa.base.types import Filters, Span
from qa.cli.output.citations import show_link
from qa.cli.output.filters import no_article_passes, show_date_ranges, show_filter_advice, show_notices
from qa.cli.output.screen import Screen
from qa.cli.output.sources import show_also_in, source_in_words
from qa.cli.output.styles import BOLD, DIM, MATCHED
from qa.cli.output.text import on_one_line, with_single_blanks
from qa.corpus.tables import TablePart, cells_of, parts_of_tables
from qa.index.postings import terms_in

_WORD = re.compile(r"\w+")
# The stages after it only move hits: their ranks and scores are those of the hit itself.
_RANKED_STAGES = SEARCH_STAGES[: SEARCH_STAGES.index("merged") + 1]


def show_hits(found: SearchShape, screen: Screen, *, verbose: bool = False) -> None:
    """`verbose` adds ids, places, scores and ranks."""
    filters, notices = filters_of(found.filters), [notice_of(notice) for notice in found.notices]
    for hit in found.hits:
        _show_hit(hit, found.question, filters, screen, verbose=verbose)
    if found.hits and (found.periods or notices or filters.as_of or found.filter_advice):
        screen.line()
    show_date_ranges(found.question, [date_range_of(period) for period in found.periods], screen)
    show_notices(notices, filters, screen)
    if not found.hits and filters:
        screen.line(no_article_passes(filters))
    elif not found.hits:
        screen.line("No passage matches.")
    show_filter_advice([filter_advice_of(advice) for advice in found.filter_advice], screen)


def _show_hit(hit: HitShape, question: str, filters: Filters, screen: Screen, *, verbose: bool) -> None:
    if hit.rank > 1:
        screen.line()
    number = f"{hit.rank}. ".ljust(4)
    screen.paragraph(Text(on_one_line(hit.passage.article_title), style=BOLD), first=number, indent=4)
    source = source_in_words(source_of(hit.source), filters)
    if source:
        screen.paragraph(Text(source, style=DIM), indent=4)
    screen.paragraph(_with_best_sentence(hit, question), indent=4)
    show_also_in("almost the same", [place_of(place) for place in hit.copies], screen, indent=4, verbose=verbose)
    best = _best_sentence(hit)
    link = original_link(hit.links.original, *(_on_page(best, hit) if best else (hit.passage.text,)), prefix=None)
    if link is not None:
        show_link(hit.links.original or link, link, screen, indent=4)
    if verbose:
        screen.paragraph(Text(_ranks(hit), style=DIM), indent=4)
        sentence = f" --sentence {best.index}" if best else ""
        screen.suggest(f"show {hit.passage.article_id}{sentence}", indent=4, style=DIM)


def _best_sentence(hit: HitShape) -> SentenceScoreShape | None:
    """None in a passage without a sentence that may be cited."""
    return max(hit.passage.sentences, key=lambda sentence: sentence.score, default=None)


def _on_page(sentence: SentenceScoreShape, hit: HitShape) -> Sequence[str]:
    """The sentence's words as the page has them: the cells of a row, or what is shown."""
    written, place = _words_of(sentence, hit), _place_of_best(hit)
    if parts_of_tables([written]) == [TablePart.ROW]:
        return [cell.of(written) for cell in cells_of(written) if cell] or [written]
    return [place.of(hit.passage.display)] if place and hit.passage.display else [written]


def _words_of(sentence: SentenceScoreShape, hit: HitShape) -> str:
    begin = hit.passage.start_char_index
    return hit.passage.text[sentence.start_char_index - begin : sentence.end_char_index - begin]


def _with_best_sentence(hit: HitShape, question: str) -> Text:
    """The passage on one line, its best sentence bold, with the words of the question marked in it."""
    text, best = hit.passage.display or hit.passage.text, _place_of_best(hit)
    if best is None:
        return Text(on_one_line(text))
    before, after = with_single_blanks(text[: best.start]), with_single_blanks(text[best.end :])
    language = language_read(hit.source.language, hit.source.guessed_language)
    return Text.assemble(before, with_words_marked(best.of(text), question, language), after)


def _place_of_best(hit: HitShape) -> Span | None:
    """Where the best sentence, if there is one, stands in the passage as it is shown."""
    best, begin = _best_sentence(hit), hit.passage.start_char_index
    if best is None:
        return None
    if hit.passage.display is not None:
        return span_of(best.display) if best.display else None
    return _clipped(best.start_char_index - begin, best.end_char_index - begin, hit.passage.text)


def _clipped(start: int, end: int, text: str) -> Span | None:
    """The part of a sentence that is in the passage."""
    start, end = max(0, start), min(end, len(text))
    return Span(start, end) if start < end else None


def with_words_marked(sentence: str, question: str, language: str) -> Text:
    """The sentence in bold; its words that the question has too, in whatever form, stand out. Function words do not."""
    words = [word for word in _WORD.findall(question) if word.lower() not in FUNCTION_WORDS]
    asked = {term for word in words for term in terms_in(word, language)}
    text, at = Text(), 0
    for word in _WORD.finditer(sentence):
        if (terms := terms_in(word[0], language)) and asked.issuperset(terms):
            text.append(with_single_blanks(sentence[at : word.start()]), BOLD).append(with_single_blanks(word[0]), MATCHED)
            at = word.end()
    return text.append(with_single_blanks(sentence[at:]), BOLD)


def _ranks(hit: HitShape) -> str:
    """Its place, its score, and its rank and score in each stage."""
    given = {name: stage for name, stage in hit.stages.items() if name in _RANKED_STAGES}
    ranks = ", ".join(f"{name} {stage.rank} ({stage.score:.3g})" for name, stage in given.items())
    passage = hit.passage
    place = f"characters {passage.start_char_index}–{passage.end_char_index} of {passage.article_id}"
    return f"{place} · score {hit.score:.3f}, ranks: {ranks}"
