"""The routes of a configuration and the requests to walk on them, read from the Terraform itself.

A route is an integration of a public API that leads over a VPC link; the requests are what the private
API behind it answers, seen from the public side.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from hatchway.route.facts import (
    Balancer,
    Destination,
    Endpoint,
    Entry,
    Integration,
    Known,
    Link,
    Method,
    Neighbour,
    Private,
    RouteFacts,
)
from hatchway.route.matching import Router, filled, fits, sample
from hatchway.route.network.model import Place, Vpc
from hatchway.route.sources import attributes
from hatchway.route.sources.apis import Apis
from hatchway.route.sources.balancers import Balancers
from hatchway.route.sources.configuration import Configuration, Resource
from hatchway.route.sources.destinations import destination_of
from hatchway.route.sources.endpoints import Endpoints
from hatchway.route.sources.http_apis import KIND as HTTP_KIND
from hatchway.route.sources.http_apis import HttpApis
from hatchway.route.sources.http_destinations import http_destination
from hatchway.route.sources.index import Index
from hatchway.route.sources.networks import Networks
from hatchway.route.sources.openapi import with_documents
from hatchway.route.sources.resolve import Resolver
from hatchway.route.sources.transits import transit_of, unshared
from hatchway.route.symbols import Text

_API = "aws_api_gateway_rest_api"
_PROXIES = frozenset({"HTTP_PROXY", "HTTP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One integration that leads over a VPC link, and what could be found behind it."""

    public: Resource
    method: Method
    pattern: Destination | None
    """Where it leads, path parameters still in braces."""
    link: Link | None
    balancer: Balancer | None
    endpoint: Endpoint | None
    private: Resource | None


class Routes:
    """Every route of a configuration."""

    def __init__(self, configuration: Configuration) -> None:
        configuration = with_documents(configuration)
        self._index = Index(Resolver(configuration))
        networks = Networks(self._index)
        apis, balancers = Apis(self._index), Balancers(self._index, networks)
        http = HttpApis(self._index, apis.function)
        self._endpoints = Endpoints(self._index, networks)
        # Each is asked once per resource however many routes lead through it.
        self._api = cache(lambda one: http.api(one) if one.type == HTTP_KIND else apis.api(one))
        self._stages = cache(lambda api: (*apis.stages(api), *http.stages(api)))
        self._variables = cache(lambda api: apis.variables(api) or http.variables(api))
        self._link = cache(balancers.link)
        self._balancer = cache(balancers.balancer)
        self._router = cache(lambda api: Router((*apis.methods(api), *http.methods(api))))
        self._neighbours = cache(self._called_through)
        self._balancers = balancers
        self._http = http
        self._transit = transit_of(self._index, networks)
        self._unshared = unshared(self._index)
        self._unread = tuple((call.subject, reason) for call, reason in configuration.unread)

    def facts(self) -> Iterator[RouteFacts]:
        """Give the facts of every request to walk, service by service."""
        grouped: dict[tuple[Text, Text | None], list[_Way]] = {}
        for way in self._ways():
            private = attributes.identity(way.private) if way.private is not None else None
            grouped.setdefault((attributes.identity(way.public), private), []).append(way)
        for ways in grouped.values():
            yield from self._service(ways)

    def asked(
        self, *, service: str, public: Text, private: Text | None, verb: str, path: str
    ) -> RouteFacts | None:
        """Give the facts of one request that is meant for a private API, whatever it meets in fact.

        None where the public API is not in sight.
        """
        api = self._index.find(public, _API, HTTP_KIND)
        if api is None:
            return None
        method, values = self._router(public).match(verb, path)
        way = self._way(api, method) if method is not None else None
        meant = self._index.find(private, _API)
        destination = self._destination(api, method, values)
        balancer = way.balancer if way is not None else None
        endpoint = self._endpoint(balancer, meant)
        return RouteFacts(
            service=service,
            http_method=verb,
            path=path,
            entry=Entry(
                api=self._api(api),
                stages=self._stages(public),
                method=method,
                routes=self._router(public).routes,
                values=dict(values),
            ),
            destination=destination,
            link=way.link if way is not None else None,
            balancer=balancer,
            endpoint=endpoint,
            private=None if meant is None else self._inner(meant, destination, verb),
            transit=self._transit,
            overlaps=_overlaps(balancer, endpoint),
            unshared=self._unshared,
            neighbours=self._neighbours(endpoint.id) if endpoint is not None else (),
            unread=self._unread,
        )

    def _ways(self) -> Iterator[_Way]:
        for public in (*self._index.of_type(_API), *self._http.apis()):
            for method in self._router(attributes.identity(public)).methods:
                integration = method.integration
                if integration is None or integration.type not in _PROXIES:
                    continue
                way = self._way(public, method)
                if integration.connection_id is not None or way.private is not None:
                    yield way

    def _way(self, public: Resource, method: Method) -> _Way:
        integration = method.integration
        pattern = self._destination(public, method, {})
        link = self._link(integration.connection_id) if integration and integration.connection_id else None
        balancer = self._balancer(self._led_to(link, integration))
        private = self._addressed(pattern)
        private = None if private is public else private
        endpoint = self._endpoint(balancer, private)
        if private is None and integration is not None and integration.connection_id is not None:
            private = self._behind(endpoint, public)
        return _Way(
            public=public,
            method=method,
            pattern=pattern,
            link=link,
            balancer=balancer,
            endpoint=endpoint,
            private=private,
        )

    def _led_to(self, link: Link | None, integration: Integration | None) -> Text | None:
        """Return the load balancer: what a link of the first kind names, else what the integration does."""
        if link is not None and not link.is_v2:
            return next(iter(link.target_arns), None)
        return self._balancers.behind(integration.target) if integration is not None else None

    def _destination(
        self, public: Resource, method: Method | None, values: Mapping[str, str]
    ) -> Destination | None:
        if method is None or method.integration is None:
            return None
        identity = attributes.identity(public)
        if public.type == HTTP_KIND:
            stage = next(iter(self._stages(identity)), None)
            name, port = stage.name if stage else None, self._balancers.port(method.integration.target)
            return http_destination(method, values, self._variables(identity), stage=name, port=port)
        return destination_of(method.integration, values, self._variables(identity))

    def _addressed(self, destination: Destination | None) -> Resource | None:
        """Return the API that the header or the host names."""
        if destination is None:
            return None
        named = (destination.header_api, destination.host_api)
        return next((found for one in named if (found := self._index.find(one, _API)) is not None), None)

    def _endpoint(self, balancer: Balancer | None, private: Resource | None) -> Endpoint | None:
        """Return the endpoint that the targets belong to, else the one the private API is associated with."""
        addresses = [
            target.address
            for listener in (balancer.listeners if balancer else ())
            for target in (listener.group.targets if listener.group else ())
        ]
        wanted = self._api(private).endpoint_ids if private is not None else ()
        candidates = (
            *(one for one in wanted if self._endpoints.has_any(one, addresses)),
            *(one for address in addresses for one in self._endpoints.at(address)[:1]),
            *(one for one in wanted if one in self._endpoints.every),
            *(self._endpoints.resources if len(self._endpoints.resources) == 1 else ()),
        )
        return self._endpoints.endpoint(candidates[0]) if candidates else None

    def _behind(self, endpoint: Endpoint | None, public: Resource) -> Resource | None:
        """Return the API associated with an endpoint, else the only private one there is."""
        joined = self._joined.get(endpoint.id, ()) if endpoint is not None else ()
        candidates = [one for one in joined or self._private if one is not public]
        return candidates[0] if len(candidates) == 1 else None

    @cached_property
    def _private(self) -> tuple[Resource, ...]:
        every = self._index.of_type(_API)
        return tuple(one for one in every if self._api(one).endpoint_types == Known(("PRIVATE",)))

    @cached_property
    def _joined(self) -> Mapping[Text, tuple[Resource, ...]]:
        found: dict[Text, tuple[Resource, ...]] = {}
        for one in self._private:
            for endpoint in self._api(one).endpoint_ids:
                found[endpoint] = (*found.get(endpoint, ()), one)
        return found

    def _called_through(self, endpoint: Text) -> tuple[Neighbour, ...]:
        """Return the APIs that name an endpoint, and those that name none: the header reaches them too."""
        loose = (one for one in self._private if not self._api(one).endpoint_ids)
        return tuple(self._neighbour(one) for one in (*self._joined.get(endpoint, ()), *loose))

    def _neighbour(self, resource: Resource) -> Neighbour:
        identity = attributes.identity(resource)
        return Neighbour(
            api=self._api(resource),
            stage_names=tuple(stage.name for stage in self._stages(identity)),
            routes=self._router(identity).routes,
        )

    def _service(self, ways: Sequence[_Way]) -> Iterator[RouteFacts]:
        private = ways[0].private
        methods = self._router(attributes.identity(private)).methods if private is not None else ()
        methods = tuple(one for one in methods if one.http_method != "OPTIONS")
        found = [
            (way, inner.http_method, outer) for inner in methods for way, outer in _first_way(ways, inner)
        ]
        for way, verb, path in found or _unreached(ways, methods):
            yield self._route(way, ways, verb, path)

    def _route(self, way: _Way, ways: Sequence[_Way], verb: str, path: str) -> RouteFacts:
        public = attributes.identity(way.public)
        router = self._router(public)
        method, values = router.match(verb, path)
        if method is not None and method is not way.method:
            way = next((one for one in ways if one.method is method), way)
        destination = self._destination(way.public, method, values)
        return RouteFacts(
            service=_service_name(way),
            http_method="GET" if verb == "ANY" else verb,
            path=path,
            entry=Entry(
                api=self._api(way.public),
                stages=self._stages(public),
                method=method,
                routes=router.routes,
                values=dict(values),
            ),
            destination=destination,
            link=way.link,
            balancer=way.balancer,
            endpoint=way.endpoint,
            private=None if way.private is None else self._inner(way.private, destination, verb),
            transit=self._transit,
            overlaps=_overlaps(way.balancer, way.endpoint),
            unshared=self._unshared,
            neighbours=self._neighbours(way.endpoint.id) if way.endpoint is not None else (),
            unread=self._unread,
        )

    def _inner(self, resource: Resource, destination: Destination | None, verb: str) -> Private:
        identity = attributes.identity(resource)
        stages, router = self._stages(identity), self._router(identity)
        wanted = destination.stage if destination is not None else None
        path = str(destination.path) if destination is not None else "/"
        return Private(
            api=self._api(resource),
            stage=next((one for one in stages if one.name == wanted), None),
            stage_names=tuple(str(one.name) for one in stages),
            method=router.match(verb, path).method,
            routes=router.routes,
        )


def _first_way(ways: Sequence[_Way], inner: Method) -> Iterator[tuple[_Way, str]]:
    """Give the way that leads to a method of the private API, and the public path of it."""
    for way in ways:
        outer = _outer(way, sample(inner.path))
        if outer is not None and way.method.http_method in {"ANY", inner.http_method}:
            yield way, outer
            return


def _outer(way: _Way, inner: str) -> str | None:
    """Return the public path that an integration maps to a path of the private API."""
    if way.pattern is None or way.method.integration is None or way.pattern.path.literal is None:
        return None
    segments = []
    for segment in way.pattern.path.literal.split("/"):
        name = segment.strip("{}")
        mapped = way.method.integration.parameters.get(f"integration.request.path.{name}")
        source = str(mapped).removeprefix("method.request.path.") if mapped is not None else name
        if segment.startswith("{"):
            greedy = "+" if "{" + source + "+}" in way.method.path else ""
            segments.append("{" + source + greedy + "}")
        else:
            segments.append(segment)
    values = fits("/".join(segments), inner)
    return None if values is None else filled(way.method.path, values)


def _unreached(ways: Sequence[_Way], methods: Sequence[Method]) -> Iterator[tuple[_Way, str, str]]:
    """Walk what should be reached when nothing is; without a private API, what the public side offers."""
    greedy = [way for way in ways if "+}" in way.method.path]
    wanted = [(way, inner.http_method, path) for inner in methods for way, path in _nearest(ways, inner)]
    if not wanted and methods and not greedy and any(way.method.path == "/" for way in ways):
        # Only the root is routed, and what the private API answers lies below it.
        wanted = [(ways[0], inner.http_method, sample(inner.path)) for inner in methods]
    yield from wanted or [(way, way.method.http_method, sample(way.method.path)) for way in greedy or ways]


def _nearest(ways: Sequence[_Way], inner: Method) -> Iterator[tuple[_Way, str]]:
    """Give the way that would lead to a method, were it routed for its verb or for the path above."""
    for way in ways:
        outer = _outer(way, sample(inner.path))
        above = _outer(way, sample(inner.path).rstrip("/") + "/x") if outer is None else None
        if above is not None and above.endswith("/x"):
            outer = above.removesuffix("/x") or "/"
        if outer is not None:
            yield way, outer
            return


def _service_name(way: _Way) -> str:
    private = way.private
    if private is None:
        return way.method.path.strip("/").partition("/")[0].strip("{}+") or "root"
    return private.stack.removeprefix("service-") if private.stack.startswith("service-") else private.name


def _overlaps(balancer: Balancer | None, endpoint: Endpoint | None) -> tuple[str, ...]:
    """Return pairs of overlapping ranges of the two VPCs."""
    near = _vpc(balancer.nodes if balancer is not None else ())
    far = _vpc(endpoint.places if endpoint is not None else ())
    if near is None or far is None or near.id == far.id:
        return ()
    pairs = ((one, other) for one in near.cidrs or () for other in far.cidrs or ())
    return tuple(f"{one} and {other}" for one, other in pairs if one.overlaps(other))


def _vpc(places: Sequence[Place]) -> Vpc | None:
    return next((place.vpc for place in places if place.vpc is not None), None)
