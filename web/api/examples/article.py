"""Examples of articles, and of adding, fetching and removing them."""

from __future__ import annotations

from pydantic import JsonValue

ARTICLE_ID = "art_66908c059fdd17c0"
DIGEST = "a597672a8aa158111d7a4bd5c1f2b4f9c9f3ec0f8f6fbd8eb4d8ae1f5a0b6b60"
QUOTE = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
TITLE = "Wilhelmina Sorrowby, the last sailmaker of Candle Lane"
URL = "https://harbourpost.example/2025/02/sorrowby-obituary"
SOURCE: dict[str, JsonValue] = {
    "name": "The Harbour Post",
    "url": URL,
    "author": "Odette Farrow",
    "published_at": "2025-02-21",
    "language": "en",
}
_LISTED = {
    "object": "article",
    "article_id": ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "article_digest": DIGEST,
    "article_title": TITLE,
    "characters": 1_204,
    "passages": 2,
    "added_at": "2026-11-23T21:54:40Z",
    "source": SOURCE,
}
ARTICLES: dict[str, object] = {"object": "list", "index_generation": 1, "data": [_LISTED], "next_cursor": "YmVmb3JlOjQy"}
ARTICLE: dict[str, object] = {**_LISTED, "characters": len(QUOTE), "passages": 1, "text": QUOTE}
SENTENCES: dict[str, object] = {
    "object": "list",
    "article_id": ARTICLE_ID,
    "article_digest": DIGEST,
    "data": [{"index": 0, "start_char_index": 0, "end_char_index": len(QUOTE), "kind": "prose", "text": QUOTE}],
}
COPIES: dict[str, object] = {
    "object": "list",
    "article_id": ARTICLE_ID,
    "data": [
        {
            **_LISTED,
            "article_id": "art_9a1c07f2be8d6640",
            "given_id": "sorrowby-obituary-courier",
            "article_title": "Last sailmaker of Candle Lane dies",
            "source": {**SOURCE, "name": "Varrow Courier", "url": None},
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
    "article_id": ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "article_digest": DIGEST,
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
            "article_id": ARTICLE_ID,
            "given_id": "sorrowby-obituary",
            "article_digest": DIGEST,
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
FETCHED: dict[str, object] = {
    "object": "addresses.fetched",
    "index_generation": 2,
    "data": [
        {
            "url": URL,
            "status": "added",
            "article_id": ARTICLE_ID,
            "given_id": URL,
            "article_digest": DIGEST,
            "article_title": TITLE,
            "reason": None,
            "notices": [],
        }
    ],
}
REMOVED: dict[str, object] = {
    "object": "article.removed",
    "article_id": ARTICLE_ID,
    "given_id": "sorrowby-obituary",
    "restorable_until": "2026-11-23T22:04:47Z",
}
FETCH_BODY: dict[str, JsonValue] = {"urls": [URL]}
ADD_BODY: dict[str, JsonValue] = {
    "articles": [
        {
            "id": "sorrowby-obituary",
            "title": TITLE,
            "text": QUOTE,
            "url": URL,
            "source": "The Harbour Post",
            "author": "Odette Farrow",
            "published_at": "21 February 2025",
            "language": "en",
        }
    ]
}

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "list_articles": (ARTICLES,),
    "list_copies": (COPIES,),
    "add_articles": (ADDED,),
    "fetch": (FETCHED,),
    "read_article": (ARTICLE,),
    "read_sentences": (SENTENCES,),
    "put_article": (PUT,),
    "remove_article": (REMOVED,),
}
