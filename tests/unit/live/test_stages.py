import sys
from pathlib import Path

import pytest

from tests.live.settings import Settings
from tests.live.stages import (
    CommandFailedError,
    Deployment,
    Environ,
    Hatchway,
    StandingError,
    holds_something,
)

ASKS_TO_STOP = """
import os, signal, sys, time
def stop(*_):
    print("state is written", flush=True)
    sys.exit(130)
signal.signal(signal.SIGINT, stop)
print("applying", flush=True)
time.sleep(0.3)
os.kill(os.getppid(), signal.SIGINT)
time.sleep(60)
"""


def runner(script: str, shown: list[str] | None = None) -> Hatchway:
    show = [].append if shown is None else shown.append
    return Hatchway(command=(sys.executable, "-c", script), environ=Environ(), folder=Path.cwd(), show=show)


def test_what_a_command_says_is_shown_line_by_line_and_returned() -> None:
    shown: list[str] = []
    script = "import sys; print('planned', sys.argv[1:], flush=True); print('done', file=sys.stderr)"
    said = runner(script, shown).passes("plan", "--yes")
    assert shown == ["\n$ hatchway plan --yes\n", "planned ['plan', '--yes']\n", "done\n"]
    assert said == "planned ['plan', '--yes']\ndone\n"


def test_an_environment_with_a_token_in_it_is_never_shown() -> None:
    assert "s3cret" not in repr(Environ(HATCHWAY_TOKEN="s3cret"))


def test_a_command_that_fails_is_an_error_with_its_code_and_its_last_words() -> None:
    script = "import sys; print('\\n'.join(str(n) for n in range(99))); sys.exit(3)"
    with pytest.raises(CommandFailedError) as raised:
        runner(script).passes("verify")
    assert str(raised.value).startswith("hatchway verify: exit code 3\n")
    assert str(raised.value).endswith("\n97\n98\n")
    assert "\n70\n" not in str(raised.value)


def test_ctrl_c_reaches_the_command_and_its_end_is_waited_for() -> None:
    shown: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        runner(ASKS_TO_STOP, shown).passes("deploy")
    assert shown[1:] == ["applying\n", "state is written\n"]


@pytest.mark.parametrize(
    ("document", "holds"),
    [
        (None, False),
        (b'{"resources": [], "outputs": {}}', False),
        (b'{"resources": [{"type": "aws_vpc"}], "outputs": {}}', True),
        (b'{"outputs": {"vpc_ids": {"value": 1}}}', True),
    ],
)
def test_a_state_with_anything_in_it_stands(document: bytes | None, holds: bool) -> None:
    assert holds_something(document) is holds


class Commands:
    """Takes note of commands; those named fail."""

    def __init__(self, *failing: str) -> None:
        self.run: list[str] = []
        self.failing = failing
        self.error: BaseException | None = None

    def passes(self, *arguments: str) -> str:
        self.run.append(arguments[0])
        if arguments[0] in self.failing:
            raise self.error or CommandFailedError(arguments, 1, "")
        return ""


def deployment(
    commands: Commands, *skipped: str, keep: bool = False, standing: tuple[str, ...] = ()
) -> Deployment:
    settings = Settings(topology=Path("estate.yaml"), keep=keep, skipped=frozenset(skipped))
    return Deployment(settings=settings, hatchway=commands, standing=lambda: standing, show=[].append)


def test_what_was_deployed_is_destroyed() -> None:
    commands = Commands()
    with deployment(commands) as deployed:
        deployed.deploy()
    assert commands.run == ["deploy", "destroy"]


def test_what_was_deployed_in_part_is_destroyed_too() -> None:
    commands = Commands("deploy")
    with pytest.raises(CommandFailedError, match="hatchway deploy"), deployment(commands) as deployed:
        deployed.deploy()
    assert commands.run == ["deploy", "destroy"]


def test_ctrl_c_while_it_deploys_reaches_destroy() -> None:
    commands = Commands("deploy")
    commands.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt), deployment(commands) as deployed:
        deployed.deploy()
    assert commands.run == ["deploy", "destroy"]


def test_a_destroy_that_fails_is_said() -> None:
    with (
        pytest.raises(CommandFailedError, match="hatchway destroy"),
        deployment(Commands("destroy")) as deployed,
    ):
        deployed.deploy()


def test_what_stood_before_is_neither_changed_nor_destroyed() -> None:
    commands = Commands()
    with (
        pytest.raises(StandingError, match="foundation, gateway: is deployed already"),
        deployment(commands, standing=("foundation", "gateway")) as deployed,
    ):
        deployed.deploy()
    assert commands.run == []


def test_what_another_run_deployed_is_used_and_stays() -> None:
    commands = Commands()
    with deployment(commands, "deploy", standing=("gateway",)) as deployed:
        deployed.deploy()
    assert commands.run == []


def test_what_is_to_be_kept_stays_and_the_command_that_destroys_it_is_said() -> None:
    commands, shown = Commands(), list[str]()
    kept = deployment(commands, keep=True)
    kept.show = shown.append
    with kept as deployed:
        deployed.deploy()
    assert commands.run == ["deploy"]
    assert "hatchway destroy --topology estate.yaml" in "".join(shown)
