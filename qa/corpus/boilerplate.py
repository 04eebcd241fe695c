"""A line or sentence → whether it is boilerplate: links to other articles, newsletters, paywalls, sharing, cookies, copyright.

Only whole lines, or sentences with such an opening, count; prose *about* newsletters or cookies stays.
Sentences that recur often in a user's own articles are boilerplate too.
"""

from __future__ import annotations

import re

from qa.corpus.boilerplate_words import LINK_LABELS, LIST_LABELS, OPENINGS, TITLE_LABELS, any_of

# A heading above a list of links. The headlines under it are boilerplate too.
_LINK_LIST_HEADING = re.compile(
    rf"(?:\#++\s*+|\*\*)?{any_of(LINK_LABELS, LIST_LABELS)}(?:\*\*)?\s*+[:»>]?+\s*+(?:\*\*)?", re.IGNORECASE
)
# "Read more: Mayor resigns"
_LINK_LINE = re.compile(rf"[\s>*_•►▶→\[(-]*{any_of(LINK_LABELS, TITLE_LABELS)}(?:\*\*|__)?\s*[:|»>→](?=.*\w)", re.IGNORECASE)
_BOILERPLATE_OPENING = re.compile(rf"[\s>*_•►▶→|\[(¡¿-]*{any_of(OPENINGS)}", re.IGNORECASE)
_LONGEST_BOILERPLATE = 300  # characters; a longer sentence is part of the story, whatever its first words
_LONGEST_LINK_LINE = 250  # characters; two headlines at most


def opens_link_list(line: str) -> bool:
    """Whether the whole line is a heading above links, such as "Related News"."""
    return _LINK_LIST_HEADING.fullmatch(line.strip()) is not None


def is_link_line(line: str) -> bool:
    """Whether the whole line leads to another article, such as "Lesen Sie auch: Wird der Hafen geschlossen?"."""
    return len(line) <= _LONGEST_LINK_LINE and _LINK_LINE.match(line) is not None


def is_boilerplate(sentence: str) -> bool:
    """Whether the sentence is a newsletter, paywall, share, cookie, credit or copyright line."""
    return len(sentence) <= _LONGEST_BOILERPLATE and _BOILERPLATE_OPENING.match(sentence) is not None


# These limits find 192 sentences in dev/realtimeqa_2024. Of these, read by a person, 3 state a fact ("Admission is free.").
# A sentence in 3 to 9 of many stories is often a fact, such as the background of a trial.
FEWEST_STORIES = 5
MANY_STORIES = 10


def recurs_too_often(stories: int, *, of: int) -> bool:
    """Whether a sentence in `stories` of the `of` stories of its source is boilerplate."""
    return stories >= MANY_STORIES or (stories >= FEWEST_STORIES and 2 * stories > of)
