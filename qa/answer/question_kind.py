"""A text → whether it is a question about the articles, and whether a few words can answer it."""

from __future__ import annotations

import re

_GREETING = (
    r"(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|thanks?|thank you|thx|bye|goodbye"
    r"|ok(?:ay)?|yes|no|help|test)"
)
_ADDRESS = r"(?:\s+(?:there|world|you|all|everyone|qa|again|so much|very much|a lot))*"
_TASK = (
    r"(?:(?:please|can you|could you|would you)\s+)*"
    r"(?:summari[sz]e|sum up|translate|rewrite|rephrase|paraphrase|write|draft|compose)\b"
    r"(?:\s+(?:me|us|this|that|it|these|them|the|all|a|an|my|your|article|articles|text|texts|story|stories|news|page|document"
    r"|documents|summary|poem|essay|email|e-mail|letter|of|for|to|into|in|about|briefly|please|everything|content|contents"
    r"|english|german|french|spanish))*"
)
_ABOUT_QA = r"(?:who|what) are you|what can you do|how (?:do|does) (?:you|this|it|qa) work|how are you(?: doing)?(?: today)?"
_NO_QUESTION = re.compile(rf"\W*(?:{_GREETING}{_ADDRESS}\W*)?(?:{_TASK}|{_ABOUT_QA})?\W*", re.IGNORECASE)
_WORD = re.compile(r"\w")
_YES_OR_NO = re.compile(
    r"\W*(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\s"
    r"(?!.*\bor\b)",  # the answer to "was it rye or oats?" is one of the two
    re.IGNORECASE,
)
_COUNT = r"(?:all|some|several|both|two|three|four|five|six|seven|eight|nine|ten|\d+)"
_LIST = re.compile(rf"\W*(?:list|enumerate)\b|\W*(?:name|give|tell|show)\b(?:\s(?:me|us|the))*\s{_COUNT}\b", re.IGNORECASE)

WHAT_QA_DOES = (
    "qa answers questions about the articles it was given, with sentences quoted from them word for word. "
    "It does not chat, summarise or translate. Ask who, what, when, where, why or how, or give a few words to search for."
)


def is_no_question(text: str) -> bool:
    """Whether the whole text is a greeting, a task such as "summarise this", or has no words."""
    return _NO_QUESTION.fullmatch(text) is not None or _WORD.search(text) is None


def has_short_answer(question: str) -> bool:
    """Whether a few words of one sentence can answer; false for yes-or-no questions and requests for lists."""
    return not (_YES_OR_NO.match(question) or _LIST.match(question))
