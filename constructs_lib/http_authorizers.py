"""The authorizers of the public HTTP API, by name."""

from typing import TYPE_CHECKING

from constructs_lib.admission import Admission
from constructs_lib.authorizers import Authorizers
from constructs_lib.http_lambda_authorizer import HttpLambdaAuthorizer
from constructs_lib.jwt_authorizer import JwtAuthorizer, JwtAuthorizerProps

if TYPE_CHECKING:
    from hatchway.topology.model import Authorizer


class HttpAuthorizers(Authorizers):
    """Every authorizer that is declared, and what each means for a route.

    Terraform: those of `HttpLambdaAuthorizer`, `JwtAuthorizer` and `UserFunction`. The default one's address
    is `aws_apigatewayv2_authorizer.authorizer`, that of one named `partners`
    `aws_apigatewayv2_authorizer.authorizer_partners`. AWS_IAM needs no resource.
    """

    _lambda_authorizer = HttpLambdaAuthorizer

    def _add(self, id_: str, name: str, declared: "Authorizer") -> Admission:
        if declared.jwt is None:
            return super()._add(id_, name, declared)
        props = JwtAuthorizerProps(
            provider=self._props.provider,
            api_id=self._props.api_id,
            name=name,
            issuer=declared.jwt.issuer,
            audience=declared.jwt.audience,
            scopes=declared.jwt.scopes,
        )
        return JwtAuthorizer(self, id_, props).admission
