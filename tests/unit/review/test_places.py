"""Where a finding's subject is declared: for annotations, and for code scanning."""

import json
from pathlib import Path

import pytest

from hatchway.review.places import Places
from hatchway.route.report import Location

HCL = """# a comment with resource "aws_lb" "comment" in it

resource "aws_lb" "orders" {
  name = "x"
}
data "aws_vpc" "edge" {}
  module "path" {
}
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("aws_lb.orders", 3),
        ('aws_lb.orders["a.b"]', 3),
        ("aws_lb.orders[0]", 3),
        ("data.aws_vpc.edge", 6),
        ("module.path.aws_lb.inner", 7),
        ('module.path["x"].module.deeper.aws_lb.inner[1]', 7),
    ],
)
def test_a_block_of_hcl_is_found_by_its_address(tmp_path: Path, subject: str, line: int) -> None:
    files = {"": [written(tmp_path, "main.tf", HCL)]}
    assert Places(files, tmp_path).of([subject]) == {subject: Location(file="main.tf", line=line)}


@pytest.mark.parametrize("indent", [None, 2])
def test_a_key_of_json_is_found_by_its_address(tmp_path: Path, indent: int | None) -> None:
    document = {
        "//": {"resource": {"aws_lb": {"orders": "not this one"}}},
        "data": {"aws_vpc": {"edge": {"x": 'a } b { c : , " \\\\'}}},
        "resource": [{"aws_lb": {"other": [{"resource": {"aws_lb": {"orders": 1}}}], "orders": [{"a": 1}]}}],
        "module": {"path": {"source": "./x"}},
    }
    text = json.dumps(document, indent=indent)
    places = Places({"": [written(tmp_path, "cdk.tf.json", text)]}, tmp_path)
    subjects = ["aws_lb.orders", "data.aws_vpc.edge", "module.path.aws_lb.x"]
    lines = [text[: text.rindex(key)].count("\n") + 1 for key in ('"orders"', '"edge"', '"path"')]
    found = places.of(subjects)
    assert [found[one].line for one in subjects] == lines


def test_a_subject_is_looked_for_in_its_own_stack(tmp_path: Path) -> None:
    one = written(tmp_path, "one.tf", HCL)
    two = written(tmp_path, "two.tf", "\n" + HCL)
    found = Places({"one": [one], "two": [two]}, tmp_path).of(["two: aws_lb.orders"])
    assert found == {"two: aws_lb.orders": Location(file="two.tf", line=4)}


def test_in_a_plan_the_file_is_named_without_a_line(tmp_path: Path) -> None:
    files = {"": [written(tmp_path, "plan.json", '{"resource": {"aws_lb": {"orders": {}}}}')]}
    assert Places(files, tmp_path).of(["aws_lb.orders"]) == {"aws_lb.orders": Location(file="plan.json")}


def test_of_several_files_the_one_with_the_resource_is_named(tmp_path: Path) -> None:
    plan = written(tmp_path, "plan.json", "{}")
    files = {"": [plan, written(tmp_path, "a.tf", "# nothing\n"), written(tmp_path, "b.tf", HCL)]}
    assert Places(files, tmp_path).of(["aws_lb.orders"])["aws_lb.orders"].file == "b.tf"
    assert Places(files, tmp_path).of(["aws_lb.gone"]) == {}


def test_a_file_elsewhere_is_named_in_full(tmp_path: Path) -> None:
    path = written(tmp_path, "main.tf", HCL)
    (tmp_path / "below").mkdir()
    assert Places({"": [path]}, tmp_path / "below").of(["aws_lb.orders"])["aws_lb.orders"].file == str(path)


@pytest.mark.parametrize("subject", ["GET /test", "aws_lb", "", "a.b.c.d", "baseline.yaml:7", "none: a.b"])
def test_what_is_no_resource_has_no_place(tmp_path: Path, subject: str) -> None:
    files = {"": [written(tmp_path, "a.tf", HCL), written(tmp_path, "b.tf", HCL)]}
    assert Places(files, tmp_path).of([subject]) == {}


@pytest.mark.parametrize("text", ['{"resource": {"aws_lb"', "}}}}:::", '"' * 9, "{" * 5000, "\ud800"])
def test_a_file_of_any_shape_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.tf.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert Places({"": [path]}, tmp_path).of(["aws_lb.x"]) == {"aws_lb.x": Location(file="x.tf.json")}
