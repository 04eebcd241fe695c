"""An application and its settings → the guards around it, in their order. Plain ASGI: what they refuse reaches no router.

The order, from the first that a request passes, and why each stands before the next:

- `headers` gives the request an id, which the log, the metrics and every problem name.
- `observer` counts and logs every request, also those that the guards below refuse.
- `failure` turns a defect of anything below into a 500.
- `head` limits the size of the head, before anything reads a header.
- `hosts` refuses what is not for this server at all.
- `origin` refuses what a page of another site sends. It compares with the Host header, which is checked by then.
- `access` asks for the token or session. It counts wrong ones, and a foreign page must not use up a client's tries.
- `rate` counts the requests of each client that `access` lets pass.
- `slow_body` limits the time between two parts of a body. It stands around all that reads one.
- `body` limits the size of a body.
- `idempotency` knows whether the request was done before. It reads the whole body, which is limited by then.
- `head_method` answers HEAD as GET, for the routes alone: what stands above logs and counts the method that was sent.
"""

from __future__ import annotations

from fastapi import FastAPI

from qa.base.settings import Settings
from qa.service.state.file import StateFile
from qa.service.state.idempotency import IdempotentRequests
from web.access.access import Access
from web.guards.access import AccessGuard
from web.guards.body import BodyGuard
from web.guards.failure import FailureGuard
from web.guards.head import HeadGuard
from web.guards.head_method import HeadMethodGuard
from web.guards.headers import ResponseHeaders
from web.guards.hosts import HostGuard
from web.guards.idempotency import IdempotencyGuard
from web.guards.observer import Observer
from web.guards.origin import OriginGuard
from web.guards.rate import RateGuard
from web.guards.slow_body import SlowBodyGuard
from web.runtime.metrics import Metrics


def add_guards(app: FastAPI, settings: Settings, *, state: StateFile, metrics: Metrics, access: Access) -> None:
    """Put the guards around an application. The last line is the outermost guard, which a request passes first."""
    app.add_middleware(HeadMethodGuard)
    app.add_middleware(IdempotencyGuard, requests=IdempotentRequests(state))
    app.add_middleware(BodyGuard, most_bytes=settings.max_upload_bytes)
    app.add_middleware(SlowBodyGuard, seconds=settings.receive_timeout_seconds)
    app.add_middleware(RateGuard, per_minute=settings.requests_per_minute)
    app.add_middleware(AccessGuard, access=access, per_minute=settings.requests_per_minute)
    app.add_middleware(OriginGuard)
    app.add_middleware(HostGuard, hosts=access.hosts)
    app.add_middleware(HeadGuard)
    app.add_middleware(FailureGuard)
    app.add_middleware(Observer, metrics=metrics, log_questions=settings.log_questions)
    app.add_middleware(ResponseHeaders)
