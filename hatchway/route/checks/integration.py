"""Hop 3: what the public route does with a request."""

import re
from dataclasses import replace

from hatchway.route.checks.model import (
    API_REFERENCE,
    DEVELOPER_GUIDE,
    Check,
    Judgement,
    Kind,
    bad,
    check,
    decide,
    good,
    idle,
    unclear,
)
from hatchway.route.checks.other_apis import other_apis
from hatchway.route.facts import (
    Destination,
    Integration,
    RouteFacts,
    Unknown,
)
from hatchway.route.policy.matching import equals
from hatchway.route.symbols import Symbol, SymbolKind
from hatchway.route.truth import Truth

_INTEGRATION = f"{API_REFERENCE}API_Integration.html"
_PRIVATE = f"{DEVELOPER_GUIDE}private-integration.html"
_INVOKE = f"{DEVELOPER_GUIDE}apigateway-private-api-test-invoke-url.html"
_HTTP_GUIDE = f"{DEVELOPER_GUIDE}http-api-develop-integrations-private.html"
_HEADERS = frozenset({"integration.request.header.x-apigw-api-id", "overwrite:header.x-apigw-api-id"})
_PASSED_ON = frozenset(
    {
        "method.request.header.x-apigw-api-id",
        "$request.header.x-apigw-api-id",
        "${request.header.x-apigw-api-id}",
    }
)
_LONGEST, _LONGEST_HTTP, _SHORTEST = 29000, 30000, 50
# What a parameter of a REST API may be mapped from; a fixed value stands in single quotes.
_SOURCES = ("method.request.", "context.", "stageVariables.", "'")
_BRACES = re.compile(r"\{[^}]*\}")


def _integration(facts: RouteFacts) -> Integration:
    method = facts.entry.method
    if method is None or method.integration is None:
        raise LookupError("the route has no integration")
    return method.integration


def _destination(facts: RouteFacts) -> Destination:
    if facts.destination is None:
        raise LookupError("the integration has no uri")
    return facts.destination


def _uses_link(facts: RouteFacts) -> Judgement:
    method = facts.entry.method
    if method is None or method.integration is None:
        return bad(facts.entry.api.subject, "the route has no integration", "an HTTP_PROXY integration")
    one = method.integration
    if one.type not in {"HTTP_PROXY", "HTTP"}:
        return bad(one.subject, f"its type is {one.type}", "HTTP_PROXY")
    if one.connection_type != "VPC_LINK":
        return bad(one.subject, f"connection_type is {one.connection_type}", "VPC_LINK")
    if one.connection_id is None:
        return bad(one.subject, "connection_id is not set", "the id of a VPC link")
    if one.http_method is None:
        return bad(one.subject, "integration_http_method is not set", "a method, or ANY")
    return good(one.subject, f"{one.type} over {one.connection_id}")


def _is_https(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    if one.is_http_api:
        return idle(one.subject, "an HTTP API speaks TLS when tls_config says so")
    if destination.scheme is None:
        return unclear(one.subject, f"the uri is {one.uri}")
    if destination.scheme != "https":
        return bad(
            one.subject,
            f"the uri begins with {destination.scheme}://",
            "https://: the endpoint speaks only TLS",
        )
    return good(one.subject, "the uri is https")


def _certificate(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    expected = "a name under execute-api.REGION.amazonaws.com, which the endpoint's certificate covers"
    if one.is_http_api and one.server_name is None:
        return idle(one.subject, "no certificate is asked for")
    if destination.is_under_execute_api is None:
        return unclear(one.subject, f"the host is {destination.host}", expected)
    if not destination.is_under_execute_api:
        return bad(one.subject, f"the host is {destination.host}", expected)
    return good(one.subject, f"the host is {destination.host}")


def _region(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    if destination.region is None or facts.private is None:
        return idle(one.subject, "the host names no region")
    wanted = facts.private.api.location.region
    truth = equals(destination.region, wanted)
    return decide(
        truth, one.subject, f"the host is in {destination.region}", f"the private API's region, {wanted}"
    )


def _names_api(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    if destination.header_api is not None:
        return good(one.subject, f"x-apigw-api-id is set to {destination.header_api}")
    if destination.host_api is not None:
        return good(one.subject, f"the host names {destination.host_api}")
    if _passes_header_on(one):
        return good(one.subject, "the caller names the API in x-apigw-api-id")
    if destination.is_under_execute_api is None or one.parameters_are_open:
        return unclear(one.subject, f"the host is {destination.host}")
    expected = "the private API's id in the host, or in a fixed x-apigw-api-id header"
    return bad(one.subject, f"neither the host {destination.host} nor a header names a private API", expected)


def _passes_header_on(one: Integration) -> bool:
    return any(
        name.lower() in _HEADERS and str(value).lower() in _PASSED_ON
        for name, value in one.parameters.items()
    )


def _names_right_api(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    header, host = destination.header_api, destination.host_api
    if header is not None and host is not None and equals(header, host) is Truth.NO:
        return bad(one.subject, f"the header names {header}, the host {host}", "one private API")
    named = header or host
    if named is not None and equals(named, facts.entry.api.id) is Truth.YES:
        return bad(one.subject, f"names {named}, the public API itself", "the private API behind it")
    if named is None or facts.private is None:
        return idle(one.subject, "the gateway names no API, or the private one is not in sight")
    wanted = facts.private.api.id
    return decide(
        equals(named, wanted), one.subject, f"names {named}", f"the private API behind it, {wanted}"
    )


def _maps_path(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    left = _BRACES.findall("".join(part for part in destination.path.parts if isinstance(part, str)))
    stage = destination.stage.literal if destination.stage is not None else None
    left += _BRACES.findall(stage or "")
    if left:
        name = left[0].strip("{}")
        wanted = f'"integration.request.path.{name}" = "method.request.path.{name}"'
        return bad(one.subject, f"{left[0]} in the uri has no value", wanted)
    return good(one.subject, f"{facts.path} becomes {destination.path}")


def _declares_parameters(facts: RouteFacts) -> Judgement:
    one, method = _integration(facts), facts.entry.method
    declared = set(method.parameters) if method is not None else set()
    used = [str(value) for value in one.parameters.values() if str(value).startswith("method.request.")]
    path = method.path if method is not None else ""
    missing = [value for value in used if value.lower() not in declared]
    missing += [
        value
        for value in used
        if value.startswith("method.request.path.") and "{" + value.rpartition(".")[2] not in path
    ]
    if missing:
        where = f"maps {missing[0]}, which the method does not declare"
        return bad(one.subject, where, f'request_parameters = {{"{missing[0]}" = true}} on the method')
    return good(one.subject, "maps only what the method declares")


def _pins_api(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    if destination.header_api is not None:
        return good(one.subject, "the gateway sets x-apigw-api-id, whatever the caller sends")
    if one.type == "HTTP" and not _passes_header_on(one):
        return good(one.subject, "headers of the caller are not passed on")
    if (destination.is_under_execute_api is None or one.parameters_are_open) and not _passes_header_on(one):
        return unclear(one.subject, f"the host is {destination.host}, or a header is not known")
    if destination.host_api is not None and not _passes_header_on(one):
        return idle(one.subject, "the host names the API, and no mapping passes the caller's header on")
    if facts.endpoint is None or facts.private is None:
        return idle(one.subject, "the endpoint is not in sight")
    return other_apis(one, facts, facts.endpoint, facts.private)


def _host_alone(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    if one.type != "HTTP_PROXY" or destination.header_api is not None or _passes_header_on(one):
        return idle(one.subject, "a header decides, or the caller's headers are not passed on")
    if destination.host_api is None or facts.endpoint is None or facts.private is None:
        return idle(one.subject, "the host names no API, or the endpoint is not in sight")
    judged = other_apis(one, facts, facts.endpoint, facts.private)
    return replace(judged, observed="the host names the API, and the caller's own header comes along")


def _timeout(facts: RouteFacts) -> Judgement:
    one = _integration(facts)
    if isinstance(one.timeout_milliseconds, Unknown):
        return idle(one.subject, one.timeout_milliseconds.reason)
    value = one.timeout_milliseconds.value
    longest = _LONGEST_HTTP if one.is_http_api else _LONGEST
    if not _SHORTEST <= value <= longest:
        return bad(
            one.subject, f"timeout_milliseconds is {value}", f"{_SHORTEST} to {longest}, or a raised quota"
        )
    return good(one.subject, f"timeout_milliseconds is {value}")


def _verifies_tls(facts: RouteFacts) -> Judgement:
    one = _integration(facts)
    if one.skips_tls_verification:
        return bad(one.subject, "tls_config.insecure_skip_verification is true", "verification left on")
    return good(one.subject, "the certificate is verified")


def _alias(facts: RouteFacts) -> Judgement:
    one, destination = _integration(facts), _destination(facts)
    if destination.host_endpoint is None or facts.endpoint is None:
        return idle(one.subject, "the host names no endpoint")
    truth = equals(destination.host_endpoint, facts.endpoint.id)
    if (
        truth is Truth.YES
        and facts.private is not None
        and facts.endpoint.id not in facts.private.api.endpoint_ids
    ):
        api = facts.private.api.subject
        return bad(
            api, "is not associated with the endpoint the host names", "the endpoint in vpc_endpoint_ids"
        )
    observed = f"the host names the endpoint {destination.host_endpoint}"
    return decide(truth, one.subject, observed, f"the endpoint behind the load balancer, {facts.endpoint.id}")


def _maps_from_somewhere(facts: RouteFacts) -> Judgement:
    one = _integration(facts)
    if one.is_http_api:
        return idle(one.subject, "an HTTP API takes any text for a fixed value")
    for name, value in one.parameters.items():
        written = value.parts[0] if value.parts else ""
        if isinstance(written, Symbol) and written.kind is SymbolKind.OPAQUE:
            continue
        if isinstance(written, Symbol) or not written.startswith(_SOURCES):
            return bad(one.subject, f"{name} is {value}", f"'{value}' in single quotes, or a reference")
    return good(one.subject, "every mapping is a reference or in quotes")


def _asks_for_name(facts: RouteFacts) -> Judgement:
    one = _integration(facts)
    if not one.is_http_api:
        return idle(one.subject, "the uri of a REST API says whether it is https")
    if one.server_name is None:
        expected = "tls_config { server_name_to_verify } with the private API's execute-api name"
        return bad(one.subject, "tls_config is not set: plain text meets a TLS server", expected)
    return good(one.subject, f"asks for {one.server_name} over TLS")


def _names_listener(facts: RouteFacts) -> Judgement:
    one = _integration(facts)
    if not one.is_http_api or one.target is None:
        return idle(one.subject, "no HTTP API, or no integration_uri")
    text = str(one.target)
    if (facts.balancer is not None and facts.balancer.arn == one.target) or ":loadbalancer/" in text:
        return bad(one.subject, f"integration_uri is the load balancer {text}", "the ARN of its listener")
    if facts.balancer is None and ":listener/" not in text:
        return unclear(one.subject, f"the listener {text} is not in sight", "the ARN of a listener")
    return good(one.subject, f"leads to the listener {text}")


def _says_where_to(facts: RouteFacts) -> Judgement:
    one, link = _integration(facts), facts.link
    if one.is_http_api or link is None:
        return idle(one.subject, "an HTTP API, or a link that is not in sight")
    if link.is_v2 and one.target is None:
        return bad(one.subject, "integration_target is not set", "the ARN of the load balancer")
    if not link.is_v2 and one.target is not None:
        return bad(one.subject, "integration_target is set for a link of the first kind", "no target")
    return good(one.subject, "the load balancer is named once")


_NEEDS = ("entry.method.integration", "destination")

CHECKS: tuple[Check, ...] = (
    check(
        "301",
        "The route is proxied over a VPC link.",
        _uses_link,
        symptom='500 {"message":"Internal server error"}, or the apply fails.',
        fix='Set type = "HTTP_PROXY", connection_type = "VPC_LINK" and connection_id.',
        source=_PRIVATE,
    ),
    check(
        "302",
        "The private API is called over TLS.",
        _is_https,
        symptom='500 {"message":"Internal server error"}: plain text meets a TLS server.',
        fix="Begin the uri with https://.",
        source=_PRIVATE,
        needs=_NEEDS,
    ),
    check(
        "303",
        "The uri's host is one the endpoint's certificate covers.",
        _certificate,
        symptom="500: the host name does not match the certificate subject provided by the peer.",
        fix="Use https://API.execute-api.REGION.amazonaws.com/STAGE/… as the uri, no load balancer's name.",
        source="https://repost.aws/knowledge-center/api-gateway-500-error-vpc",
        needs=_NEEDS,
    ),
    check(
        "304",
        "The request names a private API.",
        _names_api,
        symptom='403 {"message":"Forbidden"} from the endpoint.',
        fix="Put the private API's id into the host, or set integration.request.header.x-apigw-api-id.",
        source=_INVOKE,
        needs=_NEEDS,
    ),
    check(
        "305",
        "Every parameter of the uri gets a value.",
        _maps_path,
        symptom="The private API is asked for a path with braces in it and answers 403.",
        fix="Map the path parameter in request_parameters of the integration.",
        source=f"{DEVELOPER_GUIDE}rest-api-parameter-mapping-sources.html",
        needs=_NEEDS,
    ),
    check(
        "306",
        "The private API named is the one behind the endpoint.",
        _names_right_api,
        symptom='403 {"message":"Forbidden"}, or another API answers.',
        fix="Refer to the id of the private API, never write it as a literal.",
        source=_INVOKE,
        needs=_NEEDS,
    ),
    check(
        "307",
        "The caller does not choose which private API answers.",
        _pins_api,
        symptom="A caller who sends x-apigw-api-id reaches any private API behind the endpoint.",
        fix='Set gateway.api_id_header to "pinned", or give each API an endpoint of its own (isolation: own) '
        "whose policy names that API alone.",
        source=_INVOKE,
        needs=_NEEDS,
        kind=Kind.WEAKNESS,
    ),
    check(
        "308",
        "Parameters that are mapped are declared on the method.",
        _declares_parameters,
        symptom="The apply fails: invalid mapping expression specified.",
        fix="Declare the parameter in request_parameters of the method.",
        source=f"{DEVELOPER_GUIDE}rest-api-parameter-mapping-sources.html",
        needs=_NEEDS,
    ),
    check(
        "309",
        "The certificate of the private side is verified.",
        _verifies_tls,
        symptom="A certificate that no known authority issued is believed, as from whoever is in between.",
        fix="Remove tls_config.insecure_skip_verification.",
        source=f"{API_REFERENCE}API_TlsConfig.html",
        needs=_NEEDS,
        kind=Kind.WEAKNESS,
    ),
    check(
        "310",
        "The uri names the region of the private API.",
        _region,
        symptom="403: the endpoint knows no API of that region.",
        fix="Use the private API's region in the uri.",
        source=_INVOKE,
        needs=_NEEDS,
    ),
    check(
        "311",
        "A host that names an endpoint names the one behind the load balancer.",
        _alias,
        symptom='403 {"message":"Forbidden"}.',
        fix="Associate the API with the endpoint, or leave the endpoint out of the host.",
        source=_INVOKE,
        needs=_NEEDS,
    ),
    check(
        "312",
        "The timeout is within the default quota.",
        _timeout,
        symptom="The apply fails unless the account's quota was raised.",
        fix="Set timeout_milliseconds to 50 to 29000, or ask for a higher quota first.",
        source=f"{DEVELOPER_GUIDE}api-gateway-execution-service-limits-table.html",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "313",
        "No header of the caller competes with the host in naming the private API.",
        _host_alone,
        symptom="AWS does not document whether Host or x-apigw-api-id wins: a caller may choose the API.",
        fix="Set integration.request.header.x-apigw-api-id too, or name the APIs in the endpoint policy.",
        source=_INVOKE,
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "314",
        "Parameters are mapped from a reference or a quoted value.",
        _maps_from_somewhere,
        symptom="The apply fails: invalid mapping expression specified.",
        fix="Write a fixed value in single quotes within the string.",
        source=f"{DEVELOPER_GUIDE}rest-api-parameter-mapping-sources.html",
        needs=_NEEDS,
    ),
    check(
        "315",
        "An HTTP API speaks TLS with the private side and knows by which name.",
        _asks_for_name,
        symptom='500 {"message":"Internal Server Error"}: plain text meets a TLS server.',
        fix="Set tls_config { server_name_to_verify } to API.execute-api.REGION.amazonaws.com.",
        source=_HTTP_GUIDE,
        needs=_NEEDS,
    ),
    check(
        "316",
        "The integration of an HTTP API names a listener.",
        _names_listener,
        symptom="The apply fails: the integration uri should be a listener's ARN.",
        fix="Set integration_uri to the arn of the aws_lb_listener.",
        source=_HTTP_GUIDE,
        needs=_NEEDS,
    ),
    check(
        "317",
        "The integration names the load balancer exactly where its link does not.",
        _says_where_to,
        symptom="The apply fails, or calls get 500: the link leads nowhere.",
        fix="Set integration_target to the load balancer's ARN with a link V2, and leave it out with a V1.",
        source=f"{DEVELOPER_GUIDE}set-up-private-integration.html",
        needs=_NEEDS,
    ),
)
