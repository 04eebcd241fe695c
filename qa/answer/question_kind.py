"""A text → whether it is a question about the articles, and whether a few words can answer it."""

from __future__ import annotations

import re

_GREETING = (
    r"(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|thanks?|thank you|thx|bye|goodbye"
    r"|ok(?:ay)?|yes|no|help|test)"
)
_ADDRESS = r"(?:\s++(?:there|world|you|all|everyone|qa|again|so much|very much|a lot)\b)*+"
_TASK = (
    r"(?:(?:please|can you|could you|would you)\s++)*+"
    r"(?:summari[sz]e|sum up|translate|rewrite|rephrase|paraphrase|write|draft|compose)\b"
    r"(?:\s++(?:me|us|this|that|it|these|them|the|all|a|an|my|your|article|articles|text|texts|story|stories|news|page|document"
    r"|documents|summary|poem|essay|email|e-mail|letter|of|for|to|into|in|about|briefly|please|everything|content|contents"
    r"|english|german|french|spanish)\b)*+"
)
_ABOUT_QA = r"(?:who|what) are you|what can you do|how (?:do|does) (?:you|this|it|qa) work|how are you(?: doing)?(?: today)?"
_NO_QUESTION = re.compile(rf"\W*+(?:{_GREETING}{_ADDRESS}\W*+)?(?:{_TASK}|{_ABOUT_QA})?\W*+", re.IGNORECASE)
_WORD = re.compile(r"\w")
_YES_OR_NO = re.compile(
    r"\W*+(?:is|are|am i|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\s"
    r"(?!.*\bor\b)",  # the answer to "was it rye or oats?" is one of the two
    re.IGNORECASE,
)
# A question that begins with its verb, in German, Dutch and Spanish; in French also one with its pronoun behind the verb.
_YES_OR_NO_ELSEWHERE = re.compile(
    r"\W*+(?:"
    r"(?:ist|sind|war(?!\s(?:in|on|and|of|crimes?)\b)|waren|hat(?=.*\?)|haben|hatten?|wird|werden|wurden?|kann|können|konnten?"
    r"|darf|dürfen|muss|müssen|musste|soll|sollen|sollte|gibt es|gab es)\s(?!.*\boder\b)"
    r"|(?:zijn|heeft|hebben|wordt|worden|werd|werden|kan|kunnen|mag|moet|moeten|zal|zullen|gaat)\s(?!.*\bof\b)"
    r"|(?<=¿)(?:es|son|está|están|fue|fueron|era|eran|ha|han|había|habían|hay|hubo|puede|pueden|tiene|tienen|va|van|será|debe)\s"
    r"(?!.*\bo\b)"
    r"|est-ce qu(?:e\s|['’])(?!.*\bou\b)"
    r"|(?!.*\b(?:qui|que|quoi|quand|où|comment|combien|pourquoi|quel(?:le)?s?|lequel|laquelle|ou)\b)(?!.*\bqu['’])"
    r".*\b(?:est|sont|était|étaient|fut|sera|a|ont|avait|avaient|aura|va|vont|peut|peuvent|doit|doivent|faut|fait)"
    r"-(?:t-)?(?:ils?|elles?|on|ce)\b"
    r")",
    re.IGNORECASE,
)
# "What" in German, where it reads like the past tense of an English verb.
_WHAT_IN_GERMAN = re.compile(
    r"\W*+was\s(?:(?:ist|sind|war|waren|hat|haben|hatten?|wird|werden|wurden?|kann|soll|muss|macht|machten?|tut|tat|sagt|sagten?"
    r"|geschah|geschieht|passiert|passierte|bedeutet|kostet|kostete|die|genau|alles)\b"
    r"|.*\b(?:der|das|den|dem|des|einen?|einem|einer|und|mit|von|vom|für|auf|sich|nicht|bei|beim|über|nach|zur|zum|er|sie|es)\b)",
    re.IGNORECASE,
)
_WHO_IS = re.compile(r"\W*+(?:(?:and|so)\s)?who(?:['’]s|\s(?:is|was|are|were))\s(?P<first>\w)", re.IGNORECASE)
_COUNT = r"(?:all|some|several|both|two|three|four|five|six|seven|eight|nine|ten|\d+)"
_LIST = re.compile(rf"\W*+(?:list|enumerate)\b|\W*+(?:name|give|tell|show)\b(?:\s(?:me|us|the))*\s{_COUNT}\b", re.IGNORECASE)

WHAT_QA_DOES = (
    "qa answers questions about the articles it was given, with sentences quoted from them word for word. "
    "It does not chat, summarise or translate. Ask who, what, when, where, why or how, or give a few words to search for."
)


def is_no_question(text: str) -> bool:
    """Whether the whole text is a greeting, a task such as "summarise this", or has no words."""
    return _NO_QUESTION.fullmatch(text) is not None or _WORD.search(text) is None


def is_yes_or_no(question: str) -> bool:
    """Whether the question begins as one that yes or no answers does."""
    if _YES_OR_NO_ELSEWHERE.match(question):
        return True
    return _YES_OR_NO.match(question) is not None and _WHAT_IN_GERMAN.match(question) is None


def has_short_answer(question: str) -> bool:
    """Whether a few words of one sentence can answer; false for yes-or-no questions and requests for lists."""
    return not (_LIST.match(question) or is_yes_or_no(question))


def asks_who_somebody_is(question: str) -> bool:
    """Whether it asks what is known of somebody whom it names, and not for a name."""
    asked = _WHO_IS.match(question)
    return asked is not None and asked["first"].isupper()
