"""Rules about headers of callers: what is removed, what is overwritten, and which ones may be sent."""

import re
from collections.abc import Iterator

from hatchway.topology.allowed_headers import MOST_ALLOWED, allowed_headers
from hatchway.topology.model import Topology
from hatchway.topology.problems import Misfit
from hatchway.topology.shapes import usable

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
RESERVED_HEADERS = re.compile(
    r"(access-control-|apigw-|x-amz-|x-amzn-).*|authorization|connection|content-encoding|content-length|"
    r"content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|"
    r"transfer-encoding|upgrade|x-forwarded-(for|host|proto)|via",
    re.IGNORECASE,
)
SET_BY_THE_GATEWAY = ("host", "x-apigw-api-id")
# AWS lists no reserved headers of REST APIs. A mapping of the first was answered with 500, and one of the
# others had no effect, where LocalStack recorded what AWS does:
# https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_integrations.snapshot.json
FAIL_IN_REST_APIS = ("content-length", "transfer-encoding", "x-amzn-apigateway-api-id", "x-amzn-trace-id")
DROPPED_BY_REST_APIS = ("connection", "expect", "proxy-authenticate", "te", "via")
# https://docs.aws.amazon.com/waf/latest/APIReference/API_HeaderMatchPattern.html
LONGEST_ALLOWED = 64


def removed_headers_can_be_removed(topology: Topology) -> Iterator[Misfit]:
    """API Gateway refuses mappings of some headers, and sets others itself."""
    for index, header in enumerate(usable(topology.gateway, lambda it: it.removed_request_headers) or ()):
        path = ("gateway", "removed_request_headers", index)
        if RESERVED_HEADERS.fullmatch(header):
            yield Misfit(
                path=path,
                message="is a header that API Gateway does not let be mapped",
                got=header,
                fix="Remove it from the list; private APIs should not trust it.",
            )
        elif header.lower() in SET_BY_THE_GATEWAY:
            yield Misfit(
                path=path,
                message="is a header that the gateway sets itself, whatever the caller sends",
                got=header,
                fix="Remove it from the list.",
            )


def rest_apis_pass_on_every_header(topology: Topology) -> Iterator[Misfit]:
    """HTTP_PROXY hands on what comes, and a mapping can set a header but remove none.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
    """
    gateway = topology.gateway
    if gateway.kind == "rest" and gateway.removed_request_headers:
        yield Misfit(
            path=("gateway", "removed_request_headers"),
            message="needs an HTTP API: a proxy integration of a REST API removes no header",
            fix="Give them fixed values with gateway.overwritten_request_headers, or set gateway.kind to "
            "'http'.",
        )


def overwritten_headers_can_be_overwritten(topology: Topology) -> Iterator[Misfit]:
    """API Gateway sets some headers itself, and hands others on to nobody."""
    before: set[str] = set()
    for header in usable(topology.gateway, lambda it: it.overwritten_request_headers) or ():
        name = header.lower()
        known = {
            **dict.fromkeys(SET_BY_THE_GATEWAY, "is a header that the gateway sets itself"),
            **dict.fromkeys(FAIL_IN_REST_APIS, "is a header that API Gateway sets itself: requests fail"),
            **dict.fromkeys(DROPPED_BY_REST_APIS, "is a header that API Gateway hands on to nobody"),
            **dict.fromkeys(before, "is the same header as one before, in other letters"),
        }
        if name in known:
            yield Misfit(
                path=("gateway", "overwritten_request_headers", header),
                message=known[name],
                got=header,
                fix="Remove it.",
            )
        before.add(name)


def headers_that_may_be_sent_are_few_enough(topology: Topology) -> Iterator[Misfit]:
    """A rule of WAF takes 199 names of 64 characters.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_HeaderMatchPattern.html
    """
    web_acl = usable(topology.gateway, lambda it: it.web_acl)
    if web_acl is None or web_acl.create is None or not web_acl.create.allowed_headers:
        return
    path = ("gateway", "web_acl", "create", "allowed_headers")
    for index, header in enumerate(web_acl.create.allowed_headers):
        if len(header) > LONGEST_ALLOWED:
            yield Misfit(
                path=(*path, index),
                message=f"is longer than the {LONGEST_ALLOWED} characters that WAF takes",
                got=header,
                fix="Remove the key, or have callers use a shorter name.",
            )
    needed = len(allowed_headers(topology.gateway))
    if needed > MOST_ALLOWED:
        yield Misfit(
            path=path,
            message=f"makes {needed} names with those that Hatchway adds, and WAF takes {MOST_ALLOWED}",
            fix="Name fewer.",
        )
