"""Who may call a method of the public API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """How API Gateway decides whether a caller may pass.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
    """

    authorization: str
    """NONE, CUSTOM, COGNITO_USER_POOLS or AWS_IAM."""
    authorizer_id: str | None = None
    """Authorizer to ask, with CUSTOM and COGNITO_USER_POOLS."""
    scopes: tuple[str, ...] = ()
    """OAuth scopes of which the token needs one, with COGNITO_USER_POOLS."""


EVERYONE = Admission(authorization="NONE")
SIGNED_REQUESTS = Admission(authorization="AWS_IAM")
