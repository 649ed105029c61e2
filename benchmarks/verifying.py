"""`hatchway verify` of two hundred services against a bare loop that sends the same requests."""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks import many_services
from benchmarks.measuring import alternate, paired
from benchmarks.processes import program, run
from benchmarks.results import ROOT, Ratio, Result
from hatchway.sandbox import Sandbox
from tests.corpus.make import running_sandbox

SERVICES = 200
OURS = "hatchway verify"
CALLS_ONLY = "hatchway verify --calls-only"
BARE = "bare loop of urllib3"
REMARKS = (
    """Two hundred services answer in one sandbox, behind one bulkhead. `hatchway verify` and the loop are
  whole processes that send {requests} requests, at most 32 at once, through the sandbox's proxy: calls of
  the services, and reads of AWS's APIs. What the loop sends was recorded of a verification, and it fails
  unless it is answered alike.""",
    """The loop keeps its connections and judges nothing. `hatchway verify` opens a new one for each declared
  request, asks AWS through boto3, and judges every hop; with `--calls-only` it reads nothing from AWS.""",
    """Most of the time of all sides is the sandbox's, as in AWS it is that of the APIs. What
  `hatchway verify` needs itself is in its processor time.""",
)


def measure(repetitions: int) -> Result:
    """Deploys, records and measures."""
    with tempfile.TemporaryDirectory() as name, running_sandbox(None, Path(name)) as sandbox:
        return _measured(sandbox, Path(name), repetitions)


def _measured(sandbox: Sandbox, folder: Path, repetitions: int) -> Result:
    sys.stderr.write(f"  deploying {SERVICES} services into a sandbox\n")
    many_services.deploy(sandbox, folder, SERVICES)
    topology, outputs = folder / many_services.TOPOLOGY, folder / many_services.OUTPUTS
    environ, recorded = sandbox.environment(), folder / "requests.json"
    module = [sys.executable, "-m"]
    run([*module, "benchmarks.recording", topology, outputs, recorded], cwd=ROOT, environ=environ)
    hatchway = Path(sys.executable).with_name("hatchway")
    verify: list[str | Path] = [hatchway, "verify", "--topology", topology, "--from-outputs", outputs]
    samples = alternate(
        {
            OURS: program(verify, cwd=ROOT, environ=environ),
            CALLS_ONLY: program([*verify, "--calls-only"], cwd=ROOT, environ=environ),
            BARE: program([*module, "benchmarks.bare_calls", recorded], cwd=ROOT, environ=environ),
        },
        repetitions,
    )
    walls = {side: [sample.wall_seconds for sample in runs] for side, runs in samples.items()}
    requests = len(json.loads(recorded.read_text(encoding="utf-8"))["requests"])
    return Result(
        samples=samples,
        ratios=[
            Ratio(
                measure="verify of 200 services, wall, against the same requests in a bare loop",
                spread=paired(walls[OURS], walls[BARE]),
                at_most=1.3,
            ),
            Ratio(
                measure="the same with --calls-only, which sends fewer, against the same loop",
                spread=paired(walls[CALLS_ONLY], walls[BARE]),
            ),
        ],
        remarks=[remark.format(requests=requests) for remark in REMARKS],
        facts={"services": SERVICES, "requests": requests},
    )
