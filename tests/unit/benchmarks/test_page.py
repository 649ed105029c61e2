from typing import Any

from benchmarks.page import page
from benchmarks.registry import BENCHMARKS
from benchmarks.results import kept


def result(**ratio: Any) -> dict[str, Any]:
    return {
        "date": "2026-01-02T03:04:05+00:00",
        "commit": "0123456789ab",
        "machine": {
            "processor": "A processor",
            "cores": 2,
            "memory_mebibytes": 24 * 1024,
            "system": "Linux",
            "python": "3.11.7",
            "node": "v20.1.0",
        },
        "load": {"before": [0.5, 0.0, 0.0], "after": [1.5, 0.0, 0.0]},
        "facts": {},
        "remarks": ["Both do the same."],
        "ratios": [
            {
                "measure": "ours over theirs",
                "median": 0.5,
                "low": 0.4,
                "high": 0.6,
                "at_most": 1,
                "holds": True,
            }
            | ratio
        ],
        "samples": {
            "ours": [
                {"wall_seconds": 1.0, "cpu_seconds": 2.0, "peak_bytes": 3 * 1024 * 1024},
                {"wall_seconds": 2.0, "cpu_seconds": 4.0, "peak_bytes": 5 * 1024 * 1024},
            ],
            "theirs": [{"wall_seconds": 3.0, "cpu_seconds": None, "peak_bytes": None}],
        },
    }


def test_a_ratio_that_is_not_reached_is_shown_as_it_is() -> None:
    written = page({"help": result(median=1.5, low=1.4, high=1.6, holds=False)})

    assert "| ours over theirs | 1.500 (1.400 to 1.600) | 1 | **not reached** |" in written


def test_a_ratio_without_a_limit_is_told_and_not_judged() -> None:
    written = page({"help": result(at_most=None, holds=None)})

    assert written.count("ours over theirs") == 1


def test_sides_are_shown_by_their_medians_and_what_was_not_taken_as_a_dash() -> None:
    written = page({"help": result()})

    assert "| ours | 1.500 | 3.000 | 4 | 2 |" in written
    assert "| theirs | 3.000 | - | - | 1 |" in written
    assert "2026-01-02, commit 0123456789ab. A processor, 2 cores, 24 GB" in written


def test_every_result_that_is_kept_belongs_to_a_benchmark() -> None:
    assert set(kept()) <= set(BENCHMARKS)
