"""Plans as Terraform writes them, kept small: one whole, and for each edit what differs from it.

Left out is what no reader needs and what would not be the same on another machine: the planned state a second
time, credentials and other arguments of providers, times, versions of schemas.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

Plan = dict[str, Any]
Difference = list[tuple[list[str], Any]]
"""Where something differs, and what stands there; a place alone for what is not there."""

_KEPT = ("format_version", "resource_changes", "configuration", "variables", "prior_state")
_CHANGE = ("address", "module_address", "mode", "type", "name", "index", "change")
_ACTION = ("actions", "before", "after", "after_unknown", "replace_paths")
_PROVIDER = ("region", "allowed_account_ids", "assume_role")
_ABSENT = object()


def slim(plan: Mapping[str, Any]) -> Plan:
    """Keep what says something about the path."""
    kept = {name: plan[name] for name in _KEPT if name in plan}
    kept["resource_changes"] = [_change(one) for one in plan.get("resource_changes", ())]
    configuration = deepcopy(plan["configuration"])
    for provider in configuration.get("provider_config", {}).values():
        expressions = provider.get("expressions", {})
        provider["expressions"] = {name: expressions[name] for name in _PROVIDER if name in expressions}
    kept["configuration"] = configuration
    return _without(kept, {"schema_version", "sensitive_values", "terraform_version", "version_constraint"})


def _change(one: Mapping[str, Any]) -> Plan:
    kept = {name: one[name] for name in _CHANGE if name in one}
    kept["change"] = {
        name: value for name in _ACTION if (value := one["change"].get(name)) not in (None, False)
    }
    return kept


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items() if key not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value


def difference(before: Plan, after: Plan) -> Difference:
    """Say what has to be set and removed in one plan to make it the other."""
    return list(_differences(_keyed(before), _keyed(after), []))


def patched(plan: Plan, changes: Difference) -> Plan:
    """Apply what `difference` says."""
    result = deepcopy(_keyed(plan))
    for path, *value in changes:
        at = result
        for step in path[:-1]:
            at = at[step]
        if value:
            at[path[-1]] = value[0]
        else:
            del at[path[-1]]
    return _listed(result)


def _differences(before: Any, after: Any, path: list[str]) -> Iterator[Any]:
    if not (isinstance(before, dict) and isinstance(after, dict) and path[-1:] != ["after"]):
        if before != after or isinstance(before, bool) is not isinstance(after, bool):
            yield [path, after]
        return
    for key in sorted({*before, *after}):
        if key not in after:
            yield [[*path, key]]
        elif key not in before:
            yield [[*path, key], after[key]]
        else:
            yield from _differences(before[key], after[key], [*path, key])


_MARK = "by address"


def _keyed(value: Any) -> Any:
    """Turn lists of what has an address into maps, so that one more of them moves nothing else."""
    if isinstance(value, dict):
        return {key: _keyed(one) for key, one in value.items()}
    if isinstance(value, list):
        named = [one.get("address") for one in value if isinstance(one, dict)]
        if value and len(set(named)) == len(value) and all(isinstance(one, str) for one in named):
            return {_MARK: {str(one["address"]): _keyed(one) for one in value}}
        return [_keyed(one) for one in value]
    return value


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {_MARK}:
            return [_listed(one) for _, one in sorted(value[_MARK].items())]
        return {key: _listed(one) for key, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, list) else value


def ordered(plan: Plan) -> Plan:
    """Put what has an address in order, as `patched` does."""
    result: Plan = _listed(_keyed(plan))
    return result


def text(document: Mapping[str, Any]) -> str:
    """Write JSON with one line for each resource and each difference: short, and a change shows in a diff."""
    return "".join(_lines(document, 0)) + "\n"


def _lines(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict) and value and depth < _UNFOLDED:
        opening, closing = "{}"
        entries = [(f"{json.dumps(name)}: ", one) for name, one in sorted(value.items())]
    elif isinstance(value, list) and value and isinstance(value[0], dict | list) and depth <= _UNFOLDED:
        opening, closing = "[]"
        entries = [("", one) for one in value]
    else:
        yield json.dumps(value, sort_keys=True, separators=(",", ":"))
        return
    yield opening
    for number, (name, one) in enumerate(entries):
        yield f"{',' if number else ''}\n{name}"
        yield from _lines(one, depth + 1 if name else _UNFOLDED + 1)
    yield f"\n{closing}"


_UNFOLDED = 4
