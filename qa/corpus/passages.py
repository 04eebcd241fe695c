"""Sentences → passages of whole sentences, each within the encoder's token budget.

A passage grows until the target length. The next one repeats the last sentences of the one before, if they fit.
Boilerplate ends a passage. A sentence over the token budget is cut into several passages: at clause marks, else at
blanks, else anywhere. A citation still quotes it whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from qa.base.protocols import TokenCounter
from qa.base.types import Article, Passage, PassageRule, Sentence, SentenceKind, Span, passage_id

_CLAUSE_END = re.compile(r"[,;:—–)，、；：](?=\s|$)|[，、；：]")
_BLANK = re.compile(r"\s+")
_BLANKS = re.compile(r"\s*")
_COUNTED_AT_ONCE = 1_000  # sentences
_SURE_SHARE = 0.75  # of the budget
_WINDOW = 20  # characters per token of the budget; limits how often a long text is tokenised


def cut_passages(
    article: Article,
    sentences: Sequence[Sentence],
    counter: TokenCounter,
    rule: PassageRule,
    *,
    heartbeat: Callable[[], None] = lambda: None,
) -> list[Passage]:
    """The article's passages in order. Every citable sentence is in at least one, whole or in parts.

    `heartbeat` is called often; an error that it raises ends the work.
    """
    budget = counter.passage_budget(counter.shorten_title(article.title))
    lengths = list(_lengths([sentence.span.of(article.text) for sentence in sentences], counter, heartbeat))
    spans: list[tuple[Span, tuple[Sentence, ...]]] = []
    for boilerplate, run in groupby(sentences, key=lambda sentence: sentence.kind is SentenceKind.BOILERPLATE):
        if not boilerplate:
            for passage in _cut_run(article.text, list(run), lengths, counter, rule, budget):
                spans.append(passage)
                heartbeat()
    return [Passage(passage_id(article, span), article.id, span, held) for span, held in spans]


def _lengths(quotes: Sequence[str], counter: TokenCounter, heartbeat: Callable[[], None]) -> Iterator[int]:
    """How many tokens each quote has."""
    for start in range(0, len(quotes), _COUNTED_AT_ONCE):
        yield from counter.token_counts(quotes[start : start + _COUNTED_AT_ONCE])
        heartbeat()


def _cut_run(
    text: str, run: list[Sentence], lengths: list[int], counter: TokenCounter, rule: PassageRule, budget: int
) -> Iterator[tuple[Span, tuple[Sentence, ...]]]:
    for group in _group(run, lengths, rule, budget):
        if _surely_fits(group, lengths, budget):
            yield Span(group[0].span.start, group[-1].span.end), tuple(group)
        else:
            yield from _within_budget(text, group, counter, budget)


def _group(run: list[Sentence], lengths: list[int], rule: PassageRule, budget: int) -> Iterator[list[Sentence]]:
    """Consecutive sentences up to the target length. An overlap that does not fit is dropped."""

    def fits(group: list[Sentence]) -> bool:
        return (
            group[-1].span.end - group[0].span.start <= rule.characters
            and sum(lengths[sentence.index] for sentence in group) <= budget
        )

    group: list[Sentence] = []
    for sentence in run:
        if not group or fits([*group, sentence]):
            group.append(sentence)
            continue
        yield group
        overlap = group[-rule.overlap_sentences :] if rule.overlap_sentences else []
        # an overlap of the whole previous group would only repeat it
        while overlap and (len(overlap) == len(group) or not fits([*overlap, sentence])):
            overlap = overlap[1:]
        group = [*overlap, sentence]
    if group:
        yield group


def _surely_fits(group: list[Sentence], lengths: list[int], budget: int) -> bool:
    """Whether the group is so far within the budget that it need not be tokenised again as one text.

    Together, sentences may have some more tokens than alone: where they meet, and of the blanks between them.
    """
    counted = sum(lengths[sentence.index] for sentence in group)
    between = sum(later.span.start - one.span.end for one, later in pairwise(group))
    return counted + between + len(group) <= _SURE_SHARE * budget


def _within_budget(
    text: str, group: list[Sentence], counter: TokenCounter, budget: int
) -> Iterator[tuple[Span, tuple[Sentence, ...]]]:
    """The group as one passage if its tokens fit, counted as one text; else its halves; else parts of its one sentence."""
    span = Span(group[0].span.start, group[-1].span.end)
    if counter.token_counts([span.of(text)])[0] <= budget:
        yield span, tuple(group)
    elif len(group) > 1:
        middle = len(group) // 2
        yield from _within_budget(text, group[:middle], counter, budget)
        yield from _within_budget(text, group[middle:], counter, budget)
    else:
        for part in _split_sentence(text, span, counter, budget):
            yield part, (group[0],)


def _split_sentence(text: str, span: Span, counter: TokenCounter, budget: int) -> Iterator[Span]:
    """Parts of one long sentence, each within the budget when tokenised alone."""
    start = span.start
    while start < span.end:
        window = text[start : min(span.end, start + _WINDOW * budget)]
        part = _longest_part(window, counter, budget, last=start + len(window) == span.end)
        yield Span(start, start + len(part.rstrip()))
        start += len(part)
        start += len(_BLANKS.match(text, start, span.end)[0])  # type: ignore[index]  # it matches the empty string too


def _longest_part(window: str, counter: TokenCounter, budget: int, *, last: bool) -> str:
    """The longest beginning of the window within the budget that ends at a good cut; all of the last window if it fits."""
    ends = counter.token_ends([window])[0]
    if len(ends) <= budget:
        return window if last else window[: _best_cut(window)]
    tokens = budget
    while True:
        part = window[: max(1, ends[tokens - 1])]
        part = part[: _best_cut(part)]
        if tokens == 1 or counter.token_counts([part])[0] <= budget:  # part of a word can have more tokens than the word
            return part
        tokens -= max(1, tokens // 8)


def _best_cut(part: str) -> int:
    """The position after the last clause mark of the second half, else after its last blank, else the end."""
    half = len(part) // 2
    for mark in (_CLAUSE_END, _BLANK):
        cuts = [match.end() for match in mark.finditer(part, half)]
        if cuts:
            return cuts[-1]
    return len(part)
