"""The hits of a search → each passage with its best sentence, the words of the question in it, and its source."""

from __future__ import annotations

import re

from rich.text import Text

from qa.answer.links import original_link
from qa.answer.word_weights import FUNCTION_WORDS
from qa.base.stages import SEARCH_STAGES
from qa.base.types import SearchAnswer, SearchHit, Sentence
from qa.cli.output.citations import show_link
from qa.cli.output.filters import no_article_passes, show_date_ranges, show_filter_advice, show_notices
from qa.cli.output.screen import Screen
from qa.cli.output.sources import show_also_in, source_in_words
from qa.cli.output.styles import BOLD, DIM, MATCHED
from qa.cli.output.text import on_one_line, with_single_blanks
from qa.index.postings import terms_in

_WORD = re.compile(r"\w+")
# The stages after it only move hits: their ranks and scores are those of the hit itself.
_RANKED_STAGES = SEARCH_STAGES[: SEARCH_STAGES.index("merged") + 1]


def show_hits(result: SearchAnswer, screen: Screen, *, verbose: bool = False) -> None:
    """`verbose` adds ids, places, scores and ranks."""
    for hit in result.hits:
        _show_hit(hit, result, screen, verbose=verbose)
    if result.hits and (result.date_ranges or result.notices or result.filters.as_of or result.filter_advice):
        screen.line()
    show_date_ranges(result.question, result.date_ranges, screen)
    show_notices(result.notices, result.filters, screen)
    if not result.hits and result.filters:
        screen.line(no_article_passes(result.filters))
    elif not result.hits:
        screen.line("No passage matches.")
    show_filter_advice(result.filter_advice, screen)


def _show_hit(hit: SearchHit, result: SearchAnswer, screen: Screen, *, verbose: bool) -> None:
    if hit.rank > 1:
        screen.line()
    number = f"{hit.rank}. ".ljust(4)
    screen.paragraph(Text(on_one_line(hit.article.title), style=BOLD), first=number, indent=4)
    source = source_in_words(hit.source, result.filters)
    if source:
        screen.paragraph(Text(source, style=DIM), indent=4)
    screen.paragraph(_with_best_sentence(hit, result.question), indent=4)
    show_also_in("almost the same", hit.near_duplicates, screen, indent=4, verbose=verbose)
    best = _best_sentence(hit)
    link = original_link(hit.article, best.span.of(hit.article.text), prefix=None)
    if link is not None:
        show_link(hit.article.url or link, link, screen, indent=4)
    if verbose:
        screen.paragraph(Text(_ranks(hit), style=DIM), indent=4)
        screen.suggest(f"show {hit.article.id} --sentence {best.index}", indent=4, style=DIM)


def _best_sentence(hit: SearchHit) -> Sentence:
    best = max(hit.sentences, key=lambda scored: scored.score, default=None)
    return best.sentence if best else hit.passage.sentences[0]


def _with_best_sentence(hit: SearchHit, question: str) -> Text:
    """The passage on one line, its best sentence bold, with the words of the question marked in it."""
    text, span, best = hit.article.text, hit.passage.span, _best_sentence(hit)
    if not hit.sentences or not span.contains(best.span):
        return Text(on_one_line(span.of(text)))
    before, after = with_single_blanks(text[span.start : best.span.start]), with_single_blanks(text[best.span.end : span.end])
    language = hit.article.language or hit.article.guessed_language or "en"
    return Text.assemble(before, with_words_marked(best.span.of(text), question, language), after)


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


def _ranks(hit: SearchHit) -> str:
    """Its place, its score, and its rank and score in each stage."""
    ranks = ", ".join(f"{name} {rank} ({score:.3g})" for name, (rank, score) in hit.stages.items() if name in _RANKED_STAGES)
    span = hit.passage.span
    return f"characters {span.start}–{span.end} of {hit.article.id} · score {hit.score:.3f}, ranks: {ranks}"
