"""Servers that qa must not use, each a real one of gRPC that says one thing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from pymilvus.grpc_gen import common_pb2, milvus_pb2, milvus_pb2_grpc

from qa.base.errors import EngineError, EngineUnreachable
from qa.index.milvus.server import MilvusPlace, MilvusServer


class Answering(milvus_pb2_grpc.MilvusServiceServicer):
    """Says its version to whoever has the token."""

    def __init__(self) -> None:
        self.version = "v2.6.4"
        self.token = ""
        self.seconds = 0.0

    def Connect(self, request: object, context: grpc.ServicerContext) -> milvus_pb2.ConnectResponse:  # noqa: ARG002, N802
        if self.token and dict(context.invocation_metadata()).get("authorization") != self.token:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure, please check username and password are correct")
        return milvus_pb2.ConnectResponse(status=common_pb2.Status())

    def GetVersion(self, request: object, context: object) -> milvus_pb2.GetVersionResponse:  # noqa: ARG002, N802
        time.sleep(self.seconds)
        return milvus_pb2.GetVersionResponse(status=common_pb2.Status(), version=self.version)


@pytest.fixture
def answering() -> Iterator[tuple[Answering, str]]:
    """What answers, and its address."""
    service, server = Answering(), grpc.server(ThreadPoolExecutor(max_workers=2))
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield service, f"http://127.0.0.1:{port}"
    server.stop(grace=None).wait()


def _version(uri: str, **given: object) -> str:
    server = MilvusServer(MilvusPlace(uri, "qa", **{"retries": 0, "timeout_seconds": 2.0, **given}))  # type: ignore[arg-type]
    try:
        return str(server.call(lambda client, timeout: client.get_server_version(timeout=timeout)))
    finally:
        server.close()


@pytest.mark.parametrize("version", ["v2.5.0", "2.6.4-gpu", "v3.0-beta", "milvus_lite-3.2.2"])
def test_a_version_with_a_search_by_words_is_taken(answering: tuple[Answering, str], version: str) -> None:
    answering[0].version = version
    assert _version(answering[1]) == version


@pytest.mark.parametrize("version", ["v2.4.23", "1.1.1", "milvus_lite-2.5.1", "master"])
def test_another_version_is_refused_and_named(answering: tuple[Answering, str], version: str) -> None:
    answering[0].version = version
    with pytest.raises(EngineError, match=f"version '{version}'; qa needs .*2.5|version '{version}'; qa needs Milvus Lite 3.0"):
        _version(answering[1])


def test_a_token_that_is_refused_is_no_server_that_is_away(answering: tuple[Answering, str]) -> None:
    service, uri = answering
    service.token = "cm9vdDpzZWNyZXQ="  # root:secret, as the client sends it
    assert _version(uri, token="root:secret") == "v2.6.4"
    for token in ("root:guess", ""):
        with pytest.raises(EngineError, match="QA_ENGINE_TOKEN") as refused:
            _version(uri, token=token)
        assert not isinstance(refused.value, EngineUnreachable)
        assert "guess" not in str(refused.value)


def test_a_server_that_takes_too_long_is_not_waited_for(answering: tuple[Answering, str]) -> None:
    service, uri = answering
    service.seconds = 3
    started = time.monotonic()
    with pytest.raises(EngineUnreachable, match="does not answer"):
        _version(uri, timeout_seconds=0.2)
    assert time.monotonic() - started < 2


def test_a_call_is_repeated_until_the_server_is_there() -> None:
    with pytest.raises(EngineUnreachable, match=r"does not answer.*Start it, or check the setting uri"):
        _version("http://127.0.0.1:1", retries=1)
