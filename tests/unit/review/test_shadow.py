"""The second opinion without Terraform: what it is asked, and what is made of its answer."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hatchway.errors import ToolError, UsageError
from hatchway.review import review, shadow_run
from hatchway.review.reviewing import judge
from hatchway.review.shadow import differences
from hatchway.review.shadow_run import run_shadow
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, HopResult, Report, RouteResult
from hatchway.route.sources import config
from hatchway.route.sources.configuration import Configuration, Stack
from hatchway.route.sources.instances import expanded
from hatchway.route.sources.mentions import Mentions
from hatchway.route.sources.resolve import Resolver
from hatchway.route.sources.shadow import Shadow
from tests.unit.review.article import FIXTURE

HCL = """
provider "aws" {
  alias  = "a"
  region = "eu-west-1"
}

data "aws_network_interface" "eni" {
  provider = aws.a
  count    = 2
  id       = tolist(aws_vpc_endpoint.e.network_interface_ids)[count.index]
}

resource "aws_vpc_endpoint" "e" {
  provider   = aws.a
  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-1"]
}

resource "aws_lb_target_group_attachment" "t" {
  provider         = aws.a
  count            = 2
  target_group_arn = aws_lb_target_group.g.arn
  target_id        = data.aws_network_interface.eni[count.index].private_ip
}

resource "aws_lb_target_group" "g" {
  provider = aws.a
  tags     = { team = "payments" }

  health_check {
    protocol = "HTTPS"
  }

  dynamic "stickiness" {
    for_each = ["source_ip"]

    content {
      type = stickiness.value
    }
  }

  dynamic "target_health_state" {
    for_each = [false]

    content {
      enable_unhealthy_connection_termination = target_health_state.value
    }
  }
}
"""


def shadow_of(folder: Path, text: str = HCL) -> tuple[Stack, Resolver, Shadow]:
    (folder / "main.tf").write_text(text)
    configuration = expanded(config.load([folder]).configuration)
    resolver = Resolver(configuration)
    return configuration.stacks[0], resolver, Shadow(configuration.stacks[0], resolver)


def overrides(shadow: Shadow, kind: str) -> dict[str, Any]:
    return {one["target"]: one["values"] for one in shadow.test_file()[kind]}


def plan(*changes: tuple[str, dict[str, Any]], **unknown: dict[str, Any]) -> dict[str, Any]:
    return {
        "resource_changes": [
            {
                "address": address,
                "index": int(address[-2]) if address.endswith("]") else None,
                "change": {"after": after, "after_unknown": unknown.get(address.split(".")[1], {})},
            }
            for address, after in changes
        ]
    }


def test_every_resource_gets_values_of_its_own(tmp_path: Path) -> None:
    _, _, shadow = shadow_of(tmp_path)
    found = overrides(shadow, "override_resource")
    assert set(found) == {
        "aws_vpc_endpoint.e",
        "aws_lb_target_group_attachment.t[0]",
        "aws_lb_target_group_attachment.t[1]",
        "aws_lb_target_group.g",
    }
    given = [value for values in found.values() for value in (values["id"], values["arn"])]
    assert len(set(given)) == len(given)
    assert len(found["aws_vpc_endpoint.e"]["network_interface_ids"]) == 6


def test_each_provider_is_mocked_by_its_alias_while_it_plans(tmp_path: Path) -> None:
    _, _, shadow = shadow_of(tmp_path)
    document = shadow.test_file()
    assert document["mock_provider"] == {"aws": [{"override_during": "plan", "alias": "a"}]}
    assert document["run"] == {"shadow": {"command": "plan"}}


def test_what_was_invented_is_read_as_what_it_stands_for(tmp_path: Path) -> None:
    _, resolver, shadow = shadow_of(tmp_path)
    arn = overrides(shadow, "override_resource")["aws_lb_target_group.g"]["arn"]
    address = overrides(shadow, "override_data")["data.aws_network_interface.eni[1]"]["private_ip"]
    rendered = shadow.rendered(
        plan(("aws_lb_target_group_attachment.t[1]", {"target_group_arn": arn, "target_id": address}))
    )
    found = next(one for one in rendered.resources if one.address == "aws_lb_target_group_attachment.t[1]")
    assert str(found.arguments["target_id"]) == "${data.aws_network_interface.eni[1].private_ip}"
    written = next(one for one in resolver.configuration.resources if one.address == found.address)
    assert found.arguments["target_group_arn"] == resolver.argument(written, "target_group_arn")


def test_what_aws_would_fill_in_is_not_taken_for_written(tmp_path: Path) -> None:
    _, _, shadow = shadow_of(tmp_path)
    after = {
        "preserve_client_ip": "x81kq02p",
        "tags": {"team": "payments"},
        "health_check": [{"protocol": "HTTPS", "matcher": "n75iumcn", "interval": 30}],
        "stickiness": [{"type": "source_ip", "cookie_name": "a81kq02p"}],
    }
    rendered = shadow.rendered(plan(("aws_lb_target_group.g", after)))
    arguments = next(one for one in rendered.resources if one.type == "aws_lb_target_group").arguments
    assert "preserve_client_ip" not in arguments
    assert [list(one) for one in arguments["health_check"]] == [["protocol"]]
    assert [{name: str(value) for name, value in one.items()} for one in arguments["stickiness"]] == [
        {"type": "source_ip"}
    ]
    assert str(arguments["tags"]["team"]) == "payments"


def test_what_terraform_does_not_know_either_stays_as_written(tmp_path: Path) -> None:
    stack, _, shadow = shadow_of(tmp_path)
    changed = plan(
        ("aws_lb_target_group_attachment.t[0]", {"target_group_arn": "arn:aws:x:::y"}),
        aws_lb_target_group_attachment={},
    )
    changed["resource_changes"][0]["change"]["after_unknown"] = {"target_id": True}
    rendered = shadow.rendered(changed)
    before = next(one for one in stack.resources if one.address == "aws_lb_target_group_attachment.t[0]")
    after = next(one for one in rendered.resources if one.address == before.address)
    assert after.arguments["target_id"] == before.arguments["target_id"]
    assert str(after.arguments["target_group_arn"]) == "arn:aws:x:::y"


def test_blocks_that_terraform_does_not_know_yet_stay_as_written(tmp_path: Path) -> None:
    stack, _, shadow = shadow_of(tmp_path)
    after_apply = {"enable_unhealthy_connection_termination": False}
    changed = plan(("aws_lb_target_group.g", {"stickiness": [], "target_health_state": [after_apply]}))
    changed["resource_changes"][0]["change"]["after_unknown"] = {"stickiness": [{"type": True}]}
    before, after = (
        next(one for one in found.resources if one.type == "aws_lb_target_group").arguments
        for found in (stack, shadow.rendered(changed))
    )
    assert after["dynamic"] == before["dynamic"]
    assert not {"stickiness", "target_health_state"} & set(after)


def test_what_was_written_still_says_what_is_made_first(tmp_path: Path) -> None:
    _, _, shadow = shadow_of(tmp_path)
    rendered = shadow.rendered(plan(("aws_lb_target_group_attachment.t[0]", {"target_group_arn": "arn:x"})))
    found = next(one for one in rendered.resources if one.address == "aws_lb_target_group_attachment.t[0]")
    configuration = Configuration((rendered,))
    assert "aws_lb_target_group.g" in Mentions(configuration).before(found)


def test_a_document_that_terraform_reads_is_the_one_that_is_written(tmp_path: Path) -> None:
    text = """
    data "aws_iam_policy_document" "d" {
      statement {
        actions = ["execute-api:Invoke"]
      }
    }

    resource "aws_api_gateway_rest_api" "a" {
      policy = data.aws_iam_policy_document.d.json
    }
    """
    _, resolver, shadow = shadow_of(tmp_path, text)
    invented = overrides(shadow, "override_data")["data.aws_iam_policy_document.d"]["json"]
    rendered = shadow.rendered(plan(("aws_api_gateway_rest_api.a", {"policy": invented})))
    found = next(one for one in rendered.resources if one.type == "aws_api_gateway_rest_api")
    written = next(one for one in resolver.configuration.resources if one.address == found.address)
    assert found.arguments["policy"] == resolver.argument(written, "policy")


@pytest.mark.parametrize("broken", [None, 3, "x", [], {}, [None], [{"change": 4}], [{"address": 5}]])
def test_an_answer_of_odd_shape_changes_nothing(tmp_path: Path, broken: object) -> None:
    stack, _, shadow = shadow_of(tmp_path)
    assert shadow.rendered({"resource_changes": broken}).resources == stack.resources


def test_with_nothing_rendered_both_opinions_are_the_same() -> None:
    configuration = expanded(config.load([FIXTURE]).configuration)
    resolver = Resolver(configuration)
    stacks = (Shadow(stack, resolver).rendered({}) for stack in configuration.stacks)
    report = judge(configuration)
    assert differences(report, judge(Configuration(tuple(stacks)))).findings == report.findings == ()


def opinion(outcome: Outcome, *, request: str = "GET /test") -> Report:
    check = CheckResult(id="HW804", outcome=outcome, subject="aws_x.y", observed="seen")
    hop = HopResult(hop=Hop.PRIVATE_API, checks=(check,))
    return Report(command="review", routes=(RouteResult(service="orders", request=request, hops=(hop,)),))


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        (Outcome.PASS, Outcome.PASS, None),
        (Outcome.PASS, Outcome.NOT_APPLICABLE, None),
        (Outcome.PASS, Outcome.FAIL, Severity.ERROR),
        (Outcome.UNKNOWN, Outcome.FAIL, Severity.ERROR),
        (Outcome.FAIL, Outcome.PASS, Severity.WARNING),
        (Outcome.PASS, Outcome.UNKNOWN, Severity.WARNING),
    ],
)
def test_a_difference_is_a_finding(first: Outcome, second: Outcome, severity: Severity | None) -> None:
    found = differences(opinion(first), opinion(second)).findings
    assert [(one.id, one.severity) for one in found] == ([("HW030", severity)] if severity else [])
    assert all(f"{first.value} (seen) as read" in one.message for one in found)


def test_a_route_that_only_one_of_them_sees_is_a_finding() -> None:
    found = differences(opinion(Outcome.PASS), opinion(Outcome.PASS, request="GET /x")).findings
    assert [one.message for one in found] == [
        "GET /test: this request is routed only as read",
        "GET /x: this request is routed only as Terraform renders it",
    ]


def test_a_break_that_only_terraform_shows_is_no_pass() -> None:
    assert differences(opinion(Outcome.PASS), opinion(Outcome.FAIL)).verdict is Verdict.FAIL


@pytest.fixture
def terraform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of Terraform, whose answer to `test` each test writes."""
    program = tmp_path / "terraform"
    program.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = version ]; then echo \'{"terraform_version": "1.11.4"}\'; exit 0; fi\n'
        f'env > "{tmp_path}/environment.$1"; ls -A > "{tmp_path}/files.$1"\n'
        f'[ "$1" = test ] || exit 0\n. "{tmp_path}/answer"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("HATCHWAY_TERRAFORM", str(program))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return tmp_path


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / ".terraform").mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "main.tf").write_text('provider "aws" {\n  region = "eu-west-1"\n}\n')
    return config.load([folder]).configuration.stacks[0]


def test_terraform_is_run_on_a_copy_without_credentials_and_network(terraform: Path, stack: Stack) -> None:
    said = {"type": "test_plan", "test_plan": {"resource_changes": []}}
    (terraform / "answer").write_text(f"echo '{json.dumps(said)}'\n")
    assert run_shadow(stack, {"run": {}}) == {"resource_changes": []}
    environment = (terraform / "environment.test").read_text()
    assert "AWS_SECRET_ACCESS_KEY" not in environment
    assert "HTTPS_PROXY=http://127.0.0.1:9\n" in environment
    assert (terraform / "files.test").read_text().split() == ["hatchway-shadow", "main.tf"]
    assert stack.folder is not None
    assert sorted(one.name for one in stack.folder.iterdir()) == [".terraform", "loop", "main.tf"]


def test_a_refusal_is_passed_on(terraform: Path, stack: Stack) -> None:
    said = {"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "No value for variable"}}
    (terraform / "answer").write_text(f"echo '{json.dumps({'@level': 'error', **said})}'\nexit 1\n")
    with pytest.raises(ToolError, match="the shadow run failed at terraform test") as caught:
        run_shadow(stack, {})
    assert any("No value for variable" in line for line in caught.value.tail)


def test_silence_is_no_answer(terraform: Path, stack: Stack) -> None:
    (terraform / "answer").write_text("exit 0\n")
    with pytest.raises(ToolError, match="printed no plan"):
        run_shadow(stack, {})


def test_a_run_that_does_not_end_is_ended(
    terraform: Path, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow_run, "MOST_SECONDS", 0.3)
    (terraform / "answer").write_text("exec sleep 60\n")
    with pytest.raises(ToolError, match=r"more than 0\.3 seconds"):
        run_shadow(stack, {})


def test_ctrl_c_ends_terraform_and_leaves_nothing(terraform: Path, stack: Stack) -> None:
    left = terraform / "tmp"
    left.mkdir()
    (terraform / "answer").write_text(f"echo $$ > '{terraform}/process'\nexec sleep 60\n")
    command = [sys.executable, "-m", "hatchway", "review", "--shadow", str(stack.folder)]
    environment = {**os.environ, "TMPDIR": str(left)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as review_process:
        wait_for(terraform / "process")
        review_process.send_signal(signal.SIGINT)
        _, said = review_process.communicate(timeout=60)
    assert review_process.returncode == 130
    assert "stopped" in said
    assert list(left.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int((terraform / "process").read_text()), 0)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_folder_too_large_to_copy_is_refused(
    terraform: Path, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terraform.exists()
    monkeypatch.setattr(shadow_run, "MOST_BYTES", 10)
    with pytest.raises(UsageError, match="too much for a shadow run"):
        run_shadow(stack, {})


def test_a_plan_alone_cannot_be_rendered_again(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"format_version": "1.2", "resource_changes": [], "configuration": {}}))
    with pytest.raises(UsageError, match="--shadow needs the configuration"):
        review([path], shadow=True)
