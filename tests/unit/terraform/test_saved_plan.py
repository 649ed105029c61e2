import json

import pytest

from hatchway.errors import ToolError
from hatchway.terraform.events import Change
from hatchway.terraform.saved_plan import changes_of


def shown(*actions: str, reason: str | None = None) -> str:
    change = {"address": "aws_lb.a", "type": "aws_lb", "change": {"actions": list(actions)}}
    if reason is not None:
        change["action_reason"] = reason
    return json.dumps({"format_version": "1.2", "resource_changes": [change]})


@pytest.mark.parametrize("action", ["create", "update", "delete", "no-op", "read"])
def test_an_action_keeps_its_name(action: str) -> None:
    assert changes_of(shown(action), "gateway") == (Change(address="aws_lb.a", action=action, type="aws_lb"),)


@pytest.mark.parametrize("order", [("create", "delete"), ("delete", "create")])
def test_both_orders_of_a_replacement_are_one(order: tuple[str, str]) -> None:
    change = changes_of(shown(*order, reason="replace_because_tainted"), "gateway")[0]

    assert (change.action, change.reason) == ("replace", "tainted")


def test_a_plan_without_resources_changes_nothing() -> None:
    assert changes_of('{"format_version": "1.2"}', "gateway") == ()


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{}", "null", "Error: no", '{"resource_changes": [{}]}', '{"resource_changes": null}'],
)
def test_anything_else_is_an_error_and_never_an_empty_plan(document: str) -> None:
    with pytest.raises(ToolError, match="gateway: 'terraform show -json' does not show the plan"):
        changes_of(document, "gateway")
