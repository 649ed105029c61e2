"""The stack `gateway`: the public API and the way from it to each service."""

from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.api_metrics import ApiMetrics
from constructs_lib.authorizers import Authorizers
from constructs_lib.bulkhead import Bulkhead
from constructs_lib.cors_preflight import CorsPolicy
from constructs_lib.front_door import FrontDoor, FrontDoorProps
from constructs_lib.gateway_stack import GatewayProps, GatewayStack
from constructs_lib.public_answers import PublicAnswers, PublicAnswersProps
from constructs_lib.public_method import PrivateTarget
from constructs_lib.public_rest_api import PublicRestApi, PublicRestApiProps, PublicStage
from constructs_lib.public_routes import PublicRoutes, PublicRoutesProps, Route
from constructs_lib.stage_observability import StageObservability
from constructs_lib.stage_settings import ALL_METHODS, Throttle
from hatchway.topology.open_routes import OpenRoute, has_to_be_closed, is_open_as_a_whole, open_routes
from hatchway.topology.vpc_links import uses_links_of_version_2

if TYPE_CHECKING:
    from hatchway.topology.model import Topology


class Gateway(GatewayStack):
    """A public REST API with its authorizers, and per service a path that shares nothing with the others.

    Terraform: those of `GatewayStack`, `PublicRestApi`, `Authorizers`, `PublicRoutes`, `PublicAnswers` and
    `FrontDoor`; outputs also `rest_api_id` and `clients_secret_arn`; where there are any
    `authorizer_secret_arns` and `api_key_ids`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        topology: "Topology",
        props: GatewayProps,
    ) -> None:
        super().__init__(scope, name, topology, props)
        self._api = self._add_api()
        self._authorizers = Authorizers(self, "Authorizers", self._authorizers_props(self._api.execution_arn))
        self._add_bulkheads()
        parts = [part for service in topology.services for part in self._add_routes(service)]
        parts += [*self._authorizers.definition, *self._add_answers().definition]
        self._stage = self._api.deploy(self._public_stage(), parts, self._links)
        self._front_door = self._add_front_door()
        self._add_watch(ApiMetrics.of_rest_api(self._api.name, self._declared.stage))
        self._add_outputs(
            {
                "rest_api_id": self._api_id,
                "stage_name": self._stage.stage_name,
                "clients_secret_arn": self._authorizers.clients_secret_arn,
                "authorizer_secret_arns": self._authorizers.named_secret_arns or None,
                "api_key_ids": self._front_door.api_key_ids or None,
            }
        )

    @property
    def _api_id(self) -> str:
        return self._api.rest_api_id

    def _add_api(self) -> PublicRestApi:
        declared = self._declared
        props = PublicRestApiProps(
            provider=self.provider(declared.account),
            name=declared.name or f"{self.topology.name}-gateway",
            requires_parameters=declared.api_id_header == "passthrough",
            binary_media_types=declared.binary_media_types,
            minimum_compression_bytes=declared.minimum_compression_bytes,
            closes_default_endpoint=self._is_closed,
        )
        return PublicRestApi(self, "public", props)

    def _add_routes(self, service: str) -> tuple[str, ...]:
        """Opens what the service opens; the references are to what the deployment is a snapshot of."""
        declared = self.topology.services[service]
        routes = [self._route(route) for route in open_routes(declared)]
        whole = is_open_as_a_whole(declared)
        bulkhead = self._bulkheads[service]
        props = PublicRoutesProps(
            provider=self.provider(self._declared.account),
            rest_api_id=self._api.rest_api_id,
            resources=self._api.resources,
            path=declared.path,
            everything=routes[0] if whole else None,
            routes=() if whole else routes,
            closed=has_to_be_closed(self.topology, service),
            target=self._target(service, bulkhead),
            overwritten_headers=self._declared.overwritten_request_headers,
            request_validator_id=self._api.request_validator_id,
        )
        added = PublicRoutes(Construct(self, f"Path-{service}"), service, props)
        return (*added.definition, *bulkhead.definition)

    def _route(self, route: OpenRoute) -> Route:
        return Route(
            path=route.path,
            http_method=route.http_method,
            admission=self._authorizers.admission(route.authorizer),
            timeout_milliseconds=route.timeout_milliseconds,
            api_key_required=route.api_key_required,
        )

    def _target(self, service: str, bulkhead: Bulkhead) -> PrivateTarget:
        declared = self.topology.services[service]
        private_api = self._props.private_apis[service]
        return PrivateTarget(
            vpc_link_id=bulkhead.vpc_link_id,
            rest_api_id=private_api.rest_api_id,
            url=f"https://{private_api.host}/{private_api.stage_name}{private_api.base_path}",
            streams=declared.response_streaming,
            load_balancer_arn=bulkhead.load_balancer_arn if uses_links_of_version_2(self.topology) else None,
        )

    def _add_answers(self) -> PublicAnswers:
        declared = self._declared.cors
        routes = [route for service in self.topology.services.values() for route in open_routes(service)]
        props = PublicAnswersProps(
            provider=self.provider(self._declared.account),
            rest_api_id=self._api.rest_api_id,
            resources=self._api.resources,
            paths=[route.public_path for route in routes],
            cors=None if declared is None else CorsPolicy(**declared.model_dump()),
            responses={str(kind): it for kind, it in self._declared.gateway_responses.items()},
        )
        return PublicAnswers(self, "Answers", props)

    def _public_stage(self) -> PublicStage:
        canary = self._declared.canary_release
        routes = [route for service in self.topology.services.values() for route in open_routes(service)]
        limits = {route.method_path: route.throttling for route in routes} | {
            ALL_METHODS: self._declared.throttling
        }
        return PublicStage(
            name=self._declared.stage,
            canary_percent=None if canary is None else canary.percent_traffic,
            observability=StageObservability.of(self.topology, self._declared.account),
            throttling={
                path: Throttle(rate_per_second=limit.rate_per_second, burst=limit.burst)
                for path, limit in limits.items()
                if limit is not None
            },
        )

    def _add_front_door(self) -> FrontDoor:
        props = FrontDoorProps(
            provider=self.provider(self._declared.account),
            topology_name=self.topology.name,
            rest_api_id=self._api.rest_api_id,
            stage=self._stage,
            declared=self._declared,
        )
        return FrontDoor(self, "FrontDoor", props)
