"""Faults on the public side: entry, authorizer, integration, VPC link."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from hatchway.route.hop import Hop
from tests.sandbox.faults import fault
from tests.sandbox.levers import Levers, Method, web_acl

SUFFIX = ".execute-api.eu-west-1.amazonaws.com"


def _only_inside(levers: Levers) -> Any:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:eu-west-1:111111111111:{levers.public.identity}/*",
        "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
    }
    allow = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": statement["Resource"],
    }
    return {"Version": "2012-10-17", "Statement": [allow, statement]}


def _dropped(*names: str) -> Callable[[str, Method], Method | None]:
    return lambda name, method: None if name in names else method


def _uri(old: str, new: str) -> Callable[[Levers], contextlib.AbstractContextManager[None]]:
    def inject(levers: Levers) -> contextlib.AbstractContextManager[None]:
        change = levers.public.integrations(uri=lambda uri: uri.replace(old, new))
        return levers.public.deployed_with(change)

    return inject


def _integration(**changes: Any) -> Callable[[Levers], contextlib.AbstractContextManager[None]]:
    return lambda levers: levers.public.deployed_with(levers.public.integrations(**changes))


def _header(value: str) -> Callable[[Levers], contextlib.AbstractContextManager[None]]:
    return _integration(
        requestParameters=lambda given: {**given, "integration.request.header.x-apigw-api-id": value}
    )


def _unmapped(given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if ".path." not in name}


@contextlib.contextmanager
def _permission(levers: Levers, source: str | None) -> Iterator[None]:
    """Takes the authorizer's permission away, or gives it to another source; remembers no answers."""
    client, name = levers.functions, levers.function
    statement = json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"][0]

    def allow(arn: str) -> None:
        client.add_permission(
            FunctionName=name,
            StatementId=statement["Sid"],
            Action=statement["Action"],
            Principal=statement["Principal"]["Service"],
            SourceArn=arn,
        )

    client.remove_permission(FunctionName=name, StatementId=statement["Sid"])
    if source is not None:
        allow(source)
    try:
        with levers.public.redeployed():
            yield
    finally:
        if source is not None:
            client.remove_permission(FunctionName=name, StatementId=statement["Sid"])
        allow(statement["Condition"]["ArnLike"]["AWS:SourceArn"])


@contextlib.contextmanager
def _authorizer(levers: Levers, path: str, value: str) -> Iterator[None]:
    client, api = levers.public.client, levers.public.identity
    found = client.get_authorizers(restApiId=api)["items"][0]

    def patch(wanted: str) -> None:
        client.update_authorizer(
            restApiId=api,
            authorizerId=found["id"],
            patchOperations=[{"op": "replace", "path": f"/{path}", "value": wanted}],
        )

    patch(value)
    try:
        with levers.public.redeployed():
            yield
    finally:
        patch(found[path])


@contextlib.contextmanager
def _clients(levers: Levers, content: str) -> Iterator[None]:
    before = levers.secrets.get_secret_value(SecretId=levers.secret_arn)["SecretString"]
    levers.secrets.put_secret_value(SecretId=levers.secret_arn, SecretString=content)
    with _fresh_function(levers):
        try:
            with levers.public.redeployed():
                yield
        finally:
            levers.secrets.put_secret_value(SecretId=levers.secret_arn, SecretString=before)


@contextlib.contextmanager
def _fresh_function(levers: Levers, **variables: str) -> Iterator[None]:
    """Changes the function's environment, so that no process of it remembers anything."""
    before = levers.functions.get_function_configuration(FunctionName=levers.function)["Environment"][
        "Variables"
    ]
    after = {**before, "FRESH": "1", **variables}
    levers.functions.update_function_configuration(
        FunctionName=levers.function, Environment={"Variables": after}
    )
    try:
        yield
    finally:
        levers.functions.update_function_configuration(
            FunctionName=levers.function, Environment={"Variables": before}
        )


@contextlib.contextmanager
def _handler(levers: Levers) -> Iterator[None]:
    """Lets the function be started in a place where there is no code."""
    client, name = levers.functions, levers.function
    before = client.get_function_configuration(FunctionName=name)["Handler"]
    client.update_function_configuration(FunctionName=name, Handler="nothing.handler")
    try:
        with levers.public.redeployed():
            yield
    finally:
        client.update_function_configuration(FunctionName=name, Handler=before)


@contextlib.contextmanager
def _link_gone(levers: Levers) -> Iterator[None]:
    """Deploys an integration over a link of its own, and deletes the link behind the stage's back."""
    client, api = levers.public.client, levers.public.identity
    link = client.create_vpc_link(name="gone", targetArns=[levers.balancer_arn])["id"]
    before = client.get_stage(restApiId=api, stageName=levers.public.stage)["deploymentId"]
    with levers.public.integrations(connectionId=link):
        broken = client.create_deployment(restApiId=api)["id"]
    client.delete_vpc_link(vpcLinkId=link)
    levers.public.serve(broken)
    try:
        yield
    finally:
        levers.public.serve(before)
        client.delete_deployment(restApiId=api, deploymentId=broken)


@contextlib.contextmanager
def _link_failed(levers: Levers) -> Iterator[None]:
    """Deploys an integration over a link to a load balancer that does not exist."""
    client = levers.public.client
    nowhere = levers.balancer_arn.rpartition("/")[0] + "/0123456789abcdef"
    link = client.create_vpc_link(name="failed", targetArns=[nowhere])["id"]
    try:
        with levers.public.deployed_with(levers.public.integrations(connectionId=link)):
            yield
    finally:
        client.delete_vpc_link(vpcLinkId=link)


OTHER_API = "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/authorizers/abcdef"
NO_FUNCTION = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-west-1:111111111111:function:nobody/invocations"
)
STRANGER = json.dumps({"somebody": hashlib.sha256(b"another token").hexdigest()})

FAULTS = (
    fault("the public stage is gone", Hop.ENTRY, "stage", lambda levers: levers.public.without_stage()),
    fault(
        "the public API's default endpoint is disabled",
        Hop.ENTRY,
        "disable_execute_api_endpoint",
        lambda levers: levers.public.patched("/disableExecuteApiEndpoint", "true", "false"),
    ),
    fault(
        "the public API's policy asks for an endpoint",
        Hop.ENTRY,
        "condition",
        lambda levers: levers.public.deployed_with(levers.public.policy_of(lambda _: _only_inside(levers))),
    ),
    fault(
        "the public route is removed",
        Hop.ENTRY,
        "method",
        lambda levers: levers.public.deployed_with(levers.public.edited(_dropped("ANY /{proxy+}"))),
    ),
    fault(
        "the public stage serves a deployment made before the route",
        Hop.ENTRY,
        "deploy it again",
        lambda levers: levers.public.deployed_before(levers.public.edited(_dropped("ANY /{proxy+}"))),
    ),
    fault(
        "a web ACL lets nobody in",
        Hop.ENTRY,
        "default_action",
        lambda levers: web_acl(levers, "Block"),
    ),
    fault(
        "API Gateway may not invoke the authorizer",
        Hop.AUTHORIZER,
        "aws_lambda_permission",
        lambda levers: _permission(levers, None),
    ),
    fault(
        "the authorizer's permission is for another API",
        Hop.AUTHORIZER,
        "source_arn",
        lambda levers: _permission(levers, OTHER_API),
    ),
    fault(
        "the authorizer names a function that does not exist",
        Hop.AUTHORIZER,
        "aws_lambda_permission",
        lambda levers: _authorizer(levers, "authorizerUri", NO_FUNCTION),
    ),
    fault(
        "the authorizer reads another header",
        Hop.AUTHORIZER,
        "HATCHWAY_TOKEN",
        lambda levers: _authorizer(levers, "identitySource", "method.request.header.X-Token"),
    ),
    fault(
        "the clients secret does not know the caller",
        Hop.AUTHORIZER,
        "secret",
        lambda levers: _clients(levers, STRANGER),
    ),
    fault("the authorizer's function cannot start", Hop.AUTHORIZER, "function", _handler),
    fault("the uri is plain http", Hop.INTEGRATION, "https", _uri("https://", "http://")),
    fault("the uri has a name of its own", Hop.INTEGRATION, "uri", _uri(SUFFIX, ".internal.example.com")),
    fault(
        "the uri is the load balancer's name",
        Hop.INTEGRATION,
        "uri",
        lambda levers: _uri(levers.private.identity + SUFFIX, levers.balancer["DNSName"])(levers),
    ),
    fault("the uri names another region", Hop.INTEGRATION, "region", _uri("eu-west-1", "eu-central-1")),
    fault(
        "the uri's parameter is not mapped",
        Hop.INTEGRATION,
        "request_parameters",
        _integration(requestParameters=_unmapped),
    ),
    fault("the header names an API that is not there", Hop.INTEGRATION, "id", _header("'nosuchapi0'")),
    fault(
        "the integration leaves the VPC link out",
        Hop.INTEGRATION,
        "connection_type",
        _integration(connectionType="INTERNET", connectionId=None),
    ),
    fault("the VPC link is gone", Hop.VPC_LINK, "aws_api_gateway_vpc_link", _link_gone),
    fault("the VPC link has failed", Hop.VPC_LINK, "aws_api_gateway_vpc_link", _link_failed),
)
