"""Rules about what stands at the public door: keys, CORS, answers, domain, WAF, headers."""

from collections.abc import Iterator

from hatchway.topology.model import Topology
from hatchway.topology.open_routes import open_routes
from hatchway.topology.problems import Misfit
from hatchway.topology.shapes import usable

ANY_ORIGIN = "*"
PREFLIGHT = "OPTIONS"


def api_keys_have_one_plan(topology: Topology) -> Iterator[Misfit]:
    """A key has one usage plan per stage.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
    """
    first: dict[str, str] = {}
    for name, plan in topology.gateway.usage_plans.items():
        for index, key in enumerate(usable(plan, lambda it: it.api_keys) or ()):
            if key in first:
                yield Misfit(
                    path=("gateway", "usage_plans", name, "api_keys", index),
                    message=f"is a key of gateway.usage_plans.{first[key]} too",
                    got=key,
                    fix="Give each plan keys of its own.",
                )
            first.setdefault(key, name)


def usage_plans_are_used(topology: Topology) -> Iterator[Misfit]:
    """Limits of a plan hold where an API key is required, and nowhere else."""
    if not topology.gateway.usage_plans or _requires_keys(topology):
        return
    yield Misfit(
        path=("gateway", "usage_plans"),
        message="limit nobody: no service and no route requires an API key",
        fix="Set api_key_required on a service or route, or remove the plans.",
    )


def any_origin_stands_alone(topology: Topology) -> Iterator[Misfit]:
    """Browsers take '*' or one origin, and never '*' with credentials.

    https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS
    """
    cors = topology.gateway.cors
    if cors is None or ANY_ORIGIN not in cors.allow_origins:
        return
    if len(cors.allow_origins) > 1:
        yield Misfit(
            path=("gateway", "cors", "allow_origins"),
            message="has '*' beside other origins",
            got=list(cors.allow_origins),
            fix="Keep '*' alone, or name the origins.",
        )
    elif cors.allow_credentials:
        yield Misfit(
            path=("gateway", "cors", "allow_credentials"),
            message="does not go with any origin: browsers refuse such answers",
            got=True,
            fix="Name the origins, or set allow_credentials to false.",
        )


def preflight_requests_have_one_answer(topology: Topology) -> Iterator[Misfit]:
    """With CORS, the gateway answers OPTIONS itself."""
    if usable(topology.gateway, lambda it: it.cors) is None:
        return
    for name, service in topology.services.items():
        for index, route in enumerate(usable(service, lambda it: it.routes) or ()):
            if PREFLIGHT in (usable(route, lambda it: it.methods) or ()):
                yield Misfit(
                    path=("services", name, "routes", index, "methods"),
                    message="has OPTIONS, which gateway.cors answers",
                    fix="Remove OPTIONS from the methods, or remove gateway.cors.",
                )


def values_of_headers_can_be_quoted(topology: Topology) -> Iterator[Misfit]:
    """API Gateway takes a fixed value between single quotes, and has no way to escape one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
    """
    for kind, response in topology.gateway.gateway_responses.items():
        for header, value in (usable(response, lambda it: it.headers) or {}).items():
            if "'" in value or not value.isprintable():
                yield Misfit(
                    path=("gateway", "gateway_responses", kind, "headers", header),
                    message="has a single quote or a control character, which API Gateway does not take",
                    got=value,
                )


def certificates_can_be_validated(topology: Topology) -> Iterator[Misfit]:
    """A requested certificate is validated by a record in the zone.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """
    domain = topology.gateway.domain
    if domain is not None and domain.certificate_arn is None and domain.hosted_zone_id is None:
        yield Misfit(
            path=("gateway", "domain"),
            message="has no certificate, and no zone in which one could be validated",
            fix="Give certificate_arn, or hosted_zone_id.",
        )


def certificate_is_the_gateways(topology: Topology) -> Iterator[Misfit]:
    """A Regional domain name takes a certificate of its own account and region.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html
    """
    domain = topology.gateway.domain
    if domain is not None and domain.certificate_arn is not None:
        yield from _of_the_gateway(topology, ("gateway", "domain", "certificate_arn"), domain.certificate_arn)


def base_path_is_one_part(topology: Topology) -> Iterator[Misfit]:
    """A base path mapping of a REST API has one part.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
    """
    gateway = topology.gateway
    if gateway.kind == "rest" and gateway.domain is not None and gateway.domain.base_path.count("/") > 1:
        yield Misfit(
            path=("gateway", "domain", "base_path"),
            message="has several parts, and a REST API is mapped to one",
            got=gateway.domain.base_path,
            fix="Use one part, such as '/v1', and put the rest into the services' paths.",
        )


def tls_policy_is_one_that_terraform_can_set(topology: Topology) -> Iterator[Misfit]:
    """Policies without TLS 1.2 also need an endpoint access mode, which the provider cannot set.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
    """
    domain = topology.gateway.domain
    if domain is not None and domain.security_policy == "TLS_1_3":
        yield Misfit(
            path=("gateway", "domain", "security_policy"),
            message="needs an endpoint access mode, which the bindings of provider 6.25.0 do not know",
            got="TLS_1_3",
            fix="Use TLS_1_2, which accepts TLS 1.3 as well.",
        )


def client_certificates_cannot_be_avoided(topology: Topology) -> Iterator[Misfit]:
    """Mutual TLS is the domain's: the execute-api name asks for no certificate.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
    """
    domain = topology.gateway.domain
    if domain is not None and domain.mutual_tls is not None and not domain.disable_default_endpoint:
        yield Misfit(
            path=("gateway", "domain", "disable_default_endpoint"),
            message="leaves the execute-api name open, which asks callers for no certificate",
            got=False,
            fix="Set it to true, or remove mutual_tls.",
        )


def web_acl_is_the_gateways(topology: Topology) -> Iterator[Misfit]:
    """A stage takes a regional web ACL of its own account and region.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
    """
    web_acl = topology.gateway.web_acl
    if web_acl is not None and web_acl.existing is not None:
        yield from _of_the_gateway(topology, ("gateway", "web_acl", "existing"), web_acl.existing)


def rules_of_the_web_acl_are_ones_that_aws_takes(topology: Topology) -> Iterator[Misfit]:
    """An IP set takes /1 to /32; a rule's name is its own.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html
    """
    web_acl = topology.gateway.web_acl
    if web_acl is None or web_acl.create is None:
        return
    path = ("gateway", "web_acl", "create")
    for key in ("allowed_cidrs", "blocked_cidrs"):
        for index, cidr in enumerate(getattr(web_acl.create, key)):
            if cidr.prefixlen == 0:
                yield Misfit(
                    path=(*path, key, index),
                    message="is every address, which an IP set does not take",
                    got=str(cidr),
                    fix="Remove it, or write '0.0.0.0/1' and '128.0.0.0/1'.",
                )
    groups = web_acl.create.managed_rule_groups
    for index, group in enumerate(groups):
        if group in groups[:index]:
            yield Misfit(path=(*path, "managed_rule_groups", index), message="is named twice", got=group)


def _of_the_gateway(topology: Topology, path: tuple[str, ...], arn: str) -> Iterator[Misfit]:
    account = topology.accounts.get(topology.gateway.account)
    if account is None:
        return
    _, _, _, region, account_id, *_ = arn.split(":")
    if (region, account_id) != (account.region, account.id):
        yield Misfit(
            path=path,
            message=f"is of {account_id} in {region}, the gateway of {account.id} in {account.region}",
            got=arn,
            fix="Name one of the gateway's account and region.",
        )


def _requires_keys(topology: Topology) -> bool:
    return any(
        route.api_key_required for service in topology.services.values() for route in open_routes(service)
    )
