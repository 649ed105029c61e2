"""Answers to browsers that ask whether a page may call."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.mock_route import MockRoute, MockRouteProps

OPTIONS = "OPTIONS"
NO_CONTENT = 204
ANY_ORIGIN = "*"
CALLERS_ORIGIN = "method.request.header.Origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorsPolicy:
    """Which pages may call, and how.

    https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    allow_origins: Sequence[str]
    """Origins, or '*' alone."""
    allow_methods: Sequence[str]
    """Methods that pages may use."""
    allow_headers: Sequence[str]
    """Request headers that pages may set."""
    expose_headers: Sequence[str] = ()
    """Answer headers that pages may read."""
    max_age_seconds: int
    """How long browsers keep the answer."""
    allow_credentials: bool = False
    """Whether cookies and credentials may be sent."""

    @property
    def fixed_origin(self) -> str | None:
        """The one origin that can be answered to everyone; None where it depends on the caller."""
        return self.allow_origins[0] if len(self.allow_origins) == 1 else None

    @property
    def error_headers(self) -> dict[str, str]:
        """Headers with which API Gateway's own errors can be read by pages, as parameter mappings.

        An answer of API Gateway itself has no condition, so with several origins the caller's own is named:
        such an answer holds nothing of a private API. Credentials are only confirmed to a fixed origin.
        """
        origin = CALLERS_ORIGIN if self.fixed_origin is None else f"'{self.fixed_origin}'"
        confirmed = self.allow_credentials and self.fixed_origin is not None
        return {
            "Access-Control-Allow-Origin": origin,
            **({"Access-Control-Allow-Credentials": "'true'"} if confirmed else {}),
            **({"Vary": "'Origin'"} if self.fixed_origin != ANY_ORIGIN else {}),
        }

    @property
    def preflight_headers(self) -> dict[str, str]:
        """Headers of the answer to a preflight request that do not depend on the caller."""
        origin = {} if self.fixed_origin is None else {"Access-Control-Allow-Origin": self.fixed_origin}
        return {
            **origin,
            "Access-Control-Allow-Methods": ",".join(self.allow_methods),
            "Access-Control-Allow-Headers": ",".join(self.allow_headers),
            "Access-Control-Max-Age": str(self.max_age_seconds),
            **({"Access-Control-Allow-Credentials": "true"} if self.allow_credentials else {}),
            **(
                {"Access-Control-Expose-Headers": ",".join(self.expose_headers)}
                if self.expose_headers
                else {}
            ),
            **({"Vary": "Origin"} if self.fixed_origin != ANY_ORIGIN else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CorsPreflightProps:
    """What `CorsPreflight` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    rest_api_id: str
    """The API."""
    resource_id: str
    """Resource of the path."""
    policy: CorsPolicy
    """Which pages may call, and how."""


class CorsPreflight(Construct):
    """OPTIONS on a path, answered by API Gateway itself and open to everyone.

    Terraform: those of `MockRoute`.
    Browsers send no credentials with a preflight request, so it has no authorizer. With several origins a
    template compares the caller's with the list and names that one alone.
    The request's body is taken for text, since MOCK reads no template where `*/*` is binary.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
    """

    def __init__(self, scope: Construct, id_: str, props: CorsPreflightProps) -> None:
        super().__init__(scope, id_)
        answer = MockRouteProps(
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=OPTIONS,
            status=NO_CONTENT,
            body=None,
            headers=props.policy.preflight_headers,
            template=_origin_template(props.policy),
            content_handling="CONVERT_TO_TEXT",
        )
        self._definition = MockRoute(self, "Answer", answer).definition

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what a deployment is a snapshot of."""
        return self._definition


def _origin_template(policy: CorsPolicy) -> str | None:
    """Renders a template that names the caller's origin if it is one of the policy's.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
    """
    if policy.fixed_origin is not None:
        return None
    listed = " || ".join(f'$origin == "{origin}"' for origin in policy.allow_origins)
    # Clients of HTTP/2 send names in lower case.
    return "\n".join(
        (
            '#set($origin = $input.params().header.get("Origin"))',
            '#if(!$origin)#set($origin = $input.params().header.get("origin"))#end',
            f"#if({listed})",
            "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)",
            "#end",
        )
    )
