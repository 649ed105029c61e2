"""An authorizer of one's own: lets partners in whose token has the right form.

A real one would ask whoever issued the token. Its answer covers the method that was asked for, which is why
the topology sets `result_ttl_seconds: 0`: a kept answer would refuse the token on the next route.
"""

from typing import Any


class UnauthorizedError(Exception):
    """Refuses the caller: API Gateway answers 401 if the text is this and no other."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answers API Gateway's question (Lambda authorizer of type TOKEN)."""
    if not event["authorizationToken"].startswith("partner-"):
        raise UnauthorizedError
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    return {
        "principalId": "partner",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
