"""What plans change, by account: outages and replacements first, with their cause, without secrets."""

from pathlib import Path
from typing import Any

import pytest

from hatchway.review import review
from hatchway.review.account_changes import account_changes
from hatchway.route.planned import AccountChanges, Action, PlannedChange

ARTICLE = Path(__file__).parents[2] / "fixtures" / "review" / "article"
SECRET = "a-secret-that-nobody-may-read"


def change(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    one = {key: more.pop(key) for key in ("action_reason", "mode") if key in more}
    return {"address": address, "mode": "managed", **one, "change": {"actions": list(actions), **more}}


def plan(*changes: dict[str, Any], **providers: str) -> dict[str, Any]:
    declared = [
        {"address": one["address"].partition("[")[0], "provider_config_key": "aws.edge"} for one in changes
    ]
    return {
        "format_version": "1.2",
        "resource_changes": list(changes),
        "configuration": {
            "provider_config": {
                "aws.edge": {
                    "name": "aws",
                    "alias": "edge",
                    "expressions": {"allowed_account_ids": {"constant_value": ["111111111111"]}},
                }
            },
            "root_module": {"resources": declared},
        },
        **providers,
    }


def only(document: dict[str, Any], *outages: str) -> AccountChanges:
    (found,) = account_changes({"": document}, outages)
    return found


def first(document: dict[str, Any]) -> PlannedChange:
    return only(document).resources[0]


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (("create",), Action.CREATE),
        (("update",), Action.UPDATE),
        (("delete",), Action.DESTROY),
        (("delete", "create"), Action.REPLACE),
        (("create", "delete"), Action.REPLACE),
        (("forget",), Action.FORGET),
    ],
)
def test_each_action_is_counted(actions: tuple[str, ...], action: Action) -> None:
    found = only(plan(change("aws_x.a", *actions), change("aws_x.b", "no-op")))
    assert [found.count(one) for one in Action] == [int(one is action) for one in Action]


@pytest.mark.parametrize("actions", [("no-op",), ("read",), (), ("invented",)])
def test_what_does_not_change_is_left_out(actions: tuple[str, ...]) -> None:
    assert account_changes({"": plan(change("aws_x.a", *actions))}, ()) == ()


def test_data_sources_are_no_changes() -> None:
    assert account_changes({"": plan(change("data.aws_x.a", "create", mode="data"))}, ()) == ()


def test_outages_come_first_then_replacements_destructions_and_the_rest() -> None:
    found = only(
        plan(
            change("aws_x.created", "create"),
            change("aws_x.updated", "update", before={"a": 1}, after={"a": 2}),
            change("aws_x.destroyed", "delete"),
            change("aws_x.replaced", "create", "delete"),
            change("aws_x.outage", "delete"),
        ),
        "aws_x.outage",
    )
    names = [one.address.partition(".")[2] for one in found.resources]
    assert names == ["outage", "replaced", "destroyed", "updated", "created"]
    assert [one.outage for one in found.resources] == [True, False, False, False, False]


def test_accounts_with_an_outage_come_first() -> None:
    plans = {"a": plan(change("aws_x.y", "create")), "b": plan(change("aws_x.y", "delete"))}
    assert [one.stack for one in account_changes(plans, ["b: aws_x.y"])] == ["b", "a"]


def test_a_replacement_names_the_argument_that_makes_it_necessary() -> None:
    (value,) = first(
        plan(
            change(
                "aws_vpc_endpoint.e",
                "delete",
                "create",
                before={"vpc_id": "vpc-1", "tags": {"a": "b"}},
                after={"vpc_id": "vpc-2", "tags": {"a": "c"}},
                replace_paths=[["vpc_id"]],
            )
        )
    ).values
    assert (value.path, value.before, value.after) == ("vpc_id", '"vpc-1"', '"vpc-2"')


def test_a_path_goes_into_blocks_and_what_is_not_known_yet_is_called_so() -> None:
    (value,) = first(
        plan(
            change(
                "aws_x.y",
                "delete",
                "create",
                before={"block": [{"ip": "10.0.0.1"}]},
                after={"block": [{}]},
                after_unknown={"block": [{"ip": True}]},
                replace_paths=[["block", 0, "ip"]],
            )
        )
    ).values
    assert (value.path, value.before, value.after) == ("block[0].ip", '"10.0.0.1"', "(known after apply)")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("replace_because_tainted", "it is tainted"),
        ("delete_because_no_resource_config", "it is no longer declared"),
        ("invented", ""),
    ],
)
def test_terraforms_reason_is_said_in_words(reason: str, said: str) -> None:
    assert first(plan(change("aws_x.y", "delete", action_reason=reason))).reason == said


@pytest.mark.parametrize(
    ("before", "after", "masks"),
    [
        ({"a": SECRET}, {"a": SECRET + "2"}, ({"a": True}, {"a": True})),
        ({"a": SECRET}, {"a": "plain"}, ({"a": True}, {})),
        ({"a": {"b": SECRET}}, {"a": {"b": "x"}}, ({"a": {"b": True}}, {"a": {"b": True}})),
        ({"a": [SECRET, "x"]}, {"a": ["y"]}, ({"a": [True, False]}, {})),
        ({"a": {"b": SECRET}}, {"a": {"b": "x"}}, (True, True)),
        ({"a": {"b": SECRET}}, {}, ({"a": True}, False)),
    ],
)
@pytest.mark.parametrize("actions", [("update",), ("delete", "create")])
def test_what_is_sensitive_is_never_shown(
    before: dict[str, Any], after: dict[str, Any], masks: tuple[Any, Any], actions: tuple[str, ...]
) -> None:
    document = plan(
        change(
            "aws_x.y",
            *actions,
            before=before,
            after=after,
            before_sensitive=masks[0],
            after_sensitive=masks[1],
            replace_paths=[["a"]],
        )
    )
    found = only(document)
    assert SECRET not in repr(found)
    assert "(sensitive)" in repr(found)


def test_an_update_names_what_changes_and_nothing_else() -> None:
    values = first(
        plan(
            change(
                "aws_x.y",
                "update",
                before={"same": [{}], "old": 1, "gone": "x"},
                after={"same": [{}], "old": 2, "new": None},
                after_unknown={"later": True, "same": [{"inner": {}}]},
            )
        )
    ).values
    assert {one.path: (one.before, one.after) for one in values} == {
        "gone": ('"x"', "(absent)"),
        "later": ("(absent)", "(known after apply)"),
        "old": ("1", "2"),
    }


def test_a_long_value_is_cut() -> None:
    found = first(plan(change("aws_x.y", "update", before={"a": "x" * 5000}, after={"a": "y"})))
    assert len(found.values[0].before) == 120


def test_the_account_is_that_of_the_provider() -> None:
    found = only(plan(change('aws_x.y["a.b[0]"]', "create")))
    assert (found.account, found.provider) == ("111111111111", "edge")


@pytest.mark.parametrize(
    "expressions",
    [
        {"allowed_account_ids": {"references": ["var.account"]}},
        {"assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::222222222222:role/deploy"}}]},
        {"assume_role": [{"role_arn": {"references": ["var.role"]}}]},
    ],
)
def test_the_account_is_found_in_roles_and_variables(expressions: dict[str, Any]) -> None:
    document = plan(change("aws_x.y", "create"))
    document["configuration"]["provider_config"]["aws.edge"]["expressions"] = expressions
    document["variables"] = {
        "account": {"value": "222222222222"},
        "role": {"value": "arn:aws:iam::222222222222:role/deploy"},
    }
    assert only(document).account == "222222222222"


def test_what_is_no_longer_declared_is_in_the_account_of_its_arn() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:333333333333:loadbalancer/net/x/1"
    document = plan(change("aws_lb.gone", "delete", before={"arn": arn}))
    document["configuration"]["root_module"]["resources"] = []
    assert (only(document).account, only(document).provider) == ("333333333333", "")


def test_a_module_gives_its_provider() -> None:
    document = plan(change('module.a["x"].aws_x.y', "create"))
    inner = {"resources": [{"address": "aws_x.y", "provider_config_key": "module.a:aws.edge"}]}
    document["configuration"]["root_module"] = {"module_calls": {"a": {"module": inner}}}
    assert only(document).provider == "edge"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"resource_changes": None},
        {"resource_changes": [None, 1, "x", {}, {"change": []}, {"change": {"actions": "create"}}]},
        {"resource_changes": [{"change": {"actions": ["update"], "before": [], "after": "x"}}]},
        {
            "resource_changes": [
                {"change": {"actions": ["delete", "create"], "replace_paths": [1, [], [None], ["a", "b", 9]]}}
            ]
        },
        {"configuration": {"provider_config": [], "root_module": {"resources": 1, "module_calls": [1]}}},
        {"configuration": {"provider_config": {"aws": {"expressions": {"allowed_account_ids": 1}}}}},
    ],
)
def test_a_document_of_any_shape_is_read(document: dict[str, Any]) -> None:
    account_changes({"": document}, ())


def test_a_review_of_a_plan_says_what_changes_in_each_account() -> None:
    changes = review([ARTICLE.parent / "article-first-apply.json"]).changes
    assert changes is not None
    assert {(one.account, one.provider) for one in changes} == {
        ("111111111111", "edge"),
        ("222222222222", "orders"),
        ("none", "terraform"),
    }
    assert all(one.count(Action.CREATE) == len(one.resources) for one in changes)


def test_a_review_of_configuration_knows_nothing_of_changes() -> None:
    assert review([ARTICLE]).changes is None
