"""A method that takes requests without authorization."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import references


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMethodProps:
    """Where a method is; props of what answers there extend it."""

    provider: AwsProvider
    """Provider of the account of the API."""
    rest_api_id: str
    """The API."""
    resource_id: str
    """Resource of the path."""
    http_method: str
    """HTTP method, or ANY."""


class OpenMethod(Construct):
    """A method that lets every request through: who gets here is settled before.

    Terraform: `aws_api_gateway_method`.
    """

    def __init__(
        self, scope: Construct, id_: str, props: OpenMethodProps, variables: Sequence[str] = ()
    ) -> None:
        super().__init__(scope, id_)
        required = {f"method.request.path.{name}": True for name in variables}
        self._method = ApiGatewayMethod(
            self,
            "Method",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=props.http_method,
            authorization="NONE",
            request_parameters=required or None,
        )
        self._definition = references(
            self._method,
            "resource_id",
            "http_method",
            "authorization",
            *(["request_parameters"] if required else []),
        )

    @property
    def http_method(self) -> str:
        """The method as a reference, so that what answers waits for it."""
        return self._method.http_method

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the method consists of, for the redeployment trigger."""
        return self._definition
