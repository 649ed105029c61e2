"""A WAF web ACL in front of the public stage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.wafv2_ip_set import Wafv2IpSet
from cdktf_cdktf_provider_aws.wafv2_web_acl import (
    Wafv2WebAcl,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclVisibilityConfig,
)
from constructs import Construct

REGIONAL = "REGIONAL"
VENDOR = "AWS"
# Added by an interface endpoint to what passes it; nobody sends them to a public API.
ENDPOINT_HEADERS = ("x-amzn-vpc-id", "x-amzn-vpce-id", "x-amzn-vpce-config")

Statement = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAclProps:
    """What `WebAcl` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the web ACL, and start of the names of its metrics."""
    allowed_cidrs: Sequence[str] = ()
    """If given, callers from elsewhere are blocked."""
    blocked_cidrs: Sequence[str] = ()
    """Callers from here are blocked."""
    allowed_headers: Sequence[str] = ()
    """If given, requests with other headers are blocked: name those that API Gateway adds, too."""
    requests_per_five_minutes: int | None = None
    """Most requests of one address."""
    managed_rule_groups: Sequence[str] = ()
    """AWS managed rule groups, by name."""


class WebAcl(Construct):
    """A regional web ACL that blocks by address, by rate and by managed rules, and lets the rest pass.

    Terraform: `aws_wafv2_web_acl`, and an `aws_wafv2_ip_set` per list of addresses.
    Its rules in their order: callers from outside the allowed ranges, from the blocked ranges, with headers
    that only a VPC endpoint adds, with headers that are not allowed, above the rate; then each managed rule
    group with the group's own actions.
    https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
    """

    def __init__(self, scope: Construct, id_: str, props: WebAclProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._web_acl = Wafv2WebAcl(
            self,
            "WebAcl",
            provider=props.provider,
            name=props.name,
            scope=REGIONAL,
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            visibility_config=Wafv2WebAclVisibilityConfig(**_visibility(props.name)),
        )
        # The bindings have a class for each nesting of statements; Terraform takes the same as plain maps.
        self._web_acl.add_override(
            "rule", [self._rule(index, *rule) for index, rule in enumerate(self._rules())]
        )

    @property
    def arn(self) -> str:
        """ARN of the web ACL."""
        return self._web_acl.arn

    def _rules(self) -> Iterator[tuple[str, Statement, bool]]:
        """Name, statement, and whether the rule is a group with actions of its own."""
        props = self._props
        if props.allowed_cidrs:
            inside = {"ip_set_reference_statement": {"arn": self._ip_set("allowed", props.allowed_cidrs)}}
            yield "from-elsewhere", {"not_statement": {"statement": [inside]}}, False
        if props.blocked_cidrs:
            arn = self._ip_set("blocked", props.blocked_cidrs)
            yield "blocked", {"ip_set_reference_statement": {"arn": arn}}, False
        headers = [_has_header(name) for name in ENDPOINT_HEADERS]
        yield "endpoint-headers", {"or_statement": {"statement": headers}}, False
        if props.allowed_headers:
            yield "other-headers", _has_other_headers(props.allowed_headers), False
        if props.requests_per_five_minutes is not None:
            limit = {"aggregate_key_type": "IP", "limit": props.requests_per_five_minutes}
            yield "rate", {"rate_based_statement": limit}, False
        for group in props.managed_rule_groups:
            yield group, {"managed_rule_group_statement": {"name": group, "vendor_name": VENDOR}}, True

    def _rule(self, index: int, name: str, statement: Statement, is_group: bool) -> dict[str, object]:  # noqa: FBT001 - the third of what `_rules` yields
        action: dict[str, object] = (
            {"override_action": {"none": {}}} if is_group else {"action": {"block": {}}}
        )
        return {
            "name": name,
            "priority": index,
            "statement": statement,
            "visibility_config": _visibility(f"{self._props.name}-{name}"),
            **action,
        }

    def _ip_set(self, kind: str, cidrs: Sequence[str]) -> str:
        ip_set = Wafv2IpSet(
            Construct(self, kind),
            "IpSet",
            provider=self._props.provider,
            name=f"{self._props.name}-{kind}",
            scope=REGIONAL,
            ip_address_version="IPV4",
            addresses=list(cidrs),
        )
        return ip_set.arn


def _has_header(name: str) -> Statement:
    return {
        "size_constraint_statement": {
            "comparison_operator": "GT",
            "size": 0,
            "field_to_match": {"single_header": {"name": name}},
            "text_transformation": [{"priority": 0, "type": "NONE"}],
        }
    }


def _has_other_headers(allowed: Sequence[str]) -> Statement:
    """Matches the name of any header that is not allowed, and requests with more headers than WAF reads.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_Headers.html
    """
    headers = {
        "match_pattern": {"excluded_headers": list(allowed)},
        "match_scope": "KEY",
        "oversize_handling": "MATCH",
    }
    return {
        "regex_match_statement": {
            "regex_string": ".",
            "field_to_match": {"headers": headers},
            "text_transformation": [{"priority": 0, "type": "NONE"}],
        }
    }


def _visibility(metric: str) -> dict[str, Any]:
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": True}
