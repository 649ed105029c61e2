"""HCL says the same as Terraform's JSON syntax, and nothing more."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from hatchway.errors import UsageError
from hatchway.review import review
from hatchway.route.outcome import Verdict
from hatchway.route.sources import config
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.hcl import read_hcl
from hatchway.route.sources.instances import expanded
from hatchway.route.sources.mentions import Mentions
from hatchway.route.sources.resolve import Resolver


def written(folder: Path, **files: str) -> Path:
    """Write files whose names have `__` for a dot and `_0_` for a folder."""
    for name, content in files.items():
        path = folder / name.replace("_0_", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def loaded(folder: Path) -> tuple[Resolver, dict[str, Resource]]:
    configuration = expanded(config.load([folder]).configuration)
    return Resolver(configuration), {one.address: one for one in configuration.resources}


def argument(folder: Path, address: str, name: str) -> Any:
    resolver, resources = loaded(folder)
    return resolver.argument(resources[address], name)


MAIN = """
# A comment with "quotes" and ${braces}.
variable "region" { default = "eu-west-1" }
variable "extra" {
  type = map(object({ port = number, note = optional(string, "none") }))
}

locals {
  name   = "a-${var.region}" // trailing
  opened = { for name, one in var.extra : name => one if one.port > 1 }
}

resource "aws_security_group" "g" {
  provider = aws.edge
  name     = upper(local.name)
  vpc_id   = aws_vpc.v.id

  dynamic "ingress" {
    for_each = local.opened
    iterator = rule
    content {
      from_port   = rule.value.port
      description = "${rule.key}: ${rule.value.note}"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags = {
    Name  = <<-EOT
      two "lines" of ${var.region}
        and a brace }
    EOT
    "a b" = "tab\\there \\u00e9 $${kept}"
  }
}
"""
VALUES = """
extra = {
  web = { port = 443 }
  low = { port = 1, note = "no" }
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path, main__tf=MAIN, terraform__tfvars=VALUES)


def test_values_of_files_locals_loops_and_optional_attributes_are_followed(folder: Path) -> None:
    blocks = argument(folder, "aws_security_group.g", "ingress")
    assert [(one["from_port"], str(one["description"])) for one in blocks] == [(443, "web: none")]
    assert str(argument(folder, "aws_security_group.g", "name")) == "A-EU-WEST-1"
    assert str(argument(folder, "aws_security_group.g", "vpc_id")) == "${aws_vpc.v.id}"


def test_a_heredoc_is_the_text_it_holds(folder: Path) -> None:
    tags = argument(folder, "aws_vpc.v", "tags")
    assert str(tags["Name"]) == 'two "lines" of eu-west-1\n  and a brace }\n'
    assert str(tags["a b"]) == "tab\there é ${kept}"


def test_later_files_of_values_win(folder: Path) -> None:
    (folder / "b.auto.tfvars.json").write_text(json.dumps({"region": "eu-north-1"}))
    assert str(argument(folder, "aws_security_group.g", "name")) == "A-EU-NORTH-1"


def test_windows_line_ends_change_nothing(folder: Path) -> None:
    before = str(argument(folder, "aws_vpc.v", "tags"))
    (folder / "main.tf").write_bytes(MAIN.replace("\n", "\r\n").encode())
    assert str(argument(folder, "aws_vpc.v", "tags")) == before


def test_hcl_and_json_stand_side_by_side(folder: Path) -> None:
    document = {"resource": {"aws_vpc": {"w": {"cidr_block": "${local.name}"}}}}
    (folder / "more.tf.json").write_text(json.dumps(document))
    assert str(argument(folder, "aws_vpc.w", "cidr_block")) == "a-eu-west-1"


def test_a_dynamic_block_over_something_unknown_is_one_unknown_block(folder: Path) -> None:
    (folder / "terraform.tfvars").write_text("")
    blocks = argument(folder, "aws_security_group.g", "ingress")
    assert [str(one) for one in blocks] == ["${dynamic ingress}"]


FILES = """
resource "aws_vpc" "v" {
  a = file("${path.module}/in.txt")
  b = file("../out.txt")
  c = templatefile("in.txt", { who = "you" })
}
"""


def test_a_file_is_read_only_inside_the_configuration(tmp_path: Path) -> None:
    root = written(tmp_path / "root", main__tf=FILES)
    (root / "in.txt").write_text("hello ${who}")
    (tmp_path / "out.txt").write_text("secret")
    assert str(argument(root, "aws_vpc.v", "a")) == "hello ${who}"
    assert str(argument(root, "aws_vpc.v", "c")) == "hello you"
    assert "secret" not in str(argument(root, "aws_vpc.v", "b"))


LITERALS = """
a "b" "c" {
  n = -1.5
  t = true
  l = [1, "x", null]
  m = { k = [] }
  p { q = "" }
}
"""


def test_literals_read_as_the_json_syntax_has_them() -> None:
    body = {"n": -1.5, "t": True, "l": [1, "x", None], "m": {"k": []}, "p": [{"q": ""}]}
    assert read_hcl(LITERALS) == {"a": [{"b": {"c": body}}]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'resource "a" {', "is not HCL"),
        (b"a = ", r"is not HCL \(line 1"),
        (b"\n\n= 4\n", r"line 3"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"{" * 10_000, "is not HCL"),
        (b"a = " + b"[" * 3_000, "is not HCL"),
    ],
)
def test_a_file_that_is_no_hcl_gets_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "main.tf").write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        review([tmp_path])
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "main.tf") in str(caught.value)


def doubled(expression: str) -> str:
    """Write locals of which each is twice the one before."""
    steps = "".join(f"  a{one + 1} = {expression % (one, one)}\n" for one in range(45))
    policy = '\nresource "aws_api_gateway_rest_api" "a" { policy = jsonencode(local.a45) }\n'
    return 'locals {\n  a0 = ["x"]\n' + steps + "}\n" + policy


@pytest.mark.parametrize(
    "content",
    [
        "a = " + "[" * 500 + "]" * 500,
        "a = " + "(" * 500 + "1" + ")" * 500,
        "a = " + "!" * 5000 + "true",
        'a = "' + "${" * 200 + "1" + "}" * 200 + '"',
        "a {\n" * 300 + "}\n" * 300,
        "locals { a = local.a }",
        'resource "a" "l" {\n  for_each = [for x in range(5000) : [for y in range(5000) : "${x}${y}"]]\n}',
        'resource "aws_lb" "l" {\n  count = 1000000000\n}',
        doubled('"${local.a%d}${local.a%d}"'),
        doubled("[local.a%d, local.a%d]"),
        doubled("concat(local.a%d, local.a%d)"),
        doubled("{ x = jsonencode(local.a%d), y = local.a%d }"),
    ],
)
def test_hostile_hcl_ends_and_is_no_pass(tmp_path: Path, content: str) -> None:
    (tmp_path / "main.tf").write_text(content)
    started = time.perf_counter()
    try:
        verdict = review([tmp_path]).verdict
        resolver, resources = loaded(tmp_path)
        for one in resources.values():
            resolver.argument(one, "policy")
            Mentions(resolver.configuration).before(one)
    except UsageError:
        verdict = Verdict.UNDECIDED
    assert verdict is Verdict.UNDECIDED
    assert time.perf_counter() - started < 60
