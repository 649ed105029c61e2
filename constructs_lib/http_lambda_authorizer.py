"""A Lambda authorizer of the public HTTP API."""

from cdktf_cdktf_provider_aws.apigatewayv2_authorizer import Apigatewayv2Authorizer

from constructs_lib.lambda_authorizer import LambdaAuthorizer

# So a function of a REST API is one of an HTTP API: the event is the same, and so is the policy it answers.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
PAYLOAD_FORMAT_VERSION = "1.0"
ROUTE_IDENTITY = ("$context.httpMethod", "$context.path")


class HttpLambdaAuthorizer(LambdaAuthorizer):
    """A function decides who may pass: Hatchway's, which checks bearer tokens, or the user's.

    Terraform: `aws_apigatewayv2_authorizer` in place of the REST API's, and what else `LambdaAuthorizer` has.
    Requests without the header are answered 401 without a call; who is refused gets 403. There is no
    authorizer of type 'token', and no pattern.
    """

    def _add_authorizer(self, invoke_arn: str) -> tuple[str, tuple[str, ...]]:
        props = self._props
        authorizer = Apigatewayv2Authorizer(
            self,
            "Authorizer",
            provider=props.provider,
            api_id=props.rest_api_id,
            name=props.name,
            authorizer_type="REQUEST",
            authorizer_uri=invoke_arn,
            authorizer_payload_format_version=PAYLOAD_FORMAT_VERSION,
            enable_simple_responses=False,
            identity_sources=self._identity_sources(
                f"$request.header.{props.identity_header}", ROUTE_IDENTITY
            ),
            authorizer_result_ttl_in_seconds=props.result_ttl_seconds,
        )
        return authorizer.id, ()
