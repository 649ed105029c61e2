"""What stands before a stage: usage plans, limits, web ACLs."""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.route.facts import Limit
from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.index import Index, number
from hatchway.route.sources.resolve import as_text
from hatchway.route.symbols import Text

# More than any request: what is not limited.
_UNLIMITED = 10_000
_EVERY = "*/*"


class Stages:
    """What a configuration puts before its stages."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._plans: dict[tuple[Text | None, Text | None], list[Resource]] | None = None

    def plans(self, api: Text | None, name: Text) -> tuple[str, ...]:
        """Return the usage plans for a stage; their keys may be made by hand."""
        return tuple(plan.subject for plan in self._usage_plans().get((api, name), ()))

    def limits(self, api: Text | None, name: Text, stage: Resource) -> tuple[Limit, ...]:
        """Return the limits of a stage, and of the usage plans for it."""
        return tuple(self._limits(api, name, stage))

    def _limits(self, api: Text | None, name: Text, stage: Resource) -> Iterator[Limit]:
        for one in self._index.pointing("aws_api_gateway_method_settings", "rest_api_id", api):
            if self._index.text(one, "stage_name") == name:
                settings = self._index.resolver.block(one, "settings")
                route = self._index.word(one, "method_path", _EVERY)
                yield _limit(one, route, settings, "throttling_rate_limit", "throttling_burst_limit")
        for plan in self._usage_plans().get((api, name), ()):
            settings = self._index.resolver.block(plan, "throttle_settings")
            if settings:
                yield _limit(plan, _EVERY, settings, "rate_limit", "burst_limit")
        settings = self._index.resolver.block(stage, "default_route_settings")
        if settings:
            yield _limit(stage, _EVERY, settings, "throttling_rate_limit", "throttling_burst_limit")

    def blocked_by(self, stage: Resource) -> tuple[str, ...]:
        """Return the web ACLs before a stage that block what no rule allows, and have no rule that does."""
        arn = attributes.value(stage, "arn")
        links = self._index.pointing("aws_wafv2_web_acl_association", "resource_arn", arn)
        found = (self._index.find(self._acl_of(link), "aws_wafv2_web_acl") for link in links)
        return tuple(one.subject for one in found if one is not None and self._lets_nothing_in(one))

    def _acl_of(self, link: Resource) -> Text | None:
        arn = self._index.text(link, "web_acl_arn")
        for one in self._index.of_type("aws_wafv2_web_acl"):
            if attributes.value(one, "arn") == arn:
                return attributes.identity(one)
        return None

    def _lets_nothing_in(self, acl: Resource) -> bool:
        action = self._index.resolver.block(acl, "default_action")
        rules = self._index.resolver.argument(acl, "rule")
        rules = rules if isinstance(rules, list) else [rules] if rules is not None else []
        known = all(isinstance(one, Mapping) for one in rules)
        allows = any(map(_may_allow, rules))
        return "block" in action and "allow" not in action and known and not allows

    def _usage_plans(self) -> Mapping[tuple[Text | None, Text | None], list[Resource]]:
        if self._plans is None:
            self._plans = {}
            for plan in self._index.of_type("aws_api_gateway_usage_plan"):
                for block in self._index.blocks(plan, "api_stages"):
                    place = as_text(block.get("api_id")), as_text(block.get("stage"))
                    self._plans.setdefault(place, []).append(plan)
        return self._plans


def _may_allow(rule: object) -> bool:
    """Whether a rule lets something in, or one of a group of rules that is looked up elsewhere may."""
    if not isinstance(rule, Mapping):
        return False
    return "allow" in str(rule.get("action")) or "rule_group_reference" in str(rule.get("statement"))


def _limit(resource: Resource, route: str, settings: Mapping[str, Any], rate: str, burst: str) -> Limit:
    return Limit(
        subject=resource.subject,
        route=route,
        rate=number(settings.get(rate), _UNLIMITED),
        burst=number(settings.get(burst), _UNLIMITED),
    )
