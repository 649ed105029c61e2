"""Who may enter: each kind of authorizer, by name and by default."""

from collections.abc import Callable

import pytest

from tests.synth.synthesized import Document, Synth

EXISTING = "arn:aws:lambda:eu-west-1:111111111111:function:gate"
POOL = "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEf123"


@pytest.fixture
def authorized(document: Document) -> Document:
    """One service with a route per authorizer."""
    document["gateway"] |= {
        "api_id_header": "pinned",
        "authorizers": {
            "partners": {
                "lambda": {"type": "token", "identity_header": "X-Partner", "identity_pattern": "^x"}
            },
            "gate": {"lambda": {"function": {"existing": f"{EXISTING}:live"}, "result_ttl_seconds": 60}},
            "people": {"cognito": {"user_pool_arns": [POOL], "scopes": ["orders/read"]}},
            "machines": {"iam": {}},
        },
    }
    document["services"]["orders"]["routes"] = [
        {"path": f"/{name}", "methods": ["GET"], "authorizer": name}
        for name in ("partners", "gate", "people", "machines", "none")
    ]
    return document


@pytest.mark.parametrize(
    ("route", "authorization", "authorizer"),
    [
        ("partners", "CUSTOM", "authorizer_partners"),
        ("gate", "CUSTOM", "authorizer_gate"),
        ("people", "COGNITO_USER_POOLS", "authorizer_people"),
        ("machines", "AWS_IAM", None),
        ("none", "NONE", None),
    ],
)
def test_method_asks_its_authorizer(
    synth: Synth, authorized: Document, route: str, authorization: str, authorizer: str | None
) -> None:
    method = synth(authorized)["gateway"].resources[f"aws_api_gateway_method.orders_get_{route}"]

    assert method["authorization"] == authorization
    expected = None if authorizer is None else f"${{aws_api_gateway_authorizer.{authorizer}.id}}"
    assert method.get("authorizer_id") == expected
    assert method.get("authorization_scopes") == (["orders/read"] if route == "people" else None)


def test_default_one_keeps_its_address_beside_named_ones(synth: Synth, authorized: Document) -> None:
    gateway = synth(authorized)["gateway"]

    assert sorted(gateway.of_kind("aws_api_gateway_authorizer")) == [
        "authorizer",
        "authorizer_gate",
        "authorizer_partners",
        "authorizer_people",
    ]
    assert sorted(gateway.of_kind("aws_secretsmanager_secret")) == ["authorizer", "authorizer_partners"]
    assert gateway.outputs["clients_secret_arn"] == "${aws_secretsmanager_secret.authorizer.arn}"
    assert gateway.outputs["authorizer_secret_arns"] == {
        "partners": "${aws_secretsmanager_secret.authorizer_partners.arn}"
    }


def test_hatchways_function_reads_the_header_it_is_told(synth: Synth, authorized: Document) -> None:
    gateway = synth(authorized)["gateway"].resources

    authorizer = gateway["aws_api_gateway_authorizer.authorizer_partners"]
    assert authorizer["type"] == "TOKEN"
    assert authorizer["identity_source"] == "method.request.header.X-Partner"
    assert authorizer["identity_validation_expression"] == "^x"
    variables = gateway["aws_lambda_function.authorizer_partners"]["environment"]["variables"]
    assert variables["IDENTITY_HEADER"] == "X-Partner"
    default = gateway["aws_lambda_function.authorizer"]["environment"]["variables"]
    assert list(default) == ["CLIENTS_SECRET_ARN"]


def test_existing_function_gets_a_permission_for_this_authorizer_and_nothing_else(
    synth: Synth, authorized: Document
) -> None:
    gateway = synth(authorized)["gateway"]

    assert "authorizer_gate" not in gateway.of_kind("aws_lambda_function")
    assert "authorizer_gate" not in gateway.of_kind("aws_iam_role")
    permission = gateway.resources["aws_lambda_permission.authorizer_gate"]
    assert (permission["function_name"], permission["qualifier"]) == (EXISTING, "live")
    assert permission["statement_id"] == "InvokedByTheAuthorizer-article-gate"
    assert permission["source_arn"] == (
        "${aws_api_gateway_rest_api.public.execution_arn}/authorizers/"
        "${aws_api_gateway_authorizer.authorizer_gate.id}"
    )
    authorizer = gateway.resources["aws_api_gateway_authorizer.authorizer_gate"]
    assert authorizer["authorizer_uri"] == (
        f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{EXISTING}:live/invocations"
    )
    assert "authorizer_credentials" not in authorizer


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (60, "method.request.header.Authorization, context.httpMethod, context.path"),
        (0, "method.request.header.Authorization"),
    ],
)
def test_kept_answer_of_a_users_function_is_for_its_route_alone(
    synth: Synth, authorized: Document, seconds: int, expected: str
) -> None:
    authorized["gateway"]["authorizers"]["gate"]["lambda"]["result_ttl_seconds"] = seconds

    gateway = synth(authorized)["gateway"].resources

    assert gateway["aws_api_gateway_authorizer.authorizer_gate"]["identity_source"] == expected
    default = gateway["aws_api_gateway_authorizer.authorizer"]
    assert default["identity_source"] == "method.request.header.Authorization"


def test_cognito_authorizer_names_its_pools(synth: Synth, authorized: Document) -> None:
    authorizer = synth(authorized)["gateway"].resources["aws_api_gateway_authorizer.authorizer_people"]

    assert (authorizer["type"], authorizer["provider_arns"]) == ("COGNITO_USER_POOLS", [POOL])
    assert "authorizer_uri" not in authorizer


def test_trigger_has_every_authorizer(synth: Synth, authorized: Document) -> None:
    gateway = synth(authorized)["gateway"]

    assert gateway.triggers("public") == gateway.snapshot


def test_every_kind_is_valid(validate: Callable[..., Document], synth: Synth, authorized: Document) -> None:
    verdict = validate(synth(authorized).outdir / "stacks" / "gateway")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
