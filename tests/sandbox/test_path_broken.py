"""The deployed path, broken through AWS's own API: each break changes the public answer as AWS documents it.

Each test starts from the good answer, breaks one thing, and puts it back; the path works again afterwards.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

GOOD = (200, {"response": "integration-successful"})
TIMED_OUT = (504, {"message": "Endpoint request timed out"})
FAILED = (500, {"message": "Internal server error"})
FORBIDDEN = (403, {"message": "Forbidden"})


class Path:
    """The deployed path with the levers that the tests pull."""

    def __init__(self, deployed: Any, edge: Any, orders: Any) -> None:
        self._deployed = deployed
        self.edge, self.orders = edge, orders
        self.gateway = deployed.outputs["gateway"]
        self.service = deployed.outputs["service-orders"]
        self.vpcs = deployed.outputs["foundation"]["vpc_ids"]
        self.target_group = self.gateway["target_group_arns"]["orders"]
        self.load_balancer = self.gateway["load_balancer_arns"]["orders"]

    @property
    def answer(self) -> tuple[int, Any]:
        """Status and body of the request that works when nothing is broken."""
        answer = self._deployed.call()
        return answer.status, answer.json

    @property
    def broken_hop(self) -> str:
        """Where the sandbox's log says that the last request ended."""
        lines = (self._deployed.sandbox.directory / "requests.jsonl").read_text().splitlines()
        hops = json.loads(lines[-1])["hops"]
        return next(hop["hop"] for hop in hops if hop["outcome"] in {"refused", "dropped"})

    @property
    def health(self) -> set[tuple[str, str | None]]:
        """State and reason of the targets."""
        client = self.edge.client("elbv2")
        found = client.describe_target_health(TargetGroupArn=self.target_group)["TargetHealthDescriptions"]
        return {(item["TargetHealth"]["State"], item["TargetHealth"].get("Reason")) for item in found}


@pytest.fixture
def path(deployed_sandbox: Any, edge: Any, orders: Any) -> Iterator[Path]:
    path = Path(deployed_sandbox, edge, orders)
    assert path.answer == GOOD
    yield path
    assert path.answer == GOOD, "the test did not put back what it broke"


@contextlib.contextmanager
def without_transit_routes(session: Any, vpc_id: str) -> Iterator[None]:
    """Takes the routes to the Transit Gateway out of a VPC's tables."""
    ec2 = session.client("ec2")
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
    removed = [
        {
            "RouteTableId": table["RouteTableId"],
            "DestinationCidrBlock": route["DestinationCidrBlock"],
            "TransitGatewayId": route["TransitGatewayId"],
        }
        for table in tables
        for route in table["Routes"]
        if route.get("TransitGatewayId")
    ]
    assert removed
    for route in removed:
        ec2.delete_route(
            RouteTableId=route["RouteTableId"], DestinationCidrBlock=route["DestinationCidrBlock"]
        )
    try:
        yield
    finally:
        for route in removed:
            ec2.create_route(**route)


@contextlib.contextmanager
def redeployed(client: Any, api_id: str, stage: str) -> Iterator[None]:
    """Deploys an API as it is now; afterwards the stage goes back to the deployment it had."""
    before = client.get_stage(restApiId=api_id, stageName=stage)["deploymentId"]
    fresh = client.create_deployment(restApiId=api_id)["id"]
    switch_stage(client, api_id, stage, fresh)
    try:
        yield
    finally:
        switch_stage(client, api_id, stage, before)
        client.delete_deployment(restApiId=api_id, deploymentId=fresh)


def switch_stage(client: Any, api_id: str, stage: str, deployment: str) -> None:
    operations = [{"op": "replace", "path": "/deploymentId", "value": deployment}]
    client.update_stage(restApiId=api_id, stageName=stage, patchOperations=operations)


@contextlib.contextmanager
def policy_for_another_endpoint(client: Any, api_id: str) -> Iterator[None]:
    """Makes an API's resource policy name an endpoint that is not there."""
    escaped = client.get_rest_api(restApiId=api_id)["policy"]
    original = json.loads(f'"{escaped}"') if '\\"' in escaped else escaped
    changed = json.loads(original)
    for statement in changed["Statement"]:
        for keys in statement.get("Condition", {}).values():
            keys["aws:SourceVpce"] = "vpce-0123456789abcdef0"
    assert changed != json.loads(original)
    set_policy(client, api_id, json.dumps(changed))
    try:
        yield
    finally:
        set_policy(client, api_id, original)


def set_policy(client: Any, api_id: str, policy: str) -> None:
    operations = [{"op": "replace", "path": "/policy", "value": policy}]
    client.update_rest_api(restApiId=api_id, patchOperations=operations)


@contextlib.contextmanager
def integrations_with(client: Any, api_id: str, old: str, new: str) -> Iterator[None]:
    """Replaces a part of the uri of each integration of an API, in its current definition."""
    changed = []
    for resource in client.get_resources(restApiId=api_id, embed=["methods"], limit=500)["items"]:
        for method in resource.get("resourceMethods", {}):
            where = {"restApiId": api_id, "resourceId": resource["id"], "httpMethod": method}
            found = client.get_integration(**where)
            if old in found.get("uri", ""):
                changed.append((where, found))
    assert changed
    for where, found in changed:
        put_integration(client, where, found, found["uri"].replace(old, new))
    try:
        yield
    finally:
        for where, found in changed:
            put_integration(client, where, found, found["uri"])


def put_integration(client: Any, where: dict[str, str], found: Any, uri: str) -> None:
    client.put_integration(
        **where,
        type=found["type"],
        integrationHttpMethod=found["httpMethod"],
        uri=uri,
        connectionType=found["connectionType"],
        connectionId=found["connectionId"],
        requestParameters=found["requestParameters"],
        passthroughBehavior=found["passthroughBehavior"],
        timeoutInMillis=found["timeoutInMillis"],
    )


def test_without_the_route_there_the_request_times_out(path: Path) -> None:
    with without_transit_routes(path.edge, path.vpcs["edge"]):
        assert path.answer == TIMED_OUT
        assert path.broken_hop == "transit"
        assert path.health == {("unhealthy", "Target.Timeout")}


def test_without_the_route_back_the_request_times_out(path: Path) -> None:
    with without_transit_routes(path.orders, path.vpcs["orders"]):
        assert path.answer == TIMED_OUT
        assert path.broken_hop == "transit"
        assert path.health == {("unhealthy", "Target.Timeout")}


def test_with_the_endpoints_security_group_closed_the_request_times_out(path: Path) -> None:
    ec2 = path.orders.client("ec2")
    endpoint = ec2.describe_vpc_endpoints(VpcEndpointIds=[path.service["vpc_endpoint_id"]])
    group = endpoint["VpcEndpoints"][0]["Groups"][0]["GroupId"]
    opened = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=opened)
    try:
        assert path.answer == TIMED_OUT
        assert path.broken_hop == "endpoint"
        assert path.health == {("unhealthy", "Target.Timeout")}
    finally:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=opened)


def test_with_the_load_balancers_egress_closed_the_request_times_out(path: Path) -> None:
    balancer = path.edge.client("elbv2").describe_load_balancers(LoadBalancerArns=[path.load_balancer])
    group = balancer["LoadBalancers"][0]["SecurityGroups"][0]
    ec2 = path.edge.client("ec2")
    opened = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=opened)
    try:
        assert path.answer == TIMED_OUT
        assert path.broken_hop == "load-balancer"
    finally:
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=opened)


def test_a_network_acl_that_denies_the_way_back_is_a_timeout(path: Path) -> None:
    ec2 = path.orders.client("ec2")
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [path.vpcs["orders"]]}])
    acl = acls["NetworkAcls"][0]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=50,
        Protocol="6",
        RuleAction="deny",
        Egress=True,
        CidrBlock="10.0.0.0/16",
        PortRange={"From": 1024, "To": 65535},
    )
    try:
        assert path.answer == TIMED_OUT
        assert path.broken_hop == "transit"
    finally:
        ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=50, Egress=True)


def test_with_private_link_rules_enforced_the_request_times_out(path: Path) -> None:
    client = path.edge.client("elbv2")
    balancer = client.describe_load_balancers(LoadBalancerArns=[path.load_balancer])["LoadBalancers"][0]
    settings = {"LoadBalancerArn": path.load_balancer, "SecurityGroups": balancer["SecurityGroups"]}
    switch = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
    client.set_security_groups(**settings, **{switch: "on"})
    try:
        assert path.answer == TIMED_OUT
        assert path.broken_hop == "load-balancer"
        assert path.health == {("healthy", None)}  # which is what makes this fault hard to find
    finally:
        client.set_security_groups(**settings, **{switch: "off"})


def test_with_all_targets_deregistered_the_request_fails_at_once(path: Path) -> None:
    client = path.edge.client("elbv2")
    found = client.describe_target_health(TargetGroupArn=path.target_group)["TargetHealthDescriptions"]
    addresses = [{"Id": item["Target"]["Id"], "Port": item["Target"]["Port"]} for item in found]
    client.deregister_targets(TargetGroupArn=path.target_group, Targets=addresses)
    try:
        assert path.answer == FAILED
        assert path.broken_hop == "load-balancer"
    finally:
        outside = [{**target, "AvailabilityZone": "all"} for target in addresses]
        client.register_targets(TargetGroupArn=path.target_group, Targets=outside)


def test_a_policy_that_is_changed_and_redeployed_denies(path: Path) -> None:
    client, api, stage = path.orders.client("apigateway"), path.service["rest_api_id"], "v1"
    with policy_for_another_endpoint(client, api), redeployed(client, api, stage):
        status, body = path.answer
        assert status == 403
        assert body["Message"].startswith("User: anonymous is not authorized to perform: execute-api:Invoke")
        assert body["Message"].endswith(f":{api}/{stage}/GET/test with an explicit deny")
        assert path.broken_hop == "private-api"


def test_a_policy_that_is_changed_and_not_redeployed_does_nothing(path: Path) -> None:
    client, api = path.orders.client("apigateway"), path.service["rest_api_id"]
    with policy_for_another_endpoint(client, api):
        assert path.answer == GOOD


def test_a_policy_that_is_mended_and_not_redeployed_goes_on_denying(path: Path) -> None:
    client, api = path.orders.client("apigateway"), path.service["rest_api_id"]
    with contextlib.ExitStack() as deployment:
        with policy_for_another_endpoint(client, api):
            deployment.enter_context(redeployed(client, api, "v1"))
        assert path.answer[0] == 403


def test_an_integration_that_points_at_another_stage_is_forbidden_once_deployed(path: Path) -> None:
    client, api = path.edge.client("apigateway"), path.gateway["rest_api_id"]
    with integrations_with(client, api, "/v1", "/v2"):
        assert path.answer == GOOD  # not deployed yet
        with redeployed(client, api, path.gateway["stage_name"]):
            assert path.answer == FORBIDDEN
            assert path.broken_hop == "private-api"


def test_an_integration_with_a_name_of_its_own_fails_the_handshake(path: Path) -> None:
    client, api = path.edge.client("apigateway"), path.gateway["rest_api_id"]
    old, new = ".execute-api.eu-west-1.amazonaws.com", ".internal.example.com"
    with integrations_with(client, api, old, new), redeployed(client, api, path.gateway["stage_name"]):
        assert path.answer == FAILED
        assert path.broken_hop == "integration"


def test_an_authorizer_without_permission_is_a_configuration_error(path: Path) -> None:
    client = path.edge.client("lambda")
    name = client.list_functions()["Functions"][0]["FunctionName"]
    statement = json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"][0]
    api, stage = path.edge.client("apigateway"), path.gateway["stage_name"]
    client.remove_permission(FunctionName=name, StatementId=statement["Sid"])
    try:
        # A new deployment has no remembered answers of the authorizer.
        with redeployed(api, path.gateway["rest_api_id"], stage):
            assert path.answer == (500, {"message": None})
            assert path.broken_hop == "authorizer"
    finally:
        client.add_permission(
            FunctionName=name,
            StatementId=statement["Sid"],
            Action=statement["Action"],
            Principal=statement["Principal"]["Service"],
            SourceArn=statement["Condition"]["ArnLike"]["AWS:SourceArn"],
        )
