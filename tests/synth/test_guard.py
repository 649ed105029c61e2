"""What synth refuses."""

from pathlib import Path

import pytest
from cdktf import App
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from constructs_lib.stack import HatchwayStack
from hatchway.topology.model import Topology
from tests.synth.synthesized import Document


@pytest.fixture
def app(tmp_path: Path):
    return App(outdir=str(tmp_path))


@pytest.fixture
def stack(app: App, document: Document):
    return HatchwayStack(app, "under-test", Topology.model_validate(document))


def test_accepts_resources_with_a_provider_at_addresses_of_their_own(app: App, stack: HatchwayStack) -> None:
    Vpc(stack, "one", provider=stack.provider("edge"), cidr_block="10.0.0.0/16")
    Vpc(stack, "two", provider=stack.provider("edge"), cidr_block="10.0.0.0/16")

    app.synth()


def test_refuses_a_resource_without_provider(app: App, stack: HatchwayStack) -> None:
    Vpc(stack, "one", cidr_block="10.0.0.0/16")

    with pytest.raises(RuntimeError, match=r"aws_vpc\.one has no provider"):
        app.synth()


def test_refuses_a_data_source_without_provider(app: App, stack: HatchwayStack) -> None:
    DataAwsCallerIdentity(stack, "one")

    with pytest.raises(RuntimeError, match=r"data\.aws_caller_identity\.one has no provider"):
        app.synth()


def test_refuses_two_resources_at_one_address(app: App, stack: HatchwayStack) -> None:
    Vpc(Construct(stack, "Kind"), "one", provider=stack.provider("edge"), cidr_block="10.0.0.0/16")
    Vpc(stack, "one", provider=stack.provider("edge"), cidr_block="10.1.0.0/16")

    with pytest.raises(RuntimeError, match=r"aws_vpc\.one is defined 2 times"):
        app.synth()


def test_names_everything_that_is_wrong_at_once(app: App, stack: HatchwayStack) -> None:
    Vpc(stack, "one", cidr_block="10.0.0.0/16")
    Vpc(stack, "two", cidr_block="10.1.0.0/16")

    with pytest.raises(RuntimeError, match=r"(?s)aws_vpc\.one has no provider.*aws_vpc\.two has no provider"):
        app.synth()
