"""A client of the HTTP API. It gives the types of `qa.open`, to callers that wait and to event loops.

    >>> from qa.api.client import Client
    >>> with Client("http://127.0.0.1:8000") as index:
    ...     print(index.ask("Who repaired the bridge?").text)

| file | in → out |
|---|---|
| `sync.py` | a method of `Client` → its result |
| `asynchronous.py` | a method of `AsyncClient` → its result, awaited |
| `calls.py` | a method → its calls, and their responses → its result; for both clients |
| `requests.py` | arguments → the parts of a call |
| `exchange.py` | a call → an HTTP request, and its response → the content or an error of qa |
| `events.py` | a line of an event stream → an event of an answer in progress |

Importing it imports neither torch nor faiss nor fastapi.
"""

from qa.api.client.asynchronous import AsyncClient
from qa.api.client.events import AnswerEvent, Cited, Completed, Delta, StageDone
from qa.api.client.sync import Client

__all__ = ["AnswerEvent", "AsyncClient", "Cited", "Client", "Completed", "Delta", "StageDone"]
