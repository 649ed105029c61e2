"""An address that had to change is told to Terraform, so that nothing is destroyed."""

import json
from pathlib import Path

import pytest
from cdktf import App

from constructs_lib.app import add_stacks
from constructs_lib.moved import Move, declare_moves, moved_blocks
from hatchway.topology import load
from tests.synth.synthesized import Document, Synthesized, Terraform

BALANCERS = Move(kind="aws_lb", now=r"(\w+)", before=r"path_\1")


@pytest.fixture
def moved(document: Document, tmp_path: Path) -> Synthesized:
    (tmp_path / "hatchway.yaml").write_text(json.dumps(document))
    app = App(outdir=str(tmp_path / "out"))
    add_stacks(app, load(tmp_path / "hatchway.yaml"), tmp_path)
    declare_moves(app, [BALANCERS])
    app.synth()
    return Synthesized(tmp_path / "out")


def test_every_stack_says_what_moved_in_it_and_nothing_else(moved: Synthesized) -> None:
    assert moved["gateway"].document["moved"] == [{"from": "aws_lb.path_orders", "to": "aws_lb.orders"}]
    assert "moved" not in moved["foundation"].document
    assert "moved" not in moved["service-orders"].document


def test_nothing_has_moved_so_far(article: Synthesized) -> None:
    assert [name for name, stack in article.stacks.items() if "moved" in stack.document] == []


def test_an_address_of_another_kind_or_name_stays() -> None:
    move = Move(kind="aws_lb", now=r"shared_(\w+)", before=r"\1")

    assert moved_blocks(["aws_lb_listener.shared_a", "aws_lb.a", "aws_vpc.shared_a"], [move]) == []


def test_an_older_address_that_is_in_use_again_is_another_resource() -> None:
    assert moved_blocks(["aws_lb.orders", "aws_lb.path_orders"], [BALANCERS]) == [
        {"from": "aws_lb.path_path_orders", "to": "aws_lb.path_orders"}
    ]


def test_terraform_moves_what_it_knows_and_destroys_nothing(terraform: Terraform, tmp_path: Path) -> None:
    before = {"resource": {"terraform_data": {"path_orders": {"input": "kept"}}}}
    (tmp_path / "main.tf.json").write_text(json.dumps(before))
    for command in (["init", "-input=false"], ["apply", "-auto-approve", "-input=false"]):
        assert terraform(tmp_path, *command).returncode == 0
    move = Move(kind="terraform_data", now=r"(\w+)", before=r"path_\1")
    now = {
        "resource": {"terraform_data": {"orders": {"input": "kept"}}},
        "moved": moved_blocks(["terraform_data.orders"], [move]),
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(now))

    ran = terraform(tmp_path, "plan", "-input=false", "-no-color")

    assert "terraform_data.path_orders has moved to terraform_data.orders" in ran.stdout
    assert "0 to add, 0 to change, 0 to destroy" in ran.stdout
