"""The deployed path with the levers that faults pull, each of which puts back what it moved."""

import contextlib
import copy
import json
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

Method = dict[str, Any]
Edit = Callable[[str, Method], Method | None]
"""Gets `VERB /path` and a copy of the method, returns what it is to be; None removes it."""

_METHOD = ("authorizationType", "authorizerId", "apiKeyRequired", "requestParameters", "requestValidatorId")
_INTEGRATION = (
    "type",
    "uri",
    "connectionType",
    "connectionId",
    "requestParameters",
    "requestTemplates",
    "passthroughBehavior",
    "timeoutInMillis",
    "tlsConfig",
)


class Api:
    """One REST API and the stage that the path uses."""

    def __init__(self, client: Any, identity: str, stage: str) -> None:
        self.client, self.identity, self.stage = client, identity, stage

    def patch(self, path: str, value: str, op: str = "replace") -> None:
        operation = {"op": op, "path": path, "value": value}
        self.client.update_rest_api(restApiId=self.identity, patchOperations=[operation])

    @property
    def policy(self) -> Any:
        """The resource policy, decoded; None for none."""
        text = self.client.get_rest_api(restApiId=self.identity).get("policy")
        if not text:
            return None
        return json.loads(json.loads(f'"{text}"') if '\\"' in text else text)

    @contextlib.contextmanager
    def policy_of(self, edit: Callable[[Any], Any]) -> Iterator[None]:
        """Changes the resource policy and does not deploy it."""
        before = self.policy
        self.patch("/policy", json.dumps(edit(copy.deepcopy(before))))
        try:
            yield
        finally:
            self.patch("/policy", "" if before is None else json.dumps(before))

    @contextlib.contextmanager
    def edited(self, edit: Edit) -> Iterator[None]:
        """Changes methods and does not deploy them."""
        before = []
        for resource in self.client.get_resources(restApiId=self.identity, embed=["methods"], limit=500)[
            "items"
        ]:
            for verb, method in resource.get("resourceMethods", {}).items():
                where = {"restApiId": self.identity, "resourceId": resource["id"], "httpMethod": verb}
                after = edit(f"{verb} {resource['path']}", copy.deepcopy(method))
                if after != method:
                    before.append((where, method))
                    self._put(where, after)
        assert before, "nothing was changed"
        try:
            yield
        finally:
            for where, method in before:
                self._put(where, method)

    def _put(self, where: dict[str, str], method: Method | None) -> None:
        with contextlib.suppress(self.client.exceptions.NotFoundException):
            self.client.delete_method(**where)
        if method is None:
            return
        self.client.put_method(
            **where, **{name: method[name] for name in _METHOD if method.get(name) is not None}
        )
        for code in method.get("methodResponses", {}):
            self.client.put_method_response(**where, statusCode=code)
        integration = method.get("methodIntegration")
        if integration is None:
            return
        given = {name: integration[name] for name in _INTEGRATION if integration.get(name) is not None}
        if integration.get("httpMethod"):
            given["integrationHttpMethod"] = integration["httpMethod"]
        self.client.put_integration(**where, **given)
        for code, response in (integration.get("integrationResponses") or {}).items():
            templates = {name: text or "" for name, text in (response.get("responseTemplates") or {}).items()}
            pattern = (
                {"selectionPattern": response["selectionPattern"]} if response.get("selectionPattern") else {}
            )
            self.client.put_integration_response(
                **where, statusCode=code, responseTemplates=templates, **pattern
            )

    @contextlib.contextmanager
    def redeployed(self) -> Iterator[None]:
        """Deploys the API as it is now; afterwards the stage goes back to the deployment it had."""
        before = self.client.get_stage(restApiId=self.identity, stageName=self.stage)["deploymentId"]
        fresh = self.client.create_deployment(restApiId=self.identity)["id"]
        self.serve(fresh)
        try:
            yield
        finally:
            self.serve(before)
            self.client.delete_deployment(restApiId=self.identity, deploymentId=fresh)

    def serve(self, deployment: str) -> None:
        """Points the stage at a deployment."""
        operations = [{"op": "replace", "path": "/deploymentId", "value": deployment}]
        self.client.update_stage(restApiId=self.identity, stageName=self.stage, patchOperations=operations)

    @contextlib.contextmanager
    def deployed_with(self, *changes: contextlib.AbstractContextManager[None]) -> Iterator[None]:
        """Makes changes and deploys them."""
        with contextlib.ExitStack() as stack:
            for change in changes:
                stack.enter_context(change)
            stack.enter_context(self.redeployed())
            yield

    @contextlib.contextmanager
    def deployed_before(self, change: contextlib.AbstractContextManager[None]) -> Iterator[None]:
        """Deploys while a change is made, and takes the change back: the stage serves what was wrong."""
        with contextlib.ExitStack() as stack:
            with change:
                stack.enter_context(self.redeployed())
            yield

    def integrations(self, **changes: Any) -> contextlib.AbstractContextManager[None]:
        """Changes arguments of the integration of every method; None takes one away."""

        def edit(_name: str, method: Method) -> Method:
            method["methodIntegration"] |= {
                name: value(method["methodIntegration"].get(name)) if callable(value) else value
                for name, value in changes.items()
            }
            return method

        return self.edited(edit)

    @contextlib.contextmanager
    def without_stage(self) -> Iterator[None]:
        """Deletes the stage, and makes it again."""
        before = self.client.get_stage(restApiId=self.identity, stageName=self.stage)
        self.client.delete_stage(restApiId=self.identity, stageName=self.stage)
        try:
            yield
        finally:
            self.client.create_stage(
                restApiId=self.identity,
                stageName=self.stage,
                deploymentId=before["deploymentId"],
                tags=before.get("tags", {}),
                variables=before.get("variables", {}),
            )

    @contextlib.contextmanager
    def patched(self, path: str, value: str, back: str) -> Iterator[None]:
        """Changes a setting of the API."""
        self.patch(path, value)
        try:
            yield
        finally:
            self.patch(path, back)


class Levers:
    """The deployed path."""

    def __init__(self, deployed: Any, edge: Any, orders: Any) -> None:
        self.deployed = deployed
        self.edge, self.orders = edge, orders
        gateway, service = deployed.outputs["gateway"], deployed.outputs["service-orders"]
        self.vpcs = deployed.outputs["foundation"]["vpc_ids"]
        self.group_arn = gateway["target_group_arns"]["orders"]
        self.balancer_arn = gateway["load_balancer_arns"]["orders"]
        self.link_id = gateway["vpc_link_ids"]["orders"]
        self.endpoint_id = service["vpc_endpoint_id"]
        self.secret_arn = gateway["clients_secret_arn"]
        self.public = Api(edge.client("apigateway"), gateway["rest_api_id"], gateway["stage_name"])
        self.private = Api(orders.client("apigateway"), service["rest_api_id"], service["stage_name"])
        self.elb, self.near, self.far = edge.client("elbv2"), edge.client("ec2"), orders.client("ec2")
        self.functions, self.secrets = edge.client("lambda"), edge.client("secretsmanager")

    @cached_property
    def balancer(self) -> Any:
        return self.elb.describe_load_balancers(LoadBalancerArns=[self.balancer_arn])["LoadBalancers"][0]

    @cached_property
    def listener(self) -> Any:
        return self.elb.describe_listeners(LoadBalancerArn=self.balancer_arn)["Listeners"][0]

    @cached_property
    def endpoint(self) -> Any:
        return self.far.describe_vpc_endpoints(VpcEndpointIds=[self.endpoint_id])["VpcEndpoints"][0]

    @cached_property
    def function(self) -> str:
        name: str = self.functions.list_functions()["Functions"][0]["FunctionName"]
        return name

    @cached_property
    def targets(self) -> list[dict[str, Any]]:
        found = self.elb.describe_target_health(TargetGroupArn=self.group_arn)["TargetHealthDescriptions"]
        return [
            {"Id": item["Target"]["Id"], "Port": item["Target"]["Port"], "AvailabilityZone": "all"}
            for item in found
        ]

    @contextlib.contextmanager
    def targets_of(self, *targets: dict[str, Any]) -> Iterator[None]:
        """Registers other targets in place of the good ones."""
        self._retarget(self.targets, list(targets))
        try:
            yield
        finally:
            self._retarget(list(targets), self.targets)

    def _retarget(self, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
        for change, targets in ((self.elb.deregister_targets, old), (self.elb.register_targets, new)):
            if targets:
                change(TargetGroupArn=self.group_arn, Targets=targets)

    @contextlib.contextmanager
    def listener_with(self, **changes: Any) -> Iterator[None]:
        """Changes the listener."""
        names = ("Port", "Protocol", "DefaultActions")
        before = {name: self.listener[name] for name in names if name in changes}
        self.elb.modify_listener(ListenerArn=self.listener["ListenerArn"], **changes)
        try:
            yield
        finally:
            self.elb.modify_listener(ListenerArn=self.listener["ListenerArn"], **before)

    @contextlib.contextmanager
    def attribute(self, name: str, value: str, back: str) -> Iterator[None]:
        """Changes an attribute of the target group."""
        self.elb.modify_target_group_attributes(
            TargetGroupArn=self.group_arn, Attributes=[{"Key": name, "Value": value}]
        )
        try:
            yield
        finally:
            self.elb.modify_target_group_attributes(
                TargetGroupArn=self.group_arn, Attributes=[{"Key": name, "Value": back}]
            )

    @contextlib.contextmanager
    def health_check(self, **changes: Any) -> Iterator[None]:
        """Changes how targets are checked."""
        group = self.elb.describe_target_groups(TargetGroupArns=[self.group_arn])["TargetGroups"][0]
        self.elb.modify_target_group(TargetGroupArn=self.group_arn, **changes)
        try:
            yield
        finally:
            before = {name: group[name] for name in changes}
            self.elb.modify_target_group(TargetGroupArn=self.group_arn, **before)

    @contextlib.contextmanager
    def private_link_rules(self) -> Iterator[None]:
        """Lets inbound rules apply to PrivateLink traffic."""
        switch = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
        given = {"LoadBalancerArn": self.balancer_arn, "SecurityGroups": self.balancer["SecurityGroups"]}
        self.elb.set_security_groups(**given, **{switch: "on"})
        try:
            yield
        finally:
            self.elb.set_security_groups(**given, **{switch: "off"})


def tcp(cidr: str, port: int = 443) -> dict[str, Any]:
    """A rule of a security group."""
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}


@contextlib.contextmanager
def rules(ec2: Any, group: str, direction: str, *wanted: dict[str, Any]) -> Iterator[None]:
    """Puts other rules in place of the good ones."""
    member = "IpPermissions" if direction == "ingress" else "IpPermissionsEgress"
    before = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0][member]
    revoke = getattr(ec2, f"revoke_security_group_{direction}")
    authorize = getattr(ec2, f"authorize_security_group_{direction}")
    revoke(GroupId=group, IpPermissions=before)
    if wanted:
        authorize(GroupId=group, IpPermissions=list(wanted))
    try:
        yield
    finally:
        if wanted:
            revoke(GroupId=group, IpPermissions=list(wanted))
        authorize(GroupId=group, IpPermissions=before)


@contextlib.contextmanager
def acl_entry(
    ec2: Any, vpc: str, *, egress: bool, ports: tuple[int, int], cidr: str = "0.0.0.0/0"
) -> Iterator[None]:
    """Denies TCP to some ports in the default network ACL of a VPC."""
    found = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    where = {"NetworkAclId": found[0]["NetworkAclId"], "RuleNumber": 50, "Egress": egress}
    ec2.create_network_acl_entry(
        **where,
        Protocol="6",
        RuleAction="deny",
        CidrBlock=cidr,
        PortRange={"From": ports[0], "To": ports[1]},
    )
    try:
        yield
    finally:
        ec2.delete_network_acl_entry(**where)


def transit_routes(ec2: Any, vpc: str) -> list[dict[str, str]]:
    """The routes of a VPC that lead to the Transit Gateway."""
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    return [
        {
            "RouteTableId": table["RouteTableId"],
            "DestinationCidrBlock": route["DestinationCidrBlock"],
            "TransitGatewayId": route["TransitGatewayId"],
        }
        for table in tables
        for route in table["Routes"]
        if route.get("TransitGatewayId")
    ]


@contextlib.contextmanager
def without_transit_routes(ec2: Any, vpc: str) -> Iterator[None]:
    """Takes the routes to the Transit Gateway out of a VPC's tables."""
    removed = transit_routes(ec2, vpc)
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
def narrower_route(ec2: Any, vpc: str, cidr: str) -> Iterator[None]:
    """Adds a route that leads a part of the other network to a gateway of its own, where nothing is."""
    table = transit_routes(ec2, vpc)[0]["RouteTableId"]
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=cidr, GatewayId=internet)
    try:
        yield
    finally:
        ec2.delete_route(RouteTableId=table, DestinationCidrBlock=cidr)
        ec2.detach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
        ec2.delete_internet_gateway(InternetGatewayId=internet)


@contextlib.contextmanager
def subnets_on_main_table(ec2: Any, vpc: str, *, most: int = 9) -> Iterator[None]:
    """Moves subnets to the main route table, which knows no way out."""
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    moved = [one for table in tables for one in table["Associations"] if one.get("SubnetId")][:most]
    assert moved
    for one in moved:
        ec2.disassociate_route_table(AssociationId=one["RouteTableAssociationId"])
    try:
        yield
    finally:
        for one in moved:
            ec2.associate_route_table(RouteTableId=one["RouteTableId"], SubnetId=one["SubnetId"])


@contextlib.contextmanager
def gateway_route(ec2: Any, of_vpc: str, cidr: str, *, to_vpc: str | None) -> Iterator[None]:
    """Adds a static route to the Transit Gateway route table of a VPC; to no VPC is a black hole."""
    found = attachments(ec2)
    table = found[of_vpc]["Association"]["TransitGatewayRouteTableId"]
    way = {"Blackhole": True}
    if to_vpc is not None:
        way = {"TransitGatewayAttachmentId": found[to_vpc]["TransitGatewayAttachmentId"]}
    ec2.create_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock=cidr, **way)
    try:
        yield
    finally:
        ec2.delete_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock=cidr)


def attachments(ec2: Any) -> dict[str, Any]:
    """The attachments of the Transit Gateway, by VPC."""
    found = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    return {one["ResourceId"]: one for one in found if one["State"] == "available"}


@contextlib.contextmanager
def without_association(ec2: Any, vpc: str) -> Iterator[None]:
    """Takes an attachment's route table away."""
    one = attachments(ec2)[vpc]
    where = {
        "TransitGatewayRouteTableId": one["Association"]["TransitGatewayRouteTableId"],
        "TransitGatewayAttachmentId": one["TransitGatewayAttachmentId"],
    }
    ec2.disassociate_transit_gateway_route_table(**where)
    try:
        yield
    finally:
        ec2.associate_transit_gateway_route_table(**where)


@contextlib.contextmanager
def without_propagation(ec2: Any, of_vpc: str, into_vpc: str) -> Iterator[None]:
    """Stops a VPC's network from being known in the route table of another."""
    found = attachments(ec2)
    where = {
        "TransitGatewayRouteTableId": found[into_vpc]["Association"]["TransitGatewayRouteTableId"],
        "TransitGatewayAttachmentId": found[of_vpc]["TransitGatewayAttachmentId"],
    }
    ec2.disable_transit_gateway_route_table_propagation(**where)
    try:
        yield
    finally:
        ec2.enable_transit_gateway_route_table_propagation(**where)


@contextlib.contextmanager
def attachment_without_zone(ec2: Any, vpc: str) -> Iterator[None]:
    """Takes one subnet out of a VPC's attachment."""
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    one = ec2.describe_transit_gateway_vpc_attachments(Filters=filters)["TransitGatewayVpcAttachments"][0]
    given = {"TransitGatewayAttachmentId": one["TransitGatewayAttachmentId"]}
    ec2.modify_transit_gateway_vpc_attachment(**given, RemoveSubnetIds=one["SubnetIds"][:1])
    try:
        yield
    finally:
        ec2.modify_transit_gateway_vpc_attachment(**given, AddSubnetIds=one["SubnetIds"][:1])


@contextlib.contextmanager
def web_acl(levers: Levers, action: str, *rules: dict[str, Any]) -> Iterator[None]:
    """Puts a web ACL before the public stage that does this with what no rule decides."""
    waf, api = levers.edge.client("wafv2"), levers.public
    metrics = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "x"}
    made = waf.create_web_acl(
        Name="before-the-stage",
        Scope="REGIONAL",
        DefaultAction={action: {}},
        Rules=[{"Priority": at, "VisibilityConfig": metrics, **rule} for at, rule in enumerate(rules)],
        VisibilityConfig=metrics,
    )["Summary"]
    stage = f"arn:aws:apigateway:eu-west-1::/restapis/{api.identity}/stages/{api.stage}"
    waf.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=stage)
    try:
        yield
    finally:
        waf.disassociate_web_acl(ResourceArn=stage)
        lock = waf.get_web_acl(Name=made["Name"], Id=made["Id"], Scope="REGIONAL")["LockToken"]
        waf.delete_web_acl(Name=made["Name"], Id=made["Id"], Scope="REGIONAL", LockToken=lock)
