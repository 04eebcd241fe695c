"""Examples for the OpenAPI document; a test holds each against its shape. All are from the sample articles."""

from __future__ import annotations

from pydantic import JsonValue

_ARTICLE_ID = "art_66908c059fdd17c0"
_DIGEST = "a597672a8aa158111d7a4bd5c1f2b4f9c9f3ec0f8f6fbd8eb4d8ae1f5a0b6b60"
_QUOTE = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
_QUESTION = "How old was Wilhelmina Sorrowby when she died?"
_URL = "https://harbourpost.example/2025/02/sorrowby-obituary"
_SOURCE: dict[str, JsonValue] = {
    "name": "The Harbour Post",
    "url": _URL,
    "author": "Odette Farrow",
    "published_at": "2025-02-21",
    "language": "en",
}
_CITATION: dict[str, JsonValue] = {
    "number": 1,
    "type": "char_location",
    "article_id": _ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "article_digest": _DIGEST,
    "article_title": "Wilhelmina Sorrowby, the last sailmaker of Candle Lane",
    "cited_text": _QUOTE,
    "start_char_index": 0,
    "end_char_index": len(_QUOTE),
    "sentence_index": 0,
    "text_before": None,
    "also_in": [],
    "selector": [
        {"type": "TextQuoteSelector", "exact": _QUOTE, "prefix": "", "suffix": " She worked until last winter."},
        {"type": "TextPositionSelector", "start": 0, "end": len(_QUOTE)},
    ],
    "source": _SOURCE,
    "links": {
        "sentence": f"/articles/{_ARTICLE_ID}?version={_DIGEST}#s0",
        "original": f"{_URL}#:~:text=Wilhelmina%20Sorrowby%2C%20who%20sewed%20sails",
    },
    "short_answer": {"start_char_index": 109, "end_char_index": 111},
    "score": 9.4,
}
_NO_FILTERS: dict[str, JsonValue] = {
    "sources": [],
    "article_ids": [],
    "published_from": None,
    "published_to": None,
    "language": None,
}
_MADE = {"id": "ans_3bff54431cf9bc89", "created_at": "2026-11-23T21:54:47Z", "index_generation": 1}
_CONFIDENCE = {"probability": 0.86, "band": "high", "threshold": 0.2, "answered_threshold": 0.5}

ANSWER: dict[str, object] = {
    "object": "answer",
    **_MADE,
    "question": _QUESTION,
    "standalone_question": _QUESTION,
    "carried": [],
    "status": "answered",
    "answer": f"{_QUOTE} [1]",
    "short_answer": {"text": "94", "citation": 1, "start_char_index": 109, "end_char_index": 111},
    "asked_at": "2026-11-23T21:54:47Z",
    "periods": [],
    "filters": _NO_FILTERS,
    "confidence": _CONFIDENCE,
    "citations": [_CITATION],
    "nearest": [],
    "reason": None,
    "timings_ms": {"encode": 9.1, "search": 7.7, "read": 65.1, "compose": 0.6, "total": 82.5},
}
NOT_FOUND: dict[str, object] = {
    **ANSWER,
    "question": "Who won the chess final?",
    "standalone_question": "Who won the chess final?",
    "status": "not_found",
    "answer": "Not found in these articles.",
    "short_answer": None,
    "confidence": {**_CONFIDENCE, "probability": 0.07, "band": "low"},
    "citations": [],
    "nearest": [_CITATION],
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
                "article_id": _ARTICLE_ID,
                "article_digest": _DIGEST,
                "article_title": _CITATION["article_title"],
                "text": _QUOTE,
                "start_char_index": 0,
                "end_char_index": len(_QUOTE),
                "sentences": [{"index": 0, "start_char_index": 0, "end_char_index": len(_QUOTE), "score": 0.62}],
            },
            "stages": {
                "dense": {"rank": 1, "score": 0.64},
                "lexical": {"rank": 1, "score": 14.2},
                "merged": {"rank": 1, "score": 0.98},
                "recency": {"rank": 1, "score": 1.07},
                "distinct": {"rank": 1, "score": 1.07},
            },
            "copies": [],
            "source": _SOURCE,
            "links": {"sentence": f"/articles/{_ARTICLE_ID}?version={_DIGEST}#s0", "original": _URL},
        }
    ],
    "timings_ms": {"encode": 9.1, "search": 7.7, "read": 30.2, "total": 47.0},
}
_LISTED = {
    "object": "article",
    "article_id": _ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "article_digest": _DIGEST,
    "article_title": _CITATION["article_title"],
    "characters": 1_204,
    "passages": 2,
    "added_at": "2026-11-23T21:54:40Z",
    "source": _SOURCE,
}
ARTICLES: dict[str, object] = {"object": "list", "index_generation": 1, "data": [_LISTED], "next_cursor": "YmVmb3JlOjQy"}
ARTICLE: dict[str, object] = {**_LISTED, "characters": len(_QUOTE), "passages": 1, "text": _QUOTE}
SENTENCES: dict[str, object] = {
    "object": "list",
    "article_id": _ARTICLE_ID,
    "article_digest": _DIGEST,
    "data": [{"index": 0, "start_char_index": 0, "end_char_index": len(_QUOTE), "kind": "prose", "text": _QUOTE}],
}
COPIES: dict[str, object] = {
    "object": "list",
    "article_id": _ARTICLE_ID,
    "data": [
        {
            **_LISTED,
            "article_id": "art_9a1c07f2be8d6640",
            "given_id": "sorrowby-obituary-courier",
            "article_title": "Last sailmaker of Candle Lane dies",
            "source": {**_SOURCE, "name": "Varrow Courier", "url": None},
        }
    ],
}
PUT_BODY: dict[str, JsonValue] = {
    "text": "Sorrowby was born in 1931. He kept the lighthouse for forty years.",
    "title": "The keeper of the light",
    "source": "Harbour Post",
    "published_at": "2024-03-08",
}

PUT: dict[str, object] = {
    "object": "article.put",
    "index_generation": 3,
    "status": "changed",
    "article_id": _ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "article_digest": _DIGEST,
    "notices": [],
}

PUT_NEW: dict[str, object] = {"examples": {"example 1": {"value": {**PUT, "status": "added"}}}}

ADDED: dict[str, object] = {
    "object": "articles.added",
    "index_generation": 2,
    "added": 1,
    "changed": 0,
    "unchanged": 0,
    "refused": 1,
    "articles": [
        {
            "position": 0,
            "status": "added",
            "article_id": _ARTICLE_ID,
            "given_id": "sorrowby-obituary",
            "article_digest": _DIGEST,
            "reason": None,
            "notices": ["the date 'yesterday' is no date; the article is kept without a date"],
        },
        {
            "position": 1,
            "status": "refused",
            "article_id": None,
            "given_id": None,
            "article_digest": None,
            "reason": "'sorrowby-obituary' has been given before, at position 0",
            "notices": [],
        },
    ],
}
VERIFIED: dict[str, object] = {
    "object": "citation.verified",
    "answer_id": _MADE["id"],
    "number": 1,
    "status": "unchanged",
    "article_id": _ARTICLE_ID,
    "article_digest": _DIGEST,
    "current_digest": _DIGEST,
    "cited_text": _QUOTE,
    "start_char_index": 0,
    "end_char_index": len(_QUOTE),
    "places": [{"start_char_index": 0, "end_char_index": len(_QUOTE)}],
    "links": {"cited": f"/v1/articles/{_ARTICLE_ID}?version={_DIGEST}", "current": f"/v1/articles/{_ARTICLE_ID}"},
}
FETCHED: dict[str, object] = {
    "object": "addresses.fetched",
    "index_generation": 2,
    "data": [
        {
            "url": _URL,
            "status": "added",
            "article_id": _ARTICLE_ID,
            "given_id": _URL,
            "article_digest": _DIGEST,
            "article_title": _CITATION["article_title"],
            "reason": None,
            "notices": [],
        }
    ],
}
REMOVED: dict[str, object] = {
    "object": "article.removed",
    "article_id": _ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "restorable_until": "2026-11-23T22:04:47Z",
}
INDEX: dict[str, object] = {
    "object": "index",
    "name": "default",
    "index_generation": 1,
    "articles": 44,
    "sentences": 702,
    "passages": 83,
    "changed_at": "2026-11-23T21:54:40Z",
    "last_added_at": "2026-11-23T21:54:40Z",
    "encoder": {
        "name": "all-MiniLM-L6-v2",
        "digest": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "dimension": 384,
        "max_tokens": 256,
        "passage_prompt": "",
        "precision": "bfloat16",
    },
    "reader": {"name": "similarity"},
    "passage_rule": {"characters": 900, "overlap_sentences": 0, "title_tokens": 32},
    "digests": {"vectors.faiss": "9f2b6c0d…", "postings/meta.json": "4cc1e7aa…"},
}
FEEDBACK: dict[str, object] = {
    "object": "feedback",
    "answer_id": _MADE["id"],
    "verdict": "not_helpful",
    "citations": [{"number": 1, "verdict": "wrong"}],
    "nearest": [],
}
HEALTH: dict[str, object] = {"status": "ok"}
READY: dict[str, object] = {"status": "ready", "index_generation": 1}
VERSION: dict[str, object] = {"name": "qa", "version": "0.1.0", "api": "v1"}
PLACES = [{"pointer": "#/question", "code": "missing", "detail": "Field required."}]

CONVERSATION: dict[str, object] = {
    "object": "conversation",
    "id": "cnv_p5rBdU3H6mQ9sT1vXw2yZA",
    "title": "The last sailmaker",
    "created_at": "2026-11-23T21:54:40.120Z",
    "updated_at": "2026-11-23T21:54:47.004Z",
    "turns": [ANSWER],
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

SAVED = "# How old was Mrs. Sorrowby?\n\n## How old was Mrs. Sorrowby?\n\n> She died at the age of 94. \\[1\\]\n"

CONVERSATIONS: dict[str, object] = {
    "object": "list",
    "data": [
        {
            "object": "conversation.line",
            "id": "cnv_p5rBdU3H6mQ9sT1vXw2yZA",
            "title": "The last sailmaker",
            "updated_at": "2026-11-23T21:54:47.004Z",
            "questions": 1,
        }
    ],
    "next_cursor": None,
}
REMOVED_CONVERSATION: dict[str, object] = {
    "object": "conversation.removed",
    "id": "cnv_p5rBdU3H6mQ9sT1vXw2yZA",
    "restorable_until": "2026-11-23T22:04:47Z",
}
_JOB: dict[str, object] = {
    "object": "job",
    "id": "job_Qd0xW3n5Jt1uYb7sKc2mVA",
    "kind": "answers",
    "state": "running",
    "created_at": "2026-11-23T21:54:46Z",
    "started_at": "2026-11-23T21:54:46Z",
    "ended_at": None,
    "counts": {"total": 2, "done": 1, "failed": 0},
    "problem": None,
    "items": [
        {
            "object": "answered",
            "position": 0,
            "question": _QUESTION,
            "answer_id": _MADE["id"],
            "answer": ANSWER,
            "problem": None,
        }
    ],
}
_QUEUED: dict[str, object] = {
    **_JOB,
    "state": "queued",
    "started_at": None,
    "counts": {"total": 2, "done": 0, "failed": 0},
    "items": [],
}
_ADDING: dict[str, object] = {
    **_JOB,
    "kind": "uploads",
    "state": "succeeded",
    "ended_at": "2026-11-23T21:54:58Z",
    "counts": {"total": 1, "done": 1, "failed": 0},
    "items": [
        {
            "object": "uploaded",
            "position": 0,
            "name": "harbour-post.jsonl",
            "added": 1,
            "changed": 0,
            "unchanged": 0,
            "refused": 1,
            "articles": [_ARTICLE_ID],
            "refusals": [{"line": 7, "reason": "it has no text"}],
            "notices": [],
        }
    ],
}
BATCH_BODY: dict[str, JsonValue] = {"questions": [{"question": _QUESTION}, {"question": "Who won the chess final?"}]}
UPLOAD_BODY: dict[str, JsonValue] = {"files": ["(the bytes of harbour-post.jsonl)"]}
ASK_BODY: dict[str, JsonValue] = {"question": _QUESTION, "max_citations": 2}
SEARCH_BODY: dict[str, JsonValue] = {
    "question": "sailmaker of Candle Lane in February",
    "k": 5,
    "asked_at": "2025-03-08T05:00:00Z",
    "filters": {"sources": ["The Harbour Post"], "published_from": "2025"},
}
FEEDBACK_BODY: dict[str, JsonValue] = {"verdict": "wrong", "citation": 1}
FETCH_BODY: dict[str, JsonValue] = {"urls": [_URL]}
BEGIN_BODY: dict[str, JsonValue] = {"title": "The last sailmaker"}
RENAME_BODY: dict[str, JsonValue] = {"title": "The last sailmaker of Candle Lane"}
ADD_BODY: dict[str, JsonValue] = {
    "articles": [
        {
            "id": "sorrowby-obituary",
            "title": _CITATION["article_title"],
            "text": _QUOTE,
            "url": _URL,
            "source": "The Harbour Post",
            "author": "Odette Farrow",
            "published_at": "21 February 2025",
            "language": "en",
        }
    ]
}

MODEL_DESCRIBED: dict[str, object] = {"id": "qa", "object": "model", "created": 1_764_020_480, "owned_by": "qa"}
COMPLETION: dict[str, object] = {
    "id": "chatcmpl-5f0c2a97d1be44087a6e3b12",
    "object": "chat.completion",
    "created": 1_764_020_487,
    "model": "qa",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": ANSWER["answer"],
                "refusal": None,
                "annotations": [
                    {
                        "type": "url_citation",
                        "url_citation": {
                            "start_index": 0,
                            "end_index": len(_QUOTE),
                            "title": _CITATION["article_title"],
                            "url": f"{_URL}#:~:text=Wilhelmina%20Sorrowby%2C%20who%20sewed%20sails",
                        },
                    }
                ],
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 11, "completion_tokens": 37, "total_tokens": 48},
    "qa": ANSWER,
}
COMPLETION_BODY: dict[str, JsonValue] = {
    "model": "qa",
    "messages": [{"role": "user", "content": _QUESTION}],
    "qa": {"max_citations": 2},
}
CHUNKS: dict[str, object] = {
    "text": {
        "value": {
            "data": '{"object": "chat.completion.chunk", "id": "chatcmpl-5f0c2a97d1be44087a6e3b12", "created": 1764020487, '
            '"model": "qa", "choices": [{"index": 0, "delta": {"content": "She died at the age of 94. [1]"}, "logprobs": null, '
            '"finish_reason": null}]}'
        }
    },
    "end": {"value": {"data": "[DONE]"}},
}

# What each operation answers, by its id.
METRICS = """\
# HELP qa_answers_total Answers that were given; why nothing was found.
# TYPE qa_answers_total counter
qa_answers_total{reason="",status="answered"} 12.0
"""

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "ask": (ANSWER, NOT_FOUND),
    "ask_batch": (_QUEUED,),
    "read_job": (_JOB, _ADDING),
    "cancel_job": ({**_JOB, "state": "cancelled", "ended_at": "2026-11-23T21:54:47Z"},),
    "upload": ({**_QUEUED, "kind": "uploads", "counts": {"total": 1, "done": 0, "failed": 0}},),
    "rebuild_index": ({**_QUEUED, "kind": "rebuild", "counts": {"total": 44, "done": 0, "failed": 0}},),
    "complete_chat": (COMPLETION,),
    "list_models": ({"object": "list", "data": [MODEL_DESCRIBED]},),
    "read_model": (MODEL_DESCRIBED,),
    "search": (SEARCH,),
    "list_articles": (ARTICLES,),
    "list_copies": (COPIES,),
    "add_articles": (ADDED,),
    "fetch": (FETCHED,),
    "read_answer": (ANSWER,),
    "begin_conversation": ({**CONVERSATION, "turns": []},),
    "list_conversations": (CONVERSATIONS,),
    "read_conversation": (CONVERSATION,),
    "export_conversation": (CONVERSATION,),
    "rename_conversation": (CONVERSATION,),
    "remove_conversation": (REMOVED_CONVERSATION,),
    "give_feedback": (FEEDBACK,),
    "verify_citation": (VERIFIED,),
    "read_article": (ARTICLE,),
    "read_sentences": (SENTENCES,),
    "put_article": (PUT,),
    "remove_article": (REMOVED,),
    "describe_index": (INDEX,),
    "health": (HEALTH,),
    "readiness": (READY,),
    "version": (VERSION,),
}
