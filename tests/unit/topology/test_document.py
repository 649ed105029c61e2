"""Files that are no topology at all: one readable report, never a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.errors import UsageError
from hatchway.topology import Problem, TopologyError, load
from hatchway.topology.document import MAXIMUM_BYTES

Break = Callable[..., tuple[Problem, ...]]
Report = Callable[[str], tuple[Problem, ...]]


def report(path: Path) -> str:
    with pytest.raises(TopologyError) as caught:
        load(path)
    return str(caught.value)


def write(folder: Path, content: bytes) -> Path:
    path = folder / "hatchway.yaml"
    path.write_bytes(content)
    return path


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    path = tmp_path / "absent.yaml"

    assert report(path) == (
        f"{path}: 1 problem\n"
        "  does not exist\n"
        "  Write it (docs/reference/topology.md explains it), or name another: --topology, HATCHWAY_TOPOLOGY."
    )


def test_a_directory_is_no_topology(tmp_path: Path) -> None:
    assert report(tmp_path) == f"{tmp_path}: 1 problem\n  is a directory\n  Name the file in it."


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert "cannot be read" in report(tmp_path / "a\0b")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing yet\n", b"---\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: bytes) -> None:
    assert "  is empty\n" in report(write(tmp_path, content))


def test_text_that_is_not_utf_8_has_its_line(tmp_path: Path) -> None:
    assert "  line 2  is not UTF-8 text (byte 0xff)\n" in report(write(tmp_path, b"version: 1\nname: \xff\n"))


def test_a_file_beyond_the_size_limit_is_not_parsed(tmp_path: Path) -> None:
    assert "is larger than 1024 KiB" in report(write(tmp_path, b"#" * (MAXIMUM_BYTES + 1)))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("version: 1\nname: a: b\n", 2),
        ("version: 1\nname: [a\n", 3),
        ("version: 1\n\tname: a\n", 2),
        ("version: 1\nname: *nobody\n", 2),
        ("version: 1\n---\nversion: 1\n", 2),
        ('version: "1\n', 2),
    ],
)
def test_text_that_does_not_parse_has_its_line(problems_of: Report, text: str, line: int) -> None:
    (problem,) = problems_of(text)

    assert problem.line == line
    assert problem.message.startswith("does not parse as YAML: ")
    assert problem.fix


@pytest.mark.parametrize(
    "text", ["\x07", '"\\UFFFFFFFF"', "a: " + "[" * 5000, "%YAML 3.0\n---\na: 1\n", "!<", "&"]
)
def test_text_that_parsers_stumble_over_is_reported(problems_of: Report, text: str) -> None:
    assert len(problems_of(text)) == 1


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "5\n"])
def test_a_file_that_is_not_a_mapping(problems_of: Report, text: str) -> None:
    assert [problem.message for problem in problems_of(text)] == ["is not a mapping"]


def test_a_key_given_twice_names_both_lines(breaking: Break) -> None:
    assert breaking(
        ("    bucket: estate-state\n", "    bucket: estate-state\n    bucket: other-state\n")
    ) == (Problem(10, "state.s3.bucket", "is given twice, first on line 9", None, "Keep one of the two."),)


def test_tags_of_yaml_are_refused_and_not_executed(breaking: Break) -> None:
    (problem,) = breaking(("name: estate\n", "name: !!python/object/apply:os.abort []\n"))

    assert (problem.line, problem.key) == (2, "name")
    assert problem.message == "has the tag 'tag:yaml.org,2002:python/object/apply:os.abort'"


def test_merge_keys_are_refused(breaking: Break) -> None:
    assert [(problem.line, problem.key) for problem in breaking(("tags: {", "tags: {<<: {a: b}, "))] == [
        (69, "tags.'<<'")
    ]


def test_an_alias_stands_for_a_whole_value(breaking: Break) -> None:
    assert (
        breaking(
            ("{a: 10.0.0.11, b: 10.0.1.11}", "&x {a: 10.0.0.11, b: 10.0.1.11}"),
            ("{team: platform}", "&t {team: platform}"),
        )
        == ()
    )
    assert breaking(("routes:\n        - {method: ANY", "routes: &r\n        - {method: ANY")) == ()


def test_an_alias_of_itself_is_reported(breaking: Break) -> None:
    assert [
        problem.message
        for problem in breaking(
            ("mock: {}}\n        - {method: POST", "mock: {body: &me [*me]}}\n        - {method: POST")
        )
    ] == ["contains itself"]


def test_aliases_of_aliases_are_bounded(problems_of: Report) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12))

    assert [problem.message for problem in problems_of(f"l0: &l0 [1]\n{levels}\n")] == [
        "has more than 200000 values, counting each alias"
    ]


@pytest.mark.parametrize("value", [".nan", ".inf", "1e999", "!!int x", "9" * 5000])
def test_numbers_that_json_does_not_have_are_refused(breaking: Break, value: str) -> None:
    (problem,) = breaking(("{response: fine}}}\n        - {m", f"{value}}}}}\n        - {{m"))

    assert problem.key == "services.orders.api.routes[0].mock.body"
    assert problem.message.startswith("is not a usable ")


def test_escaped_pairs_are_joined_and_half_of_one_is_refused(breaking: Break) -> None:
    assert breaking(("team: platform", 'team: "\\ud83d\\ude00"')) == ()
    (problem,) = breaking(("team: platform", 'team: "\\ud83d"'))

    assert (problem.line, problem.key, problem.message) == (69, "tags.team", "is not a usable str")


def test_a_key_cannot_drive_the_terminal(breaking: Break) -> None:
    (problem,) = breaking(("tags: {", 'tags: {"\\e[31maws": 5, '))

    assert "\x1b" not in str(problem)


def test_a_long_value_is_cut(breaking: Break) -> None:
    (problem,) = breaking(("name: estate\n", f"name: {'x' * 500}\n"))

    assert len(str(problem)) < 250


def test_the_report_counts_and_indents(estate: str, tmp_path: Path) -> None:
    text = estate.replace("path: /orders\n", "path: proxy+\n")
    text = text.replace('"333333333333"', '"111111111111"')
    path = write(tmp_path, text.encode())

    assert report(path) == (
        f"{path}: 2 problems\n"
        "  line 6  accounts.billing.id: is the id of accounts.edge too, got '111111111111'\n"
        "          Use one name for the account: write 'edge' wherever it is 'billing'.\n"
        "  line 43  services.orders.path: is not a path such as '/' or '/orders/v1': "
        "letters, digits and ._-: after each slash, got 'proxy+'"
    )


def test_the_error_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path)

    assert caught.value.exit_code == 2
