"""The changes in a saved plan, from what `terraform show -json` says of it.

https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

import json
from collections.abc import Mapping
from typing import Any

from hatchway.errors import ToolError
from hatchway.terraform.events import Change

__all__ = ["changes_of"]

_REASON_PREFIX = "replace_because_"


def changes_of(document: str, stack: str) -> tuple[Change, ...]:
    """Return what a plan changes, in the words of Terraform's progress messages.

    Raises:
        ToolError: It is not a plan.
    """
    try:
        found = json.loads(document)
        resources = found["resource_changes"] if "resource_changes" in found else _unless_empty(found)
        return tuple(_change(resource) for resource in resources)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ToolError(
            f"{stack}: 'terraform show -json' does not show the plan. With HCP Terraform, it takes the "
            "permission to read the JSON of plans (admin of the workspace)."
        ) from error


def _unless_empty(document: Mapping[str, Any]) -> tuple[()]:
    """A plan of nothing has no list of changes, but says which format it is in."""
    if not str(document["format_version"]):
        raise KeyError("format_version")
    return ()


def _change(resource: Mapping[str, Any]) -> Change:
    actions = resource["change"]["actions"]
    return Change(
        address=resource["address"],
        action="replace" if set(actions) == {"create", "delete"} else actions[0],
        type=resource.get("type", ""),
        reason=(resource.get("action_reason") or "").removeprefix(_REASON_PREFIX),
    )
