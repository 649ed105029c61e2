"""Which files make which stacks."""

import json
import shutil
from pathlib import Path

import pytest

from hatchway.review import review
from hatchway.route.outcome import Verdict
from hatchway.route.sources import config
from tests.unit.review.article import FIXTURE

STACKS = FIXTURE / "stacks"
PLAN = FIXTURE.parent / "article-first-apply.json"


def names(*paths: Path) -> list[str]:
    return [stack.name for stack in config.load(paths).configuration.stacks]


def test_a_file_that_is_given_twice_is_read_once() -> None:
    assert names(FIXTURE, STACKS / "gateway", STACKS / "gateway" / "cdk.tf.json") == [
        "foundation",
        "gateway",
        "service-orders",
    ]


def test_stacks_of_the_same_name_are_all_read(tmp_path: Path) -> None:
    for team in ("a", "b"):
        shutil.copytree(STACKS / "gateway", tmp_path / team / "gateway")
    assert names(tmp_path / "a" / "gateway", tmp_path / "b" / "gateway") == [
        "gateway",
        str(tmp_path / "b" / "gateway"),
    ]


def test_plans_of_the_same_name_are_all_read(tmp_path: Path) -> None:
    paths = [tmp_path / team / "gateway" / "plan.json" for team in ("a", "b")]
    for path in paths:
        path.parent.mkdir(parents=True)
        shutil.copy(PLAN, path)
    assert len(config.load(paths).plans) == 2


@pytest.mark.parametrize("plan_first", [True, False])
def test_a_plan_stands_for_the_configuration_beside_it(tmp_path: Path, plan_first: bool) -> None:
    folder, other = tmp_path / "gateway", tmp_path / "other"
    shutil.copytree(STACKS / "gateway", folder)
    shutil.copytree(STACKS / "foundation", other)
    shutil.copy(PLAN, folder / "plan.json")
    paths = [folder / "plan.json", folder] if plan_first else [folder, folder / "plan.json"]
    inputs = config.load([*paths, other])
    assert list(inputs.plans) == ["gateway"]
    assert sorted(stack.name for stack in inputs.configuration.stacks) == ["gateway", "other"]


def test_zones_by_name_and_by_id_are_undecided_never_a_fault(tmp_path: Path) -> None:
    copy = tmp_path / "article"
    shutil.copytree(FIXTURE, copy)
    path = copy / "stacks" / "foundation" / "cdk.tf.json"
    document = json.loads(path.read_text())
    subnets = document["resource"]["aws_subnet"]
    del subnets["edge_a"]["availability_zone_id"]
    subnets["edge_a"]["availability_zone"] = "eu-west-1a"
    attachment = document["resource"]["aws_ec2_transit_gateway_vpc_attachment"]["edge"]
    attachment["subnet_ids"] = ["${aws_subnet.edge_b.id}"]
    path.write_text(json.dumps(document))
    assert review([copy]).verdict is Verdict.UNDECIDED
