"""A client of the HTTP API with the types of the index in-process, for callers that wait and for event loops.

exchange.py     a call → what is sent, and what comes back → its content or an error of qa
requests.py     what is asked for → the parts of a request
events.py       lines of an event stream → what they tell of an answer in the making
operations.py   what a client can do → the calls for it, and what their responses hold
waiting.py      the client whose callers wait
awaiting.py     the client for an event loop

    >>> from qa.api.client import Client
    >>> with Client("http://127.0.0.1:8000") as index:
    ...     print(index.ask("Who repaired the bridge?").text)

Importing this imports neither torch nor faiss nor fastapi.
"""

from qa.api.client.asynchronous import AsyncClient
from qa.api.client.events import AnswerEvent, Cited, Completed, Delta, StageDone
from qa.api.client.sync import Client

__all__ = ["AnswerEvent", "AsyncClient", "Cited", "Client", "Completed", "Delta", "StageDone"]
