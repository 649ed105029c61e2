"""AWS WAF in front of a stage.

https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html. The web ACL comes before everything else:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html. Groups of
rules that AWS or a vendor manages match nothing here; what else is not known is refused, never passed over.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hatchway.sandbox.data.gateway_responses import WAF_FILTERED, GatewayError
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.message import Request
from hatchway.sandbox.data.throttling import Buckets
from hatchway.sandbox.data.world import Throttle, WebAcl, World

__all__ = ["Firewall"]

_WINDOW_SECONDS = 300
_Statement = Mapping[str, Any]


class _UnknownError(Exception):
    """A statement that cannot be judged here."""


class Firewall:
    """Judges requests by the web ACL that is associated with their stage."""

    def __init__(self, world: World, buckets: Buckets | None = None) -> None:
        self._world = world
        self._buckets = buckets or Buckets()

    def check(self, invocation: Invocation) -> None:
        """Lets a request pass, or not.

        Raises:
            GatewayError: 403: a rule or the default action blocks it.
        """
        api = invocation.api
        arn = f"arn:aws:apigateway:{api.region}::/restapis/{api.id}/stages/{invocation.stage.name}"
        acl = self._world.web_acl(arn)
        if acl is None:
            return
        invocation.known["webaclArn"] = acl.arn
        try:
            blocked_by = self._blocking(acl, invocation)
        except _UnknownError as error:
            raise GatewayError(WAF_FILTERED, f"the sandbox cannot judge {error}") from error
        invocation.known["wafResponseCode"] = "WAF_BLOCK" if blocked_by else "WAF_ALLOW"
        if blocked_by:
            raise GatewayError(WAF_FILTERED, f"{acl.arn}: {blocked_by} blocks")

    def _blocking(self, acl: WebAcl, invocation: Invocation) -> str | None:
        """The name of what blocks a request; None where it passes. The first final action decides."""
        for rule in acl.rules:
            action = next(iter(rule.get("Action") or {}), None)
            if action == "Count" or not self._matches(acl, rule["Name"], rule["Statement"], invocation):
                continue
            if action == "Allow":
                return None
            if action in {"Block", "Captcha", "Challenge"}:
                return f"rule {rule['Name']}"
        return "the default action" if "Block" in acl.default_action else None

    def _matches(self, acl: WebAcl, name: str, statement: _Statement, invocation: Invocation) -> bool:
        (kind, settings), *more = statement.items()
        if more:
            raise _UnknownError(f"{name}: a statement with {len(more) + 1} parts")
        judges: Mapping[str, Callable[[], bool]] = {
            "ManagedRuleGroupStatement": lambda: False,
            "IPSetReferenceStatement": lambda: _is_in_set(acl, settings, invocation),
            "RateBasedStatement": lambda: self._is_too_often(acl, name, settings, invocation),
            "NotStatement": lambda: not self._matches(acl, name, settings["Statement"], invocation),
            "AndStatement": lambda: all(self._each(acl, name, settings, invocation)),
            "OrStatement": lambda: any(self._each(acl, name, settings, invocation)),
            "ByteMatchStatement": lambda: _has_bytes(settings, invocation.request),
            "RegexMatchStatement": lambda: _has_pattern(settings, invocation.request),
            "SizeConstraintStatement": lambda: _has_size(settings, invocation.request),
        }
        if kind not in judges:
            raise _UnknownError(f"{name}: {kind}")
        return judges[kind]()

    def _each(self, acl: WebAcl, name: str, settings: _Statement, invocation: Invocation) -> Iterator[bool]:
        for part in settings["Statements"]:
            yield self._matches(acl, name, part, invocation)

    def _is_too_often(self, acl: WebAcl, name: str, settings: _Statement, invocation: Invocation) -> bool:
        """Counts requests of one address in the window; AWS does so about, and later."""
        if settings.get("AggregateKeyType", "IP") not in {"IP", "CONSTANT"}:
            raise _UnknownError(f"{name}: requests aggregated by {settings['AggregateKeyType']}")
        narrowed = settings.get("ScopeDownStatement")
        if narrowed and not self._matches(acl, name, narrowed, invocation):
            return False
        limit, window = int(settings["Limit"]), int(settings.get("EvaluationWindowSec") or _WINDOW_SECONDS)
        bucket = (acl.arn, name, invocation.caller.source_address)
        return not self._buckets.take(bucket, Throttle(rate=limit / window, burst=limit))


def _is_in_set(acl: WebAcl, settings: _Statement, invocation: Invocation) -> bool:
    address = ipaddress.ip_address(invocation.caller.source_address)
    return any(address in ipaddress.ip_network(network) for network in acl.ip_sets.get(settings["ARN"], ()))


def _field(settings: _Statement, request: Request) -> bytes:
    (kind, named), *_ = settings["FieldToMatch"].items()
    match kind:
        case "UriPath":
            return request.path.encode()
        case "QueryString":
            return request.query.encode()
        case "Method":
            return request.method.encode()
        case "Body" | "JsonBody":
            return request.body
        case "SingleHeader":
            return (request.header(named["Name"]) or "").encode()
    raise _UnknownError(f"field {kind}")


def _headers(field: _Statement, request: Request) -> list[bytes]:
    """The parts of headers that are looked at. Their size is limited before WAF's own limit is reached."""
    (kind, names), *_ = field["MatchPattern"].items()
    listed = {name.lower() for name in names} if kind != "All" else set()
    chosen = [
        header
        for header in request.headers
        if kind == "All" or (header[0].lower() in listed) is (kind == "IncludedHeaders")
    ]
    scope = field["MatchScope"]
    keys = [name.encode() for name, _ in chosen if scope != "VALUE"]
    return keys + [value.encode() for _, value in chosen if scope != "KEY"]


def _has_pattern(settings: _Statement, request: Request) -> bool:
    """WAF's patterns are a part of PCRE that Python reads in the same way."""
    headers = settings["FieldToMatch"].get("Headers")
    values = [_field(settings, request)] if headers is None else _headers(headers, request)
    pattern = re.compile(settings["RegexString"].encode())
    return any(pattern.search(_transformed(settings, value)) for value in values)


def _transformed(settings: _Statement, value: bytes) -> bytes:
    for transformation in sorted(settings["TextTransformations"], key=lambda item: int(item["Priority"])):
        match transformation["Type"]:
            case "NONE":
                continue
            case "LOWERCASE":
                value = value.lower()
            case _:
                raise _UnknownError(f"transformation {transformation['Type']}")
    return value


def _has_bytes(settings: _Statement, request: Request) -> bool:
    value, wanted = _transformed(settings, _field(settings, request)), settings["SearchString"]
    sought = wanted if isinstance(wanted, bytes) else base64.b64decode(str(wanted))
    match settings["PositionalConstraint"]:
        case "EXACTLY":
            return value == sought
        case "STARTS_WITH":
            return value.startswith(sought)
        case "ENDS_WITH":
            return value.endswith(sought)
        case "CONTAINS":
            return sought in value
        case "CONTAINS_WORD":
            return re.search(rb"(?<!\w)" + re.escape(sought) + rb"(?!\w)", value) is not None
    raise _UnknownError(f"position {settings['PositionalConstraint']}")


def _has_size(settings: _Statement, request: Request) -> bool:
    size, limit = len(_transformed(settings, _field(settings, request))), int(settings["Size"])
    compared = {
        "EQ": size == limit,
        "NE": size != limit,
        "LE": size <= limit,
        "LT": size < limit,
        "GE": size >= limit,
        "GT": size > limit,
    }
    return compared[settings["ComparisonOperator"]]
