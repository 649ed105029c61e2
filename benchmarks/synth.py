"""Synth against the same resources in stock CDKTF, in Python and in TypeScript, and in what continues it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Sample, Side, Spread, alternate, paired
from benchmarks.peers.blocks import stacks_of
from benchmarks.peers.environments import WORK, node_project, python_environment, versions
from benchmarks.peers.program import Program
from benchmarks.peers.python_program import PythonProgram
from benchmarks.peers.same import require_same
from benchmarks.peers.service_modules import ServiceModulesProgram
from benchmarks.peers.typescript_program import TypeScriptProgram
from benchmarks.processes import program
from benchmarks.results import ROOT, Ratio, Result
from benchmarks.topologies import topology

OURS = "Hatchway"
PYTHON = "stock Python CDKTF"
TYPESCRIPT = "TypeScript CDKTF, stock import"
DEEP = "TypeScript CDKTF, deep imports"
CDKTN = "cdktn with cdktn-provider-aws, Python"
CDKTN_AWS = "cdktn with cdktn-aws, Python"

CDKTF = ("cdktf==0.21.0", "cdktf-cdktf-provider-aws==21.22.1")
CDKTN_PACKAGES = ("cdktn==0.24.0", "cdktn-provider-aws==25.8.1")
CDKTN_AWS_PACKAGES = ("cdktn==0.24.0", "cdktn-aws==0.3.0")
NODE_PACKAGES = (
    "cdktf@0.21.0",
    "@cdktf/provider-aws@21.22.1",
    "constructs@10.4.2",
    "typescript@5.9.3",
    "@types/node@20.19.43",
)
COMPILE = ("--target", "es2022", "--module", "commonjs", "--strict", "--skipLibCheck")
QUIET_NODE = {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
REMARKS = (
    """Each peer is a program generated from what Hatchway synthesized: one statement per resource, of the
  bindings' own classes, in the manner of their documentation. So it makes the same resources, and is spared
  what Hatchway does besides: reading and checking the topology, packing the authorizer. What the peers wrote
  was compared with ours before measuring: it is the same but for comments, the order of keys, and names.""",
    "TypeScript is compiled beforehand; what runs is JavaScript.",
)
COLD = """Cold is a first run: no bytecode of Python, no packages unpacked by jsii, and none of the side's
  packages in the page cache, as far as the kernel lets go of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One side: how it is run, and where its files are."""

    command: Sequence[str | Path]
    folder: Path
    environment: Path
    """Folder of everything that it loads."""

    def side(self, extra: Mapping[str, str] | None = None) -> Side:
        """The side as a program; `extra` is added to its environment."""
        return program(self.command, cwd=self.folder, environ=environ() | dict(extra or {}))


def environ() -> dict[str, str]:
    """The environment of every side: ours, without what would change what is measured."""
    dropped = ("CDKTF_", "NODE_", "PYTHON", "JSII_", "HATCHWAY_")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)} | QUIET_NODE


def article(repetitions: int) -> Result:
    """The topology of the article, against all peers."""
    text = (ROOT / "hatchway.yaml").read_text(encoding="utf-8")
    peers, resources = _prepared("article", text, (PYTHON, TYPESCRIPT, DEEP, CDKTN, CDKTN_AWS))
    samples = alternate({name: peer.side() for name, peer in peers.items()}, repetitions)
    cold = alternate(
        {f"{name}, cold": _cold(peers[name]) for name in (OURS, PYTHON)},
        max(1, repetitions // 3),
        warm_up=False,
    )
    ratios = [
        _wall(samples, "the article", PYTHON, 0.12),
        Ratio(
            measure=f"synth of the article, memory of the largest process, against {PYTHON}",
            spread=paired(_peaks(samples[OURS]), _peaks(samples[PYTHON])),
            at_most=0.35,
        ),
        *(_wall(samples, "the article", name) for name in (TYPESCRIPT, DEEP, CDKTN, CDKTN_AWS)),
        Ratio(
            measure=f"synth of the article, cold, wall, against {PYTHON}",
            spread=paired(_walls(cold[f"{OURS}, cold"]), _walls(cold[f"{PYTHON}, cold"])),
        ),
    ]
    return _result(samples | cold, ratios, resources, (COLD,))


def two_hundred(repetitions: int) -> Result:
    """200 services, against all peers."""
    peers, resources = _prepared(
        "200", json.dumps(topology(200)), (TYPESCRIPT, DEEP, PYTHON, CDKTN, CDKTN_AWS)
    )
    slow = (PYTHON, CDKTN, CDKTN_AWS)
    samples = alternate({name: peer.side() for name, peer in peers.items() if name not in slow}, repetitions)
    slow_samples = alternate({name: peers[name].side() for name in (OURS, *slow)}, max(1, repetitions // 3))
    ratios = [
        _wall(samples, "200 services", TYPESCRIPT, 1.0),
        _wall(samples, "200 services", DEEP),
        *(_wall(slow_samples, "200 services", name) for name in slow),
    ]
    shown = samples | {name: slow_samples[name] for name in slow}
    return _result(
        shown, ratios, resources, ("The peers in Python ran in turns with runs of ours of their own.",)
    )


def _result(
    samples: Mapping[str, Sequence[Sample]], ratios: Sequence[Ratio], resources: int, remarks: Sequence[str]
) -> Result:
    packages = [requirement.partition("==")[0] for requirement in CDKTF]
    facts = {
        "resources": resources,
        "ours": versions(Path(sys.executable), [*packages, "constructs", "jsii"]),
        PYTHON: versions(WORK / "cdktf" / "bin" / "python", [*packages, "constructs", "jsii"]),
        TYPESCRIPT: list(NODE_PACKAGES),
        CDKTN: list(CDKTN_PACKAGES),
        CDKTN_AWS: list(CDKTN_AWS_PACKAGES),
    }
    size = f"{resources} resources and data sources each."
    return Result(samples=samples, ratios=ratios, remarks=[size, *REMARKS, *remarks], facts=facts)


def _wall(
    samples: Mapping[str, Sequence[Sample]], what: str, peer: str, at_most: float | None = None
) -> Ratio:
    spread: Spread = paired(_walls(samples[OURS]), _walls(samples[peer]))
    return Ratio(measure=f"synth of {what}, wall, against {peer}", spread=spread, at_most=at_most)


def _walls(samples: Sequence[Sample]) -> list[float]:
    return [sample.wall_seconds for sample in samples]


def _peaks(samples: Sequence[Sample]) -> list[float]:
    return [sample.peak_bytes or 0 for sample in samples]


def _prepared(name: str, text: str, wanted: Sequence[str]) -> tuple[dict[str, Peer], int]:
    """Writes the topology and the peers' programs, runs each once, and compares what they made."""
    folder = WORK / "synth" / name
    shutil.rmtree(folder, ignore_errors=True)
    ours = _our_side(folder / "ours", text)
    ours.side()()
    stacks = stacks_of(ours.folder / "cdktf.out")
    python = python_environment("cdktf", CDKTF)
    bindings = _site_packages(python) / "cdktf_cdktf_provider_aws"
    makers = {
        PYTHON: lambda: _python(python, PythonProgram(bindings, cdktf="cdktf"), folder / "python"),
        CDKTN: lambda: _cdktn("cdktn", CDKTN_PACKAGES, PythonProgram, folder),
        CDKTN_AWS: lambda: _cdktn("cdktn-aws", CDKTN_AWS_PACKAGES, ServiceModulesProgram, folder),
        TYPESCRIPT: lambda: _typescript(TypeScriptProgram(bindings, deep=False), f"{name}-stock"),
        DEEP: lambda: _typescript(TypeScriptProgram(bindings, deep=True), f"{name}-deep"),
    }
    peers, resources = {OURS: ours}, 0
    for peer_name in wanted:
        sys.stderr.write(f"  preparing {peer_name}\n")
        peer, writer = makers[peer_name]()
        writer.write(stacks, peer.folder)
        if isinstance(writer, TypeScriptProgram):
            compiler = peer.environment / ".bin" / "tsc"
            program([compiler, *COMPILE, "main.ts"], cwd=peer.folder)()
        peer.side()()
        resources = require_same(ours.folder / "cdktf.out", peer.folder / "cdktf.out", peer_name)
        peers[peer_name] = peer
    return peers, resources


def _our_side(folder: Path, text: str) -> Peer:
    """Ours as `hatchway synth` runs it, in a folder with the topology alone."""
    folder.mkdir(parents=True)
    (folder / "hatchway.yaml").write_text(text, encoding="utf-8")
    return Peer(command=our_command(), folder=folder, environment=_site_packages(Path(sys.executable)))


def our_command() -> Sequence[str | Path]:
    """What `hatchway synth` runs."""
    return (sys.executable, "-O", ROOT / "main.py")


def _python(python: Path, writer: Program, folder: Path) -> tuple[Peer, Program]:
    folder.mkdir(parents=True)
    return Peer(command=(python, "main.py"), folder=folder, environment=_site_packages(python)), writer


def _cdktn(
    name: str, packages: Sequence[str], kind: type[PythonProgram], folder: Path
) -> tuple[Peer, Program]:
    """A peer with what continues cdktf; the last of its packages are the bindings."""
    python = python_environment(name, packages)
    bindings = _site_packages(python) / packages[-1].partition("==")[0].replace("-", "_")
    return _python(python, kind(bindings, cdktf="cdktn"), folder / name)


def _typescript(writer: Program, name: str) -> tuple[Peer, Program]:
    project = node_project("typescript", NODE_PACKAGES)
    folder = project / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Peer(command=("node", "main.js"), folder=folder, environment=project / "node_modules"), writer


def _site_packages(python: Path) -> Path:
    found = subprocess.run(  # noqa: S603 -- a Python of ours, and no shell
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(found.stdout.strip())


def _cold(peer: Peer) -> Side:
    caches = WORK / "cold"

    def side() -> Sample:
        shutil.rmtree(caches, ignore_errors=True)
        extra = {
            "PYTHONPYCACHEPREFIX": str(caches / "bytecode"),
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(caches / "jsii"),
        }
        _forget(peer.environment)
        return peer.side(extra)()

    return side


def _forget(folder: Path) -> None:
    """Lets the kernel drop the files of a folder from memory; what somebody else uses may stay."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
