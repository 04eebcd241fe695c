"""Examples of what the routes that imitate OpenAI's API take and return."""

from __future__ import annotations

from pydantic import JsonValue

from web.api.examples.answer import ANSWER, QUESTION
from web.api.examples.article import QUOTE, TITLE, URL

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
                            "end_index": len(QUOTE),
                            "title": TITLE,
                            "url": f"{URL}#:~:text=Wilhelmina%20Sorrowby%2C%20who%20sewed%20sails",
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
    "messages": [{"role": "user", "content": QUESTION}],
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

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "complete_chat": (COMPLETION,),
    "list_models": ({"object": "list", "data": [MODEL_DESCRIBED]},),
    "read_model": (MODEL_DESCRIBED,),
}
