"""What plans change, account by account: outages and replacements first, with what causes them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, cast

from hatchway.review.plan_accounts import PlanAccounts, account_before
from hatchway.review.plan_json import listed, mapping, replace_paths, texts
from hatchway.route.planned import NO_ACCOUNT, AccountChanges, Action, ChangedValue, PlannedChange
from hatchway.topology.problems import spell

__all__ = ["account_changes"]

_ACTIONS = {
    ("create",): Action.CREATE,
    ("update",): Action.UPDATE,
    ("delete",): Action.DESTROY,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    ("forget",): Action.FORGET,
    ("create", "forget"): Action.REPLACE,
}
_ORDER = tuple(Action)
# https://developer.hashicorp.com/terraform/internals/json-format#resource-change-representation
_REASONS = {
    "replace_because_tainted": "it is tainted",
    "replace_by_request": "its replacement was asked for",
    "replace_by_triggers": "replace_triggered_by",
    "delete_because_no_resource_config": "it is no longer declared",
    "delete_because_wrong_repetition": "count or for_each is no longer as it was",
    "delete_because_count_index": "count has become smaller",
    "delete_because_each_key": "its key is no longer in for_each",
    "delete_because_no_module": "its module is no longer called",
}
_SENSITIVE, _UNKNOWN, _ABSENT = "(sensitive)", "(known after apply)", "(absent)"
_LONGEST = 120
_MOST_VALUES = 20
_ABSENT_VALUE = object()


def account_changes(
    plans: Mapping[str, Mapping[str, Any]], outages: Iterable[str]
) -> tuple[AccountChanges, ...]:
    """Return what plans change.

    Args:
        plans: Plans as `terraform show -json` writes them, by the name of their stack.
        outages: Subjects of the resources by whose change the path is interrupted.
    """
    interrupting = frozenset(outages)
    found = [one for stack, plan in plans.items() for one in _of_plan(plan, stack, interrupting)]
    return tuple(sorted(found, key=lambda one: min(map(_weight, one.resources), default=(True, len(_ORDER)))))


def _of_plan(plan: Mapping[str, Any], stack: str, outages: frozenset[str]) -> Iterator[AccountChanges]:
    accounts = PlanAccounts(plan)
    groups: dict[tuple[str, str], list[PlannedChange]] = {}
    for one in listed(plan.get("resource_changes")):
        change = mapping(one.get("change"))
        action = _ACTIONS.get(tuple(texts(change.get("actions"))))
        if action is None or one.get("mode") == "data":
            continue
        address = str(one.get("address"))
        name, _, alias = accounts.provider_of(address).partition(".")
        vendor = str(one.get("provider_name") or name).rpartition("/")[2]
        if vendor not in {"aws", ""}:
            owner, alias = NO_ACCOUNT, vendor
        else:
            owner = accounts.of(f"{name}.{alias}".strip(".")) or account_before(change)
        subject = f"{stack}: {address}" if stack else address
        planned = _planned(address, action, one, outage=subject in outages)
        groups.setdefault((owner, alias), []).append(planned)
    for (owner, alias), resources in groups.items():
        ordered = tuple(sorted(resources, key=_weight))
        yield AccountChanges(account=owner, provider=alias, stack=stack, resources=ordered)


def _weight(one: PlannedChange) -> tuple[bool, int]:
    return not one.outage, _ORDER.index(one.action)


def _planned(address: str, action: Action, one: Mapping[str, Any], *, outage: bool) -> PlannedChange:
    change = mapping(one.get("change"))
    paths = _updated(change) if action is Action.UPDATE else replace_paths(change)
    return PlannedChange(
        address=address,
        action=action,
        outage=outage,
        reason=_REASONS.get(str(one.get("action_reason")), ""),
        values=tuple(_value(path, change) for path in islice(paths, _MOST_VALUES)),
    )


def _updated(change: Mapping[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Give the arguments that get another value, compared before anything is masked."""
    before, after = mapping(change.get("before")), mapping(change.get("after"))
    pending = mapping(change.get("after_unknown"))
    for name in sorted({*before, *after, *pending}):
        if before.get(name) != after.get(name) or _has_unknown(pending.get(name)):
            yield (name,)


def _has_unknown(mask: object) -> bool:
    inner = mask.values() if isinstance(mask, Mapping) else mask
    return mask is True or (isinstance(inner, Iterable) and any(map(_has_unknown, inner)))


def _value(path: tuple[str | int, ...], change: Mapping[str, Any]) -> ChangedValue:
    before = _shown(_at(change.get("before"), path), _at_mask(change.get("before_sensitive"), path))
    after = _shown(_at(change.get("after"), path), _at_mask(change.get("after_sensitive"), path))
    if _at_mask(change.get("after_unknown"), path) is True:
        after = _UNKNOWN
    return ChangedValue(path=spell(path), before=before, after=after)


def _at(value: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        inside = step in value if isinstance(value, Mapping) else _indexed(value, step)
        if not inside:
            return _ABSENT_VALUE
        value = cast("Any", value)[step]
    return value


def _indexed(value: object, step: str | int) -> bool:
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)


def _at_mask(mask: object, path: tuple[str | int, ...]) -> object:
    """Return the part of a mask for a path; a mask that is true covers everything below it."""
    for step in path:
        if mask is True:
            return True
        mask = _at(mask, (step,))
    return None if mask is _ABSENT_VALUE else mask


def _shown(value: object, mask: object) -> str:
    if value is _ABSENT_VALUE or value is None:
        return _SENSITIVE if mask is True else _ABSENT
    masked = _masked(value, mask)
    if isinstance(masked, str) and masked == _SENSITIVE:
        return _SENSITIVE
    text = json.dumps(masked, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _masked(value: object, mask: object) -> object:
    if mask is True:
        return _SENSITIVE
    if isinstance(value, Mapping):
        return {key: _masked(one, _at_mask(mask, (key,))) for key, one in value.items()}
    if isinstance(value, list):
        return [_masked(one, _at_mask(mask, (index,))) for index, one in enumerate(value)]
    return value
