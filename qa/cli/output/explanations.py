"""An explanation → where one article fell out and why, or every candidate with its ranks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from qa.api.explanation import (
    ArticleFateShape,
    CandidateShape,
    ExplanationShape,
    QuestionWordsShape,
    ReadSentenceShape,
    StandingShape,
)
from qa.base.in_words import counted
from qa.base.stages import AFTER_READING, SEARCH_STAGES
from qa.cli.output.screen import Screen
from qa.cli.output.styles import BOLD, DIM
from qa.cli.output.text import on_one_line

_FIRST = 20  # candidates listed without --all
_LONGEST_TITLE = 44


def show_explanation(explanation: ExplanationShape, screen: Screen, *, every: bool) -> None:
    """One article where the explanation is about one, else the candidates: `every` one, or the first 20."""
    if explanation.article is not None:
        _show_article(explanation.article, screen)
    else:
        _show_candidates(explanation, screen, most=len(explanation.candidates) if every else _FIRST)


# Candidates


def _show_candidates(explanation: ExplanationShape, screen: Screen, *, most: int) -> None:
    screen.line(explanation.answer.answer, style=BOLD)
    candidates = explanation.candidates
    if not candidates:
        screen.line("Nothing was searched, or nothing was found.")
        return
    stages = [name for name in (*SEARCH_STAGES, AFTER_READING) if any(name in one.stages for one in candidates)]
    cited = {one.passage_id for one in explanation.sentences if one.citation is not None}
    titles = {one.passage_id: one.article_title for one in candidates}
    screen.line(f"{counted(len(candidates), 'candidate')}, with the rank that each stage gave:")
    screen.line()
    rows = [_row(number, one, stages, titles, cited) for number, one in enumerate(candidates[:most], start=1)]
    screen.columns(("passage of", *stages, "", "article"), rows)
    if len(candidates) > most:
        screen.line(f"… and {len(candidates) - most:,} more: --all lists them.")


def _row(number: int, one: CandidateShape, stages: Sequence[str], titles: dict[str, str], cited: set[str]) -> list[str]:
    ranks = [str(one.stages[stage].rank) if stage in one.stages else "–" for stage in stages]
    if one.near_duplicate_of is not None:
        became = f"repeats {_cut(titles[one.near_duplicate_of], 20)}"
    else:
        became = "cited" if one.passage_id in cited else "read" if one.read else ""
    return [f"{number}. {_cut(one.article_title, _LONGEST_TITLE)}", *ranks, became, one.article_id]


def _cut(text: str, longest: int) -> str:
    line = on_one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


# One article


def _show_article(fate: ArticleFateShape, screen: Screen) -> None:
    screen.paragraph(Text(on_one_line(fate.article_title), style=BOLD))
    screen.line(on_one_line(fate.because))
    if fate.best is not None:
        _show_best(fate.best, screen)
    elif fate.searches:
        _show_searches(fate.searches, screen)
    if fate.words is not None:
        _show_words(fate.words, screen)
    if fate.near_duplicate_of is not None:
        screen.line()
        screen.line("What it repeats:")
        _show_candidate("", fate.near_duplicate_of, screen)
    if fate.fate == "outranked":
        screen.line()
        screen.line("Read in its place:")
        for number, one in enumerate(fate.ahead, start=1):
            _show_candidate(f"{number}. ", one, screen)
    _show_features(fate, screen)
    _show_sentences(fate, screen)
    screen.line()
    screen.suggest(f"show {fate.article_id}", indent=0, style=DIM)


def _show_best(best: CandidateShape, screen: Screen) -> None:
    screen.line()
    screen.line("Its best passage:")
    screen.paragraph(Text(on_one_line(best.display or best.text)), indent=2)
    screen.paragraph(Text(_ranks(best), style=DIM), indent=2)


def _ranks(candidate: CandidateShape) -> str:
    return "ranks: " + ", ".join(f"{name} {stage.rank} ({stage.score:.3g})" for name, stage in candidate.stages.items())


def _show_searches(searches: Sequence[StandingShape], screen: Screen) -> None:
    for one in searches:
        if one.text is not None and one.score is not None:
            screen.line()
            screen.line(f"Its best passage in the {one.stage} search:")
            screen.paragraph(Text(on_one_line(one.display or one.text)), indent=2)
            last = "" if one.last_score is None else f"; the last that was taken has {one.last_score:.3g}"
            screen.paragraph(Text(f"rank {one.rank:,} of {one.of:,}, score {one.score:.3g}{last}", style=DIM), indent=2)


def _show_words(words: QuestionWordsShape, screen: Screen) -> None:
    rows = [
        ("in this passage", words.in_passage),
        ("elsewhere in the article", words.elsewhere),
        ("missing", words.missing),
    ]
    screen.line()
    screen.line("The question's words:")
    screen.table([(name, on_one_line(", ".join(found))) for name, found in rows if found])


def _show_candidate(number: str, one: CandidateShape, screen: Screen) -> None:
    screen.paragraph(Text(on_one_line(one.article_title)), first=f"  {number}", indent=2 + len(number))
    screen.paragraph(Text(_ranks(one), style=DIM), indent=2 + len(number))


def _show_features(fate: ArticleFateShape, screen: Screen) -> None:
    """The features by which its best passage and the one that won differ; without those, what moved its best passage."""
    if fate.differences:
        screen.line()
        screen.line("What the ranker makes of it, against the first that was read:")
        rows = [(one.words, f"{one.value:.3g}", f"{one.other:.3g}", f"{one.by:+.2f}") for one in fate.differences]
        screen.columns(("  feature", "this", "the first", "moved by"), [(f"  {words}", *cells) for words, *cells in rows])
    elif fate.best is not None and fate.best.moved:
        screen.line()
        screen.line("What moved it most:")
        moved = [(one.words, f"{one.value:.3g}", f"{one.by:+.2f}") for one in fate.best.moved]
        screen.columns(("  feature", "value", "moved by"), [(f"  {words}", *cells) for words, *cells in moved])


def _show_sentences(fate: ArticleFateShape, screen: Screen) -> None:
    if fate.sentence is not None:
        _show_sentence("Its best sentence:", fate.sentence, screen)
    if fate.chosen is not None and fate.chosen != fate.sentence:
        cited = f"cited as [{fate.chosen.citation}]" if fate.chosen.citation else "the best of all"
        _show_sentence(f"The sentence that won, {cited}:", fate.chosen, screen)


def _show_sentence(heading: str, one: ReadSentenceShape, screen: Screen) -> None:
    screen.line()
    screen.line(heading)
    screen.paragraph(Text(on_one_line(one.display or one.text)), indent=2)
    screen.paragraph(Text(f"score {one.score:.2f}, probability {one.probability:.3f}", style=DIM), indent=2)
