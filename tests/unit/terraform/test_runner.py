import getpass
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hatchway.errors import ToolError
from hatchway.terraform.lock import Journal
from hatchway.terraform.process import Interrupted
from hatchway.terraform.runner import StateMissingError, TerraformError
from tests.unit.terraform.conftest import Stage

Diagnostics = Callable[..., dict[str, Any]]
CHANGE = {"type": "planned_change", "change": {"resource": {"addr": "aws_lb.a"}, "action": "create"}}


def lock_text(who: str, created: str) -> str:
    held = f"Operation: OperationTypeApply\n  Who: {who}\n  Created: {created}\n"
    return f"Lock Info:\n  ID: 77\n  Path: b/k\n  {held}"


def test_a_plan_is_kept_where_only_its_user_can_read_it(stage: Stage) -> None:
    stage.play(plan={"lines": [CHANGE]})
    plan = stage.terraform().plan()
    assert plan.path.stat().st_mode & 0o077 == 0
    assert plan.count("create") == 1
    assert not plan.is_empty


def test_a_plan_without_changes_is_empty(stage: Stage) -> None:
    assert stage.terraform().plan().is_empty


def test_applies_the_very_plan_and_removes_it(stage: Stage) -> None:
    terraform = stage.terraform()
    plan = terraform.plan()
    terraform.apply(plan)
    assert stage.calls()[-1]["argv"] == ["apply", "-json", "-input=false", str(plan.path)]
    assert not plan.path.exists()


def test_a_plan_is_removed_even_if_apply_fails(stage: Stage) -> None:
    stage.play(apply={"code": 1})
    terraform = stage.terraform()
    plan = terraform.plan()
    with pytest.raises(TerraformError):
        terraform.apply(plan)
    assert not plan.path.exists()


def test_nothing_stays_behind_after_a_run(stage: Stage) -> None:
    terraform = stage.terraform()
    terraform.init()
    terraform.apply(terraform.plan())
    assert list(stage.runs.iterdir()) == []


def test_a_failure_says_what_terraform_said(stage: Stage, diagnostic: Diagnostics) -> None:
    stage.play(plan={"code": 1, "lines": [diagnostic("creating LB", "no quota", address="aws_lb.a")]})
    with pytest.raises(TerraformError, match=r"gateway: terraform plan failed, got exit code 1") as caught:
        stage.terraform().plan()
    assert caught.value.tail == ("aws_lb.a: creating LB", "  no quota")


def test_a_failure_keeps_secrets_to_itself(stage: Stage, diagnostic: Diagnostics) -> None:
    stage.play(init={"code": 1, "lines": [diagnostic("bad key", "got wJalrXUtnFEMI")]})
    with pytest.raises(TerraformError) as caught:
        stage.terraform(AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI").init()
    assert caught.value.tail == ("bad key", "  got ********")


def test_a_warning_is_no_reason(stage: Stage, diagnostic: Diagnostics) -> None:
    lines = [diagnostic("deprecated", severity="warning"), diagnostic("broken")]
    stage.play(plan={"code": 1, "lines": lines})
    with pytest.raises(TerraformError) as caught:
        stage.terraform().plan()
    assert caught.value.tail == ("broken",)


def test_outputs_of_a_stack_not_deployed_yet_are_told_apart(stage: Stage, diagnostic: Diagnostics) -> None:
    stage.play(plan={"code": 1, "lines": [diagnostic("Unable to find remote state")]})
    with pytest.raises(StateMissingError):
        stage.terraform().plan()


def test_what_would_lead_terraform_astray_is_left_out(stage: Stage) -> None:
    astray = {"TF_WORKSPACE": "x", "TF_DATA_DIR": "/x", "TF_CLI_ARGS_plan": "-destroy", "AWS_PROFILE": "kept"}
    stage.terraform(**astray).init()
    seen = stage.calls()[0]["env"]
    assert not set(seen) & {"TF_WORKSPACE", "TF_DATA_DIR", "TF_CLI_ARGS_plan"}
    assert seen["AWS_PROFILE"] == "kept"
    assert seen["TF_INPUT"] == "0"


def test_lists_what_is_in_the_state(stage: Stage) -> None:
    stage.play(state={"lines": ["aws_lb.a", "", "aws_vpc.b"]})
    assert stage.terraform().resources() == ("aws_lb.a", "aws_vpc.b")


def test_a_binary_that_cannot_be_started_is_named(stage: Stage) -> None:
    stage.binary.unlink()
    with pytest.raises(ToolError, match=r"terraform: cannot be started, got 'No such file or directory'"):
        stage.terraform().init()


def test_a_lock_of_somebody_else_is_shown_and_left(stage: Stage, diagnostic: Diagnostics) -> None:
    detail = lock_text("ann@build-7", "2026-05-01 10:11:12 +0000 UTC")
    stage.play(plan={"code": 1, "lines": [diagnostic("Error acquiring the state lock", detail)]})
    with pytest.raises(
        TerraformError, match=r"locked, got OperationTypeApply by ann@build-7 since 2026-05-01 10"
    ):
        stage.terraform().plan()
    assert stage.commands() == ["plan"]


def test_a_lock_of_our_own_dead_run_is_given_back(stage: Stage, diagnostic: Diagnostics) -> None:
    died = subprocess.Popen([sys.executable, "-c", ""])
    died.wait()
    started = time.time() - 3600
    Journal(pid=died.pid, process_start="1", started=started, command="apply").write(
        stage.runs / "gateway.json"
    )
    created = datetime.fromtimestamp(started + 2, UTC).strftime("%Y-%m-%d %H:%M:%S.5 +0000 UTC")
    detail = lock_text(f"{getpass.getuser()}@{socket.gethostname()}", created)
    locked = {"code": 1, "lines": [diagnostic("Error acquiring the state lock", detail)]}
    stage.play(plan=[locked, {"lines": [CHANGE]}])
    terraform = stage.terraform()
    terraform.init()
    assert terraform.plan().count("create") == 1
    assert stage.commands() == ["init", "plan", "force-unlock", "plan"]
    assert stage.calls()[2]["argv"] == ["force-unlock", "-force", "77"]
    assert "unlocking the state" in stage.notes[0]


def test_a_terraform_that_was_killed_leaves_its_trace_for_the_next_run(stage: Stage) -> None:
    stage.play(apply={"signal": signal.SIGKILL})
    terraform = stage.terraform()
    plan = terraform.plan()
    with pytest.raises(TerraformError, match="terraform apply was killed, got Killed"):
        terraform.apply(plan)
    journal = Journal.read(stage.runs / "gateway.json")
    assert journal is not None
    assert (journal.command, journal.pid) == ("apply", stage.calls()[-1]["pid"])


def interrupted_soon(stage: Stage, *, times: int = 1) -> None:
    def press() -> None:
        while not (stage.folder / "calls.jsonl").exists():
            time.sleep(0.02)
        for _ in range(times):
            time.sleep(0.3)
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()


def test_ctrl_c_lets_terraform_end_in_order_and_says_where_things_stand(stage: Stage) -> None:
    stage.play(apply={"seconds": 20, "grace": 0.3})
    terraform = stage.terraform()
    plan = terraform.plan()
    (stage.folder / "calls.jsonl").unlink()
    interrupted_soon(stage)
    with pytest.raises(Interrupted, match="stopped while changing gateway; what was done is in its state"):
        terraform.apply(plan)
    assert (stage.folder / "ended.txt").read_text() == "1"
    assert list(stage.runs.iterdir()) == []


def test_a_second_ctrl_c_reaches_terraform_too(stage: Stage) -> None:
    stage.play(apply={"seconds": 20, "grace": 1.0})
    terraform = stage.terraform()
    plan = terraform.plan()
    (stage.folder / "calls.jsonl").unlink()
    interrupted_soon(stage, times=2)
    with pytest.raises(Interrupted):
        terraform.apply(plan)
    assert (stage.folder / "ended.txt").read_text() == "2"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_terraform_ends_in_order_when_hatchway_is_killed(stage: Stage) -> None:
    stage.play(apply={"seconds": 20, "grace": 0.2, "lines": ["{}"]})
    program = (
        "from pathlib import Path; from hatchway.terraform.runner import Plan, Terraform;"
        f"folder = Path({str(stage.folder)!r});"
        "tool = Terraform(stack='gateway', directory=folder, binary=folder / 'terraform', environ={},"
        " runs=folder / 'runs');"
        "tool.apply(Plan(path=folder / 'p', changes=()))"
    )
    hatchway = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": "."})
    calls = stage.folder / "calls.jsonl"
    deadline = time.monotonic() + 20
    while not (stage.runs / "gateway.json").exists() or not calls.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    hatchway.kill()
    hatchway.wait()
    # What the next run does: it waits for the one that is still ending.
    stage.terraform().init()
    assert (stage.folder / "ended.txt").read_text() == "1"
    assert json.loads(calls.read_text().splitlines()[-1])["argv"][0] == "init"


def test_drift_locks_and_saves_nothing_and_takes_2_for_an_answer(stage: Stage) -> None:
    outside = {"type": "resource_drift", "change": {"resource": {"addr": "aws_lb.a"}, "action": "update"}}
    stage.play(plan={"lines": [outside, CHANGE], "code": 2})
    drift = stage.terraform().drift()
    assert (drift.differs, drift.outside) == (True, ("aws_lb.a",))
    assert [change.address for change in drift.changes] == ["aws_lb.a"]
    argv = ["plan", "-json", "-input=false", "-lock=false", "-detailed-exitcode"]
    assert stage.calls()[-1]["argv"] == argv


def test_no_drift_is_0_and_a_failure_is_none_of_both(stage: Stage) -> None:
    assert not stage.terraform().drift().differs
    stage.play(plan={"code": 1})
    with pytest.raises(TerraformError):
        stage.terraform().drift()
