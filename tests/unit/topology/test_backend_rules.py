"""What stands behind a private API: one rule, one break, exactly that problem."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hatchway.topology import Problem, TopologyError, load

ORDERS = "arn:aws:lambda:eu-west-1:222222222222:function:orders"
INTEGRATION = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "Catalogue", "version": "1"},
    "paths": {"/items/{id}": {"get": {"x-amazon-apigateway-integration": INTEGRATION}}},
}

Found = list[tuple[str, str]]
Judge = Callable[..., Found]


@pytest.fixture
def judge(estate: str, tmp_path: Path) -> Judge:
    """What is wrong with the good topology when an API's definition is another: keys, and what is said."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "app.py").write_text("def handler(event, context): ...\n")

    def run(api: dict[str, Any], files: dict[str, str] | None = None) -> Found:
        document = YAML(typ="safe").load(estate)
        document["services"]["orders"]["api"] = api
        document["services"]["orders"]["checks"] = []
        for name, text in (files or {}).items():
            (tmp_path / name).write_text(text)
        (tmp_path / "hatchway.yaml").write_text(json.dumps(document))
        try:
            load(tmp_path / "hatchway.yaml")
        except TopologyError as error:
            return [_said(problem) for problem in error.problems]
        return []

    return run


def _said(problem: Problem) -> tuple[str, str]:
    return problem.key.removeprefix("services.orders.api."), problem.message


def created(**changes: Any) -> dict[str, Any]:
    return {"lambda": {"create": {"directory": "code", "handler": "app.handler", **changes}}}


def routes(*answers: dict[str, Any]) -> dict[str, Any]:
    return {
        "routes": [
            {"method": "GET", "path": f"/{index}/{{id}}", **answer} for index, answer in enumerate(answers)
        ]
    }


def with_openapi(change: Callable[[Any], object]) -> dict[str, str]:
    document = copy.deepcopy(OPENAPI)
    change(document)
    return {"catalogue.yaml": json.dumps(document, indent=1)}


@pytest.mark.parametrize(
    "answer",
    [
        created(),
        created(handler="app.handler", runtime="python3.13", timeout_seconds=3),
        {"lambda": {"existing": ORDERS}},
        {"lambda": {"existing": f"{ORDERS}:live"}},
        {"http": {"url": "https://backend.example.com/items/{id}"}},
        {"mock": {}},
    ],
)
def test_accepts_each_kind_of_backend(judge: Judge, answer: dict[str, Any]) -> None:
    assert judge(routes(answer)) == []


@pytest.mark.parametrize(
    ("answer", "key", "message"),
    [
        (created(directory="cold"), "directory", "is not a folder beside the topology's file"),
        (created(directory="code/app.py"), "directory", "is not a folder beside the topology's file"),
        (created(handler="main.handler"), "handler", "is not in code: it has no main.py"),
        (created(handler="pkg.app.handler"), "handler", "is not in code: it has no pkg/app.py"),
        (
            created(runtime="nodejs22.x"),
            "handler",
            "is not in code: it has no app.js or app.mjs or app.cjs",
        ),
        (created(runtime="provided.al2023"), "handler", "is not in code: it has no bootstrap"),
    ],
)
def test_refuses_a_folder_that_no_function_can_be_made_of(
    judge: Judge, answer: dict[str, Any], key: str, message: str
) -> None:
    assert judge(routes(answer)) == [(f"routes[0].lambda.create.{key}", message)]


def test_refuses_a_folder_that_is_too_large_to_upload(judge: Judge, tmp_path: Path) -> None:
    with (tmp_path / "code" / "model.bin").open("wb") as file:
        file.truncate(51 * 1024 * 1024)

    assert judge(routes(created())) == [
        ("routes[0].lambda.create.directory", "has 51 MiB, Lambda takes packages of 50")
    ]


def test_refuses_two_descriptions_of_one_function(judge: Judge) -> None:
    assert judge(routes(created(), created(timeout_seconds=9))) == [
        (
            "routes[1].lambda.create",
            "differs from services.orders.api.routes[0].lambda.create, which is the same function",
        )
    ]


def test_accepts_one_function_of_two_routes(judge: Judge) -> None:
    assert judge(routes(created(), created())) == []


@pytest.mark.parametrize(
    "arn", [ORDERS.replace("222222222222", "111111111111"), ORDERS.replace("eu-west-1", "eu-west-2")]
)
def test_refuses_an_existing_function_of_another_account_or_region(judge: Judge, arn: str) -> None:
    assert judge(routes({"lambda": {"existing": arn}})) == [
        ("routes[0].lambda.existing", "is not in the service's account (222222222222, eu-west-1)")
    ]


def test_refuses_a_url_with_a_variable_that_the_path_does_not_have(judge: Judge) -> None:
    assert judge(routes({"http": {"url": "https://backend.example.com/{ID}"}})) == [
        ("routes[0].http.url", "has {ID}, and the route's path ('/0/{id}') has no such variable")
    ]


def test_accepts_a_document(judge: Judge) -> None:
    assert judge({"openapi": "catalogue.yaml"}, with_openapi(dict)) == []


def _operation(document: Any) -> Any:
    return document["paths"]["/items/{id}"]["get"]


DOCUMENTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "openapi_3_1": (
        lambda it: it.update(openapi="3.1.0"),
        "line 2: openapi is not a version of OpenAPI 3.0, which is what API Gateway imports",
    ),
    "swagger": (
        lambda it: (it.pop("openapi"), it.update(swagger="2.0")),
        "line 1: openapi is not a version of OpenAPI 3.0, which is what API Gateway imports",
    ),
    "no_title": (lambda it: it["info"].pop("title"), "line 3: info.title is missing, or is not text"),
    "own_policy": (
        lambda it: it.update({"x-amazon-apigateway-policy": {}}),
        "line 19: x-amazon-apigateway-policy is written by Hatchway, and the document brings one",
    ),
    "own_endpoint": (
        lambda it: it.update({"x-amazon-apigateway-endpoint-configuration": {}}),
        (
            "line 19: x-amazon-apigateway-endpoint-configuration is written by Hatchway, "
            "and the document brings one"
        ),
    ),
    "no_path": (lambda it: it.update(paths={}), "line 7: paths has no path"),
    "no_method": (lambda it: it.update(paths={"/a": {}}), "line 7: paths has no method"),
    "relative_path": (
        lambda it: it["paths"].update(a=it["paths"].pop("/items/{id}")),
        "line 8: paths.a does not begin with '/'",
    ),
    "no_integration": (
        lambda it: _operation(it).clear(),
        (
            "line 9: paths.'/items/{id}'.get has no x-amazon-apigateway-integration, "
            "so API Gateway does not know what answers"
        ),
    ),
    "unknown_type": (
        lambda it: _operation(it).update({"x-amazon-apigateway-integration": {"type": "lambda"}}),
        (
            "line 11: paths.'/items/{id}'.get.x-amazon-apigateway-integration.type is not one of "
            "aws, aws_proxy, http, http_proxy, mock"
        ),
    ),
    "no_uri": (
        lambda it: _operation(it).update(
            {"x-amazon-apigateway-integration": {"type": "AWS_PROXY", "httpMethod": "POST"}}
        ),
        (
            "line 10: paths.'/items/{id}'.get.x-amazon-apigateway-integration.uri is missing, "
            "and type 'AWS_PROXY' needs it"
        ),
    ),
    "two_variables": (
        lambda it: it["paths"].update({"/items/{name}/parts": it["paths"]["/items/{id}"]}),
        "line 18: paths.'/items/{name}/parts' has {name} where another path has {id}, under '/items'",
    ),
    "outside_reference": (
        lambda it: _operation(it).update(responses={"200": {"$ref": "other.yaml#/answer"}}),
        "line 18: paths.'/items/{id}'.get.responses.200.'$ref' refers to something outside the document",
    ),
}


@pytest.mark.parametrize(("change", "said"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_refuses_a_document_with_its_line(judge: Judge, change: Callable[[Any], object], said: str) -> None:
    found = judge({"openapi": "catalogue.yaml"}, with_openapi(change))

    assert found == [("openapi", f"cannot be used: catalogue.yaml, {said}")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openapi: [", "catalogue.yaml, line 1: does not parse as YAML: while parsing a flow node, expected"),
        ("- 1", "catalogue.yaml, line 1: is not a mapping"),
        ("", "catalogue.yaml is empty"),
        ("a: &a {b: *a}", "catalogue.yaml, line 1: a.b contains itself"),
    ],
)
def test_refuses_what_is_no_document(judge: Judge, text: str, said: str) -> None:
    found = judge({"openapi": "catalogue.yaml"}, {"catalogue.yaml": text})

    assert found[0][0] == "openapi"
    assert any(message.startswith(f"cannot be used: {said}") for _, message in found)


def test_refuses_a_document_that_is_not_there(judge: Judge) -> None:
    assert judge({"openapi": "elsewhere.yaml"}) == [
        ("openapi", "cannot be used: elsewhere.yaml does not exist")
    ]


def test_refuses_more_resources_than_an_api_takes(judge: Judge) -> None:
    answers = [{"mock": {}}] * 151

    assert judge(routes(*answers[:150])) == []
    assert judge(routes(*answers)) == [("routes", "needs 302 resources, and the quota of an API is 300")]


def test_refuses_a_document_with_more_resources_than_an_api_takes(judge: Judge) -> None:
    def change(document: Any) -> None:
        document["paths"] = {f"/{index}": document["paths"]["/items/{id}"] for index in range(301)}

    assert judge({"openapi": "catalogue.yaml"}, with_openapi(change)) == [
        ("openapi", "needs 301 resources, and the quota of an API is 300")
    ]
