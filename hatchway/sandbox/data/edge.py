"""The public edge of API Gateway: one TLS server for the default host names of all Regional APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html

The name of a PRIVATE API resolves to nothing outside of VPCs. Here the front takes every such name, and
the edge answers 403 for it, as for an API that does not exist.
"""

import re
import socket
import ssl

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data.fabric import Fabric
from hatchway.sandbox.data.gateway_responses import FORBIDDEN, GatewayError, render
from hatchway.sandbox.data.hop_log import HopLog
from hatchway.sandbox.data.http_server import serve_http
from hatchway.sandbox.data.invocation import Hops, Invocation
from hatchway.sandbox.data.listening import Listening
from hatchway.sandbox.data.message import Answer, Caller, Request, Trace, request_identity
from hatchway.sandbox.data.rest_api import RestApis
from hatchway.sandbox.data.stages import find_stage, split_stage
from hatchway.sandbox.data.world import RestApi, World

__all__ = ["CALLER_ADDRESS", "Edge"]

# Callers of the sandbox are on loopback, which no policy means. RFC 5737 gives addresses for documents.
CALLER_ADDRESS = "203.0.113.10"
_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com")
_HOPS = Hops(api="entry", authorizer="authorizer", integration="integration")


class Edge:
    """Answers callers of public APIs."""

    def __init__(
        self, world: World, authority: Authority, apis: RestApis, log: HopLog, fabric: Fabric
    ) -> None:
        self._world = world
        self._authority = authority
        self._apis = apis
        self._log = log
        self._fabric = fabric
        self._listening = Listening("edge", self._serve, log.failure)

    @property
    def address(self) -> tuple[str, int]:
        """Where the edge listens."""
        return self._listening.address

    def stop(self) -> None:
        """Stops listening and cuts what is open."""
        self._listening.stop()

    def _serve(self, connection: socket.socket, peer_port: int) -> None:
        del peer_port  # callers come from everywhere
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = self._certificate
        serve_http(connection, context, self._respond, lambda error: self._log.failure("edge", error))

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
        stage_name, path = split_stage(request.path)
        try:
            api = self._find(request)
            stage = find_stage(api, stage_name)
        except GatewayError as error:
            trace.note("entry", "refused", error.reason, status=error.kind.status)
            return render(error).with_headers(request_identity(trace.request_id))
        invocation = Invocation(
            api=api,
            stage=stage,
            request=request.with_path(path),
            caller=Caller(source_address=CALLER_ADDRESS),
            trace=trace,
            hops=_HOPS,
            request_id=trace.request_id,
        )
        return self._apis.answer(invocation)

    def _find(self, request: Request) -> RestApi:
        host = (request.header("Host") or "").partition(":")[0].lower()
        found = _HOST.fullmatch(host)
        api = self._world.rest_api(found[1]) if found else None
        if api is None or found is None or api.region != found[2]:
            raise GatewayError(FORBIDDEN, f"there is no API {host!r}")
        if api.is_private:
            raise GatewayError(FORBIDDEN, f"{api.id} is private: it is reached through a VPC endpoint only")
        if api.default_endpoint_disabled:
            raise GatewayError(FORBIDDEN, f"{api.id} has its default endpoint disabled")
        return api
