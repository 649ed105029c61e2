"""The article's estate, written by hand: a public API in one account, a private one behind it in another."""

import dataclasses
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hatchway.sandbox import control
from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data import DataPlane, install_hooks
from hatchway.sandbox.data.world import (
    AclEntry,
    ApiDefinition,
    ApiKey,
    Authorizer,
    Credentials,
    Domain,
    Endpoint,
    Function,
    HttpApi,
    Integration,
    IntegrationResponse,
    Interface,
    Listener,
    LoadBalancer,
    Method,
    Networks,
    Resource,
    RestApi,
    Role,
    Route,
    Rule,
    SecurityGroup,
    Stage,
    Subnet,
    Target,
    TargetGroup,
    TokenClient,
    TransitAttachment,
    TransitTable,
    UserPool,
    Vpc,
    VpcLink,
    VpcLinkV2,
    WebAcl,
)
from tests.unit.sandbox_data.gateway import Gateway

EDGE, ORDERS = "111111111111", "222222222222"
PUBLIC, PRIVATE, FOREIGN = "public0001", "private001", "foreign001"
ENDPOINT, LINK = "vpce-0a", "link01"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/edge/0a"
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/orders/0a"
ADDRESS = ipaddress.IPv4Address
NETWORK = ipaddress.IPv4Network


@dataclass
class FakeWorld:
    """A `World` of values; a test replaces what it breaks."""

    apis: dict[str, RestApi]
    links: dict[str, VpcLink]
    balancers: dict[str, LoadBalancer]
    groups: dict[str, TargetGroup]
    interface_endpoints: list[Endpoint]
    network: Networks
    functions: dict[str, Function] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    keys: dict[str, Credentials] = field(default_factory=dict)
    pools: dict[str, UserPool] = field(default_factory=dict)
    token_clients: dict[tuple[str, str, str], TokenClient] = field(default_factory=dict)
    http_apis: dict[str, HttpApi] = field(default_factory=dict)
    second_links: dict[str, VpcLinkV2] = field(default_factory=dict)
    listeners: dict[str, tuple[LoadBalancer, Listener]] = field(default_factory=dict)
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    web_acls: dict[str, WebAcl] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)
    logs: dict[str, list[str]] = field(default_factory=dict)

    def rest_api(self, api_id: str) -> RestApi | None:
        return self.apis.get(api_id)

    def vpc_link(self, link_id: str) -> VpcLink | None:
        return self.links.get(link_id)

    def load_balancer(self, arn: str) -> LoadBalancer | None:
        return self.balancers.get(arn)

    def target_group(self, arn: str) -> TargetGroup | None:
        return self.groups.get(arn)

    def endpoints(self) -> tuple[Endpoint, ...]:
        return tuple(self.interface_endpoints)

    def function(self, arn: str) -> Function | None:
        return self.functions.get(arn)

    def networks(self) -> Networks:
        return self.network

    def role_credentials(self, role_arn: str) -> Mapping[str, str]:
        return {"AWS_ACCESS_KEY_ID": role_arn, "AWS_SECRET_ACCESS_KEY": "made-up"}

    def role(self, arn: str) -> Role | None:
        return self.roles.get(arn)

    def credentials(self, access_key_id: str) -> Credentials | None:
        return self.keys.get(access_key_id)

    def user_pool(self, arn: str) -> UserPool | None:
        return self.pools.get(arn)

    def token_client(self, domain: str, region: str, client_id: str) -> TokenClient | None:
        return self.token_clients.get((domain, region, client_id))

    def http_api(self, api_id: str) -> HttpApi | None:
        return self.http_apis.get(api_id)

    def vpc_link_v2(self, link_id: str) -> VpcLinkV2 | None:
        return self.second_links.get(link_id)

    def listener(self, arn: str) -> tuple[LoadBalancer, Listener] | None:
        return self.listeners.get(arn)

    def issuer_keys(self, issuer: str) -> Mapping[str, Mapping[str, Any]] | None:
        return next((pool.keys for pool in self.pools.values() if pool.issuer == issuer), None)

    def jwt_issuers(self) -> frozenset[str]:
        stages = [stage for api in self.http_apis.values() for stage in api.stages.values()]
        return frozenset(a.issuer for stage in stages for a in stage.definition.authorizers.values())

    def api_key(self, value: str, account_id: str, region: str) -> ApiKey | None:
        return self.api_keys.get(value) if (account_id, region) == (EDGE, "eu-west-1") else None

    def web_acl(self, stage_arn: str) -> WebAcl | None:
        return self.web_acls.get(stage_arn)

    def domain(self, name: str) -> Domain | None:
        return self.domains.get(name)

    def write_log(self, log_group_arn: str, stream: str, line: str) -> None:
        self.logs.setdefault(log_group_arn, []).append(f"{stream} {line}")

    def change_subnet(self, subnet_id: str, **changes: Any) -> None:
        """Replaces attributes of a subnet."""
        subnets = {**self.network.subnets, subnet_id: replace(self.network.subnets[subnet_id], **changes)}
        self.network = replace(self.network, subnets=subnets)

    def change_group(self, group_id: str, **changes: Any) -> None:
        """Replaces attributes of a security group."""
        known = self.network.security_groups
        self.network = replace(
            self.network, security_groups={**known, group_id: replace(known[group_id], **changes)}
        )

    def change_definition(self, api_id: str, **changes: Any) -> None:
        """Replaces parts of what is deployed on the stages of an API."""
        api = self.apis[api_id]
        stages = {
            name: replace(stage, definition=replace(stage.definition, **changes))
            for name, stage in api.stages.items()
        }
        self.apis[api_id] = replace(api, stages=stages)

    def change_integration(self, api_id: str, **changes: Any) -> None:
        """Replaces parts of every integration of an API."""
        resources = []
        for resource in next(iter(self.apis[api_id].stages.values())).definition.resources:
            methods = {
                name: replace(method, integration=replace(method.integration, **changes))
                for name, method in resource.methods.items()
                if method.integration is not None
            }
            resources.append(replace(resource, methods=methods))
        self.change_definition(api_id, resources=tuple(resources))


def open_acl() -> tuple[AclEntry, ...]:
    """A VPC's default network ACL."""
    return tuple(
        AclEntry(number=100, allows=True, is_egress=way, protocol="-1", network=NETWORK("0.0.0.0/0"))
        for way in (True, False)
    )


def subnet(name: str, vpc: str, cidr: str, other: str) -> Subnet:
    own = NETWORK(cidr).supernet(new_prefix=16)
    return Subnet(
        id=name,
        vpc_id=vpc,
        network=NETWORK(cidr),
        availability_zone="eu-west-1a",
        routes=(Route(network=own, target="local"), Route(network=NETWORK(other), target="tgw-0a")),
        acl=open_acl(),
        route_table_id=f"rtb-{name}",
        acl_id=f"acl-{name}",
    )


def networks() -> Networks:
    https = {"protocol": "tcp", "from_port": 443, "to_port": 443}
    return Networks(
        vpcs={
            "vpc-edge": Vpc(id="vpc-edge", account_id=EDGE, networks=(NETWORK("10.0.0.0/16"),)),
            "vpc-orders": Vpc(id="vpc-orders", account_id=ORDERS, networks=(NETWORK("10.1.0.0/16"),)),
        },
        subnets={
            "subnet-edge": subnet("subnet-edge", "vpc-edge", "10.0.0.0/24", "10.1.0.0/16"),
            "subnet-orders": subnet("subnet-orders", "vpc-orders", "10.1.0.0/24", "10.0.0.0/16"),
        },
        security_groups={
            "sg-nlb": SecurityGroup(
                id="sg-nlb", vpc_id="vpc-edge", egress=(Rule(network=NETWORK("10.1.0.10/32"), **https),)
            ),
            "sg-endpoint": SecurityGroup(
                id="sg-endpoint",
                vpc_id="vpc-orders",
                ingress=(Rule(network=NETWORK("10.0.0.10/32"), **https),),
            ),
        },
        interfaces=(node(), eni()),
        attachments={
            "tgw-attach-edge": attachment("edge"),
            "tgw-attach-orders": attachment("orders"),
        },
        transit_tables={
            "tgw-rtb-0a": TransitTable(
                id="tgw-rtb-0a",
                transit_gateway_id="tgw-0a",
                propagating_attachment_ids=frozenset({"tgw-attach-edge", "tgw-attach-orders"}),
            )
        },
    )


def attachment(name: str) -> TransitAttachment:
    return TransitAttachment(
        id=f"tgw-attach-{name}",
        transit_gateway_id="tgw-0a",
        vpc_id=f"vpc-{name}",
        state="available",
        subnet_ids=(f"subnet-{name}",),
        associated_table_id="tgw-rtb-0a",
    )


def node() -> Interface:
    return Interface(
        vpc_id="vpc-edge",
        subnet_id="subnet-edge",
        address=ADDRESS("10.0.0.10"),
        security_group_ids=("sg-nlb",),
    )


def eni() -> Interface:
    return Interface(
        vpc_id="vpc-orders",
        subnet_id="subnet-orders",
        address=ADDRESS("10.1.0.10"),
        security_group_ids=("sg-endpoint",),
    )


def resource_policy(endpoint_id: str = ENDPOINT) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
                "Condition": {"StringNotEquals": {"aws:SourceVpce": [endpoint_id]}},
            },
        ],
    }


def endpoint_policy(*api_ids: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": [f"arn:aws:execute-api:eu-west-1:{ORDERS}:{api_id}/*" for api_id in api_ids],
            }
        ],
    }


def mock(body: str) -> Integration:
    return Integration(
        type="MOCK",
        request_templates={"application/json": '{"statusCode": 200}'},
        responses=(IntegrationResponse(status_code=200, templates={"application/json": body}),),
    )


def private_api(api_id: str, body: str) -> RestApi:
    method = Method(http_method="GET", response_statuses=frozenset({200}), integration=mock(body))
    definition = ApiDefinition(
        resources=(Resource(id="r", path="/test", methods={"GET": method}),), policy=resource_policy()
    )
    return RestApi(
        id=api_id,
        account_id=ORDERS,
        region="eu-west-1",
        is_private=True,
        vpc_endpoint_ids=frozenset({ENDPOINT}),
        stages={"v1": Stage(name="v1", deployment_id="d1", definition=definition)},
    )


def public_api() -> RestApi:
    integration = Integration(
        type="HTTP_PROXY",
        uri=f"https://{PRIVATE}.execute-api.eu-west-1.amazonaws.com/v1/{{proxy}}",
        connection_type="VPC_LINK",
        connection_id=LINK,
        request_parameters={
            "integration.request.path.proxy": "method.request.path.proxy",
            "integration.request.header.x-apigw-api-id": "method.request.header.x-apigw-api-id",
        },
        timeout_milliseconds=700,
    )
    method = Method(
        http_method="ANY",
        request_parameters={
            "method.request.path.proxy": True,
            "method.request.header.x-apigw-api-id": True,
        },
        validates_parameters=True,
        integration=integration,
    )
    definition = ApiDefinition(resources=(Resource(id="r", path="/{proxy+}", methods={"ANY": method}),))
    return RestApi(
        id=PUBLIC,
        account_id=EDGE,
        region="eu-west-1",
        stages={"live": Stage(name="live", deployment_id="d1", definition=definition)},
    )


@pytest.fixture
def world() -> FakeWorld:
    """The article's estate, which works."""
    balancer = LoadBalancer(
        arn=BALANCER,
        account_id=EDGE,
        vpc_id="vpc-edge",
        state="active",
        nodes=(node(),),
        listeners=(Listener(port=443, protocol="TCP", target_group_arn=GROUP),),
        enforces_rules_on_private_link=False,
        crosses_zones=True,
    )
    group = TargetGroup(
        arn=GROUP,
        vpc_id="vpc-edge",
        protocol="TCP",
        target_type="ip",
        targets=(Target(address="10.1.0.10", port=443, availability_zone="all"),),
        health_protocol="HTTPS",
        health_path="/ping",
        health_matcher="200",
        load_balancer_arns=(BALANCER,),
    )
    endpoint = Endpoint(
        id=ENDPOINT,
        account_id=ORDERS,
        region="eu-west-1",
        vpc_id="vpc-orders",
        state="available",
        interfaces=(eni(),),
        policy=endpoint_policy(PRIVATE),
    )
    return FakeWorld(
        apis={
            PUBLIC: public_api(),
            PRIVATE: private_api(PRIVATE, '{"response": "integration-successful"}'),
            FOREIGN: private_api(FOREIGN, '{"response": "foreign"}'),
        },
        links={LINK: VpcLink(id=LINK, account_id=EDGE, status="AVAILABLE", target_arns=(BALANCER,))},
        balancers={BALANCER: balancer},
        groups={GROUP: group},
        interface_endpoints=[endpoint],
        network=networks(),
    )


@pytest.fixture
def authorizer() -> Authorizer:
    """A REQUEST authorizer by the Authorization header, cached for five minutes."""
    function = f"arn:aws:lambda:eu-west-1:{EDGE}:function:authorizer"
    return Authorizer(
        id="auth01",
        type="REQUEST",
        uri=f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{function}/invocations",
        identity_sources=("method.request.header.Authorization",),
    )


@pytest.fixture
def change() -> Any:
    """`dataclasses.replace`, for values in lists."""
    return dataclasses.replace


@pytest.fixture(scope="session")
def authority() -> Authority:
    """One throwaway authority for all tests: making one takes time."""
    return Authority.create()


@pytest.fixture
def gateway(world: Any, authority: Authority, tmp_path: Path) -> Iterator[Gateway]:
    """A data plane with one public API, to be deployed by the test."""
    plane = DataPlane(authority, tmp_path / "plane", world=world, time_scale=0.01)
    (tmp_path / "plane").mkdir()
    plane.start()
    yield Gateway(world=world, plane=plane, authority=authority)
    plane.stop()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """`aws(service)`: a client in moto's default account."""
    control.install()
    install_hooks()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with mock_aws():
        yield lambda service: boto3.client(service, region_name="eu-west-1")
