"""What has to be in an account besides what Terraform deploys: state bucket, organization, credential."""

import json
import os
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from hatchway.errors import UsageError
from hatchway.sandbox import client_credentials
from hatchway.sandbox.hosted_zone import make_zone
from hatchway.topology import state_file, state_key
from hatchway.topology.stacks import gateway_stack

if TYPE_CHECKING:
    from hatchway.sandbox import Sandbox
    from hatchway.topology.model import S3State, Topology

__all__ = ["issue_credentials", "outputs", "prepare", "session"]


def session(sandbox: "Sandbox", role_arn: str | None, region: str | None) -> boto3.Session:
    """Returns a boto3 session whose clients reach the sandbox, whatever the environment says."""
    variables = sandbox.variables()
    own = _session(sandbox, region, variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], None)
    if role_arn is None:
        return own
    sts = own.client("sts", region_name=region or "us-east-1")
    assumed = sts.assume_role(RoleArn=role_arn, RoleSessionName="hatchway")["Credentials"]
    return _session(
        sandbox, region, assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"]
    )


def _session(
    sandbox: "Sandbox", region: str | None, key: str, secret: str, token: str | None
) -> boto3.Session:
    core: Any = botocore.session.Session()
    core.set_config_variable("ca_bundle", str(sandbox.ca_file))
    core.set_config_variable("config_file", os.devnull)
    core.set_config_variable("credentials_file", os.devnull)
    core.set_default_client_config(
        Config(proxies={"https": sandbox.proxy_url}, retries={"total_max_attempts": 2}, read_timeout=60)
    )
    core.set_credentials(key, secret, token)
    return boto3.Session(botocore_session=core, region_name=region)


def prepare(sandbox: "Sandbox", topology: "Topology") -> None:
    """Makes the bucket that the topology keeps its Terraform state in, and the zone of its domain name.

    Raises:
        UsageError: State is kept in HCP Terraform, which no sandbox can hold.
    """
    if topology.state.hcp is not None:
        raise UsageError(
            "state.hcp: a sandbox cannot hold HCP Terraform. Declare state.local or state.s3 to try the rest."
        )
    if topology.state.s3 is not None:
        _make_bucket(sandbox, topology.state.s3)
    domain = topology.gateway.domain
    if domain is not None and domain.hosted_zone_id is not None:
        account = topology.accounts[topology.gateway.account]
        make_zone(session(sandbox, account.deploy_role, account.region), domain.hosted_zone_id, domain.name)


def _make_bucket(sandbox: "Sandbox", state: "S3State") -> None:
    s3 = session(sandbox, state.role, state.region).client("s3")
    if state.region == "us-east-1":  # the one region that must not be named
        s3.create_bucket(Bucket=state.bucket)
    else:
        s3.create_bucket(
            Bucket=state.bucket,
            # The topology's region is a string; the stubs list the regions of their day.
            CreateBucketConfiguration={"LocationConstraint": state.region},  # type: ignore[typeddict-item]
        )
    s3.put_bucket_versioning(Bucket=state.bucket, VersioningConfiguration={"Status": "Enabled"})


def issue_credentials(sandbox: "Sandbox", topology: "Topology") -> dict[str, str]:
    """Makes and keeps what clients of the deployed gateway call with; returns the variables that hold it."""
    account = topology.accounts[topology.gateway.account]
    # One client calls all gateways of an estate.
    known = {} if topology.view is None else client_credentials.kept(sandbox.directory)
    issued = client_credentials.issue(
        session(sandbox, account.deploy_role, account.region),
        topology.gateway,
        account.deploy_role,
        outputs(sandbox, topology, gateway_stack(topology)),
        {**known, **client_credentials.signed(sandbox.directory, topology.gateway)},
    )
    client_credentials.keep(sandbox.directory, issued)
    return issued


def outputs(sandbox: "Sandbox", topology: "Topology", stack: str) -> dict[str, Any]:
    """Returns the Terraform outputs of a deployed stack, from its state."""
    try:
        found = _state(sandbox, topology, stack)
    except (ClientError, FileNotFoundError) as error:
        raise UsageError(
            f"sandbox: stack {stack} is not deployed in it. Run `hatchway deploy` in it first."
        ) from error
    return {name: output["value"] for name, output in json.loads(found).get("outputs", {}).items()}


def _state(sandbox: "Sandbox", topology: "Topology", stack: str) -> bytes:
    if topology.state.s3 is None:
        return state_file(topology, stack).read_bytes()
    state = topology.state.s3
    s3 = session(sandbox, state.role, state.region).client("s3")
    return s3.get_object(Bucket=state.bucket, Key=state_key(topology, stack))["Body"].read()
