"""The PRIVATE REST API of a service, made of declared routes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_rest_api_policy import ApiGatewayRestApiPolicy
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.allowed_callers import AllowedCallers
from constructs_lib.backend_functions import BackendFunctions, BackendFunctionsProps
from constructs_lib.deployed_stage import DeployedStage, DeployedStageProps, references
from constructs_lib.http_route import HttpRoute, HttpRouteProps
from constructs_lib.lambda_route import LambdaRoute, LambdaRouteProps
from constructs_lib.log_group import LogSettings
from constructs_lib.mock_route import MockRoute, MockRouteProps
from constructs_lib.names import path_slug
from constructs_lib.private_route import HttpAnswer, MockAnswer, PrivateRoute
from constructs_lib.resource_tree import ResourceTree, ResourceTreeProps
from constructs_lib.rest_api_reference import RestApiReference
from constructs_lib.stage_observability import StageObservability


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateRestApiProps:
    """What `PrivateRestApi` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    name: str
    """Name of the API, and start of the names of its functions."""
    vpc_endpoint_id: str
    """The endpoint that it is associated with."""
    callers: AllowedCallers
    """Who may call it."""
    stage_name: str
    """Name of its stage."""
    routes: Sequence[PrivateRoute]
    """Its methods."""
    sources: Path = Path()
    """Folder that paths of functions' source folders begin at."""
    staging: Path = Path()
    """Folder for functions' packages until synth copies them; the caller removes it. Not used without any."""
    logs: LogSettings = field(default_factory=LogSettings)
    """How functions' logs are kept."""
    observability: StageObservability | None = None
    """What is logged, measured and traced; None for nothing."""


class _Place(TypedDict):
    """Where a route is, as the props of each kind of route name it."""

    provider: AwsProvider
    rest_api_id: str
    resource_id: str
    http_method: str


class PrivateRestApi(Construct):
    """A REST API that answers requests from its allowed callers, and none else.

    Terraform: `aws_api_gateway_rest_api`, `aws_api_gateway_rest_api_policy`, and those of
    `ResourceTree`, `MockRoute`, `LambdaRoute`, `HttpRoute`, `BackendFunctions` and `DeployedStage`.
    """

    def __init__(self, scope: Construct, id_: str, props: PrivateRestApiProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._api = ApiGatewayRestApi(
            self,
            "RestApi",
            provider=props.provider,
            name=props.name,
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(
                types=["PRIVATE"], vpc_endpoint_ids=[props.vpc_endpoint_id]
            ),
        )
        policy = ApiGatewayRestApiPolicy(
            self,
            "Policy",
            provider=props.provider,
            rest_api_id=self._api.id,
            policy=props.callers.render(f"{self._api.execution_arn}/*"),
        )
        self._resources = self._add_resources()
        self._functions = self._add_functions()
        routes = [part for route in props.routes for part in self._add_route(route)]
        self._stage = DeployedStage(
            self,
            "DeployedStage",
            DeployedStageProps(
                provider=props.provider,
                rest_api_id=self._api.id,
                stage_name=props.stage_name,
                definition=(*references(policy, "policy"), *self._resources.definition, *routes),
                serves_through=self._functions.permissions,
                observability=props.observability,
            ),
        )

    @property
    def reference(self) -> RestApiReference:
        """The API as others use it."""
        return RestApiReference(
            rest_api_id=self._api.id,
            execution_arn=self._api.execution_arn,
            stage_name=self._stage.stage_name,
        )

    def _add_resources(self) -> ResourceTree:
        props = ResourceTreeProps(
            provider=self._props.provider,
            rest_api_id=self._api.id,
            root_resource_id=self._api.root_resource_id,
        )
        return ResourceTree(self, "Resources", props)

    def _add_functions(self) -> BackendFunctions:
        props = BackendFunctionsProps(
            provider=self._props.provider,
            name=self._props.name,
            execution_arn=self._api.execution_arn,
            stage_name=self._props.stage_name,
            sources=self._props.sources,
            staging=self._props.staging,
            logs=self._props.logs,
        )
        return BackendFunctions(self, "Functions", props)

    def _add_route(self, route: PrivateRoute) -> tuple[str, ...]:
        """Adds a method with what answers; the result is its part of the deployment's definition."""
        id_ = "_".join(filter(None, (route.http_method.lower(), path_slug(route.path))))
        place = _Place(
            provider=self._props.provider,
            rest_api_id=self._api.id,
            resource_id=self._resources.resource_id(route.path),
            http_method=route.http_method,
        )
        answer = route.answer
        if isinstance(answer, MockAnswer):
            mock = MockRouteProps(**place, status=answer.status, body=answer.body)
            return MockRoute(self, id_, mock).definition
        if isinstance(answer, HttpAnswer):
            http = HttpRouteProps(
                **place, path=route.path, url=answer.url, timeout_milliseconds=answer.timeout_milliseconds
            )
            return HttpRoute(self, id_, http).definition
        function = LambdaRouteProps(**place, invoke_arn=self._functions.invoke_arn(answer))
        return LambdaRoute(self, id_, function).definition
