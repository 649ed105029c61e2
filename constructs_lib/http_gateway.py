"""The stack `gateway` with an HTTP API."""

from typing import TYPE_CHECKING

from cdktf import ITerraformDependable
from constructs import Construct

from constructs_lib.api_metrics import ApiMetrics
from constructs_lib.cors_preflight import CorsPolicy
from constructs_lib.custom_domain import Truststore
from constructs_lib.front_door import PUBLIC
from constructs_lib.gateway_stack import GatewayProps, GatewayStack
from constructs_lib.http_api import HttpApi, HttpApiProps
from constructs_lib.http_authorizers import HttpAuthorizers
from constructs_lib.http_domain import HttpDomain, HttpDomainProps
from constructs_lib.http_integration import HttpTarget
from constructs_lib.http_routes import HttpRoute, HttpRoutes, HttpRoutesProps
from constructs_lib.http_stage import HttpStage, HttpStageProps
from constructs_lib.stage_observability import StageObservability
from constructs_lib.stage_settings import Throttle
from hatchway.topology.http_routes import http_methods
from hatchway.topology.open_routes import OpenRoute, open_routes

if TYPE_CHECKING:
    from hatchway.topology.model import Domain, Service, Throttling, Topology


class HttpGateway(GatewayStack):
    """A public HTTP API with its authorizers, and per service a path that shares nothing with the others.

    Terraform: those of `GatewayStack`, `HttpApi`, `HttpAuthorizers`, `HttpRoutes`, `HttpStage` and
    `HttpDomain`; outputs also `api_id`; where there are any `clients_secret_arn` and
    `authorizer_secret_arns`.
    """

    def __init__(self, scope: Construct, name: str, topology: "Topology", props: GatewayProps) -> None:
        super().__init__(scope, name, topology, props)
        self._api = self._add_api()
        self._authorizers = HttpAuthorizers(
            self, "Authorizers", self._authorizers_props(self._api.execution_arn)
        )
        self._add_bulkheads()
        routes = [route for service in topology.services for route in self._add_routes(service)]
        self._stage = self._add_stage(routes)
        if self._declared.domain is not None:
            self._add_domain(self._declared.domain)
        self._add_watch(ApiMetrics.of_http_api(self._api_id, self._declared.stage))
        self._add_outputs(
            {
                "api_id": self._api_id,
                "stage_name": self._stage.stage_name,
                "clients_secret_arn": self._authorizers.clients_secret_arn,
                "authorizer_secret_arns": self._authorizers.named_secret_arns or None,
            }
        )

    @property
    def _api_id(self) -> str:
        return self._api.api_id

    def _add_api(self) -> HttpApi:
        declared = self._declared
        props = HttpApiProps(
            provider=self.provider(declared.account),
            name=declared.name or f"{self.topology.name}-gateway",
            cors=None if declared.cors is None else CorsPolicy(**declared.cors.model_dump()),
            closes_default_endpoint=self._is_closed,
        )
        return HttpApi(self, PUBLIC, props)

    def _add_routes(self, name: str) -> tuple[ITerraformDependable, ...]:
        service = self.topology.services[name]
        props = HttpRoutesProps(
            provider=self.provider(self._declared.account),
            api_id=self._api_id,
            path=service.path,
            routes=[self._route(service, route) for route in open_routes(service)],
            target=self._target(name),
            removed_headers=self._declared.removed_request_headers,
        )
        return tuple(HttpRoutes(Construct(self, f"Path-{name}"), name, props).routes)

    def _route(self, service: "Service", route: OpenRoute) -> HttpRoute:
        return HttpRoute(
            path=route.path,
            http_method=route.http_method,
            route_methods=http_methods(self.topology, service, route),
            admission=self._authorizers.admission(route.authorizer),
            timeout_milliseconds=route.timeout_milliseconds,
        )

    def _target(self, service: str) -> HttpTarget:
        private_api = self._props.private_apis[service]
        return HttpTarget(
            vpc_link_id=self._bulkheads[service].vpc_link_id,
            listener_arn=self._bulkheads[service].listener_arn,
            rest_api_id=private_api.rest_api_id,
            host=private_api.host,
            base=f"/{private_api.stage_name}{private_api.base_path}",
        )

    def _add_stage(self, routes: list[ITerraformDependable]) -> HttpStage:
        limits = {
            f"{method} {route.public_path}": _throttle(route.throttling)
            for service in self.topology.services.values()
            for route in open_routes(service)
            for method in http_methods(self.topology, service, route)
        }
        props = HttpStageProps(
            provider=self.provider(self._declared.account),
            api_id=self._api_id,
            stage_name=self._declared.stage,
            observability=StageObservability.of(self.topology, self._declared.account),
            throttle=_throttle(self._declared.throttling),
            route_throttles={key: limit for key, limit in limits.items() if limit is not None},
            routes=routes,
        )
        return HttpStage(Construct(self, "Stage"), PUBLIC, props)

    def _add_domain(self, declared: "Domain") -> None:
        tls = declared.mutual_tls
        props = HttpDomainProps(
            provider=self.provider(self._declared.account),
            name=declared.name,
            api_id=self._api_id,
            stage_name=self._stage.stage_name,
            certificate_arn=declared.certificate_arn,
            hosted_zone_id=declared.hosted_zone_id,
            base_path=declared.base_path.strip("/") or None,
            security_policy=declared.security_policy,
            truststore=None
            if tls is None
            else Truststore(uri=tls.truststore_uri, version=tls.truststore_version),
        )
        HttpDomain(Construct(self, "Domain"), PUBLIC, props)


def _throttle(declared: "Throttling | None") -> Throttle | None:
    if declared is None:
        return None
    return Throttle(rate_per_second=declared.rate_per_second, burst=declared.burst)
