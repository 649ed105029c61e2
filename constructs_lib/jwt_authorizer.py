"""An authorizer that checks tokens of an OpenID Connect issuer."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.apigatewayv2_authorizer import (
    Apigatewayv2Authorizer,
    Apigatewayv2AuthorizerJwtConfiguration,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import Admission


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtAuthorizerProps:
    """What `JwtAuthorizer` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    api_id: str
    """The public API."""
    name: str
    """Name of the authorizer."""
    issuer: str
    """The issuer, as in the token's claim `iss`."""
    audience: Sequence[str]
    """Values of the claim `aud`, or of `client_id` where that is missing, of which one has to match."""
    scopes: Sequence[str] = ()
    """Scopes of which a token needs one."""


class JwtAuthorizer(Construct):
    """Lets in who has a token of the issuer; API Gateway fetches the issuer's keys over the internet.

    Terraform: `aws_apigatewayv2_authorizer`.
    Without scopes any token of the issuer for the audience is accepted, ID tokens too.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
    """

    def __init__(self, scope: Construct, id_: str, props: JwtAuthorizerProps) -> None:
        super().__init__(scope, id_)
        self._scopes = tuple(props.scopes)
        self._authorizer = Apigatewayv2Authorizer(
            self,
            "Authorizer",
            provider=props.provider,
            api_id=props.api_id,
            name=props.name,
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            jwt_configuration=Apigatewayv2AuthorizerJwtConfiguration(
                issuer=props.issuer, audience=list(props.audience)
            ),
        )

    @property
    def admission(self) -> Admission:
        """What a route needs to ask this authorizer."""
        return Admission(authorization="JWT", authorizer_id=self._authorizer.id, scopes=self._scopes)
