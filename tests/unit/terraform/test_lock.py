import getpass
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hatchway.terraform.events import Diagnostic
from hatchway.terraform.lock import Journal, Lock, find_lock, is_left_behind, is_running

DETAIL = """Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        5f4dcc3b-aa76-4a0c-8d9e-0123456789ab
  Path:      article-terraform-state/article/gateway.tfstate
  Operation: OperationTypeApply
  Who:       ann@build-7
  Version:   1.11.4
  Created:   2026-05-01 10:11:12.131415161 +0000 UTC
  Info:

Terraform acquires a state lock to protect the state from being written
"""
STARTED = datetime(2026, 5, 1, 10, 11, 10, tzinfo=UTC).timestamp()


def lock(**changes: str) -> Lock:
    values = {
        "id": "5f4d",
        "path": "bucket/key",
        "operation": "OperationTypeApply",
        "who": f"{getpass.getuser()}@{socket.gethostname()}",
        "created": "2026-05-01 10:11:12.131415161 +0000 UTC",
    }
    return Lock(**{**values, **changes})


def dead(started: float = STARTED) -> Journal:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return Journal(pid=ended.pid, process_start="1", started=started, command="apply")


def test_reads_who_holds_a_lock_and_since_when() -> None:
    found = find_lock([Diagnostic(severity="error", summary="Error acquiring the state lock", detail=DETAIL)])
    assert found == Lock(
        id="5f4dcc3b-aa76-4a0c-8d9e-0123456789ab",
        path="article-terraform-state/article/gateway.tfstate",
        operation="OperationTypeApply",
        who="ann@build-7",
        created="2026-05-01 10:11:12.131415161 +0000 UTC",
    )


@pytest.mark.parametrize("summary", ["Error creating the VPC", "Error acquiring the state lock"])
def test_finds_no_lock_where_none_is_described(summary: str) -> None:
    assert find_lock([Diagnostic(severity="error", summary=summary, detail="no luck")]) is None


def test_a_lock_of_our_own_dead_run_was_left_behind() -> None:
    assert is_left_behind(lock(), dead())


@pytest.mark.parametrize(
    "changes",
    [
        {"who": "ann@build-7"},
        {"created": "2026-05-01 10:15:12 +0000 UTC"},
        {"created": "2026-05-01 09:00:00 +0000 UTC"},
        {"created": "lately"},
    ],
)
def test_a_lock_that_may_be_somebody_elses_is_left_alone(changes: dict[str, str]) -> None:
    assert not is_left_behind(lock(**changes), dead())


def test_a_lock_without_a_trace_of_our_own_is_left_alone() -> None:
    assert not is_left_behind(lock(), None)


def test_a_lock_of_a_run_that_lives_is_left_alone() -> None:
    living = Journal.of(os.getpid(), "apply")
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f +0000 UTC")
    assert is_running(living)
    assert not is_left_behind(lock(created=now), living)


@pytest.mark.skipif(sys.platform != "linux", reason="the start of a process is read from /proc")
def test_another_process_with_the_same_id_is_not_the_one_that_was_noted() -> None:
    journal = Journal.of(os.getpid(), "apply")
    assert not is_running(Journal(pid=journal.pid, process_start="7", started=0, command="apply"))


def test_a_journal_survives_being_written(tmp_path: Path) -> None:
    journal = Journal.of(os.getpid(), "plan")
    journal.write(tmp_path / "deep/gateway.json")
    assert Journal.read(tmp_path / "deep/gateway.json") == journal


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}'])
def test_a_journal_that_cannot_be_read_tells_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "j").write_text(text)
    assert Journal.read(tmp_path / "j") is None
