"""The routes of one service on the public HTTP API."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.apigatewayv2_route import Apigatewayv2Route
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import Admission
from constructs_lib.http_integration import HttpIntegration, HttpIntegrationProps, HttpTarget
from constructs_lib.names import path_slug
from hatchway.topology.open_routes import joined


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """What is open on one path, in one way."""

    path: str
    """Path below the service's, '/' for that itself."""
    http_method: str
    """HTTP method, or ANY."""
    route_methods: Sequence[str]
    """Methods of the routes that it takes; the method itself, or what ANY stands for."""
    admission: Admission
    """Who may call."""
    timeout_milliseconds: int
    """How long to wait for the private API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoutesProps:
    """What `HttpRoutes` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    api_id: str
    """The public API."""
    path: str
    """Path of the service, '/' for everything."""
    routes: Sequence[HttpRoute]
    """What is open, and nothing else."""
    target: HttpTarget
    """Where requests go."""
    removed_headers: Sequence[str] = ()
    """Headers of callers that are not handed on."""


class HttpRoutes(Construct):
    """What is open of a service.

    Terraform: `aws_apigatewayv2_route`, and those of `HttpIntegration`. An open path takes two routes, since
    `{proxy+}` does not match the path itself. A route's address is made of its method and path alone:
    `aws_apigatewayv2_route.orders_get_items`.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    """

    def __init__(self, scope: Construct, id_: str, props: HttpRoutesProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._integrations = Construct(self, "Integrations")
        self._places = Construct(self, "Routes")
        self._routes = [added for route in props.routes for added in self._add(route)]

    @property
    def routes(self) -> Sequence[ITerraformDependable]:
        """The routes, as something to wait for."""
        return tuple(self._routes)

    def _add(self, route: HttpRoute) -> list[Apigatewayv2Route]:
        props = HttpIntegrationProps(
            provider=self._props.provider,
            api_id=self._props.api_id,
            target=self._props.target,
            http_method=route.http_method,
            private_path=route.path.removeprefix("/"),
            timeout_milliseconds=route.timeout_milliseconds,
            removed_headers=self._props.removed_headers,
        )
        integration = HttpIntegration(self._integrations, _name(route.http_method, route.path), props)
        return [self._add_route(method, route, integration) for method in route.route_methods]

    def _add_route(self, method: str, route: HttpRoute, integration: HttpIntegration) -> Apigatewayv2Route:
        return Apigatewayv2Route(
            Construct(self._places, _name(method, route.path)),
            "Route",
            provider=self._props.provider,
            api_id=self._props.api_id,
            route_key=f"{method} {joined(self._props.path, route.path)}",
            target=integration.target,
            authorization_type=route.admission.authorization,
            authorizer_id=route.admission.authorizer_id,
            authorization_scopes=list(route.admission.scopes) or None,
        )


def _name(method: str, path: str) -> str:
    return "_".join(filter(None, (method.lower(), path_slug(path))))
