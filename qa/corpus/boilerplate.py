"""A line or sentence → whether it is boilerplate: link lists, newsletter, share, cookie and copyright lines.

Only whole lines, or sentences with such an opening, count; prose *about* newsletters or cookies stays.
Sentences that recur often in a user's own articles are boilerplate too.
"""

from __future__ import annotations

import re

# A heading above a list of links. The headlines under it are boilerplate too.
_LINK_LIST_HEADING = re.compile(
    r"""(?:\#+\s*|\*\*)?
    (?:related(?:\s+(?:news|articles?|stor(?:y|ies)|topics?|links?|content|coverage|reading|posts?|video|videos))?
     |(?:more|also)\s+(?:on|from|in|about)\s+(?:this|the|our)\s+(?:story|topic|subject|site|author|section)
     |more\s+(?:news|stories|articles|to\s+read|like\s+this)
     |read\s+(?:more|next|also|on)|see\s+also|also\s+read|further\s+reading|most\s+(?:read|popular|viewed|shared)
     |recommended(?:\s+(?:for\s+you|stories|articles|reading))?|you\s+(?:may|might)\s+(?:also|like)(?:\s+also)?(?:\s+like)?
     |up\s+next|trending(?:\s+now)?|top\s+stories|latest\s+(?:news|stories|headlines)|editors?['’]?s?\s+picks?
     |what\s+to\s+read\s+next|don['’]t\s+miss|popular\s+(?:now|stories)|tags|filed\s+under|external\s+links)
    (?:\*\*)?\s*[:»>]?\s*""",
    re.IGNORECASE | re.VERBOSE,
)

# The opening words of a boilerplate sentence.
_BOILERPLATE_OPENING = re.compile(
    r"""[\s>*_•|\[(-]*(?:
    (?:sign|signed)\s+up\s+(?:to|for|here|now|today)\b(?=.*\b(?:newsletters?|emails?|alerts?|updates?|inbox|briefing|free|here)\b)
    |subscribe\s+(?:to|now|here|today|for)\b
    |(?:get|receive)\s+(?:the|our|all|more|breaking|daily)\b.*\b(?:in(?:to)?\s+your\s+inbox|by\s+email|our\s+(?:app|newsletters?))\b
    |click\s+here\b|tap\s+here\b|(?:read|see|watch|listen)\s+(?:more|also|next|now|on)\s*[:|»>]
    |(?:share|print|save|email|tweet|comment\s+on)\s+(?:this|the)\s+(?:article|story|page|post)\b
    |share\s+on\s+(?:facebook|twitter|x|linkedin|whatsapp|reddit)\b
    |(?:follow|like|find|join)\s+us\s+on\b|download\s+(?:the|our)\s+.*\bapp\b
    |advertisement\W*$|sponsored\s+content\b|skip\s+(?:to\s+)?(?:advertisement|main|content)\b
    |(?:we|this\s+(?:web)?site)\s+uses?\s+cookies\b|accept\s+(?:all\s+)?cookies\b
    |by\s+(?:continuing|clicking|signing|using|subscribing)\b.*\b(?:you\s+(?:agree|accept|consent)|our\s+(?:terms|privacy|cookies?))\b
    |(?:©|copyright\s+(?:©|\(c\))|\(c\)\s*\d{4}\b|copyright\s+\d{4}\b(?=.*\brights\s+reserved\b|[^.!?]*$))
    |all\s+rights\s+reserved\b|this\s+material\s+may\s+not\s+be\s+(?:published|reproduced)\b
    |(?:story|article)\s+continues\s+below\b|terms\s+(?:of|and)\s+(?:use|service|conditions)\b(?=\W*$)|privacy\s+policy\b(?=\W*$)
    |(?:image|photo|picture|video)\s+(?:credit|source|caption)s?\s*[:,]
    |log\s+in\s+to\s+(?:read|comment|continue|your\s+account)\b|create\s+(?:a|an|your)\s+(?:free\s+)?account\b|support\s+our\s+journalism\b|already\s+a\s+subscriber\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_BOILERPLATE = 300  # characters; a longer sentence is part of the story, whatever its first words


def opens_link_list(line: str) -> bool:
    """Whether the whole line is a heading above links, such as "Related News"."""
    return _LINK_LIST_HEADING.fullmatch(line.strip()) is not None


def is_boilerplate(sentence: str) -> bool:
    """Whether the sentence is a newsletter, share, cookie, credit or copyright line."""
    return len(sentence) <= _LONGEST_BOILERPLATE and _BOILERPLATE_OPENING.match(sentence) is not None


# These limits find 192 sentences in dev/realtimeqa_2024. Of these, read by a person, 3 state a fact ("Admission is free.").
# A sentence in 3 to 9 of many stories is often a fact, such as the background of a trial.
FEWEST_STORIES = 5
MANY_STORIES = 10


def recurs_too_often(stories: int, *, of: int) -> bool:
    """Whether a sentence in `stories` of the `of` stories of its source is boilerplate."""
    return stories >= MANY_STORIES or (stories >= FEWEST_STORIES and 2 * stories > of)
