import sys
from pathlib import Path

import pytest

from benchmarks.measuring import Sample, Spread, alternate, paired
from benchmarks.processes import PeerError, run

MEBIBYTE = 1024 * 1024


def test_sides_run_in_turns_and_the_first_run_of_each_is_not_counted() -> None:
    order: list[str] = []

    def side(name: str):
        def once() -> Sample:
            order.append(name)
            return Sample(wall_seconds=float(len(order)))

        return once

    samples = alternate({"ours": side("ours"), "theirs": side("theirs")}, 2)

    assert order == ["theirs", "ours", "ours", "theirs", "theirs", "ours"]
    assert [sample.wall_seconds for sample in samples["ours"]] == [3.0, 6.0]
    assert [sample.wall_seconds for sample in samples["theirs"]] == [4.0, 5.0]


def test_first_runs_count_where_caches_are_cold() -> None:
    samples = alternate({"cold": lambda: Sample(wall_seconds=1.0)}, 1, warm_up=False)

    assert samples == {"cold": [Sample(wall_seconds=1.0)]}


def test_ratio_compares_runs_that_followed_each_other() -> None:
    assert paired([1.0, 4.0, 9.0], [2.0, 4.0, 3.0]) == Spread(median=1.0, low=0.5, high=3.0)


def test_memory_is_that_of_the_largest_process_and_not_the_sum(tmp_path: Path) -> None:
    grow = "x = bytearray({0}); x[::4096] = b'1' * len(x[::4096])".format
    child = f'[sys.executable, "-c", {grow(200 * MEBIBYTE)!r}]'
    program = f"import subprocess, sys; subprocess.run({child}, check=True); {grow(50 * MEBIBYTE)}"

    sample = run([sys.executable, "-c", program], cwd=tmp_path)

    assert sample.peak_bytes is not None
    assert 200 * MEBIBYTE <= sample.peak_bytes < 250 * MEBIBYTE
    assert sample.cpu_seconds is not None
    assert sample.cpu_seconds > 0


def test_memory_of_the_benchmark_itself_does_not_count(tmp_path: Path) -> None:
    ours = bytearray(300 * MEBIBYTE)
    ours[::4096] = b"1" * len(ours[::4096])

    sample = run([sys.executable, "-c", "pass"], cwd=tmp_path)

    assert sample.peak_bytes is not None
    assert sample.peak_bytes < 100 * MEBIBYTE


def test_a_program_that_is_not_there_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match=r"nowhere: exit code 1[\s\S]*FileNotFoundError"):
        run(["/nowhere"], cwd=tmp_path)


def test_a_side_that_fails_is_no_measurement_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match=r"exit code 3, in .*\n  \| no such thing"):
        run([sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"], cwd=tmp_path)


def test_a_side_may_have_findings(tmp_path: Path) -> None:
    run([sys.executable, "-c", "raise SystemExit(3)"], cwd=tmp_path, expected=(0, 3))
