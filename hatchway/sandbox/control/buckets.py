"""S3 buckets: policies and lifecycles."""

import json
from typing import Any

from moto.s3 import models, responses

from hatchway.sandbox.control.patching import around

__all__ = ["install"]


def install() -> None:
    """Corrects moto's buckets."""
    around(models.FakeBucket, "get_permission", _conditions_are_not_taken_for_true)
    around(models.FakeBucket, "set_lifecycle", _a_rule_keeps_newer_versions)
    around(responses.S3Response, "get_bucket_lifecycle", _a_rule_shows_newer_versions)


def _conditions_are_not_taken_for_true(original: Any, bucket: Any, action: str, resource: str) -> Any:
    """Leaves out statements with conditions, which moto cannot judge and takes for a denial.

    A bucket that denies what does not come over TLS would deny everything.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    Goes when moto judges conditions of bucket policies.
    """
    whole = bucket.policy
    if not whole:
        return original(bucket, action, resource)
    policy = json.loads(whole)
    statements = policy.get("Statement") or []
    statements = statements if isinstance(statements, list) else [statements]
    plain = [statement for statement in statements if not statement.get("Condition")]
    bucket.policy = json.dumps({**policy, "Statement": plain}).encode()
    try:
        return original(bucket, action, resource)
    finally:
        bucket.policy = whole


def _a_rule_keeps_newer_versions(original: Any, bucket: Any, rules: list[dict[str, Any]]) -> None:
    """Keeps `NewerNoncurrentVersions` of an expiration, which moto drops; goes when it keeps it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html
    """
    original(bucket, rules)
    for made, given in zip(bucket.rules, rules, strict=True):
        made.sandbox_newer_versions = (given.get("NoncurrentVersionExpiration") or {}).get(
            "NewerNoncurrentVersions"
        )


def _a_rule_shows_newer_versions(original: Any, response: Any) -> Any:
    """Returns what was kept; goes with it."""
    rules = response.backend.get_bucket_lifecycle(response.bucket_name)
    serialize = response.serialized

    def completed(result: Any) -> Any:
        for shown, kept in zip(result.result["Rules"], rules, strict=True):
            newer = getattr(kept, "sandbox_newer_versions", None)
            if newer is not None:
                shown["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = newer
        return serialize(result)

    response.serialized = completed
    try:
        return original(response)
    finally:
        del response.serialized
