"""`hatchway review`: what it reads, what it prints, and how it ends."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hatchway import cli
from hatchway.report.output import FORMATS

FIXTURE = Path(__file__).parents[2] / "fixtures" / "review" / "article"
PLAN = FIXTURE.parent / "article-first-apply.json"


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("CDKTF_OUTDIR", raising=False)


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The article's stacks where synth writes them, as the folder a person stands in."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(FIXTURE, tmp_path / "cdktf.out")
    return tmp_path / "cdktf.out" / "stacks"


def edit(stacks: Path, stack: str, address: str, **arguments: Any) -> None:
    path = stacks / stack / "cdk.tf.json"
    document = json.loads(path.read_text())
    kind, _, name = address.partition(".")
    if arguments:
        document["resource"][kind][name].update(arguments)
    else:
        del document["resource"][kind][name]
    path.write_text(json.dumps(document, indent=2))


def break_the_route(stacks: Path) -> None:
    edit(stacks, "foundation", "aws_route.edge_to_orders")


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


@pytest.mark.usefixtures("stacks")
def test_without_arguments_the_synthesized_stacks_are_reviewed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["review"]) == 0
    text = shown(capsys)
    assert "orders  GET /test" in text
    assert text.splitlines()[-1] == "verdict: PASS  every check holds; nothing was called"
    assert len(text.splitlines()) == 13


def test_the_folder_that_synth_was_told_to_write_is_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDKTF_OUTDIR", str(FIXTURE))
    assert cli.main(["review"]) == 0


def test_a_stack_that_synth_no_longer_writes_is_not_reviewed(stacks: Path) -> None:
    leftover = stacks / "service-gone"
    leftover.mkdir()
    (leftover / "cdk.tf.json").write_text('{"resource": {"aws_lb": {"x": {}}}, "provider": {"aws": []}}')
    assert cli.main(["review"]) == 0
    break_the_route(stacks)
    assert cli.main(["review"]) == 1


def test_without_a_synthesis_it_says_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["review"]) == 2
    assert "Run 'hatchway synth' first." in capsys.readouterr().err


@pytest.mark.parametrize("path", [FIXTURE, FIXTURE / "stacks", PLAN])
def test_folders_and_plans_are_read(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["review", str(path)]) == 0
    assert "verdict: PASS" in shown(capsys)


def test_several_files_are_one_path() -> None:
    files = [str(path) for path in sorted(FIXTURE.glob("stacks/*/cdk.tf.json"))]
    assert cli.main(["review", *files]) == 0


def test_what_is_broken_and_how_to_mend_it_comes_first(
    stacks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_the_route(stacks)
    edit(stacks, "gateway", "aws_api_gateway_vpc_link.orders", lifecycle=None)
    edit(
        stacks,
        "gateway",
        "aws_api_gateway_integration.orders_proxy",
        tls_config=[{"insecure_skip_verification": True}],
    )
    assert cli.main(["review"]) == 1
    text = shown(capsys)
    order = [
        "error  HW602  transit",
        "fix ",
        "error  HW309",
        "a weakness",
        "GET /test",
        "not reached",
        "warning  HW405",
    ]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert text.splitlines()[-1] == "verdict: FAIL  broken at transit"


@pytest.mark.parametrize("width", ["60", "80", "200"])
def test_nothing_is_wider_than_the_terminal(
    stacks: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    break_the_route(stacks)
    cli.main(["review"])
    assert max(map(len, shown(capsys).splitlines())) <= int(width)


def test_json_goes_to_standard_output(stacks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_the_route(stacks)
    assert cli.main(["review", "--output", "json"]) == 1
    document = json.loads(shown(capsys))
    assert (document["schema"], document["command"], document["verdict"]) == (1, "review", "fail")
    assert document["routes"][0]["broken_hop"] == "transit"
    assert [finding["id"] for finding in document["findings"]] == ["HW602"]


@pytest.mark.usefixtures("stacks")
def test_json_goes_to_a_file_beside_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["review", "--output", f"json={tmp_path / 'r.json'}"]) == 0
    assert "verdict: PASS" in shown(capsys)
    assert json.loads((tmp_path / "r.json").read_text())["verdict"] == "pass"


PARTLY = [str(FIXTURE / "stacks" / name) for name in ("gateway", "service-orders")]


@pytest.mark.parametrize(
    ("extra", "code", "verdict"),
    [([], 3, "UNDECIDED"), (["fail"], 1, "FAIL"), (["warn"], 0, "PASS"), (["ignore"], 0, "PASS")],
)
def test_what_cannot_be_decided_weighs_what_it_was_told_to(
    capsys: pytest.CaptureFixture[str], extra: list[str], code: int, verdict: str
) -> None:
    assert cli.main(["review", *PARTLY, *(f"--unknown-as={each}" for each in extra)]) == code
    text = shown(capsys)
    assert f"verdict: {verdict}  " in text
    assert "every check holds" not in text


@pytest.mark.parametrize(
    ("unknown_as", "severities"), [("fail", {"error"}), ("warn", {"warning"}), ("ignore", set())]
)
def test_a_route_stays_undecided_whatever_the_verdict(
    capsys: pytest.CaptureFixture[str], unknown_as: str, severities: set[str]
) -> None:
    cli.main(["review", *PARTLY, "--output", "json", "--unknown-as", unknown_as])
    document = json.loads(shown(capsys))
    assert document["routes"][0]["verdict"] == "undecided"
    assert {finding["severity"] for finding in document["findings"]} == severities


def test_a_fault_is_a_fault_whatever_becomes_of_unknowns(stacks: Path) -> None:
    break_the_route(stacks)
    assert cli.main(["review", "--unknown-as", "ignore"]) == 1


@pytest.mark.parametrize(("extra", "code"), [([], 3), (["warn"], 3), (["ignore"], 3), (["fail"], 1)])
def test_where_there_is_no_route_nothing_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: list[str], code: int
) -> None:
    (tmp_path / "main.tf.json").write_text('{"resource": {"aws_s3_bucket": {"b": {}}}}')
    assert cli.main(["review", str(tmp_path), *(f"--unknown-as={each}" for each in extra)]) == code
    assert "no route: " in shown(capsys)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.json", None, "no such file or folder"),
        ("plan.tfplan", b"PK\x03\x04", "give what `terraform show -json PLAN` prints"),
        ("main.tf", b'resource "aws_lb" "x" {', "is not HCL (line 1, column 24)"),
        ("list.tf.json", b"[]", "a list in place of an object"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert cli.main(["review", str(path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"hatchway: {path}: ")
    assert said in error
    assert error.count("\n") == 1


def test_an_output_that_does_not_exist_is_noticed_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["review", str(tmp_path / "none"), "--output", "xml"]) == 2
    assert "no such format" in capsys.readouterr().err


def test_what_a_baseline_accepts_no_longer_fails_and_is_shown(
    stacks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_the_route(stacks)
    expires = datetime.now(tz=UTC).date() + timedelta(days=2)
    entry = f"  - id: HW602\n    subject: aws_route_table.edge\n    reason: soon\n    expires: {expires}\n"
    (tmp_path / "baseline.yaml").write_text(f"version: 1\naccepted:\n{entry}")
    assert cli.main(["review", "--baseline", str(tmp_path / "baseline.yaml")]) == 0
    text = shown(capsys)
    assert "accepted error  HW602" in text
    assert f"until {expires.isoformat()}: soon" in text
    assert "verdict: PASS  THE PATH DOES NOT WORK: broken at transit" in text


def test_a_baseline_that_cannot_be_used_is_a_mistake_of_usage(
    stacks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_the_route(stacks)
    (tmp_path / "baseline.yaml").write_text("version: 1\naccepted:\n  - id: HW602\n")
    assert cli.main(["review", "--baseline", str(tmp_path / "baseline.yaml")]) == 2
    assert "line 3  accepted[0].reason: is missing" in capsys.readouterr().err


def test_every_format_can_be_written_at_once(stacks: Path, tmp_path: Path) -> None:
    break_the_route(stacks)
    outputs = [f"--output={name}={tmp_path / name}" for name in FORMATS]
    assert cli.main(["review", *outputs]) == 1
    assert all("HW602" in (tmp_path / name).read_text() for name in FORMATS)
    (rule,) = json.loads((tmp_path / "sarif").read_text())["runs"][0]["results"]
    place = rule["locations"][0]["physicalLocation"]
    line = (stacks / "foundation/cdk.tf.json").read_text().splitlines()[place["region"]["startLine"] - 1]
    assert '"edge"' in line
