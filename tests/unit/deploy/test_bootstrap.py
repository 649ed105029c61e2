"""Where the state of `bootstrap` is, before and after there is a bucket."""

import json
from pathlib import Path
from typing import cast

import pytest

from hatchway.deploy.bootstrap import Bootstrap
from hatchway.deploy.estate import Declined, StackResult, Stage
from hatchway.errors import ToolError
from hatchway.terraform.events import Change, Event
from hatchway.terraform.runner import Plan, Terraform, TerraformError

OVERRIDE = "bootstrap_override.tf.json"
RESOURCES = ("aws_s3_bucket.state", "aws_iam_role.deploy_edge")


class FakeTerraform:
    """Keeps one state in a file and one in a bucket, as the folder's override says."""

    stack = "bootstrap"

    def __init__(self, folder: Path, *, bucket: tuple[str, ...] | None = None, changes: bool = True) -> None:
        self.folder = folder
        self.bucket = bucket
        self.changes = changes
        self.done: list[str] = []
        self.refusal = 'S3 bucket "article-state" does not exist.'
        self.loses = False

    @property
    def file(self) -> Path | None:
        override = self.folder / OVERRIDE
        if not override.exists():
            return None
        return Path(json.loads(override.read_text())["terraform"]["backend"]["local"]["path"])

    def init(self) -> None:
        self.done.append("init in file" if self.file else "init in bucket")
        if self.file is None and self.bucket is None:
            raise TerraformError("bootstrap: init failed.", tail=(self.refusal,), diagnostics=())

    def plan(self) -> Plan:
        self.done.append("plan")
        changes = (Change(address="aws_s3_bucket.state", action="create"),) if self.changes else ()
        return Plan(path=Path("p"), changes=changes)

    def apply(self, plan: Plan, on_event: object = None) -> None:  # noqa: ARG002 -- the port's name
        self.done.append("apply")
        if self.file is not None:
            self.file.write_text(json.dumps(RESOURCES))
        self.bucket = self.bucket or ()

    def resources(self) -> tuple[str, ...]:
        return tuple(json.loads(self.file.read_text())) if self.file else tuple(self.bucket or ())

    def migrate_state(self) -> None:
        self.done.append("migrate")
        self.bucket = () if self.loses else RESOURCES

    def discard(self) -> None:
        self.done.append("discard")


class FakeProgress:
    def __init__(self, *, answer: bool = True) -> None:
        self.answer = answer
        self.asked = 0
        self.notes: list[str] = []

    def enter(self, stack: str, stage: Stage) -> None:
        pass

    def planned(self, stack: str, plan: Plan) -> None:
        pass

    def confirm(self, stack: str) -> bool:  # noqa: ARG002 -- the port's name
        self.asked += 1
        return self.answer

    def event(self, stack: str, event: Event) -> None:
        pass

    def finished(self, result: StackResult) -> None:
        pass

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


def bootstrap(
    tool: FakeTerraform, progress: FakeProgress | None = None, *, moves: bool = True
) -> tuple[Bootstrap, Path]:
    file = tool.folder / "article-bootstrap.tfstate"
    made = Bootstrap(
        tool.folder,
        lambda: cast("Terraform", tool),
        progress or FakeProgress(),
        file if moves else None,
    )
    return made, file


def test_the_first_run_keeps_its_state_in_a_file_and_moves_it_into_the_bucket(tmp_path: Path) -> None:
    tool, progress = FakeTerraform(tmp_path), FakeProgress()
    run, file = bootstrap(tool, progress)

    run.run()

    assert tool.done == ["init in bucket", "init in file", "plan", "apply", "migrate"]
    assert tool.bucket == RESOURCES
    assert not file.exists()
    assert not (tmp_path / OVERRIDE).exists()
    assert progress.notes == [
        f"bootstrap: its state is in {file} until the bucket is there.",
        "bootstrap: its state is in the bucket now.",
    ]


def test_every_later_run_uses_the_bucket(tmp_path: Path) -> None:
    tool = FakeTerraform(tmp_path, bucket=RESOURCES, changes=False)
    progress = FakeProgress()

    bootstrap(tool, progress)[0].run()

    assert tool.done == ["init in bucket", "plan", "apply"]
    assert progress.asked == 0


def test_a_run_that_was_stopped_is_continued_from_its_file(tmp_path: Path) -> None:
    tool = FakeTerraform(tmp_path, bucket=())
    run, file = bootstrap(tool)
    file.write_text(json.dumps(RESOURCES[:1]))

    run.run()

    assert tool.done == ["init in file", "plan", "apply", "migrate"]
    assert not file.exists()


def test_an_override_that_a_killed_run_left_does_not_hide_the_bucket(tmp_path: Path) -> None:
    tool = FakeTerraform(tmp_path, bucket=RESOURCES)
    (tmp_path / OVERRIDE).write_text('{"terraform": {"backend": {"local": {"path": "gone"}}}}')

    bootstrap(tool)[0].run()

    assert tool.done[0] == "init in bucket"


def test_a_bucket_that_may_not_be_read_is_not_taken_for_one_that_is_not_there(tmp_path: Path) -> None:
    tool = FakeTerraform(tmp_path)
    tool.refusal = "AccessDenied: not authorized to perform s3:ListBucket"

    with pytest.raises(TerraformError):
        bootstrap(tool)[0].run()
    assert tool.done == ["init in bucket"]


def test_a_state_that_did_not_arrive_stays_where_it_was(tmp_path: Path) -> None:
    tool = FakeTerraform(tmp_path)
    tool.loses = True
    run, file = bootstrap(tool)

    with pytest.raises(ToolError, match="the state was not moved as a whole"):
        run.run()
    assert json.loads(file.read_text()) == list(RESOURCES)


def test_a_plan_that_is_not_confirmed_is_not_applied(tmp_path: Path) -> None:
    tool = FakeTerraform(tmp_path)

    with pytest.raises(Declined, match="nothing was changed"):
        bootstrap(tool, FakeProgress(answer=False))[0].run()
    assert tool.done[-1] == "discard"


def test_without_a_bucket_to_move_to_the_state_stays_where_it_is_declared(tmp_path: Path) -> None:
    tool = FakeTerraform(tmp_path, bucket=RESOURCES)

    bootstrap(tool, moves=False)[0].run()

    assert tool.done == ["init in bucket", "plan", "apply"]
    assert not (tmp_path / OVERRIDE).exists()
