from pathlib import Path

import pytest

from tests.live.settings import STAGES, NotReadyError, Settings, is_asked_for


@pytest.fixture
def topology(tmp_path: Path) -> Path:
    file = tmp_path / "estate.yaml"
    file.write_text("version: 1\n")
    return file


def environ(topology: Path, **more: str) -> dict[str, str]:
    return {"HATCHWAY_LIVE": "1", "HATCHWAY_LIVE_TOPOLOGY": str(topology), **more}


@pytest.mark.parametrize(("value", "asked"), [("1", True), ("0", False), ("", False), ("yes", False)])
def test_runs_only_where_one_is_said(value: str, asked: bool) -> None:
    assert is_asked_for({"HATCHWAY_LIVE": value}) is asked
    assert not is_asked_for({})


def test_a_topology_has_to_be_named(topology: Path) -> None:
    with pytest.raises(NotReadyError, match=r"^HATCHWAY_LIVE_TOPOLOGY: is not set\. Name the topology"):
        Settings.of({**environ(topology), "HATCHWAY_LIVE_TOPOLOGY": ""})


def test_the_topology_has_to_be_there(topology: Path) -> None:
    topology.unlink()
    with pytest.raises(NotReadyError, match=r"HATCHWAY_LIVE_TOPOLOGY: there is no such file, got '.*estate"):
        Settings.of(environ(topology))


def test_several_processes_are_refused(topology: Path) -> None:
    with pytest.raises(NotReadyError, match="pytest -n: one estate cannot be deployed by 4 processes"):
        Settings.of(environ(topology, PYTEST_XDIST_WORKER_COUNT="4"))
    assert Settings.of(environ(topology, PYTEST_XDIST_WORKER_COUNT="1"))


def test_without_more_every_stage_runs_and_nothing_is_kept(topology: Path) -> None:
    settings = Settings.of(environ(topology))
    assert (settings.topology, settings.keep, settings.skipped) == (topology, False, frozenset())


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_can_be_skipped(topology: Path, stage: str) -> None:
    assert Settings.of(environ(topology, **{f"SKIP_{stage}": "1"})).skipped == {stage}
    assert Settings.of(environ(topology, **{f"SKIP_{stage}": ""})).skipped == frozenset()


@pytest.mark.parametrize("variable", ["HATCHWAY_LIVE_KEEP", "SKIP_destroy"])
def test_what_was_deployed_can_be_kept(topology: Path, variable: str) -> None:
    assert Settings.of(environ(topology, **{variable: "1"})).keep


def test_observations_are_kept_in_the_project_unless_another_file_is_named(
    topology: Path, tmp_path: Path
) -> None:
    assert Settings.of(environ(topology)).observations == Path.cwd() / ".hatchway/live-observations.json"
    named = environ(topology, HATCHWAY_LIVE_OBSERVATIONS=str(tmp_path / "seen.json"))
    assert Settings.of(named).observations == tmp_path / "seen.json"
