"""What attributes AWS fills in are, written so that equal values are equal text.

`execution_arn` is spelled out, `aws_lb.id` is its ARN, an accepter's id is the attachment's.
"""

from typing import TYPE_CHECKING, Any

from hatchway.route.sources.configuration import Resource, first
from hatchway.route.sources.evaluation import Scope
from hatchway.route.sources.policy_documents import policy_document
from hatchway.route.sources.providers import alias_of, provider_of
from hatchway.route.symbols import Symbol, SymbolKind, Text

if TYPE_CHECKING:
    from hatchway.route.sources.resolve import Resolver

_ID_IS_ARN = frozenset(
    {"aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group", "aws_lb_listener"}
)
_APIS = frozenset({"aws_api_gateway_rest_api", "aws_apigatewayv2_api"})
_IDS = frozenset({"id", "root_resource_id", "default_network_acl_id", "default_security_group_id"})


def symbol(resource: Resource, attribute: str) -> Symbol:
    """Name a value that AWS assigns."""
    if attribute == "id" and resource.type in _ID_IS_ARN:
        attribute = "arn"
    name = f"{resource.subject}.{attribute}"
    if resource.mode == "data" or resource.is_guess:
        return Symbol(name)
    if attribute in _IDS:
        return Symbol(name, SymbolKind.ID, resource.fresh)
    kind = SymbolKind.ARN if attribute == "arn" else SymbolKind.OPAQUE
    return Symbol(name, kind, resource.fresh)


def value(resource: Resource, attribute: str) -> Text:
    """Return what AWS assigned, where a plan knows it; else the symbol for it."""
    known = resource.arguments.get("arn" if attribute == "id" and resource.type in _ID_IS_ARN else attribute)
    if isinstance(known, str) and known and "${" not in known:
        return Text.of(known)
    return Text.of(symbol(resource, attribute))


def identity(resource: Resource) -> Text:
    """Return the id of a resource, or its ARN where Terraform uses that as the id."""
    return value(resource, "id")


def account(resolver: "Resolver", resource: Resource) -> Text:
    """Return the account a resource belongs to, as far as its provider says."""
    provider = provider_of(resource, resolver.module)
    scope = Scope(resolver.root_module(resource))
    allowed = resolver.value(provider.get("allowed_account_ids"), scope)
    if isinstance(allowed, list) and len(allowed) == 1 and isinstance(allowed[0], Text):
        return allowed[0]
    role = resolver.value(first(provider.get("assume_role")).get("role_arn"), scope)
    if (
        isinstance(role, Text)
        and len(fields := role.split(":")) > _ARN_ACCOUNT
        and fields[_ARN_ACCOUNT].parts
    ):
        return fields[_ARN_ACCOUNT]
    return Text.of(Symbol(f"account of {_place(resolver, resource)}"))


def region(resolver: "Resolver", resource: Resource) -> Text:
    """Return the region a resource is in, as far as it or its provider says."""
    own = resource.arguments.get("region")
    value = resolver.value(own, resolver.scope(resource)) if own else None
    if not isinstance(value, Text):
        written = provider_of(resource, resolver.module).get("region")
        value = resolver.value(written, Scope(resolver.root_module(resource))) if written else None
    return value if isinstance(value, Text) else Text.of(Symbol(f"region of {_place(resolver, resource)}"))


def computed(resolver: "Resolver", resource: Resource, name: str) -> Any:  # noqa: ANN401 -- any value
    """Return an attribute that is more than a symbol; None for any other."""
    if resource.mode == "data":
        return _data(resolver, resource, name)
    if resource.type in _APIS and name == "execution_arn":
        return execution_arn(resolver, resource)
    if resource.type in _APIS and name == "api_endpoint":
        return Text.of("https://", _host(resolver, resource))
    if resource.type == "aws_api_gateway_stage" and name == "invoke_url":
        return _invoke_url(resolver, resource)
    return _alias(resolver, resource, name)


def _alias(resolver: "Resolver", resource: Resource, name: str) -> Any:  # noqa: ANN401 -- any value
    """Return an attribute that repeats a value known under another name."""
    if resource.type == "aws_ec2_transit_gateway_vpc_attachment_accepter" and name in _ATTACHMENT:
        return resolver.argument(resource, "transit_gateway_attachment_id")
    if resource.type == "aws_vpc_peering_connection_accepter" and name == "id":
        return resolver.argument(resource, "vpc_peering_connection_id")
    if resource.type == "aws_ec2_transit_gateway" and name in _DEFAULT_TABLES:
        return value(resource, "association_default_route_table_id")
    return None


def _invoke_url(resolver: "Resolver", stage: Resource) -> Text:
    api = resolver.text(stage, "rest_api_id") or ""
    place = Text.of(".execute-api.", region(resolver, stage), ".amazonaws.com/")
    return Text.of("https://", api, place, resolver.text(stage, "stage_name") or "")


def execution_arn(resolver: "Resolver", api: Resource) -> Text:
    """Spell out the ARN that requests to an API are authorized against."""
    place = Text.of(region(resolver, api), ":", account(resolver, api), ":", identity(api))
    return Text.of("arn:", partition(region(resolver, api)), ":execute-api:", place)


def partition(region_name: Text) -> str:
    """Return the partition of a region."""
    if region_name.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region_name.startswith("us-gov-") else "aws"


_ARN_ACCOUNT = 4
_ATTACHMENT = frozenset({"id", "transit_gateway_attachment_id"})
_DEFAULT_TABLES = frozenset({"association_default_route_table_id", "propagation_default_route_table_id"})


def _host(resolver: "Resolver", api: Resource) -> Text:
    return Text.of(identity(api), ".execute-api.", region(resolver, api), ".amazonaws.com")


def _data(resolver: "Resolver", resource: Resource, name: str) -> Any:  # noqa: ANN401 -- any value
    if resource.type == "aws_caller_identity" and name in {"account_id", "id"}:
        return account(resolver, resource)
    if resource.type == "aws_region" and name in {"name", "id", "region"}:
        return region(resolver, resource)
    if resource.type == "aws_partition" and name in {"partition", "id"}:
        return Text.of(partition(region(resolver, resource)))
    if resource.type == "aws_iam_policy_document" and name in {"json", "minified_json"}:
        return policy_document(resolver, resource)
    return None


def _place(resolver: "Resolver", resource: Resource) -> str:
    alias = alias_of(resource, resolver.module)
    provider = f"aws.{alias}" if alias else "aws"
    return f"{resource.stack}: {provider}" if resource.stack else provider
