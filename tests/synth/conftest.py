"""Topologies, and what they are synthesized to: each once per session."""

import copy
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from constructs_lib.bindings import load_on_demand, send_ahead
from hatchway.errors import ToolError
from hatchway.terraform.binary import find_terraform
from hatchway.terraform.mirror import cli_configuration
from tests.synth.synthesized import Document, Synth, Synthesized, Terraform

with pytest.MonkeyPatch.context() as patch:
    # Node starts when cdktf is imported; what other tests start does not inherit its preloaded script.
    patch.setenv("NODE_OPTIONS", os.environ.get("NODE_OPTIONS", ""))
    load_on_demand()
    send_ahead()
    from constructs_lib.app import synthesize

from hatchway.topology import load_views

BESIDE = Path(__file__).with_name("beside")
"""What lies beside each topology: functions and documents that it may name."""

ARTICLE: Document = {
    "version": 1,
    "name": "article",
    "accounts": {
        "edge": {
            "id": "111111111111",
            "region": "eu-west-1",
            "deploy_role": "arn:aws:iam::111111111111:role/hatchway-deploy",
        },
        "orders": {
            "id": "222222222222",
            "region": "eu-west-1",
            "deploy_role": "arn:aws:iam::222222222222:role/hatchway-deploy",
        },
    },
    "state": {
        "s3": {
            "bucket": "article-terraform-state",
            "region": "eu-west-1",
            "key_prefix": "article",
            "role": "arn:aws:iam::111111111111:role/hatchway-state",
        },
    },
    "networks": {
        "edge": {
            "account": "edge",
            "create": {
                "cidr": "10.0.0.0/16",
                "subnets": {
                    "a": {"availability_zone_id": "euw1-az1", "cidr": "10.0.0.0/24"},
                    "b": {"availability_zone_id": "euw1-az2", "cidr": "10.0.1.0/24"},
                },
            },
        },
        "orders": {
            "account": "orders",
            "create": {
                "cidr": "10.1.0.0/16",
                "subnets": {
                    "a": {"availability_zone_id": "euw1-az1", "cidr": "10.1.0.0/24"},
                    "b": {"availability_zone_id": "euw1-az2", "cidr": "10.1.1.0/24"},
                },
            },
        },
    },
    "transit": {"create": {"account": "edge"}},
    "gateway": {
        "account": "edge",
        "network": "edge",
        "name": "http-gateway",
        "api_id_header": "passthrough",
    },
    "services": {
        "orders": {
            "account": "orders",
            "path": "/",
            "endpoint": {"network": "orders"},
            "api": {
                "stage": "v1",
                "routes": [
                    {
                        "method": "GET",
                        "path": "/test",
                        "mock": {"status": 200, "body": {"response": "integration-successful"}},
                    }
                ],
            },
        }
    },
}


@pytest.fixture(scope="session")
def synth(tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """Synthesizes a document, once for equal documents."""
    done: dict[str, Synthesized] = {}

    def run(document: Document) -> Synthesized:
        key = json.dumps(document)
        if key not in done:
            folder = tmp_path_factory.mktemp("cdktf")
            shutil.copytree(BESIDE, folder, dirs_exist_ok=True)
            (folder / "hatchway.yaml").write_text(key)
            outdir = folder / "cdktf.out"
            synthesize(load_views(folder / "hatchway.yaml"), outdir)
            done[key] = Synthesized(outdir)
        return done[key]

    return run


@pytest.fixture
def document() -> Document:
    """The article's topology, for a test to change."""
    return copy.deepcopy(ARTICLE)


@pytest.fixture
def article(synth: Synth) -> Synthesized:
    """The article's topology, synthesized."""
    return synth(ARTICLE)


@pytest.fixture
def two_services(document: Document) -> Document:
    """The article's topology with a second service in a third account."""
    document["accounts"]["billing"] = {"id": "333333333333", "region": "eu-west-1"}
    document["networks"]["billing"] = {
        "account": "billing",
        "create": {
            "cidr": "10.2.0.0/16",
            "subnets": {
                "a": {"availability_zone_id": "euw1-az1", "cidr": "10.2.0.0/24"},
                "b": {"availability_zone_id": "euw1-az2", "cidr": "10.2.1.0/24"},
            },
        },
    }
    document["services"]["billing"] = {
        "account": "billing",
        "path": "/billing/v2",
        "endpoint": {"network": "billing"},
        "load_balancer": {"addresses": {"a": "10.0.0.11", "b": "10.0.1.11"}},
        "api": {"routes": [{"method": "ANY", "path": "/{proxy+}", "mock": {"status": 204}}]},
    }
    return document


@pytest.fixture
def existing(document: Document) -> Document:
    """The article's topology over networks and a Transit Gateway that are there already."""
    for name, letter in (("edge", "e"), ("orders", "0")):
        network = document["networks"][name]
        created = network.pop("create")
        network["existing"] = {
            "vpc_id": f"vpc-{letter * 8}",
            "cidr": created["cidr"],
            "subnets": {
                subnet_name: {
                    "subnet_id": f"subnet-{letter * 7}{subnet_name}",
                    "cidr": subnet["cidr"],
                    "availability_zone_id": subnet["availability_zone_id"],
                    "route_table_id": f"rtb-{letter * 7}{subnet_name}",
                }
                for subnet_name, subnet in created["subnets"].items()
            },
        }
    document["transit"] = {"existing": {"transit_gateway_id": "tgw-12345678", "account": "edge"}}
    return document


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory):
    """Runs Terraform with the provider from a mirror, without a backend."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    try:
        binary = find_terraform(environ, Path(__file__).parents[2])
        found = cli_configuration(
            environ, Path(__file__).parents[2], sandbox=tmp_path_factory.mktemp("terraform")
        )
    except ToolError as error:
        pytest.fail(str(error))

    def run(folder: Path, *arguments):
        return subprocess.run(
            [str(binary), *arguments],
            cwd=folder,
            env={**environ, **found, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def validate(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory):
    """Validates the stacks of a topology, merged to one start of the provider each."""

    def run(folder: Path):
        copied = tmp_path_factory.mktemp("validate") / "stack"
        shutil.copytree(folder, copied)
        started = terraform(copied, "init", "-backend=false", "-input=false", "-no-color")
        assert started.returncode == 0, started.stderr
        return json.loads(terraform(copied, "validate", "-json").stdout)

    return run
