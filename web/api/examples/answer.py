"""Examples of answers, rankings, verified quotes and feedback."""

from __future__ import annotations

from pydantic import JsonValue

from web.api.examples.article import ARTICLE_ID, DIGEST, QUOTE, SOURCE, TITLE, URL

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
CITATION: dict[str, JsonValue] = {
    "number": 1,
    "type": "char_location",
    "article_id": ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "article_digest": DIGEST,
    "article_title": TITLE,
    "cited_text": QUOTE,
    "start_char_index": 0,
    "end_char_index": len(QUOTE),
    "sentence_index": 0,
    "text_before": None,
    "also_in": [],
    "selector": [
        {"type": "TextQuoteSelector", "exact": QUOTE, "prefix": "", "suffix": " She worked until last winter."},
        {"type": "TextPositionSelector", "start": 0, "end": len(QUOTE)},
    ],
    "source": SOURCE,
    "links": {
        "sentence": f"/articles/{ARTICLE_ID}?version={DIGEST}#s0",
        "original": f"{URL}#:~:text=Wilhelmina%20Sorrowby%2C%20who%20sewed%20sails",
    },
    "short_answer": {"start_char_index": 109, "end_char_index": 111},
    "score": 3.4716,
    "undated": False,
    "lead_in": None,
}
_NO_FILTERS: dict[str, JsonValue] = {
    "sources": [],
    "article_ids": [],
    "published_from": None,
    "published_to": None,
    "language": None,
    "as_of": None,
}
MADE = {"id": "ans_3bff54431cf9bc89", "created_at": "2026-11-23T21:54:47Z", "index_generation": 1}
_CONFIDENCE = {"probability": 0.8443, "band": "high", "threshold": 0.15, "answered_threshold": 0.75}
ANSWER: dict[str, object] = {
    "object": "answer",
    **MADE,
    "question": QUESTION,
    "standalone_question": QUESTION,
    "carried": [],
    "status": "answered",
    "answer": f"{QUOTE} [1]",
    "short_answer": {"text": "94", "citation": 1, "start_char_index": 109, "end_char_index": 111},
    "asked_at": "2026-11-23T21:54:47Z",
    "periods": [],
    "filters": _NO_FILTERS,
    "confidence": _CONFIDENCE,
    "citations": [CITATION],
    "nearest": [],
    "reason": None,
    "timings_ms": {"encode": 9.1, "search": 7.7, "read": 65.1, "compose": 0.6, "total": 82.5},
    "notices": [],
    "filter_advice": [],
    "searched_for": [QUESTION],
    "agreeing": 1,
    "statements": [
        {
            "value": "94",
            "kind": "number",
            "relation": "agrees",
            "citation": CITATION,
            "articles": 1,
            "sources": 1,
            "first_day": "2025-02-21",
            "last_day": "2025-02-21",
        }
    ],
}
NOT_FOUND: dict[str, object] = {
    **ANSWER,
    "question": "Who won the chess final?",
    "standalone_question": "Who won the chess final?",
    "agreeing": 0,
    "statements": [],
    "status": "not_found",
    "answer": "Not found in these articles.",
    "short_answer": None,
    "confidence": {**_CONFIDENCE, "probability": 0.07, "band": "low"},
    "citations": [],
    "nearest": [CITATION],
    "reason": "no_answer_read",
}
SEARCH: dict[str, object] = {
    "object": "search",
    "index_generation": 1,
    "question": "sailmaker of Candle Lane in February",
    "asked_at": "2025-03-08T05:00:00Z",
    "periods": [
        {
            "text": "in February",
            "start_char_index": 25,
            "end_char_index": 36,
            "first_day": "2025-02-01",
            "last_day": "2025-02-28",
        }
    ],
    "filters": {**_NO_FILTERS, "sources": ["The Harbour Post"], "published_from": "2025-01-01"},
    "hits": [
        {
            "rank": 1,
            "score": 1.07,
            "passage": {
                "article_id": ARTICLE_ID,
                "article_digest": DIGEST,
                "article_title": TITLE,
                "text": QUOTE,
                "start_char_index": 0,
                "end_char_index": len(QUOTE),
                "sentences": [{"index": 0, "start_char_index": 0, "end_char_index": len(QUOTE), "score": 0.62}],
            },
            "stages": {
                "dense": {"rank": 1, "score": 0.64},
                "lexical": {"rank": 1, "score": 14.2},
                "merged": {"rank": 1, "score": 0.98},
                "ranked": {"rank": 1, "score": 1.07},
                "distinct": {"rank": 1, "score": 1.07},
            },
            "copies": [],
            "source": SOURCE,
            "links": {"sentence": f"/articles/{ARTICLE_ID}?version={DIGEST}#s0", "original": URL},
            "undated": False,
        }
    ],
    "timings_ms": {"encode": 9.1, "search": 7.7, "read": 30.2, "total": 47.0},
    "notices": [],
    "filter_advice": [],
}
_CANDIDATE: dict[str, JsonValue] = {
    "passage_id": f"{ARTICLE_ID}@{DIGEST[:8]}:0-{len(QUOTE)}",
    "article_id": ARTICLE_ID,
    "article_digest": DIGEST,
    "article_title": TITLE,
    "language": "en",
    "text": QUOTE,
    "start_char_index": 0,
    "end_char_index": len(QUOTE),
    "stages": {
        "dense": {"rank": 1, "score": 0.66},
        "lexical": {"rank": 1, "score": 18.3},
        "ranked": {"rank": 1, "score": 2.31},
        "distinct": {"rank": 1, "score": 2.31},
        "after_reading": {"rank": 1, "score": 3.4716},
    },
    "read": True,
    "near_duplicate_of": None,
    "moved": [{"feature": "cosine_gap", "words": "distance in meaning to the nearest candidate", "value": 0.0, "by": 0.62}],
    "links": {"sentence": f"/articles/{ARTICLE_ID}?version={DIGEST}#s0", "original": URL},
}
EXPLANATION: dict[str, object] = {
    "object": "explanation",
    "answer": ANSWER,
    "candidates": [_CANDIDATE],
    "sentences": [
        {
            "passage_id": _CANDIDATE["passage_id"],
            "article_id": ARTICLE_ID,
            "article_title": TITLE,
            "language": "en",
            "index": 0,
            "text": QUOTE,
            "start_char_index": 0,
            "end_char_index": len(QUOTE),
            "score": 3.4716,
            "probability": 0.8443,
            "citation": 1,
            "links": _CANDIDATE["links"],
        }
    ],
    "article": {
        "article_id": "art_b3e9f62e5c5eaea4",
        "given_id": "parrot-tram",
        "article_title": "Parrot rides line 2 to the terminus",
        "fate": "not_a_candidate",
        "because": "No search brought it. By meaning its best passage is 412th of 8,817, and 100 are taken. By words none of its "
        "passages is found. It lacks “Wilhelmina”, “Sorrowby” and “died”.",
        "failed_filters": [],
        "searches": [
            {
                "stage": "dense",
                "rank": 412,
                "of": 8817,
                "score": 0.08,
                "brought": 100,
                "last_score": 0.19,
                "text": "The parrot left the tram at the terminus.",
                "start_char_index": 0,
                "end_char_index": 41,
            },
            {
                "stage": "lexical",
                "rank": None,
                "of": 8817,
                "score": None,
                "brought": 37,
                "last_score": 1.2,
                "text": None,
                "start_char_index": None,
                "end_char_index": None,
            },
        ],
        "words": {"in_passage": [], "elsewhere": [], "missing": ["Wilhelmina", "Sorrowby", "died"]},
        "best": None,
        "near_duplicate_of": None,
        "ahead": [],
        "differences": [],
        "sentence": None,
        "chosen": None,
        "needed_probability": None,
        "not_chosen": None,
        "citations": [],
        "also_in": [],
    },
}
VERIFIED: dict[str, object] = {
    "object": "citation.verified",
    "answer_id": MADE["id"],
    "number": 1,
    "status": "unchanged",
    "article_id": ARTICLE_ID,
    "article_digest": DIGEST,
    "current_digest": DIGEST,
    "cited_text": QUOTE,
    "start_char_index": 0,
    "end_char_index": len(QUOTE),
    "places": [{"start_char_index": 0, "end_char_index": len(QUOTE)}],
    "links": {"cited": f"/v1/articles/{ARTICLE_ID}?version={DIGEST}", "current": f"/v1/articles/{ARTICLE_ID}"},
}
FEEDBACK: dict[str, object] = {
    "object": "feedback",
    "answer_id": MADE["id"],
    "verdict": "not_helpful",
    "citations": [{"number": 1, "verdict": "wrong"}],
    "nearest": [],
}
EVENTS: dict[str, object] = {
    "answer.started": {
        "value": {"event": "answer.started", "data": '{"type": "answer.started", "question": "How old was Mrs. Sorrowby?"}'}
    },
    "answer.stage": {
        "value": {"event": "answer.stage", "data": '{"type": "answer.stage", "stage": "search", "milliseconds": 9.1}'}
    },
    "answer.delta": {
        "value": {"event": "answer.delta", "data": '{"type": "answer.delta", "delta": "She died at the age of 94. [1]"}'}
    },
}
BATCH_BODY: dict[str, JsonValue] = {"questions": [{"question": QUESTION}, {"question": "Who won the chess final?"}]}
ASK_BODY: dict[str, JsonValue] = {"question": QUESTION, "max_citations": 2}
EXPLAIN_BODY: dict[str, JsonValue] = {"question": QUESTION, "article_id": "parrot-tram"}
SEARCH_BODY: dict[str, JsonValue] = {
    "question": "sailmaker of Candle Lane in February",
    "k": 5,
    "asked_at": "2025-03-08T05:00:00Z",
    "filters": {"sources": ["The Harbour Post"], "published_from": "2025"},
}
FEEDBACK_BODY: dict[str, JsonValue] = {"verdict": "wrong", "citation": 1}

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "ask": (ANSWER, NOT_FOUND),
    "search": (SEARCH,),
    "explain": (EXPLANATION,),
    "read_answer": (ANSWER,),
    "give_feedback": (FEEDBACK,),
    "verify_citation": (VERIFIED,),
}
