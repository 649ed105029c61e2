"""Runs as a CloudWatch Synthetics canary: sends the checks of a topology to the public API.

`checks.json` lies beside it: a list of `{"request", "service", "status", "json"}`. A check that is not
answered as expected fails the run, once all of them have been sent. No credential is ever logged.
"""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

API_ID_HEADER = "x-apigw-api-id"
SECONDS = 30
LARGEST_BODY = 1024 * 1024


class CheckFailedError(Exception):
    """At least one check was not answered as expected."""


def handler(_event: object, _context: object) -> str:
    """Sends every check; raises if one was not answered as expected."""
    checks = json.loads((Path(__file__).parent / "checks.json").read_text(encoding="utf-8"))
    headers = _authorization(os.environ.get("SECRET_ARN"))
    api_ids = json.loads(os.environ.get("API_IDS") or "{}")
    failures = []
    for check in checks:
        api_id = api_ids.get(check["service"])
        sent = {**headers, **({API_ID_HEADER: api_id} if api_id else {})}
        found = _failure(os.environ["PUBLIC_URL"], check, sent)
        print(json.dumps({"request": check["request"], "service": check["service"], "failure": found}))  # noqa: T201 -- its log
        if found is not None:
            failures.append(f"{check['service']}: {check['request']} {found}")
    if failures:
        raise CheckFailedError("; ".join(failures))
    return f"{len(checks)} checks passed"


def _failure(public_url: str, check: Mapping[str, Any], headers: dict[str, str]) -> str | None:
    method, path = check["request"].split(" ", 1)
    # Terraform wrote the URL: it is https.
    request = urllib.request.Request(public_url.rstrip("/") + path, method=method, headers=headers)  # noqa: S310
    try:
        status, body = _answer(request)
    except OSError as error:
        return f"was not answered: {type(error).__name__}"
    if status != check["status"]:
        return f"answered {status}, not {check['status']}"
    if check["json"] is not None and not _contains(_parsed(body), check["json"]):
        return "answered with another body than expected"
    return None


def _contains(found: object, wanted: object) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(key in found and _contains(found[key], value) for key, value in wanted.items())
    return found == wanted


def _answer(request: urllib.request.Request) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310 -- as above
            return response.status, response.read(LARGEST_BODY)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(LARGEST_BODY)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _authorization(secret_arn: str | None) -> dict[str, str]:
    if not secret_arn:
        return {}
    import boto3  # noqa: PLC0415 -- takes half a second, and not every canary has a secret

    secret = boto3.client("secretsmanager").get_secret_value(SecretId=secret_arn)["SecretString"]
    return {"Authorization": f"Bearer {secret.strip()}"}
