"""What clients of the deployed gateway call with, as the variables that `hatchway verify` reads."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3

    from hatchway.topology.model import Authorizer, Gateway

__all__ = ["API_KEY", "CALLER_ROLE", "TOKEN", "issue", "keep", "kept", "signed", "without_rivals"]

TOKEN = "HATCHWAY_TOKEN"  # noqa: S105 - the name of a variable
API_KEY = "HATCHWAY_API_KEY"
CALLER_ROLE = "HATCHWAY_CALLER_ROLE"
PRINCIPAL = "sandbox"
"""The name under which the sandbox's tokens are known to the authorizers."""
_FILE = "credentials.json"


def issue(
    session: "boto3.Session",
    gateway: "Gateway",
    deploy_role: str | None,
    outputs: Mapping[str, Any],
    known: Mapping[str, str],
) -> dict[str, str]:
    """Makes what the deployed gateway asks for, and lets its authorizers know it; returns the variables.

    A bearer token for each of Hatchway's own authorizers, an API key of a usage plan, and the role to sign
    requests as. What asks somebody else, such as an issuer of tokens, is left out; see `signed`.

    Args:
        session: Reaches the gateway's account.
        gateway: As declared.
        deploy_role: Role of the gateway's account.
        outputs: Terraform outputs of the gateway's stack.
        known: What other gateways know already: a token in it is made known here too.
    """
    issued = dict(known)
    default = outputs.get("clients_secret_arn")
    if default is not None:
        issued[TOKEN] = _token(session, default, issued.get(TOKEN))
    for name, secret_arn in outputs.get("authorizer_secret_arns", {}).items():
        variable = _variable(name)
        issued[variable] = _token(session, secret_arn, issued.get(variable))
    plans = outputs.get("api_key_ids", {})
    key_id = next((key for keys in plans.values() for key in keys.values()), None)
    if key_id is not None:
        api_gateway = session.client("apigateway")
        issued[API_KEY] = api_gateway.get_api_key(apiKey=key_id, includeValue=True)["value"]
    authorizers = [*gateway.authorizers.values(), gateway.authorizer]
    if deploy_role is not None and any(it != "none" and it.iam is not None for it in authorizers):
        issued[CALLER_ROLE] = deploy_role
    return issued


def signed(directory: Path, gateway: "Gateway") -> dict[str, str]:
    """Returns tokens of the issuers that the sandbox stands in for, by variable."""
    from hatchway.sandbox import issuer  # noqa: PLC0415 - slow to import, and few gateways have one

    authorizers: dict[str, Authorizer] = {_variable(name): it for name, it in gateway.authorizers.items()}
    if gateway.authorizer != "none":
        authorizers[TOKEN] = gateway.authorizer
    return {
        variable: issuer.token(directory, it.jwt.issuer, it.jwt.audience[0], it.jwt.scopes)
        for variable, it in authorizers.items()
        if it.jwt is not None and issuer.is_ours(it.jwt.issuer)
    }


def _variable(authorizer: str) -> str:
    """The variable that holds the token for a named authorizer."""
    return f"{TOKEN}_{authorizer.upper().replace('-', '_')}"


def keep(directory: Path, issued: Mapping[str, str]) -> None:
    """Writes the variables into the sandbox's folder, readable by the user alone."""
    path = directory / _FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(issued, file)


def kept(directory: Path) -> dict[str, str]:
    """Returns the variables that were written; none if nothing was issued yet."""
    try:
        found: dict[str, str] = json.loads((directory / _FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def without_rivals(environ: Mapping[str, str], issued: Mapping[str, str]) -> dict[str, str]:
    """Returns an environment without what would give in another way what was issued."""
    rivals = {name + ending for name in issued for ending in ("", "_FILE", "_COMMAND")}
    return {name: value for name, value in environ.items() if name not in rivals}


def _token(session: "boto3.Session", secret_arn: str, token: str | None) -> str:
    """Puts the digest of a token, by default a fresh random one, into a clients secret; returns the token."""
    client = session.client("secretsmanager")
    token = token or secrets.token_urlsafe(32)
    try:
        known = json.loads(client.get_secret_value(SecretId=secret_arn)["SecretString"])
    except client.exceptions.ResourceNotFoundException:
        known = {}
    known[PRINCIPAL] = hashlib.sha256(token.encode()).hexdigest()
    client.put_secret_value(SecretId=secret_arn, SecretString=json.dumps(known))
    return token
