"""The public edge of API Gateway: TLS servers for the names of Regional APIs and for custom domains.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html

The name of a PRIVATE API resolves to nothing outside of VPCs. Here the front takes every such name, and
the edge answers 403 for it, as for an API that does not exist.
"""

import re
import socket
import ssl
import threading
from dataclasses import dataclass
from functools import partial

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data.domains import find_api, tls_context
from hatchway.sandbox.data.fabric import Fabric
from hatchway.sandbox.data.gateway_responses import FORBIDDEN, GatewayError, render
from hatchway.sandbox.data.hop_log import HopLog
from hatchway.sandbox.data.http_api import HttpApis
from hatchway.sandbox.data.http_api.entry import find_call
from hatchway.sandbox.data.http_api.errors import HttpApiError
from hatchway.sandbox.data.http_api.errors import render as render_http
from hatchway.sandbox.data.http_server import serve_http
from hatchway.sandbox.data.invocation import Hops, Invocation
from hatchway.sandbox.data.listening import Listening
from hatchway.sandbox.data.message import Answer, Caller, Request, Trace, request_identity
from hatchway.sandbox.data.rest_api import RestApis
from hatchway.sandbox.data.stages import find_stage, split_stage
from hatchway.sandbox.data.token_endpoint import TOKEN_HOST, answer_token_request
from hatchway.sandbox.data.world import RestApi, World

__all__ = ["CALLER_ADDRESS", "Edge", "PublicApis"]

# Callers of the sandbox are on loopback, which no policy means. RFC 5737 gives addresses for documents.
CALLER_ADDRESS = "203.0.113.10"
_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com")
_HOPS = Hops(api="entry", authorizer="authorizer", integration="integration")


@dataclass(frozen=True, slots=True)
class PublicApis:
    """What answers requests to each kind of API."""

    rest: RestApis
    http: HttpApis


class Edge:
    """Answers callers of public APIs."""

    def __init__(
        self, world: World, authority: Authority, apis: PublicApis, log: HopLog, fabric: Fabric
    ) -> None:
        self._world = world
        self._authority = authority
        self._apis = apis
        self._log = log
        self._fabric = fabric
        self._listening = Listening("edge", self._serve, log.failure)
        self._domains: dict[str, Listening] = {}
        self._lock = threading.Lock()

    def address_of(self, hostname: str) -> tuple[str, int]:
        """Where connections to a host name go."""
        name = hostname.lower()
        if _HOST.fullmatch(name) or not self.knows(name):
            return self._listening.address
        with self._lock:
            if name not in self._domains:
                self._domains[name] = Listening(
                    f"edge {name}",
                    lambda connection, _: self._serve_domain(name, connection),
                    self._log.failure,
                )
            return self._domains[name].address

    def knows(self, hostname: str) -> bool:
        """Tells whether a name on the internet leads here."""
        found = _HOST.fullmatch(hostname)
        if TOKEN_HOST.fullmatch(hostname):
            return True
        if found is None:
            domain = self._world.domain(hostname)
            return domain is not None and domain.resolves
        rest, http = self._world.rest_api(found[1]), self._world.http_api(found[1])
        if http is not None:
            return http.region == found[2]
        return rest is not None and rest.region == found[2] and not rest.is_private

    def stop(self) -> None:
        """Stops listening and cuts what is open."""
        with self._lock:
            domains, self._domains = list(self._domains.values()), {}
        for listening in (self._listening, *domains):
            listening.stop()

    def _serve(self, connection: socket.socket, peer_port: int) -> None:
        del peer_port  # callers come from everywhere
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = self._certificate
        serve_http(connection, context, self._respond, lambda error: self._log.failure("edge", error))

    def _serve_domain(self, name: str, connection: socket.socket) -> None:
        def report(error: BaseException) -> None:
            self._log.failure(name, error)

        if TOKEN_HOST.fullmatch(name):
            own = self._authority.server_context(name)
            serve_http(connection, own, partial(answer_token_request, self._world), report)
            return
        domain = self._world.domain(name)
        if domain is not None and domain.resolves:  # else deleted since somebody looked its name up
            serve_http(connection, tls_context(self._authority, domain), self._respond, report)

    def _certificate(
        self, connection: ssl.SSLObject, server_name: str | None, context: ssl.SSLContext
    ) -> int | None:
        """Chooses the certificate of the region in the name; a caller without such a name gets none."""
        del context
        found = _HOST.fullmatch((server_name or "").lower())
        if found is None:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = self._authority.server_context(f"*.execute-api.{found[2]}.amazonaws.com")
        return None

    def _respond(self, request: Request) -> Answer:
        self._fabric.sweep()
        trace = Trace()
        line = f"{request.method} {request.path}"
        try:
            answer = self._answer(request, trace)
        except Exception:
            self._log.request(trace, line, 500)
            raise
        self._log.request(trace, line, answer.status)
        return answer

    def _answer(self, request: Request, trace: Trace) -> Answer:
        try:
            call = find_call(self._world, request, Caller(source_address=CALLER_ADDRESS), trace)
            if call is not None:
                return self._apis.http.answer(call)
            invocation = self._invocation(request, trace)
        except HttpApiError as error:
            trace.note("entry", "refused", error.reason, status=error.status)
            return render_http(error).with_headers({"apigw-requestid": trace.request_id})
        except GatewayError as error:
            trace.note("entry", "refused", error.reason, status=error.kind.status)
            return render(error).with_headers(request_identity(trace.request_id))
        return self._apis.rest.answer(invocation)

    def _invocation(self, request: Request, trace: Trace) -> Invocation:
        host = (request.header("Host") or "").partition(":")[0].lower()
        known: dict[str, str] = {}
        if _HOST.fullmatch(host):
            api = self._by_name(host)
            stage_name, path = split_stage(request.path)
        else:
            found = find_api(self._world, host, request.path)
            api, stage_name, path = found.api, found.stage, found.path
            known["customDomain.basePathMatched"] = found.base_path
        return Invocation(
            api=api,
            stage=find_stage(api, stage_name),
            request=request.with_path(path),
            called_path=request.path,
            known=known,
            caller=Caller(source_address=CALLER_ADDRESS),
            trace=trace,
            hops=_HOPS,
            request_id=trace.request_id,
        )

    def _by_name(self, host: str) -> RestApi:
        found = _HOST.fullmatch(host)
        api = self._world.rest_api(found[1]) if found else None
        if api is None or found is None or api.region != found[2]:
            raise GatewayError(FORBIDDEN, f"there is no API {host!r}")
        if api.is_private:
            raise GatewayError(FORBIDDEN, f"{api.id} is private: it is reached through a VPC endpoint only")
        if api.default_endpoint_disabled:
            raise GatewayError(FORBIDDEN, f"{api.id} has its default endpoint disabled")
        return api
