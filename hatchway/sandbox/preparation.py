"""What has to be in an account besides what Terraform deploys: state bucket, organization, credential."""

import hashlib
import json
import os
import secrets
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from hatchway.errors import UsageError
from hatchway.topology import state_key

if TYPE_CHECKING:
    from hatchway.sandbox import Sandbox
    from hatchway.topology.model import Topology

__all__ = ["issue_credential", "outputs", "prepare", "session"]

PRINCIPAL = "sandbox"
"""The name under which the sandbox's token is known to the authorizer."""


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
    """Makes the bucket that the topology keeps its Terraform state in."""
    state = topology.state
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


def issue_credential(sandbox: "Sandbox", topology: "Topology") -> str | None:
    """Puts the digest of a fresh random token into the deployed clients secret; returns the token."""
    secret_arn = outputs(sandbox, topology, "gateway").get("clients_secret_arn")
    if secret_arn is None:
        return None
    account = topology.accounts[topology.gateway.account]
    client = session(sandbox, account.deploy_role, account.region).client("secretsmanager")
    token = secrets.token_urlsafe(32)
    try:
        known = json.loads(client.get_secret_value(SecretId=secret_arn)["SecretString"])
    except client.exceptions.ResourceNotFoundException:
        known = {}
    known[PRINCIPAL] = hashlib.sha256(token.encode()).hexdigest()
    client.put_secret_value(SecretId=secret_arn, SecretString=json.dumps(known))
    _write_privately(sandbox, token)
    return token


def _write_privately(sandbox: "Sandbox", token: str) -> None:
    path = sandbox.directory / "token"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)


def outputs(sandbox: "Sandbox", topology: "Topology", stack: str) -> dict[str, Any]:
    """Returns the Terraform outputs of a deployed stack, from its state."""
    state = topology.state
    s3 = session(sandbox, state.role, state.region).client("s3")
    try:
        found = s3.get_object(Bucket=state.bucket, Key=state_key(topology, stack))["Body"].read()
    except ClientError as error:
        raise UsageError(
            f"sandbox: stack {stack} is not deployed in it. Run `hatchway deploy` in it first."
        ) from error
    return {name: output["value"] for name, output in json.loads(found).get("outputs", {}).items()}
