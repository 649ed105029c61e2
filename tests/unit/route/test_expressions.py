"""Reading Terraform's expressions, and what they are worth."""

import pytest

from hatchway.route.sources.configuration import Configuration, read_stack
from hatchway.route.sources.encoding import Encoded
from hatchway.route.sources.expressions import Opaque, parse_expression, parse_template, template_references
from hatchway.route.sources.instances import expanded
from hatchway.route.sources.resolve import Resolver, Scope
from hatchway.route.symbols import Text

DOCUMENT = {
    "variable": {"region": {"default": "eu-west-1"}, "open": {}},
    "locals": {
        "name": "a-${var.region}",
        "items": ["x", "y"],
        "deep": {"k": ["${aws_vpc.v.cidr_block}"]},
        "ports": {"a": {"port": 1}, "b": {"port": 2}},
    },
    "resource": {
        "aws_vpc": {"v": {"cidr_block": "10.0.0.0/16"}},
        "aws_subnet": {
            "each": {"for_each": "${local.ports}", "cidr_block": "10.0.${each.value.port}.0/24"},
            "two": {"count": 2, "cidr_block": "10.1.${count.index}.0/24"},
            "none": {"count": 0},
        },
    },
}


def value(text: str) -> object:
    configuration = expanded(Configuration((read_stack("", [DOCUMENT]),)))
    return Resolver(configuration).value(text, Scope(configuration.stacks[0]))


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
        ("${cidrsubnet(aws_vpc.v.cidr_block, 8, 1)}", "10.0.1.0/24"),
        ('${var.region == "eu-west-1" ? "yes" : "no"}', "yes"),
        ('${var.open == "x" ? "same" : "same"}', "same"),
        ("${[for k, v in local.ports : v.port if v.port > 1][0]}", "2"),
        ('${{for k, v in local.ports : v.port => "p-${k}"}[2]}', "p-b"),
        ('${join(",", [for i, x in local.items : "${i}${x}"])}', "0x,1y"),
        ('${join(",", aws_subnet.two[*].cidr_block)}', "10.1.0.0/24,10.1.1.0/24"),
        ('${aws_subnet.each["b"].cidr_block}', "10.0.2.0/24"),
        ("${[for k, s in aws_subnet.each : s.cidr_block][1]}", "10.0.2.0/24"),
        ('${try(aws_subnet.none[0].id, local.deep.none, "fallback")}', "fallback"),
        ('${try(local.ports.c.port, "fallback")}', "fallback"),
        ("${can(local.ports.c.port)}", "False"),
        ("${length(aws_subnet.none)}", "0"),
        ('${lookup(local.ports, "c", "none")}', "none"),
        ('${merge({a = 1}, {b = "z"}).b}', "z"),
        ("${1 + 2 * 3 - -1}", "8"),
        ("${!(1 == 2) && 3 >= 3}", "True"),
        ('${"a" == "b" || null == null}', "True"),
        ('%{ if var.region == "eu-west-1" }in%{ else }out%{ endif }side', "inside"),
        ("%{ for x in local.items }<${x}>%{ endfor }", "<x><y>"),
        ("a %{~ if true ~} b %{~ endif ~} c", "abc"),
        ('${jsondecode("{\\"a\\": [\\"${var.region}\\"]}").a[0]}', "eu-west-1"),
        ('${split(",", "a,${aws_vpc.v.id}")[1]}', "${aws_vpc.v.id}"),
        ('${trimsuffix("a.json", ".json")}', "a"),
        ("${cidrhost(aws_vpc.v.cidr_block, 5)}", "10.0.0.5"),
        ("${element(values(local.ports), 1).port}", "2"),
        ("${flatten([[1, [2]], 3])[2]}", "3"),
        ("${[for p in setproduct([1], [2, 3]) : p[1]][1]}", "3"),
        ("${sha1(aws_vpc.v.cidr_block)}", None),
    ],
)
def test_values_are_followed_as_far_as_they_are_known(text: str, expected: str | None) -> None:
    found = str(value(text))
    assert found == expected if expected is not None else "sha1" in found


def test_equal_expressions_are_equal_values() -> None:
    assert value("${sha1(aws_vpc.v.id)}") == value("${sha1( aws_vpc.v.id )}")
    assert value("${sha1(aws_vpc.v.id)}") != value("${sha1(aws_vpc.v.arn)}")


def test_encoded_json_is_kept_as_what_it_says() -> None:
    found = value('${jsonencode({a = [1, true, null], "b" : aws_vpc.v.cidr_block})}')
    assert isinstance(found, Encoded)
    assert str(found.value["b"]) == "10.0.0.0/16"
    assert found.value["a"] == [1, True, None]


@pytest.mark.parametrize(
    "text", ["a +", "(", "f(", '"', "1 2", "[for x y : x]", "{for k, v in x : k}", "a ? b", "x[1", "%{ if }"]
)
def test_what_is_not_understood_is_kept_whole(text: str) -> None:
    assert parse_expression(text) == Opaque(" ".join(text.split()))


@pytest.mark.parametrize(
    "text",
    [
        "${var.open ? 1 : 2}",
        "${[for x in var.open : x]}",
        "${var.open + 1}",
        "${aws_vpc.v.id == var.open}",
        "${local.ports[var.open]}",
        '${contains([var.open], "x")}',
        '${coalesce(var.open, "x")}',
        "%{ if var.open }a%{ endif }b",
    ],
)
def test_what_hangs_on_an_unknown_value_is_unknown(text: str) -> None:
    found = value(text)
    assert isinstance(found, Text)
    assert found.symbols
    assert "var.open" in str(found)
    assert "Reference(" not in str(found)


def test_each_round_of_a_loop_has_its_own_unknown_values() -> None:
    found = value("${[for x in local.items : sha1(x)]}")
    assert isinstance(found, list)
    assert found[0] != found[1]


def test_references_are_found_in_any_expression() -> None:
    text = '${[for one in aws_subnet.all : one.id]} and ${f("${aws_vpc.v.id}", data.aws_region.r.name)}'
    found = {".".join(map(str, path)) for path in template_references(text)}
    assert found >= {"aws_subnet.all", "aws_vpc.v.id", "data.aws_region.r.name"}


def test_an_expression_that_does_not_end_is_text() -> None:
    assert parse_template("a ${b").parts == ("a ${b",)


def test_a_reference_with_an_open_key_names_its_resource_and_what_the_key_is_of() -> None:
    found = set(template_references("${sha1(jsonencode([aws_a.b[each.key].c, aws_d.e[var.x[0]].f]))}"))
    assert found == {("aws_a", "b"), ("each", "key"), ("aws_d", "e"), ("var", "x", 0)}
