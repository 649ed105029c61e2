"""Faults that can be made in the deployed path too, each by its name among those that review is shown.

Where an edit of the configuration and a change of what is deployed are the same fault, review has to name the
hop at which the data plane refuses the request.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.sandbox.levers import (
    Levers,
    Method,
    acl_entry,
    gateway_route,
    rules,
    subnets_on_main_table,
    tcp,
    without_association,
    without_propagation,
    without_transit_routes,
)

Change = Callable[[Levers], contextlib.AbstractContextManager[None]]
_NO_ENDPOINT = "vpce-0123456789abcdef0"


def _without(name: str) -> Callable[[str, Method], Method | None]:
    return lambda method, found: None if method == name else found


def _method(**changes: Any) -> Callable[[str, Method], Method]:
    """Change arguments of every method; None takes one away."""

    def edit(_name: str, method: Method) -> Method:
        return {name: value for name, value in (method | changes).items() if value is not None}

    return edit


def _uri(old: str, new: Callable[[Levers], str]) -> Change:
    def change(path: Levers) -> contextlib.AbstractContextManager[None]:
        return path.public.deployed_with(
            path.public.integrations(uri=lambda uri: uri.replace(old, new(path), 1))
        )

    return change


def _parameters(edit: Callable[[dict[str, str]], dict[str, str]]) -> Change:
    return lambda path: path.public.deployed_with(
        path.public.integrations(requestParameters=lambda given: edit(dict(given or {})))
    )


def _arguments(**changes: Any) -> Change:
    return lambda path: path.public.deployed_with(path.public.integrations(**changes))


def _policy(edit: Callable[[Any, Levers], None]) -> Change:
    """Change and deploy the resource policy of the private API."""

    def change(path: Levers) -> contextlib.AbstractContextManager[None]:
        def edited(policy: Any) -> Any:
            edit(policy, path)
            return policy

        return path.private.deployed_with(path.private.policy_of(edited))

    return change


def _deny_unless(operator: str, key: str, value: Any) -> Change:
    return _policy(lambda policy, _: policy["Statement"][1].update(Condition={operator: {key: value}}))


def _allow(**changes: Any) -> Change:
    return _policy(lambda policy, _: policy["Statement"][0].update(changes))


@contextlib.contextmanager
def _permission(path: Levers, **changes: str | None) -> Iterator[None]:
    """Change who may invoke the authorizer's function; nobody without changes."""
    found = json.loads(path.functions.get_policy(FunctionName=path.function)["Policy"])["Statement"][0]
    given = {
        "FunctionName": path.function,
        "StatementId": found["Sid"],
        "Action": found["Action"],
        "Principal": found["Principal"]["Service"],
        "SourceArn": found["Condition"]["ArnLike"]["AWS:SourceArn"],
    }
    where = {"FunctionName": path.function, "StatementId": found["Sid"]}
    path.functions.remove_permission(**where)
    if changes:
        path.functions.add_permission(**given | changes)
    try:
        with path.public.redeployed():  # which has no remembered answers of the authorizer
            yield
    finally:
        if changes:
            path.functions.remove_permission(**where)
        path.functions.add_permission(**given)


@contextlib.contextmanager
def _authorizer(path: Levers, field: str, value: str) -> Iterator[None]:
    where = {"restApiId": path.public.identity}
    where["authorizerId"] = path.public.client.get_authorizers(**where)["items"][0]["id"]
    before = path.public.client.get_authorizer(**where)[field]

    def put(new: str) -> None:
        path.public.client.update_authorizer(
            **where, patchOperations=[{"op": "replace", "path": f"/{field}", "value": new}]
        )

    put(value)
    try:
        with path.public.redeployed():
            yield
    finally:
        put(before)


@contextlib.contextmanager
def _endpoint_policy(path: Levers, edit: Callable[[Any], None]) -> Iterator[None]:
    before = path.endpoint["PolicyDocument"]
    policy = json.loads(before)
    edit(policy)
    path.far.modify_vpc_endpoint(VpcEndpointId=path.endpoint_id, PolicyDocument=json.dumps(policy))
    try:
        yield
    finally:
        path.far.modify_vpc_endpoint(VpcEndpointId=path.endpoint_id, PolicyDocument=before)


def _egress(*wanted: dict[str, Any]) -> Change:
    return lambda path: rules(path.near, path.balancer["SecurityGroups"][0], "egress", *wanted)


def _ingress(*wanted: dict[str, Any]) -> Change:
    return lambda path: rules(path.far, path.endpoint["Groups"][0]["GroupId"], "ingress", *wanted)


def _targets(**changes: Any) -> Change:
    return lambda path: path.targets_of(*({**one, **changes} for one in path.targets))


_HOST = ".execute-api.eu-west-1.amazonaws.com"
_HEADER = "integration.request.header.x-apigw-api-id"
_PATH = "integration.request.path.proxy"
_ANSWERS = (1024, 65535)

PAIRS: dict[str, Change] = {
    # 1 entry
    "no_stage": lambda path: path.public.without_stage(),
    "no_greedy_route": lambda path: path.public.deployed_with(path.public.edited(_without("ANY /{proxy+}"))),
    "deployment_before_the_routes": lambda path: path.public.deployed_before(
        path.public.edited(_without("ANY /{proxy+}"))
    ),
    "default_endpoint_disabled": lambda path: path.public.patched(
        "/disableExecuteApiEndpoint", "true", "false"
    ),
    # 2 authorizer
    "no_permission": _permission,
    "permission_for_another_api": lambda path: _permission(
        path, SourceArn="arn:aws:execute-api:eu-west-1:111111111111:0123456789/authorizers/a"
    ),
    "permission_for_another_service": lambda path: _permission(path, Principal="events.amazonaws.com"),
    "arn_in_place_of_invoke_arn": lambda path: _authorizer(
        path, "authorizerUri", f"arn:aws:lambda:eu-west-1:111111111111:function:{path.function}"
    ),
    "authorizer_of_another_type": lambda path: path.public.deployed_with(
        path.public.edited(_method(authorizationType="COGNITO_USER_POOLS"))
    ),
    # 3 integration
    "over_the_internet": _arguments(connectionType="INTERNET", connectionId=None),
    "no_connection_type": _arguments(connectionType=None, connectionId=None),
    "host_of_the_load_balancer": lambda path: _uri(
        f"{path.private.identity}{_HOST}", lambda path: path.balancer["DNSName"]
    )(path),
    "path_not_mapped": _parameters(lambda given: {name: one for name, one in given.items() if name != _PATH}),
    "another_region": _uri("eu-west-1", lambda _: "eu-central-1"),
    # 5 load-balancer
    "port_nobody_listens_on": _uri("amazonaws.com/", lambda _: "amazonaws.com:8443/"),
    # Moved, not deleted: one that is made again would not be the one in Terraform's state.
    "no_listener": lambda path: path.listener_with(Port=8443),
    "private_link_traffic_is_filtered": lambda path: path.private_link_rules(),
    "egress_on_another_port": _egress(tcp("10.1.0.0/16", 80)),
    "no_targets": lambda path: path.targets_of(),
    "target_is_another_address": lambda path: path.targets_of(
        {"Id": "10.1.0.99", "Port": 443, "AvailabilityZone": "all"}
    ),
    "target_on_another_port": _targets(Port=80),
    "client_address_is_passed_on": lambda path: path.attribute("preserve_client_ip.enabled", "true", "false"),
    # 6 transit
    "no_route": lambda path: without_transit_routes(path.near, path.vpcs["edge"]),
    "subnet_without_its_table": lambda path: subnets_on_main_table(path.near, path.vpcs["edge"], most=1),
    "no_propagation": lambda path: without_propagation(path.near, path.vpcs["orders"], path.vpcs["edge"]),
    "no_association": lambda path: without_association(path.near, path.vpcs["edge"]),
    "blackhole": lambda path: gateway_route(path.near, path.vpcs["edge"], "10.1.0.0/16", to_vpc=None),
    "no_route_back": lambda path: without_transit_routes(path.far, path.vpcs["orders"]),
    "no_propagation_back": lambda path: without_propagation(
        path.near, path.vpcs["edge"], path.vpcs["orders"]
    ),
    "no_association_of_the_far_side": lambda path: without_association(path.near, path.vpcs["orders"]),
    "acl_lets_nothing_through": lambda path: acl_entry(
        path.near, path.vpcs["edge"], egress=True, ports=(0, 65535)
    ),
    "acl_forgets_the_answers": lambda path: acl_entry(
        path.near, path.vpcs["edge"], egress=False, ports=_ANSWERS
    ),
    "acl_of_the_endpoint_forgets_the_answers": lambda path: acl_entry(
        path.far, path.vpcs["orders"], egress=True, ports=_ANSWERS
    ),
    # 7 endpoint
    "one_node_not_let_in": _ingress(tcp("10.0.0.10/32")),
    "another_port_let_in": _ingress(tcp("10.0.0.0/16", 80)),
    "endpoint_policy_names_another_api": lambda path: _endpoint_policy(
        path,
        lambda policy: policy["Statement"][0].update(
            Resource="arn:aws:execute-api:eu-west-1:222222222222:0123456789/*"
        ),
    ),
    "endpoint_policy_denies_the_method": lambda path: _endpoint_policy(
        path,
        lambda policy: policy["Statement"][0].update(
            Resource=f"arn:aws:execute-api:eu-west-1:222222222222:{path.private.identity}/*/POST/*"
        ),
    ),
    # 8 private-api
    "policy_names_another_endpoint": _deny_unless("StringNotEquals", "aws:SourceVpce", _NO_ENDPOINT),
    "policy_names_another_vpc": _policy(
        lambda policy, path: policy["Statement"][1].update(
            Condition={"StringNotEquals": {"aws:SourceVpc": path.vpcs["edge"]}}
        )
    ),
    "policy_asks_for_an_organization": _deny_unless("StringNotEquals", "aws:PrincipalOrgID", "o-1"),
    "policy_admits_addresses_of_the_far_vpc": _deny_unless("NotIpAddress", "aws:VpcSourceIp", "10.1.0.0/16"),
    "policy_allows_another_stage": _allow(Resource="execute-api:/v2/*"),
    "policy_allows_an_account_only": _allow(Principal={"AWS": "arn:aws:iam::111111111111:root"}),
    "policy_has_the_condition_the_wrong_way_round": _policy(
        lambda policy, path: policy["Statement"][1].update(
            Condition={"StringEquals": {"aws:SourceVpce": path.endpoint_id}}
        )
    ),
    "another_stage": _uri("/v1", lambda _: "/prod"),
    "no_stage_in_the_uri": _uri("/v1/", lambda _: "/"),
    "path_prefix_that_the_private_api_does_not_have": _uri("/v1/", lambda _: "/v1/orders/"),
    "private_route_wants_a_signature": lambda path: path.private.deployed_with(
        path.private.edited(_method(authorizationType="AWS_IAM"))
    ),
    # 9 backend
    "no_request_template": lambda path: path.private.deployed_with(
        path.private.integrations(requestTemplates=None)
    ),
    "no_integration_response": lambda path: path.private.deployed_with(
        path.private.integrations(integrationResponses=None)
    ),
}
