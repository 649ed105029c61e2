"""Rules about what an HTTP API has and has not, and about VPC links of version 2.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
"""

from collections.abc import Callable, Iterator

from hatchway.topology.authorizer_rules import declared_authorizers
from hatchway.topology.bulkheads import bulkheads
from hatchway.topology.http_routes import route_keys
from hatchway.topology.model import Gateway, Topology
from hatchway.topology.open_routes import has_to_be_closed, open_routes
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.shapes import usable
from hatchway.topology.vpc_links import uses_links_of_version_2

HTTP = "http"
LINKS_OF_REST_APIS_SINCE = (6, 25, 0)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
ROUTES = 300
INTEGRATIONS = 300
LINKS_OF_VERSION_2 = 10
LONGEST_TIMEOUT_MILLISECONDS = 30000
LONGEST_AUTHORIZER_SECONDS = 10
AUDIENCES = 50
SCOPES = 10
# What is set, and what to do instead.
_ONLY_REST: dict[str, tuple[Callable[[Gateway], bool], str]] = {
    "api_id_header": (
        lambda it: it.api_id_header != "pinned",
        "An HTTP API cannot require a header. Leave it at 'pinned', or set gateway.kind to 'rest'.",
    ),
    "web_acl": (
        lambda it: it.web_acl is not None,
        "It takes WAF on a CloudFront distribution in front. Set gateway.kind to 'rest', or remove it.",
    ),
    "overwritten_request_headers": (
        lambda it: bool(it.overwritten_request_headers),
        "An HTTP API can remove headers: name them in gateway.removed_request_headers.",
    ),
    "usage_plans": (
        lambda it: bool(it.usage_plans),
        "Limit routes with `throttling`, or set gateway.kind to 'rest'.",
    ),
    "gateway_responses": (
        lambda it: bool(it.gateway_responses),
        "An HTTP API's own answers cannot be changed. Remove it, or set gateway.kind to 'rest'.",
    ),
    "binary_media_types": (
        lambda it: bool(it.binary_media_types),
        "An HTTP API passes every body on byte by byte. Remove it.",
    ),
    "minimum_compression_bytes": (
        lambda it: it.minimum_compression_bytes is not None,
        "Let private APIs compress, or set gateway.kind to 'rest'.",
    ),
    "canary_release": (
        lambda it: it.canary_release is not None,
        "An HTTP API's stage has one deployment. Remove it, or set gateway.kind to 'rest'.",
    ),
}
_ONLY_REST_QUOTAS = ("resources", "usage_plans")


def http_apis_have_no_more_than_they_can(topology: Topology) -> Iterator[Misfit]:
    """Keys of the gateway that only a REST API can follow."""
    gateway = topology.gateway
    if gateway.kind != HTTP:
        return
    for key, (is_set, fix) in _ONLY_REST.items():
        if usable(gateway, is_set):
            yield Misfit(
                path=("gateway", key), message="needs a REST API, and gateway.kind is 'http'", fix=fix
            )
    for quota in _ONLY_REST_QUOTAS:
        if quota in (usable(gateway, lambda it: it.raised_quotas) or {}):
            yield Misfit(
                path=("gateway", "raised_quotas", quota),
                message="is a quota of REST APIs, and gateway.kind is 'http'",
                fix="Remove it.",
            )


def services_of_http_apis_ask_for_what_they_have(topology: Topology, name: str) -> Iterator[Misfit]:
    """API keys and streaming are of REST APIs; what is not listed cannot be closed without a mock."""
    if topology.gateway.kind != HTTP:
        return
    service = topology.services[name]
    if usable(service, lambda it: it.response_streaming):
        yield Misfit(
            path=("services", name, "response_streaming"),
            message="needs a REST API, and gateway.kind is 'http'",
            fix="Remove it, or set gateway.kind to 'rest'.",
        )
    if any(route.api_key_required for route in open_routes(service)):
        yield Misfit(
            path=("services", name, "api_key_required"),
            message="needs a REST API, and gateway.kind is 'http'",
            fix="Remove it and use an authorizer, or set gateway.kind to 'rest'.",
        )
    if has_to_be_closed(topology, name):
        yield Misfit(
            path=("services", name, "routes"),
            message="leave open what they do not list: the service above answers it, and an HTTP API has "
            "nothing that closes a path",
            fix="Give the service a path of its own, list the routes of the service above too, or set "
            "gateway.kind to 'rest'.",
        )


def http_apis_wait_no_longer_than_they_can(topology: Topology, name: str) -> Iterator[Misfit]:
    """An integration's timeout is at most 30 seconds, which AWS does not raise."""
    if topology.gateway.kind != HTTP:
        return
    service = topology.services[name]
    declared: list[tuple[KeyPath, int | None]] = [
        (("services", name), usable(service, lambda it: it.integration_timeout_milliseconds)),
        *(
            (("services", name, "routes", index), route.integration_timeout_milliseconds)
            for index, route in enumerate(usable(service, lambda it: it.routes) or ())
        ),
    ]
    for path, timeout in declared:
        if timeout is not None and timeout > LONGEST_TIMEOUT_MILLISECONDS:
            yield Misfit(
                path=(*path, "integration_timeout_milliseconds"),
                message=f"is longer than an HTTP API waits, {LONGEST_TIMEOUT_MILLISECONDS}",
                got=timeout,
                fix="Shorten it, or set gateway.kind to 'rest'.",
            )


def authorizers_of_http_apis_are_ones_they_have(topology: Topology) -> Iterator[Misfit]:
    """An HTTP API knows Lambda authorizers of type 'request', JWT and IAM."""
    if topology.gateway.kind != HTTP:
        return
    for path, authorizer in declared_authorizers(topology):
        if usable(authorizer, lambda it: it.cognito) is not None:
            yield Misfit(
                path=(*path, "cognito"),
                message="needs a REST API, and gateway.kind is 'http'",
                fix="Use jwt with issuer https://cognito-idp.REGION.amazonaws.com/USER_POOL_ID and the app "
                "clients' ids as audience.",
            )
        declared = usable(authorizer, lambda it: it.lambda_)
        if declared is None:
            continue
        if declared.type == "token":
            yield Misfit(
                path=(*path, "lambda", "type"),
                message="'token' needs a REST API, and gateway.kind is 'http'",
                fix="Set it to 'request'.",
            )
        if declared.function is None and declared.timeout_seconds > LONGEST_AUTHORIZER_SECONDS:
            yield Misfit(
                path=(*path, "lambda", "timeout_seconds"),
                message=f"is longer than an HTTP API waits for an authorizer, {LONGEST_AUTHORIZER_SECONDS}",
                got=declared.timeout_seconds,
                fix="Shorten it.",
            )


def jwt_authorizers_are_within_their_quotas(topology: Topology) -> Iterator[Misfit]:
    """An authorizer takes 50 audiences and a route 10 scopes, which AWS does not raise."""
    for path, authorizer in declared_authorizers(topology):
        jwt = usable(authorizer, lambda it: it.jwt)
        if jwt is None:
            continue
        for key, quota in (("audience", AUDIENCES), ("scopes", SCOPES)):
            values = getattr(jwt, key)
            if len(values) > quota:
                yield Misfit(
                    path=(*path, "jwt", key),
                    message=f"has {len(values)} values, and the quota is {quota}",
                    fix="Use fewer, or one that they have in common.",
                )


def vpc_links_are_of_a_version_that_fits(topology: Topology) -> Iterator[Misfit]:
    """An HTTP API takes links of version 2 alone; for a REST API the provider knows them since 6.25.0.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
    """
    gateway, minimum = topology.gateway, topology.minimum_aws_provider
    if gateway.kind == HTTP and gateway.vpc_link == "v1":
        yield Misfit(
            path=("gateway", "vpc_link"),
            message="is for REST APIs: an HTTP API takes links of version 2",
            got="v1",
            fix="Remove it, or set it to 'v2'.",
        )
    is_too_old = tuple(map(int, minimum.split("."))) < LINKS_OF_REST_APIS_SINCE
    if gateway.kind != HTTP and gateway.vpc_link == "v2" and is_too_old:
        yield Misfit(
            path=("gateway", "vpc_link"),
            message=f"needs provider 6.25.0 with a REST API, and minimum_aws_provider is {minimum}",
            got="v2",
            fix='Set minimum_aws_provider: "6.25.0".',
        )


def http_api_has_few_enough_routes(topology: Topology) -> Iterator[Misfit]:
    """Each method of each open path is a route, and each open route an integration."""
    if topology.gateway.kind != HTTP:
        return
    raised = topology.gateway.raised_quotas
    needed, allowed = len(list(route_keys(topology))), raised.get("routes", ROUTES)
    if needed > allowed:
        yield Misfit(
            path=("services",),
            message=f"need {needed} routes, and the quota is {allowed}",
            fix="Open fewer, or have AWS raise the quota and write the new one under "
            "gateway.raised_quotas.routes.",
        )
    integrations = sum(len(open_routes(service)) for service in topology.services.values())
    if integrations > INTEGRATIONS:
        yield Misfit(
            path=("services",),
            message=f"need {integrations} integrations, and an HTTP API has {INTEGRATIONS}, which AWS does "
            "not raise",
            fix="Open whole paths in place of single ones, or set gateway.kind to 'rest'.",
        )


def region_has_few_enough_links_of_version_2(topology: Topology) -> Iterator[Misfit]:
    """Services that share a bulkhead share its link."""
    if not uses_links_of_version_2(topology):
        return
    needed = len(bulkheads(topology))
    allowed = topology.gateway.raised_quotas.get("vpc_links", LINKS_OF_VERSION_2)
    if needed > allowed:
        yield Misfit(
            path=("services",),
            message=f"need {needed} VPC links of version 2, and the quota is {allowed}",
            fix="Share some with `isolation: shared`, or have AWS raise the quota and write the new one "
            "under gateway.raised_quotas.vpc_links.",
        )


def routes_quota_is_of_an_http_api(topology: Topology) -> Iterator[Misfit]:
    """A REST API has resources, not routes."""
    if topology.gateway.kind != HTTP and "routes" in topology.gateway.raised_quotas:
        yield Misfit(
            path=("gateway", "raised_quotas", "routes"),
            message="is a quota of HTTP APIs, and gateway.kind is 'rest'",
            fix="Remove it; a REST API counts resources.",
        )
