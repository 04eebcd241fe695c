"""The hits of a search → each passage with its best sentence, source, score and ranks."""

from __future__ import annotations

from rich.text import Text

from qa.base.stages import SEARCH_STAGES
from qa.base.types import Filters, SearchAnswer, SearchHit, Sentence
from qa.cli.output.filters import no_article_passes, show_date_ranges, show_filter_advice, show_notices
from qa.cli.output.screen import Screen
from qa.cli.output.sources import show_also_in, source_in_words, with_middle_bold
from qa.cli.output.styles import BOLD, DIM
from qa.cli.output.text import on_one_line

# The stages after it only move hits: their ranks and scores are those of the hit itself.
_RANKED_STAGES = SEARCH_STAGES[: SEARCH_STAGES.index("merged") + 1]


def show_hits(result: SearchAnswer, screen: Screen) -> None:
    for hit in result.hits:
        _show_hit(hit, result.filters, screen)
    if result.hits and (result.date_ranges or result.notices or result.filters.as_of or result.filter_advice):
        screen.line()
    show_date_ranges(result.question, result.date_ranges, screen)
    show_notices(result.notices, result.filters, screen)
    if not result.hits and result.filters:
        screen.line(no_article_passes(result.filters))
    elif not result.hits:
        screen.line("No passage matches.")
    show_filter_advice(result.filter_advice, screen)


def _show_hit(hit: SearchHit, filters: Filters, screen: Screen) -> None:
    if hit.rank > 1:
        screen.line()
    number = f"{hit.rank}. ".ljust(4)
    screen.paragraph(Text(on_one_line(hit.article.title), style=BOLD), first=number, indent=4)
    source = source_in_words(hit.source, filters)
    if source:
        screen.paragraph(Text(source), indent=4)
    screen.paragraph(_with_best_sentence(hit), indent=4)
    screen.paragraph(Text(_ranks(hit), style=DIM), indent=4)
    show_also_in("almost the same", hit.near_duplicates, screen, indent=4)
    best = _best_sentence(hit)
    screen.suggest(f"show {hit.article.id} --sentence {(best or hit.passage.sentences[0]).index}", indent=4, style=DIM)


def _best_sentence(hit: SearchHit) -> Sentence | None:
    best = max(hit.sentences, key=lambda scored: scored.score, default=None)
    return best.sentence if best else None


def _with_best_sentence(hit: SearchHit) -> Text:
    """The passage on one line, its best sentence bold."""
    text, span, best = hit.article.text, hit.passage.span, _best_sentence(hit)
    if best is None or not span.contains(best.span):
        return Text(on_one_line(span.of(text)))
    return with_middle_bold((text[span.start : best.span.start], best.span.of(text), text[best.span.end : span.end]))


def _ranks(hit: SearchHit) -> str:
    """Its place, its score, and its rank and score in each stage."""
    ranks = ", ".join(f"{name} {rank} ({score:.3g})" for name, (rank, score) in hit.stages.items() if name in _RANKED_STAGES)
    span = hit.passage.span
    return f"characters {span.start}–{span.end} of {hit.article.id} · score {hit.score:.3f}, ranks: {ranks}"
