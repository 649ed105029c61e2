"""The routes of one service on the public API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import Admission
from constructs_lib.mock_route import MockRoute, MockRouteProps
from constructs_lib.names import path_slug
from constructs_lib.public_method import ANY, PrivateTarget, PublicMethod, PublicMethodProps
from constructs_lib.resource_tree import ResourceTree
from hatchway.topology.open_routes import PROXY, VARIABLE, joined, unlisted

NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method on one path that is open."""

    path: str
    """Path below the service's, '/' for that itself."""
    admission: Admission
    """Who may call."""
    timeout_milliseconds: int
    """How long to wait for the private API."""
    http_method: str = ANY
    """HTTP method, or ANY."""
    api_key_required: bool = False
    """Whether callers need an API key of a usage plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRoutesProps:
    """What `PublicRoutes` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    rest_api_id: str
    """The public API."""
    resources: ResourceTree
    """Its resources; the routes add their own."""
    path: str
    """Path of the service, '/' for everything."""
    everything: Route | None
    """Set where any method is open on the path and on all below it, in the way of this route."""
    routes: Sequence[Route] = ()
    """What is open otherwise, and nothing else."""
    closed: bool = False
    """Whether what is not listed has to be closed, since another service answers above this path."""
    target: PrivateTarget
    """Where requests go."""
    overwritten_headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that the private API gets with these values, whatever the caller sends."""
    request_validator_id: str | None = None
    """Set where the caller names the private API; see `PublicMethodProps`."""


class PublicRoutes(Construct):
    """What is open of a service: a whole path, or methods one by one.

    Terraform: those of `PublicMethod`, and of `MockRoute` for what is closed. An open path takes two
    methods, since `{proxy+}` does not match the path itself.
    A listed route's address is made of its method and path alone: `aws_api_gateway_method.orders_get_items`.
    """

    def __init__(self, scope: Construct, id_: str, props: PublicRoutesProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._definition: list[str] = []
        if props.everything is not None:
            self._add("Itself", "/", props.everything)
            self._add("proxy", PROXY, props.everything)
        for route in props.routes:
            name = "_".join(filter(None, (route.http_method.lower(), path_slug(route.path))))
            self._add(name, route.path, route)
        if props.closed and props.everything is None:
            self._close()

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the routes consist of, for the redeployment trigger."""
        return tuple(self._definition)

    def _add(self, id_: str, path: str, route: Route) -> None:
        props = self._props
        method = PublicMethodProps(
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resources.resource_id(joined(props.path, path)),
            target=props.target,
            private_path=path.removeprefix("/").replace("+}", "}"),
            admission=route.admission,
            timeout_milliseconds=route.timeout_milliseconds,
            http_method=route.http_method,
            path_parameters=VARIABLE.findall(path),
            overwritten_headers=props.overwritten_headers,
            api_key_required=route.api_key_required,
            request_validator_id=props.request_validator_id,
        )
        self._definition += PublicMethod(self, id_, method).definition

    def _close(self) -> None:
        for path in unlisted([(route.http_method, route.path) for route in self._props.routes]):
            refusal = MockRouteProps(
                provider=self._props.provider,
                rest_api_id=self._props.rest_api_id,
                resource_id=self._props.resources.resource_id(joined(self._props.path, path)),
                http_method=ANY,
                status=NOT_FOUND,
                body={"message": "Not Found"},
                content_handling="CONVERT_TO_TEXT",
            )
            name = "_".join(filter(None, ("closed", path_slug(path))))
            self._definition += MockRoute(self, name, refusal).definition
