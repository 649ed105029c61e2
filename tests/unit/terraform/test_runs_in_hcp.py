"""With HCP Terraform, progress is text, and the plan's changes are asked for."""

import json

import pytest

from hatchway.errors import ToolError
from hatchway.terraform.runner import StateMissingError, TerraformError
from tests.unit.terraform.conftest import Stage

CHANGES = {
    "format_version": "1.2",
    "resource_changes": [{"address": "aws_lb.a", "type": "aws_lb", "change": {"actions": ["create"]}}],
}


def test_init_leaves_out_what_terraform_refuses_there(stage: Stage) -> None:
    stage.terraform(in_hcp=True).init()

    assert stage.calls()[0]["argv"] == ["init", "-no-color", "-input=false"]


def test_changes_are_those_that_the_saved_plan_shows(stage: Stage) -> None:
    stage.play(plan={"lines": ["Preparing the remote plan..."]}, show={"lines": [json.dumps(CHANGES)]})

    plan = stage.terraform(in_hcp=True).plan()

    assert [(change.address, change.action) for change in plan.changes] == [("aws_lb.a", "create")]
    assert stage.commands() == ["plan", "show"]


def test_a_plan_that_cannot_be_shown_is_no_empty_plan(stage: Stage) -> None:
    stage.play(show={"lines": ["not JSON"]})

    with pytest.raises(ToolError, match="permission to read the JSON of plans"):
        stage.terraform(in_hcp=True).plan()
    assert list(stage.runs.glob("*.tfplan")) == []


def test_the_saved_plan_is_applied(stage: Stage) -> None:
    stage.play(show={"lines": [json.dumps(CHANGES)]})
    terraform = stage.terraform(in_hcp=True)
    plan = terraform.plan()

    terraform.apply(plan)

    assert stage.calls()[-1]["argv"] == ["apply", "-no-color", "-input=false", str(plan.path)]


def test_a_failure_shows_the_end_of_what_was_said(stage: Stage) -> None:
    stage.play(plan={"code": 1, "lines": [*(f"line {number}" for number in range(50)), "Error: no quota"]})

    with pytest.raises(TerraformError) as caught:
        stage.terraform(in_hcp=True).plan()
    assert caught.value.tail[-1] == "Error: no quota"
    assert len(caught.value.tail) == 20


def test_outputs_of_a_stack_that_is_not_deployed_are_missing(stage: Stage) -> None:
    stage.play(plan={"code": 1, "lines": ["Error: Unable to find remote state"]})

    with pytest.raises(StateMissingError):
        stage.terraform(in_hcp=True).plan()


def test_a_token_in_what_was_said_is_masked(stage: Stage) -> None:
    stage.play(init={"code": 1, "lines": ["Error: 401 for abcdefgh.atlasv1.zyx"]})

    with pytest.raises(TerraformError) as caught:
        stage.terraform(in_hcp=True, TF_TOKEN_app_terraform_io="abcdefgh.atlasv1.zyx").init()
    assert caught.value.tail == ("Error: 401 for ********",)
