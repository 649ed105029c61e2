import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hatchway.terraform.runner import Terraform

# Plays Terraform: does what `play.json` in its folder tells for its command, and notes how it was called.
FAKE = f"""#!{sys.executable}
import json, os, pathlib, signal, sys, time
here = pathlib.Path.cwd()
with (here / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps({{"argv": sys.argv[1:], "env": dict(os.environ), "pid": os.getpid()}}) + "\\n")
play = json.loads((here / "play.json").read_text())
scenes = play.get(sys.argv[1], [{{}}])
calls = map(json.loads, (here / "calls.jsonl").read_text().splitlines())
seen = sum(call["argv"][0] == sys.argv[1] for call in calls)
scene = scenes[min(seen, len(scenes)) - 1]
interrupted = []
signal.signal(signal.SIGINT, lambda *_: interrupted.append(time.monotonic()))
for line in scene.get("lines", []):
    print(line if isinstance(line, str) else json.dumps(line), flush=True)
until = time.monotonic() + scene.get("seconds", 0)
while time.monotonic() < until and not interrupted:
    time.sleep(0.02)
if "signal" in scene:
    os.kill(os.getpid(), scene["signal"])
if interrupted:
    time.sleep(scene.get("grace", 0))
    (here / "ended.txt").write_text(str(len(interrupted)))
    sys.exit(1)
sys.exit(scene.get("code", 0))
"""


class Stage:
    """A stack's folder with a Terraform that plays what a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.binary = folder / "terraform"
        self.binary.write_text(FAKE, encoding="utf-8")
        self.binary.chmod(self.binary.stat().st_mode | stat.S_IXUSR)
        self.runs = folder / "runs"
        self.notes: list[str] = []
        self.play()

    def play(self, **scenes: dict[str, Any] | list[dict[str, Any]]) -> None:
        whole = {
            name.replace("_", "-"): scene if isinstance(scene, list) else [scene]
            for name, scene in scenes.items()
        }
        (self.folder / "play.json").write_text(json.dumps(whole), encoding="utf-8")

    def terraform(self, *, in_hcp: bool = False, **environ: str) -> Terraform:
        return Terraform(
            stack="gateway",
            directory=self.folder,
            binary=self.binary,
            environ=environ,
            runs=self.runs,
            note=self.notes.append,
            in_hcp=in_hcp,
        )

    def calls(self) -> list[dict[str, Any]]:
        lines = (self.folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def commands(self) -> list[str]:
        return [call["argv"][0] for call in self.calls()]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def diagnostic() -> Callable[..., dict[str, Any]]:
    def make(summary: str, detail: str = "", **more: Any) -> dict[str, Any]:
        found = {"severity": "error", "summary": summary, "detail": detail, **more}
        return {"type": "diagnostic", "@level": "error", "diagnostic": found}

    return make
