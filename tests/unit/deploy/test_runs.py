from pathlib import Path

from hatchway.deploy.runs import RUNS, runs_directory


def folder(project: Path, port: int) -> Path:
    with runs_directory(project / "out", {"HTTPS_PROXY": f"http://127.0.0.1:{port}"}, project) as found:
        assert found.is_dir()
        return found


def test_two_sandboxes_keep_their_plans_apart(tmp_path: Path) -> None:
    assert folder(tmp_path, 1) != folder(tmp_path, 2)
    assert folder(tmp_path, 1) == folder(tmp_path, 1)


def test_nothing_stays_behind(tmp_path: Path) -> None:
    folder(tmp_path, 1)
    assert not (tmp_path / RUNS).exists()


def test_the_trace_of_a_killed_run_stays(tmp_path: Path) -> None:
    with runs_directory(tmp_path, {}, tmp_path) as found:
        (found / "gateway.json").write_text("{}")
    assert (found / "gateway.json").exists()
