"""Faults of the private API and of what is behind it."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from hatchway.route.hop import Hop
from tests.sandbox.faults import fault
from tests.sandbox.levers import Levers, Method

Change = Callable[[Levers], contextlib.AbstractContextManager[None]]
ROUTE = "GET /test"


def _policy(edit: Callable[[Any], Any]) -> Change:
    return lambda levers: levers.private.deployed_with(levers.private.policy_of(edit))


def _for_another_endpoint(policy: Any) -> Any:
    for statement in policy["Statement"]:
        for keys in statement.get("Condition", {}).values():
            keys["aws:SourceVpce"] = "vpce-0123456789abcdef0"
    return policy


def _without_allow(policy: Any) -> Any:
    return {**policy, "Statement": [one for one in policy["Statement"] if one["Effect"] == "Deny"]}


def _without_the_load_balancers(policy: Any) -> Any:
    denied = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": policy["Statement"][0]["Resource"],
        "Condition": {"NotIpAddress": {"aws:VpcSourceIp": "10.9.0.0/16"}},
    }
    return {**policy, "Statement": [*policy["Statement"], denied]}


def _method(edit: Callable[[Method], Method | None]) -> Change:
    def inject(levers: Levers) -> contextlib.AbstractContextManager[None]:
        return levers.private.deployed_with(
            levers.private.edited(lambda name, method: edit(method) if name == ROUTE else method)
        )

    return inject


def _failing(method: Method) -> Method:
    method["methodResponses"] = {"500": {"statusCode": "500"}}
    method["methodIntegration"]["integrationResponses"] = FAILS
    return method


def _integration(**changes: Any) -> Change:
    def edit(method: Method) -> Method:
        method["methodIntegration"] |= changes
        return method

    return _method(edit)


@contextlib.contextmanager
def _another_route(levers: Levers) -> Iterator[None]:
    """Puts another route in the place of the one that is asked for."""
    api, client = levers.private.identity, levers.private.client
    root = next(one for one in client.get_resources(restApiId=api)["items"] if one["path"] == "/")["id"]
    made = client.create_resource(restApiId=api, parentId=root, pathPart="other")["id"]
    where = {"restApiId": api, "resourceId": made, "httpMethod": "GET"}
    client.put_method(**where, authorizationType="NONE")
    client.put_integration(**where, type="MOCK", requestTemplates=ANSWERS_200)
    try:
        with levers.private.edited(lambda name, method: None if name == ROUTE else method):
            yield
    finally:
        client.delete_resource(restApiId=api, resourceId=made)


def _other_stage(levers: Levers) -> contextlib.AbstractContextManager[None]:
    change = levers.public.integrations(uri=lambda uri: uri.replace("/v1", "/v2"))
    return levers.public.deployed_with(change)


NO_FUNCTION = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-west-1:222222222222:function:nobody/invocations"
)
SAYS_ANOTHER_THING = {
    "200": {"statusCode": "200", "responseTemplates": {"application/json": '{"response":"something else"}'}}
}
ANSWERS_200 = {"application/json": '{"statusCode": 200}'}
FAILS = {"500": {"statusCode": "500", "responseTemplates": {"application/json": '{"message":"no"}'}}}

FAULTS = (
    fault(
        "the policy is for another endpoint",
        Hop.PRIVATE_API,
        "aws:SourceVpce",
        _policy(_for_another_endpoint),
    ),
    fault("the policy allows nothing", Hop.PRIVATE_API, "policy", _policy(_without_allow)),
    fault(
        "the policy denies the load balancer's address",
        Hop.PRIVATE_API,
        "policy",
        _policy(_without_the_load_balancers),
    ),
    fault(
        "the policy was mended and not deployed",
        Hop.PRIVATE_API,
        "deploy it again",
        lambda levers: levers.private.deployed_before(levers.private.policy_of(_for_another_endpoint)),
    ),
    fault(
        "the private stage is gone", Hop.PRIVATE_API, "stage", lambda levers: levers.private.without_stage()
    ),
    fault("the uri asks for another stage", Hop.PRIVATE_API, "stage_name", _other_stage),
    fault(
        "the private route is removed",
        Hop.PRIVATE_API,
        "route",
        lambda levers: levers.private.deployed_with(_another_route(levers)),
    ),
    fault(
        "the private stage serves a deployment made before the route",
        Hop.PRIVATE_API,
        "deploy it again",
        lambda levers: levers.private.deployed_before(_another_route(levers)),
    ),
    fault(
        "the private route asks for a signature",
        Hop.PRIVATE_API,
        "Authorize callers",
        _method(lambda method: {**method, "authorizationType": "AWS_IAM"}),
    ),
    fault(
        "the mock answers nothing", Hop.BACKEND, "integration response", _integration(integrationResponses={})
    ),
    fault(
        "the mock's template names no status",
        Hop.BACKEND,
        "statusCode",
        _integration(requestTemplates={"application/json": "{}"}),
    ),
    fault(
        "the mock answers with a server error",
        Hop.BACKEND,
        "integration",
        _method(_failing),
    ),
    fault(
        "the mock says something else",
        Hop.BACKEND,
        "expect",
        _integration(integrationResponses=SAYS_ANOTHER_THING),
    ),
    fault(
        "the route ends in a function that may not be invoked",
        Hop.BACKEND,
        "aws_lambda_permission",
        _integration(
            type="AWS_PROXY",
            uri=NO_FUNCTION,
            httpMethod="POST",
            requestTemplates=None,
            integrationResponses={},
        ),
    ),
)
