"""Which account a resource of a plan is in: by its provider, else by the ARN of what exists."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.review.plan_json import listed, mapping, texts

__all__ = ["PlanAccounts", "account_before"]

_ARN_PARTS, _ARN_ACCOUNT = 6, 4
_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


class PlanAccounts:
    """The providers of a plan, by resource, and their accounts."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        root = mapping(mapping(plan.get("configuration")).get("root_module"))
        self._providers = dict(_providers_of(root, ""))
        self._accounts = dict(_accounts(plan))

    def provider_of(self, address: str) -> str:
        """Return the key of a resource's provider, such as `aws.edge`; empty if it is no longer declared."""
        return self._providers.get(_KEY.sub("", address), "")

    def of(self, provider: str) -> str:
        """Return the account of a provider; empty if the configuration does not say."""
        return self._accounts.get(provider, "")


def _providers_of(module: Mapping[str, Any], address: str) -> Iterator[tuple[str, str]]:
    """Give the provider of each declared resource, by its address without keys."""
    for one in listed(module.get("resources")):
        key = str(one.get("provider_config_key") or "").rpartition(":")[2]
        yield f"{address}.{one.get('address')}".strip("."), key
    for name, call in mapping(module.get("module_calls")).items():
        yield from _providers_of(mapping(mapping(call).get("module")), f"{address}.module.{name}".strip("."))


def _accounts(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the account of each provider, where the configuration says which it is."""
    variables = mapping(plan.get("variables"))
    for key, provider in mapping(mapping(plan.get("configuration")).get("provider_config")).items():
        written = mapping(mapping(provider).get("expressions"))
        allowed = _constant(written.get("allowed_account_ids"), variables)
        roles = [
            _constant(mapping(one).get("role_arn"), variables) for one in listed(written.get("assume_role"))
        ]
        if isinstance(allowed, list) and len(allowed) == 1:
            yield str(key), str(allowed[0])
        elif len(roles) == 1:
            yield str(key), _account_in(roles[0])


def _constant(expression: object, variables: Mapping[str, Any]) -> object:
    written = mapping(expression)
    if "constant_value" in written:
        return written["constant_value"]
    names = [one.removeprefix("var.") for one in texts(written.get("references")) if one.startswith("var.")]
    value = mapping(variables.get(names[0])).get("value") if len(names) == 1 else None
    # A list of one variable is written as that variable alone.
    return value if isinstance(value, list) or value is None else [value]


def account_before(change: Mapping[str, Any]) -> str:
    """Return the account in the ARN of what exists: a resource that is no longer declared has no provider."""
    before = mapping(change.get("before"))
    owner = before.get("owner_id")
    return _account_in(before.get("arn")) or (owner if isinstance(owner, str) else "")


def _account_in(arn: object) -> str:
    parts = str(arn[0] if isinstance(arn, list) and arn else arn).split(":")
    return parts[_ARN_ACCOUNT] if parts[0] == "arn" and len(parts) >= _ARN_PARTS else ""
