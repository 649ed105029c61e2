"""Every call that reads facts, with the permission it needs: the one table that calls and policy are made of.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["READS", "V2", "Read", "Request", "Side"]

V2 = "v2:"
"""Before the names of operations of `apigatewayv2`, some of which `apigateway` has as well."""


class Side(StrEnum):
    """Whose account a call is made in. One account can be several of these."""

    GATEWAY = "gateway"
    SERVICE = "service"
    ENDPOINT = "endpoint"
    TRANSIT = "transit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One kind of call.

    Attributes:
        service: The client of boto3.
        operation: AWS's own name of the operation.
        action: The IAM action it needs.
        resource: What the policy grants it on; `{region}`, `{account}` and `{partition}` are filled in.
        method: The client's method.
        items: The member of the answer that lists what was asked for; empty for the whole answer.
        sides: The accounts it is made in.
        always: Arguments that it is always made with.
        after: Operations whose answers say what to ask this one about.
        absent: Error codes that mean that there is none, which is an answer.
        kind: The kind of gateway that it is made for in the gateway's account, `rest` or `http`; else both.
    """

    service: str
    operation: str
    action: str
    method: str
    items: str = ""
    resource: str = "*"
    sides: tuple[Side, ...] = (Side.GATEWAY,)
    always: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A read to make, in an account of the topology, about something."""

    account: str
    operation: str
    about: tuple[tuple[str, Any], ...] = ()

    @staticmethod
    def of(account: str, operation: str, **about: Any) -> "Request":  # noqa: ANN401 -- arguments of an AWS call
        """Make a request; lists become tuples, so that equal requests are asked once."""
        frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in about.items()}
        return Request(account, operation, tuple(sorted(frozen.items())))

    @property
    def read(self) -> Read:
        """Return the kind of call it is."""
        return READS[self.operation]


_BOTH = (Side.GATEWAY, Side.SERVICE)
_ENDS = (Side.GATEWAY, Side.ENDPOINT)
_API = "arn:{partition}:apigateway:{region}::"
_FUNCTIONS = "arn:{partition}:lambda:{region}:{account}:function:*"
_GONE = frozenset({"NotFoundException"})


def _api(
    operation: str,
    method: str,
    path: str,
    items: str = "",
    sides: tuple[Side, ...] = _BOTH,
    **always: Any,  # noqa: ANN401 -- arguments of an AWS call
) -> Read:
    """API Gateway knows one action for all reading; what may be read is said by path."""
    return Read(
        service="apigateway",
        operation=operation,
        action="apigateway:GET",
        method=method,
        items=items,
        resource=_API + path,
        sides=sides,
        always=always,
        absent=_GONE,
        kind="rest",
    )


def _http_api(
    operation: str,
    method: str,
    path: str,
    items: str = "Items",
    **always: Any,  # noqa: ANN401 -- arguments of an AWS call
) -> Read:
    """An HTTP API is read through another client, whose operations have names of those of REST APIs."""
    return Read(
        service="apigatewayv2",
        operation=V2 + operation,
        action="apigateway:GET",
        method=method,
        items=items,
        resource=_API + path,
        always=always,
        absent=_GONE,
        kind="http",
    )


def _balancer(operation: str, method: str, items: str, *after: str) -> Read:
    return Read(
        service="elbv2",
        operation=operation,
        action=f"elasticloadbalancing:{operation}",
        method=method,
        items=items,
        after=after,
        absent=frozenset({"LoadBalancerNotFound", "TargetGroupNotFound"}),
    )


def _ec2(
    operation: str, method: str, items: str, *after: str, sides: tuple[Side, ...] = _ENDS, absent: str = ""
) -> Read:
    return Read(
        service="ec2",
        operation=operation,
        action=f"ec2:{operation}",
        method=method,
        items=items,
        sides=sides,
        after=after,
        absent=frozenset({absent} - {""}),
    )


def _function(operation: str, method: str) -> Read:
    return Read(
        service="lambda",
        operation=operation,
        action=f"lambda:{operation}",
        method=method,
        resource=_FUNCTIONS,
        sides=_BOTH,
        after=("GetExport",),
        absent=frozenset({"ResourceNotFoundException"}),
    )


_NETWORK = ("DescribeLoadBalancers", "DescribeVpcEndpoints")
_ALL = (
    _api("GetRestApi", "get_rest_api", "/restapis/*"),
    _api("GetStages", "get_stages", "/restapis/*/stages", "item"),
    _api(
        "GetExport",
        "get_export",
        "/restapis/*/stages/*/exports/*",
        exportType="oas30",
        parameters={"extensions": "apigateway"},
    ),
    _api("GetResources", "get_resources", "/restapis/*/resources", "items", embed=["methods"]),
    _api("GetAuthorizers", "get_authorizers", "/restapis/*/authorizers", "items"),
    _api("GetVpcLinks", "get_vpc_links", "/vpclinks", "items", (Side.GATEWAY,)),
    _api("GetAccount", "get_account", "/account", sides=(Side.GATEWAY,)),
    _api("GetUsagePlans", "get_usage_plans", "/usageplans", "items", (Side.GATEWAY,)),
    _api("GetDomainNames", "get_domain_names", "/domainnames", "items", (Side.GATEWAY,)),
    _api(
        "GetBasePathMappings",
        "get_base_path_mappings",
        "/domainnames/*/basepathmappings",
        "items",
        (Side.GATEWAY,),
    ),
    _http_api("GetApi", "get_api", "/apis/*", ""),
    _http_api("GetStages", "get_stages", "/apis/*/stages"),
    _http_api("GetRoutes", "get_routes", "/apis/*/routes"),
    _http_api("GetIntegrations", "get_integrations", "/apis/*/integrations"),
    _http_api(
        "ExportApi",
        "export_api",
        "/apis/*/exports/*",
        "",
        ExportVersion="1.0",
        IncludeExtensions=True,
        OutputType="JSON",
        Specification="OAS30",
    ),
    _http_api("GetAuthorizer", "get_authorizer", "/apis/*/authorizers/*", ""),
    _http_api("GetVpcLinks", "get_vpc_links", "/vpclinks"),
    _http_api("GetDomainNames", "get_domain_names", "/domainnames"),
    _http_api("GetApiMappings", "get_api_mappings", "/domainnames/*/apimappings"),
    Read(
        service="acm",
        operation="DescribeCertificate",
        action="acm:DescribeCertificate",
        method="describe_certificate",
        items="Certificate",
        resource="arn:{partition}:acm:{region}:{account}:certificate/*",
        after=("GetDomainNames",),
        absent=frozenset({"ResourceNotFoundException"}),
    ),
    Read(
        service="wafv2",
        operation="GetWebACL",
        action="wafv2:GetWebACL",
        method="get_web_acl",
        items="WebACL",
        resource="arn:{partition}:wafv2:{region}:{account}:regional/webacl/*",
        sides=(Side.GATEWAY,),
        after=("GetStages",),
        absent=frozenset({"WAFNonexistentItemException"}),
        always={"Scope": "REGIONAL"},
        kind="rest",
    ),
    _function("GetPolicy", "get_policy"),
    _function("GetFunctionConfiguration", "get_function_configuration"),
    _balancer("DescribeLoadBalancers", "describe_load_balancers", "LoadBalancers", "GetVpcLinks"),
    _balancer(
        "DescribeLoadBalancerAttributes",
        "describe_load_balancer_attributes",
        "Attributes",
        "DescribeLoadBalancers",
    ),
    _balancer("DescribeListeners", "describe_listeners", "Listeners", "DescribeLoadBalancers"),
    _balancer("DescribeTargetGroups", "describe_target_groups", "TargetGroups", "DescribeListeners"),
    _balancer(
        "DescribeTargetGroupAttributes",
        "describe_target_group_attributes",
        "Attributes",
        "DescribeTargetGroups",
    ),
    _balancer(
        "DescribeTargetHealth", "describe_target_health", "TargetHealthDescriptions", "DescribeTargetGroups"
    ),
    _ec2(
        "DescribeVpcEndpoints",
        "describe_vpc_endpoints",
        "VpcEndpoints",
        sides=(Side.ENDPOINT,),
        absent="InvalidVpcEndpointId.NotFound",
    ),
    _ec2(
        "DescribeNetworkInterfaces",
        "describe_network_interfaces",
        "NetworkInterfaces",
        *_NETWORK,
        absent="InvalidNetworkInterfaceID.NotFound",
    ),
    _ec2("DescribeVpcs", "describe_vpcs", "Vpcs", *_NETWORK),
    _ec2("DescribeSubnets", "describe_subnets", "Subnets", *_NETWORK),
    _ec2("DescribeSecurityGroups", "describe_security_groups", "SecurityGroups", *_NETWORK),
    _ec2("DescribeRouteTables", "describe_route_tables", "RouteTables", *_NETWORK),
    _ec2("DescribeNetworkAcls", "describe_network_acls", "NetworkAcls", *_NETWORK),
    _ec2(
        "GetManagedPrefixListEntries",
        "get_managed_prefix_list_entries",
        "Entries",
        "DescribeSecurityGroups",
        "DescribeRouteTables",
        absent="InvalidPrefixListID.NotFound",
    ),
    _ec2(
        "DescribeTransitGatewayVpcAttachments",
        "describe_transit_gateway_vpc_attachments",
        "TransitGatewayVpcAttachments",
        *_NETWORK,
    ),
    _ec2(
        "DescribeVpcPeeringConnections",
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        *_NETWORK,
        sides=(Side.GATEWAY,),
    ),
    _ec2(
        "DescribeTransitGatewayAttachments",
        "describe_transit_gateway_attachments",
        "TransitGatewayAttachments",
        "DescribeTransitGatewayVpcAttachments",
        sides=(Side.TRANSIT,),
    ),
    _ec2(
        "SearchTransitGatewayRoutes",
        "search_transit_gateway_routes",
        "Routes",
        "DescribeTransitGatewayAttachments",
        sides=(Side.TRANSIT,),
        absent="InvalidRouteTableID.NotFound",
    ),
)

READS = {read.operation: read for read in _ALL}
"""Every read, by AWS's name of the operation."""
