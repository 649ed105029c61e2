"""An authorizer that takes tokens of Cognito user pools."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import Admission
from constructs_lib.deployed_stage import references

KIND = "COGNITO_USER_POOLS"
IDENTITY_SOURCE = "method.request.header.Authorization"
ARGUMENTS = ("name", "type", "identity_source", "provider_arns", "authorizer_result_ttl_in_seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoAuthorizerProps:
    """What `CognitoAuthorizer` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    rest_api_id: str
    """The public API."""
    name: str
    """Name of the authorizer."""
    user_pool_arns: Sequence[str]
    """User pools whose tokens are taken."""
    scopes: Sequence[str] = ()
    """Scopes of which an access token needs one; with none, ID tokens are taken."""
    result_ttl_seconds: int = 300
    """How long API Gateway reuses an answer for the same token."""


class CognitoAuthorizer(Construct):
    """Tokens of Cognito user pools, checked by API Gateway itself.

    Terraform: `aws_api_gateway_authorizer`. The pools exist; nothing of them is changed.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
    """

    def __init__(self, scope: Construct, id_: str, props: CognitoAuthorizerProps) -> None:
        super().__init__(scope, id_)
        self._scopes = tuple(props.scopes)
        self._authorizer = ApiGatewayAuthorizer(
            self,
            "Authorizer",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            name=props.name,
            type=KIND,
            identity_source=IDENTITY_SOURCE,
            provider_arns=list(props.user_pool_arns),
            authorizer_result_ttl_in_seconds=props.result_ttl_seconds,
        )

    @property
    def admission(self) -> Admission:
        """What a method needs to ask this authorizer."""
        return Admission(authorization=KIND, authorizer_id=self._authorizer.id, scopes=self._scopes)

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what a deployment is a snapshot of."""
        return references(self._authorizer, *ARGUMENTS)
