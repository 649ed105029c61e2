"""Who may enter: `gateway.authorizer`, and the named ones under `gateway.authorizers`."""

from typing import ClassVar, Literal

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.model.functions import LambdaFunction
from hatchway.topology.values import HeaderName, HttpsUrl, OAuthScope, UserPoolArn


class LambdaAuthorizer(Declared):
    """A Lambda authorizer: Hatchway's own handler, or a function of yours.

    Hatchway's checks bearer tokens against digests in Secrets Manager.
    """

    type: Literal["request", "token"] = Field(
        examples=["token"],
        default="request",
        description="What the function receives: the whole request, or the token of one header.",
    )
    function: LambdaFunction | None = Field(
        default=None, description="Your own function. Default: Hatchway's handler."
    )
    identity_header: HeaderName = Field(
        examples=["X-Partner-Token"],
        default="Authorization",
        description="Header that carries the credential. Requests without it are answered 401 at once.",
    )
    identity_pattern: str | None = Field(
        examples=["^Bearer [A-Za-z0-9._~+/-]+=*$"],
        default=None,
        description="With type 'token': a pattern that the header has to match, else 401 without a call.",
    )
    result_ttl_seconds: int = Field(
        examples=[60],
        default=300,
        ge=0,
        le=3600,
        description=(
            "How long API Gateway reuses an answer for a token. A revoked token works that much longer."
        ),
    )
    timeout_seconds: int = Field(
        examples=[10], default=5, ge=1, le=29, description="Time limit of Hatchway's function."
    )
    memory_megabytes: int = Field(
        examples=[512], default=256, ge=128, le=10240, description="Memory of Hatchway's function."
    )


class CognitoAuthorizer(Declared):
    """Tokens of Cognito user pools that exist. REST API only; an HTTP API takes `jwt`."""

    user_pool_arns: tuple[UserPoolArn, ...] = Field(
        examples=[["arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEf123"]],
        min_length=1,
        strict=False,
        description="ARNs of the user pools.",
    )
    scopes: tuple[OAuthScope, ...] = Field(
        examples=[["orders/read"]],
        default=(),
        strict=False,
        description="Scopes of which an access token needs one. Without any, ID tokens are accepted.",
    )
    result_ttl_seconds: int = Field(
        examples=[60], default=300, ge=0, le=3600, description="How long API Gateway reuses an answer."
    )


class JwtAuthorizer(Declared):
    """Tokens of an OpenID Connect issuer. HTTP API only."""

    issuer: HttpsUrl = Field(
        examples=["https://id.example.com/"], description="The issuer, as in the token's claim `iss`."
    )
    audience: tuple[str, ...] = Field(
        examples=[["orders-clients"]],
        min_length=1,
        strict=False,
        description="Values of the claim `aud` (or `client_id`), of which one has to match.",
    )
    scopes: tuple[OAuthScope, ...] = Field(
        examples=[["orders/read"]],
        default=(),
        strict=False,
        description="Scopes of which a token needs one.",
    )


class IamAuthorizer(Declared):
    """Requests signed with AWS credentials (SigV4) whose IAM policy allows `execute-api:Invoke`."""


class Authorizer(Declared):
    """Who may enter. Exactly one of the four. To let everyone in, write `authorizer: none`."""

    choices: ClassVar[tuple[str, ...]] = ("lambda", "cognito", "jwt", "iam")

    lambda_: LambdaAuthorizer | None = Field(
        default=None, alias="lambda", description="A Lambda function decides."
    )
    cognito: CognitoAuthorizer | None = Field(default=None, description="Cognito user pools (REST API).")
    jwt: JwtAuthorizer | None = Field(default=None, description="An OpenID Connect issuer (HTTP API).")
    iam: IamAuthorizer | None = Field(examples=[{}], default=None, description="AWS credentials.")
