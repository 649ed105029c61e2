"""What a benchmark found, as it is kept in `benchmarks/results/`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.measuring import Sample, Spread

SCHEMA = 1
ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A measure of one side over that of another."""

    measure: str
    """What is compared, as a reader would say it: `synth of the article, wall time, against stock Python`."""
    spread: Spread
    """What was found."""
    at_most: float | None = None
    """What it must not exceed; None for a ratio that is only told."""

    @property
    def holds(self) -> bool | None:
        """Whether the median is within its limit; None without one."""
        return None if self.at_most is None else self.spread.median <= self.at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run of one benchmark."""

    samples: Mapping[str, Sequence[Sample]]
    """Every run that counts, by side."""
    ratios: Sequence[Ratio]
    """What they come to."""
    remarks: Sequence[str] = ()
    """What a reader has to know: what the sides do, what was found to be the same."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Sizes and versions: how many resources, which release of a peer."""


def keep(name: str, result: Result, load_before: Sequence[float]) -> Path:
    """Writes a result with its date, its commit and the machine; a former one is replaced."""
    document = {
        "schema": SCHEMA,
        "benchmark": name,
        "date": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(ROOT),
        "machine": machine.description(),
        "load": {"before": list(load_before), "after": list(machine.load())},
        "facts": result.facts,
        "remarks": list(result.remarks),
        "ratios": [_ratio(ratio) for ratio in result.ratios],
        "samples": {side: [asdict(sample) for sample in runs] for side, runs in result.samples.items()},
    }
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return path


def kept(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Every result that is kept, by the name of its benchmark."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {
        "measure": ratio.measure,
        "median": ratio.spread.median,
        "low": ratio.spread.low,
        "high": ratio.spread.high,
        "at_most": ratio.at_most,
        "holds": ratio.holds,
    }
