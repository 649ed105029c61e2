"""Modules: what they declare is read where it is called, with what it is given."""

import json
from pathlib import Path

import pytest

from hatchway.review import review
from hatchway.route.outcome import Outcome, Verdict
from hatchway.route.sources import attributes
from tests.unit.review.article import FIXTURE, ids
from tests.unit.review.test_hcl import argument, loaded, written

NETWORK = """
variable "ranges" { type = map(string) }
variable "vpc" {}
resource "aws_subnet" "s" {
  for_each   = var.ranges
  vpc_id     = var.vpc
  cidr_block = each.value
}
output "ids" { value = { for name, one in aws_subnet.s : name => one.id } }
output "first" { value = values(aws_subnet.s)[0].cidr_block }
"""
ROOT = """
locals { sites = { east = "10.1", west = "10.2" } }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/8" }
module "site" {
  for_each = local.sites
  source   = "./network"
  vpc      = aws_vpc.v.id
  ranges   = { a = "${each.value}.0.0/24", b = "${each.value}.1.0/24" }
}
resource "aws_lb" "l" {
  subnets = values(module.site["east"].ids)
  name    = module.site["west"].first
}
resource "aws_route" "r" {
  for_each               = module.site["east"].ids
  destination_cidr_block = "10.9.0.0/16"
  route_table_id         = each.value
}
"""


def test_modules_are_repeated_and_their_outputs_followed(tmp_path: Path) -> None:
    folder = written(tmp_path, main__tf=ROOT, network_0_main__tf=NETWORK)
    resolver, resources = loaded(folder)
    subnets = [f'module.site["{site}"].aws_subnet.s["{name}"]' for site in ("east", "west") for name in "ab"]
    assert set(resources) >= {*subnets, 'aws_route.r["a"]', 'aws_route.r["b"]'}
    assert str(resolver.argument(resources[subnets[3]], "cidr_block")) == "10.2.1.0/24"
    assert str(resolver.argument(resources[subnets[0]], "vpc_id")) == "${aws_vpc.v.id}"
    found = resolver.argument(resources["aws_lb.l"], "subnets")
    assert found == [attributes.identity(resources[one]) for one in subnets[:2]]
    assert str(resolver.argument(resources["aws_lb.l"], "name")) == "10.2.0.0/24"
    assert resolver.argument(resources['aws_route.r["b"]'], "route_table_id") == found[1]


def test_modules_in_json_are_read_too(tmp_path: Path) -> None:
    inner = {
        "variable": {"name": {"default": "none"}, "cidr": {}},
        "resource": {"aws_vpc": {"v": {"count": 2, "cidr_block": "${var.cidr}", "name": "${var.name}"}}},
        "output": {"ids": {"value": "${aws_vpc.v[*].id}"}},
    }
    call = {"source": "../inner", "cidr": "10.${count.index}.0.0/16", "count": 2}
    written(tmp_path, inner_0_main__tf__json=json.dumps(inner))
    written(tmp_path / "root", main__tf__json=json.dumps({"module": {"m": call}}))
    assert str(argument(tmp_path / "root", "module.m[1].aws_vpc.v[0]", "cidr_block")) == "10.1.0.0/16"
    assert str(argument(tmp_path / "root", "module.m[1].aws_vpc.v[0]", "name")) == "none"


def test_a_module_uses_the_providers_it_is_given(tmp_path: Path) -> None:
    root = """
    provider "aws" {
      alias = "edge"
      region = "eu-west-1"
      allowed_account_ids = ["111111111111"]
    }
    module "outer" {
      source = "./outer"
      providers = { aws.main = aws.edge }
    }
    """
    outer = 'module "inner" {\n  source = "./inner"\n  providers = { aws = aws.main }\n}\n'
    inner = 'resource "aws_vpc" "v" {}\n'
    written(tmp_path, main__tf=root, outer_0_main__tf=outer, outer_0_inner_0_main__tf=inner)
    resolver, resources = loaded(tmp_path)
    vpc = resources["module.outer.module.inner.aws_vpc.v"]
    assert str(attributes.account(resolver, vpc)) == "111111111111"
    assert str(attributes.region(resolver, vpc)) == "eu-west-1"


def test_modules_that_init_has_fetched_are_read_from_where_they_are(tmp_path: Path) -> None:
    written(
        tmp_path,
        main__tf='module "net" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n',
        _0_terraform_0_modules_0_modules__json="",
    )
    (tmp_path / ".terraform" / "modules" / "net").mkdir(parents=True)
    listing = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "net", "Dir": ".terraform/modules/net"}]}
    (tmp_path / ".terraform" / "modules" / "modules.json").write_text(json.dumps(listing))
    (tmp_path / ".terraform" / "modules" / "net" / "main.tf").write_text('resource "aws_vpc" "v" {}\n')
    assert "module.net.aws_vpc.v" in loaded(tmp_path)[1]


def article(folder: Path, source: str) -> Path:
    """Write the article's stacks, the gateway's with a call of a module besides."""
    for path in FIXTURE.glob("stacks/*/cdk.tf.json"):
        document = json.loads(path.read_text())
        if path.parent.name == "gateway":
            document["module"] = {"more": {"source": source}}
        target = folder / "stacks" / path.parent.name / "cdk.tf.json"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(document))
    return folder


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("terraform-aws-modules/vpc/aws", "is not on this machine: run `terraform init`"),
        ("git::https://example.com/x.git", "is not on this machine"),
        ("./missing", "is not on this machine"),
        ("./empty", "holds no"),
        ("./broken", "is not HCL"),
        ("${var.source}", "is not on this machine"),
        ("./circle", "circle"),
    ],
)
def test_a_module_that_cannot_be_read_is_named_and_never_a_pass(
    tmp_path: Path, source: str, said: str
) -> None:
    folder = article(tmp_path, source)
    stack = folder / "stacks" / "gateway"
    written(stack, broken_0_main__tf="x = ", circle_0_main__tf='module "c" {\n  source = "./"\n}\n')
    (stack / "empty").mkdir()
    report = review([folder])
    assert report.verdict is Verdict.UNDECIDED
    assert ids(report, Outcome.UNKNOWN) == {"HW109"}
    (check,) = [one for one in report.routes[0].hops[0].checks if one.id == "HW109"]
    assert check.subject.startswith("gateway: module.more")
    assert said in check.observed


def test_a_fault_that_an_unread_module_may_mend_is_undecided(tmp_path: Path) -> None:
    folder = article(tmp_path, "terraform-aws-modules/vpc/aws")
    path = folder / "stacks" / "foundation" / "cdk.tf.json"
    document = json.loads(path.read_text())
    del document["resource"]["aws_route"]["orders_to_edge"]
    path.write_text(json.dumps(document))
    report = review([folder])
    assert ids(report, Outcome.FAIL) == set()
    assert {"HW109", "HW606"} <= ids(report, Outcome.UNKNOWN)


def test_an_empty_module_leaves_a_good_path_good(tmp_path: Path) -> None:
    folder = article(tmp_path, "./fine")
    written(folder / "stacks" / "gateway", fine_0_main__tf="locals { a = 1 }\n")
    report = review([folder])
    assert report.verdict is Verdict.PASS
    assert report.findings == ()
