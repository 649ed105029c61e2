"""Requests to Node that nobody waits for. All tests of this folder send them."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import jsii
import pytest
from cdktf import App, TerraformOutput, Token
from cdktf_cdktf_provider_aws.vpc import Vpc

from benchmarks.topologies import topology
from constructs_lib.bindings import send_ahead
from constructs_lib.stack import HatchwayStack
from hatchway.topology.model import Topology
from tests.synth.synthesized import Document, Synth

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app(tmp_path: Path):
    return App(outdir=str(tmp_path))


@pytest.fixture
def stack(app: App, document: Document):
    return HatchwayStack(app, "under-test", Topology.model_validate(document))


def waited() -> int:
    return jsii.kernel.provider.waited


def test_making_resources_waits_for_nothing(stack: HatchwayStack) -> None:
    provider = stack.provider("edge")
    first = Vpc(stack, "first", provider=provider, cidr_block="10.0.0.0/16")
    assert first.terraform_resource_type == "aws_vpc"  # asked once per class
    before = waited()

    for number in range(20):
        vpc = Vpc(stack, f"net{number}", provider=provider, cidr_block="10.0.0.0/16")
        vpc.add_override("tags", {"Name": f"of {vpc.arn}"})
        TerraformOutput(stack, f"out{number}", value=vpc.id)
        assert vpc.friendly_unique_id == f"net{number}"
        assert vpc.terraform_resource_type == "aws_vpc"
        assert vpc.provider is provider

    assert waited() == before


def test_a_service_more_is_waited_for_a_few_times(synth: Synth) -> None:
    counts = []
    for services in (1, 4):
        before = waited()
        synth(topology(services))
        counts.append(waited() - before)

    assert (counts[1] - counts[0]) / 3 <= 4


def test_what_is_not_known_yet_is_a_token(stack: HatchwayStack) -> None:
    vpc = Vpc(stack, "net", provider=stack.provider("edge"), cidr_block="10.0.0.0/16")

    assert Token.is_unresolved(vpc.id)
    assert not Token.is_unresolved("vpc-1")


def test_error_is_raised_by_the_next_that_is_waited_for_and_then_is_over(
    app: App, stack: HatchwayStack
) -> None:
    Vpc(stack, "net", provider=stack.provider("edge"), cidr_block="10.0.0.0/16")
    Vpc(stack, "net", provider=stack.provider("edge"), cidr_block="10.1.0.0/16")
    Vpc(stack, "skipped", provider=stack.provider("edge"), cidr_block="10.2.0.0/16")

    with pytest.raises(RuntimeError, match="already a Construct with name 'net'"):
        app.synth()

    app.synth()


def test_what_failed_is_nothing_to_refer_to(app: App, stack: HatchwayStack) -> None:
    provider = stack.provider("edge")
    Vpc(stack, "net", provider=provider, cidr_block="10.0.0.0/16")
    failed = Vpc(stack, "net", provider=provider, cidr_block="10.1.0.0/16")
    with pytest.raises(RuntimeError, match="already a Construct"):
        app.synth()

    Vpc(stack, "other", provider=provider, cidr_block="10.2.0.0/16", depends_on=[failed])

    with pytest.raises(RuntimeError, match="not found"):
        app.synth()


def test_text_that_looks_like_a_result_stays_what_it_is(app: App, stack: HatchwayStack) -> None:
    Vpc(stack, "net", provider=stack.provider("edge"), tags={"Name": "you@hatchway:1", "Id": "hatchway-1:1"})

    app.synth()

    written = (Path(app.outdir) / "stacks/under-test/cdk.tf.json").read_text()
    assert '"Name": "you@hatchway:1"' in written
    assert '"Id": "hatchway-1:1"' in written


def test_a_jsii_that_was_not_tried_waits_for_each_answer(capsys: pytest.CaptureFixture[str]) -> None:
    provider = jsii.kernel.provider

    assert not send_ahead({}, tried_with="1.0.0")

    assert jsii.kernel.provider is provider
    assert capsys.readouterr().err == (
        f"jsii {jsii.__version__}: is not known to send ahead, so synth takes longer\n"
    )


@pytest.mark.parametrize("environ", [{"HATCHWAY_PIPELINE": "off"}, {"JSII_DEBUG": "1"}])
def test_can_be_turned_off(environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert not send_ahead(dict(environ))

    assert capsys.readouterr().err == ""


PRINTS = """
import sys
from constructs_lib.bindings import send_ahead
send_ahead()
from cdktf import App
App()
print("from Python")
"""


def test_ends_quietly_without_a_synth() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PRINTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert (ran.stdout, ran.stderr) == ("from Python\n", "")
