"""Reading Terraform's expressions, and what they are worth."""

import pytest

from hatchway.route.sources.configuration import Configuration, read_stack
from hatchway.route.sources.expressions import Opaque, parse_expression, parse_template, template_references
from hatchway.route.sources.functions import Encoded
from hatchway.route.sources.resolve import Resolver, Scope

DOCUMENT = {
    "variable": {"region": {"default": "eu-west-1"}, "open": {}},
    "locals": {"name": "a-${var.region}", "items": ["x", "y"], "deep": {"k": ["${aws_vpc.v.cidr_block}"]}},
    "resource": {"aws_vpc": {"v": {"cidr_block": "10.0.0.0/16"}}},
}


def value(text: str) -> object:
    stack = read_stack("", [DOCUMENT])
    return Resolver(Configuration((stack,))).value(text, Scope(stack))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$${stageVariables.x}", "${stageVariables.x}"),
        ("${var.region}", "eu-west-1"),
        ("x-${local.name}-y", "x-a-eu-west-1-y"),
        ("${local.deep.k[0]}", "10.0.0.0/16"),
        ("${element(local.items, 3)}", "y"),
        ('${join("/", concat(local.items, ["z"]))}', "x/y/z"),
        ('${format("%s:%s", var.region, local.items[1])}', "eu-west-1:y"),
        ('${lower("AbC")}', "abc"),
        ('${replace("a-b", "-", "_")}', "a_b"),
        ("${aws_vpc.v.id}", "${aws_vpc.v.id}"),
        ("${var.open}/x", "${var.open}/x"),
        ("${cidrsubnet(aws_vpc.v.cidr_block, 8, 1)}", None),
    ],
)
def test_values_are_followed_as_far_as_they_are_known(text: str, expected: str | None) -> None:
    found = str(value(text))
    assert found == expected if expected is not None else "cidrsubnet" in found


def test_equal_expressions_are_equal_values() -> None:
    assert value("${sha1(aws_vpc.v.id)}") == value("${sha1( aws_vpc.v.id )}")
    assert value("${sha1(aws_vpc.v.id)}") != value("${sha1(aws_vpc.v.arn)}")


def test_encoded_json_is_kept_as_what_it_says() -> None:
    found = value('${jsonencode({a = [1, true, null], "b" : aws_vpc.v.cidr_block})}')
    assert isinstance(found, Encoded)
    assert str(found.value["b"]) == "10.0.0.0/16"
    assert found.value["a"] == [1, True, None]


@pytest.mark.parametrize(
    "text", ["var.a ? 1 : 2", "[for x in y : x.id]", "a +", "(", "f(", '"', "x[each.key].id", "1 2"]
)
def test_what_is_not_understood_is_kept_whole(text: str) -> None:
    assert parse_expression(text) == Opaque(" ".join(text.split()))


def test_references_are_found_in_any_expression() -> None:
    text = '${[for one in aws_subnet.all : one.id]} and ${f("${aws_vpc.v.id}", data.aws_region.r.name)}'
    assert set(template_references(text)) >= {"aws_subnet.all", "aws_vpc.v.id", "data.aws_region.r.name"}


def test_an_expression_that_does_not_end_is_text() -> None:
    assert parse_template("a ${b").parts == ("a ${b",)
