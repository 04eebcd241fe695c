from __future__ import annotations

import httpx
import pytest
from jsonschema import Draft202012Validator
from servers import ServerProcess

from qa.service.server_file import name_of_server
from web.openai.errors import imitates_openai
from web.problems import PROBLEM_TYPES

OPERATIONS = {
    ("post", "/v1/answers"),
    ("post", "/v1/answers/batch"),
    ("get", "/v1/answers/{answer_id}"),
    ("post", "/v1/answers/{answer_id}/feedback"),
    ("get", "/v1/citations/{answer_id}/{number}/verify"),
    ("post", "/v1/conversations"),
    ("get", "/v1/conversations"),
    ("get", "/v1/conversations/{conversation_id}"),
    ("get", "/v1/conversations/{conversation_id}/export"),
    ("patch", "/v1/conversations/{conversation_id}"),
    ("delete", "/v1/conversations/{conversation_id}"),
    ("post", "/v1/search"),
    ("post", "/v1/explain"),
    ("post", "/v1/chat/completions"),
    ("get", "/v1/models"),
    ("get", "/v1/models/{model}"),
    ("get", "/v1/articles"),
    ("post", "/v1/articles"),
    ("post", "/v1/fetch"),
    ("get", "/v1/articles/{article_id}"),
    ("put", "/v1/articles/{article_id}"),
    ("delete", "/v1/articles/{article_id}"),
    ("get", "/v1/articles/{article_id}/sentences"),
    ("get", "/v1/articles/{article_id}/copies"),
    ("get", "/v1/index"),
    ("post", "/v1/index/rebuild"),
    ("get", "/v1/index/snapshots"),
    ("post", "/v1/index/snapshots"),
    ("post", "/v1/index/snapshots/{name}/restore"),
    ("delete", "/v1/index/snapshots/{name}"),
    ("post", "/v1/uploads"),
    ("get", "/v1/jobs/{job_id}"),
    ("delete", "/v1/jobs/{job_id}"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
    ("get", "/version"),
}


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict:
    return client.get("/openapi.json").json()


def operations(document: dict) -> dict[tuple[str, str], dict]:
    return {(method, path): operation for path, held in document["paths"].items() for method, operation in held.items()}


def test_the_document_is_openapi_3_1_and_names_the_routes_of_the_contract(document: dict) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(operations(document)) == OPERATIONS


def test_every_body_has_an_example_that_its_schema_accepts(document: dict) -> None:
    checked = 0
    for operation in operations(document).values():
        bodies = (
            [operation["requestBody"], *operation["responses"].values()]
            if "requestBody" in operation
            else operation["responses"].values()
        )
        for body in bodies:
            for media in body.get("content", {}).values():
                schema = {**media["schema"], "components": document["components"]}
                resolved = document["components"]["schemas"].get(media["schema"].get("$ref", "").rpartition("/")[2], {})
                examples = [example["value"] for example in media.get("examples", {}).values()] or resolved.get("examples", [])
                assert examples, operation["operationId"]
                for example in examples:
                    Draft202012Validator(schema).validate(example)
                    checked += 1
    assert checked > 40


def test_every_status_that_a_route_can_give_is_a_problem_with_a_name(document: dict) -> None:
    known = {kind.status for kind in PROBLEM_TYPES.values()}
    for (_, path), operation in operations(document).items():
        failures = {int(status) for status in operation["responses"]} - {200, 201, 202, 304}
        invalid = 400 if imitates_openai(path) else 422
        assert {421, 500} <= failures <= (known - {422}) | {invalid}


def test_errors_of_the_routes_that_imitate_openai_have_its_shape(document: dict) -> None:
    for (_, path), operation in operations(document).items():
        kinds = {
            kind
            for status, response in operation["responses"].items()
            if int(status) >= 400
            for kind, media in response["content"].items()
            if media["schema"] == {"$ref": "#/components/schemas/OpenAIProblemShape"}
        }
        assert kinds == ({"application/json"} if imitates_openai(path) else set())
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_the_question_is_as_long_as_the_setting_says(document: dict) -> None:
    assert document["components"]["schemas"]["AskBody"]["properties"]["question"]["maxLength"] == 1_000


def test_the_health_and_the_version_are_told(client: httpx.Client, server: ServerProcess) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "server": name_of_server(server.folder)}
    assert client.get("/version").json() == {"name": "qa", "version": "0.1.0", "api": "v1"}
